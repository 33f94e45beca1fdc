# shellcheck shell=bash
# suite.bash: what every file of booted tests begins with

source "$BATS_TEST_DIRNAME/lib/nodes.sh"
source "$BATS_TEST_DIRNAME/lib/package.sh"

suite_dir=/var/tmp/kubecrate-nodes.$(basename "${BATS_TEST_FILENAME:-suite}" .bats)

# suite_package NODE NAME: the package NAME lies in NODE's /opt, files shared with the cache by hard links
suite_package() {
	local root

	root=$(node_root "$1")
	package_make "$2" >/dev/null
	mkdir -p "$root/opt"
	cp -al "$cache/$2" "$root/opt/$2"
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

snapshot() {
	node_put "$1" "$BATS_TEST_DIRNAME/lib/snapshot.sh" /root/snapshot.sh
	node "$1" bash /root/snapshot.sh
}

# Cached files are shared with the nodes: a test that broke one would break the next test.
package_unchanged() { (cd "$cache/$1" && cat SHA256SUMS.d/* | sha256sum -c --quiet); }

suite_end() {
	[[ ! -f $suite_dir/state ]] || { nodes_load "$suite_dir"; nodes_close; }
}

shows() { [[ $output == *"$1"* ]] || { printf 'expected: %s\nin:\n%s\n' "$1" "$output" >&2; return 1; }; }
