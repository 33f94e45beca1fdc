# shellcheck shell=bash
# suite.bash: what every file of booted tests begins with

source "$BATS_TEST_DIRNAME/lib/nodes.sh"
source "$BATS_TEST_DIRNAME/lib/package.sh"

suite_dir=/var/tmp/kubecrate-nodes.$(basename "${BATS_TEST_FILENAME:-suite}" .bats)

# suite_package NODE NAME: the package NAME lies in NODE's /opt; this suite's nodes share one copy's files by hard links
suite_package() {
	local root

	root=$(node_root "$1")
	if [[ ! -d $suite_dir/$2 ]]; then
		if [[ -n ${KUBECRATE_NODES_READY:-} ]]; then flock -s "$cache/lock" true; else package_make "$2" >/dev/null; fi
		cp -a "$cache/$2" "$suite_dir/$2"
	fi
	mkdir -p "$root/opt"
	cp -al "$suite_dir/$2" "$root/opt/$2"
}

package_list() { printf '%s\n' python3 python3-apt conntrack ebtables socat ipset curl openssl; }

# store_images STORE: the names in a registry's storage, a tag a line
store_images() {
	(cd "$1/docker/registry/v2/repositories" && find . -path '*/_manifests/tags/*/current/link') |
		sed 's|^\./\(.*\)/_manifests/tags/\(.*\)/current/link$|docker.io/\1:\2|' | sort
}

# package_lists DIR TARGET [IMAGES]: what a cluster node is to get from the package in DIR; with a pattern of images, only a
# sample
package_lists() {
	mkdir -p "$2"
	if [[ -n ${3:-} ]]; then echo conntrack; else package_list; fi >"$2/packages.list"
	store_images "$1/resources/registry" | grep -E "${3:-.}" >"$2/images.list"
	(cd "$1/resources/nginx/files" && find . -type f -printf '%P\n' | sort | while read -r f; do
		echo "https://$f sha256:$(sha256sum <"$f" | cut -d' ' -f1)"
	done) >"$2/files.list"
}

# suite_config NODE PACKAGE [SED-SCRIPT]: the site of the tests, with changes
suite_config() {
	local file

	file=$(node_root "$1")/opt/$2/config.yaml
	rm -f "$file"
	sed -e "${3:-}" "$BATS_TEST_DIRNAME/site.yaml" >"$file"
}

# installer NODE PACKAGE [ARGUMENT...]: install.sh there; output in $output, status in $status
installer() {
	local name=$1 package=$2
	shift 2
	run node "$name" "/opt/$package/install.sh" "$@"
}

# sshd may be at work on what an installer changed, and refuse once
snapshot() {
	node_wait "$1" || return
	node_put "$1" "$BATS_TEST_DIRNAME/lib/snapshot.sh" /root/snapshot.sh
	node "$1" bash /root/snapshot.sh
}

# Nodes share the package's files: a test that broke one would break the next test.
package_unchanged() { (cd "$suite_dir/$1" && cat SHA256SUMS.d/* | sha256sum -c --quiet); }

suite_end() {
	[[ ! -f $suite_dir/state ]] || { nodes_load "$suite_dir"; nodes_close; }
}

shows() { [[ $output == *"$1"* ]] || { printf 'expected: %s\nin:\n%s\n' "$1" "$output" >&2; return 1; }; }
