# What tests/e2e/buildx.bats stands on: the internet as the builds see it, a user's settings, and looks at what was pushed.
# shellcheck shell=bash
# shellcheck disable=SC1091,SC2153,SC2154  # files made here; WORK is the suite's, output is run's

# Images and files as the internet has them; made while the tools compile. $WORK/upstreams names them when they serve.
start_upstreams() {
	local made arch

	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/nginx.bash"
	made=$(scripts/demo/make-images)
	for arch in amd64 arm64; do
		printf "https://%s\n" "dl.k8s.io/release/v1.35.4/bin/linux/$arch/kubectl" \
			"github.com/etcd-io/etcd/releases/download/v3.6.10/etcd-v3.6.10-linux-$arch.tar.gz" \
			"github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-$arch-v1.9.1.tgz" \
			"github.com/opencontainers/runc/releases/download/v1.4.2/runc.$arch"
	done | tests/lib/standins "$WORK/site" >"$WORK/files.list"
	registry_start "$made/store"
	nginx_start "$WORK/site" "$WORK/nginx"
	printf 'export %s\n' "UPSTREAM=$REGISTRY UPSTREAM_PID=$REGISTRY_PID UPSTREAM_LOG=$REGISTRY_LOG IMAGES=$made/images.list" \
		"SITE=$NGINX SITE_PID=$NGINX_PID" >"$WORK/upstreams.new"
	write_lists "$made/images.list"
	mv "$WORK/upstreams.new" "$WORK/upstreams"
}

write_lists() { # IMAGES
	local arch

	mkdir -p lists/ci
	for arch in amd64 arm64; do
		grep -E "linux[-/]$arch|\.$arch " "$WORK/files.list" >"lists/ci/files-$arch.list"
		grep kubectl "lists/ci/files-$arch.list" >"lists/ci/tools-$arch.list"
	done
	cp "$1" lists/ci/images.list
	cp tests/standins.yml lists/ci/standins.yml
	{
		echo 'standins:'
		for arch in amd64 arm64; do
			sed -n "s|.*/\(kubectl\) |\1: |p; s|.*/\(etcd\)-v.* |\1: |p; s|.*/\(cni\)-plugins.* |\1: |p; s|.*/\(runc\)\.$arch |\1: |p" \
				"lists/ci/files-$arch.list" | sed 's/: \(.*\)/: "\1"/' | paste -sd, | sed "s/.*/  $arch: {&}/"
		done
	} >>lists/ci/standins.yml
	cat >lists/ci/packages.yaml <<-'END'
		common:
		  - jq
		  - openssl
		  - curl
		  - chrony
		apt:
		  - ca-certificates
		  - nginx-light
		  - docker-registry
		  # what the roles of tests/nodes/kubespray install on a cluster's node
		  - containerd
		  - python3
		  - python3-apt
		  - conntrack
		  - ebtables
		  - socat
		  - ipset
		tools:
		  - strace
	END
}

# What signs the repositories: $WORK/sign-key.asc, known to gpg in $WORK/gnupg.
make_sign_key() {
	mkdir -m 700 "$WORK/gnupg"
	GNUPGHOME=$WORK/gnupg gpg --batch --quiet --passphrase '' --quick-generate-key 'packages <packages@test>' rsa2048 sign never
	GNUPGHOME=$WORK/gnupg gpg --batch --armor --export-secret-keys >"$WORK/sign-key.asc"
}

# Waits for start_upstreams, which pid $WORK/preparing names, and keeps what a user would set for docker buildx bake.
await_upstreams() {
	while [ ! -e "$WORK/upstreams" ]; do
		kill -0 "$(cat "$WORK/preparing")" 2>/dev/null || [ -e "$WORK/upstreams" ] || { cat "$WORK/prepare.log"; return 1; }
		sleep 0.5
	done
	. "$WORK/upstreams"
	settings >>"$WORK/settings"
	. "$WORK/settings"
}

settings() {
	local main security

	main=$("$TOP/scripts/deb-fetch" --archive main)
	security=$("$TOP/scripts/deb-fetch" --archive security)
	cat <<-END
		. "$WORK/upstreams"
		export REGISTRY_MIRRORS="$(cut -d/ -f1 "$IMAGES" | sort -u | sed "s|.*|&=http://$UPSTREAM/&|" | paste -sd' ')"
		export FILE_MIRRORS="https://dl.k8s.io/=http://$SITE/dl.k8s.io/ https://github.com/=http://$SITE/github.com/"
		export PACKAGE_MIRRORS="http://ftp.debian.org/debian=${main:-http://ftp.debian.org/debian} http://security.debian.org/debian-security=${security:-http://security.debian.org/debian-security}"
		export FILES_LIST=lists/ci/files-%ARCH%.list TOOLS_LIST=lists/ci/tools-%ARCH%.list IMAGES_LIST=lists/ci/images.list
		export PACKAGES=lists/ci/packages.yaml OS=debian12
		export COMPOSE_IMAGES="nginx=$(grep library/nginx "$IMAGES") registry=$(grep library/registry "$IMAGES")"
	END
}

bake() { scripts/ci/bake --progress plain "$@"; }

# timed WHAT COMMAND...: keeps the seconds for the report.
timed() {
	local what=$1 t0=$EPOCHREALTIME

	shift
	"$@" >"$WORK/log" 2>&1 || { tail -n 40 "$WORK/log"; return 1; }
	awk -v a="$t0" -v b="$EPOCHREALTIME" -v w="$what" 'BEGIN { printf "%s\t%.1f s\n", w, b - a }' >>"$WORK/seconds"
}

# ends_with TEXT: the output of `run` says so where it ends, after which buildx has but its excerpt of the Dockerfile.
ends_with() {
	[[ $(tail -n 30 <<<"$output") == *"$1"* ]] || { echo "not at the end: $1"; tail -n 30 <<<"$output"; return 1; }
}

# A build that a fault must stop: it fails and says TEXT where its log ends.
refused() { # TEXT TARGET...
	run ! bake "${@:2}"
	ends_with "$1"
}

push_folder() { # NAME:TAG DIR: DIR as an image for amd64
	printf 'FROM scratch\nCOPY . /\n' | docker buildx build -q --provenance=false --platform linux/amd64 --push -t "$REGISTRY/$1" -f - "$2"
}

raw() { skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1"; } # NAME:TAG or NAME@DIGEST

image_manifest_of() { # NAME ARCH
	raw "$1@$(raw "$1:$TAG" | jq -r --arg a "$2" '.manifests[] | select(.platform.architecture == $a).digest')"
}

image_size() { # NAME: bytes of the layers, both platforms, shared ones once
	local arch

	for arch in amd64 arm64; do image_manifest_of "$1" "$arch" | jq -c '.layers[] | [.digest, .size]'; done | sort -u | jq -s 'map(.[1]) | add'
}

# Paths, types, modes, owners, link targets and contents, but no times.
tree() {
	(cd "$1" && find . -mindepth 1 -printf '%p %y %m %U:%G %l\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum)
}

extracted() { # ARCH [BUNDLE]: sets $package
	local bundle=${2:-bundle}

	package=$WORK/$bundle-$1
	[ -d "$package" ] || bundle-extract "docker://$REGISTRY/$bundle:$TAG" --plain-http "$KUBECRATE_REGISTRY" --platform "linux/$1" -o "$package"
}

forget_downloads() {
	: >"$WORK/nginx/access.log"
	: >"$UPSTREAM_LOG"
}

# Blobs and files that the stand-ins of the internet have handed out since then.
downloads() {
	grep -ahE '"GET /.* HTTP/1\.[01]" 20[06]' "$WORK/nginx/access.log" "$UPSTREAM_LOG" | grep -vE 'GET /v2/(.*/manifests/.*)? ' || true
}

# A wheel index DIR/simple/NAME/ with one wheel of compiled kind for CPU, and a program in it.
wheel_index() { # DIR NAME MACHINE
	local work=$1/$2-$3 name=$2

	mkdir -p "$work/$name" "$work/$name-1.0.dist-info" "$work/$name-1.0.data/scripts" "$1/simple/$name"
	echo "machine = '$3'" >"$work/$name/__init__.py"
	printf '#!python\nimport %s\n' "$name" >"$work/$name-1.0.data/scripts/$name"
	printf 'Metadata-Version: 2.1\nName: %s\nVersion: 1.0\n' "$name" >"$work/$name-1.0.dist-info/METADATA"
	printf 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux2014_%s\n' "$3" >"$work/$name-1.0.dist-info/WHEEL"
	(cd "$work" && find . -type f -printf '%P,,\n' >"$name-1.0.dist-info/RECORD")
	(cd "$work" && zip -qr "../simple/$name/$name-1.0-cp311-cp311-manylinux2014_$3.whl" .)
	rm -rf "$work"
}
