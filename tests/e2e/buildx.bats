#!/usr/bin/env bats
# All in Dockerfile: every module and the bundle by real `docker buildx bake`, both CPUs, out of a clean clone. A registry of
# images made from Debian packages stands in for docker.io and the other registries, nginx for the sites of the file list;
# packages come from the Debian archive that this machine asks. Called by `make check-buildx`. With KUBECRATE_DOCKER_STATE set, an
# engine that docker-up started there, and its caches, are used and left running.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0
modules=(os-packages kubespray-files kubespray-images kubespray-image os-tools compose installer)

setup_file() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	WORK=$(mktemp -d /var/tmp/kubecrate-buildx.XXXXXX)
	[ -n "${KUBECRATE_DOCKER_STATE-}" ] || export OWN_ENGINE=yes
	export TOP WORK KUBECRATE_DOCKER_STATE=${KUBECRATE_DOCKER_STATE:-$WORK/engine}
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/nginx.bash"

	git clone -q --no-hardlinks "$TOP" "$WORK/clone"
	cd "$WORK/clone" || return 1
	scripts/ci/docker-up >"$WORK/env"
	. "$WORK/env"
	scripts/ci/base-image
	start_upstreams
	write_lists
	settings >"$WORK/settings"
	: >"$WORK/seconds"
}

teardown_file() {
	[ -n "${WORK-}" ] || return 0
	. "$TOP/tests/lib/registry.bash"
	[ -z "${UPSTREAM_PID-}" ] || kill "$UPSTREAM_PID"
	[ -z "${SITE_PID-}" ] || kill "$SITE_PID"
	[ -z "${OWN_ENGINE-}" ] || "$TOP/scripts/ci/docker-down"
	rm -rf "$WORK"
}

# Images and files as the internet has them.
start_upstreams() {
	local made

	made=$("$WORK/clone/scripts/demo/make-images")
	registry_start "$made/store"
	export UPSTREAM=$REGISTRY UPSTREAM_PID=$REGISTRY_PID IMAGES=$made/images.list
	tests/lib/standins "$WORK/site" <<-'END' >"$WORK/files.list"
		https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubectl
		https://github.com/etcd-io/etcd/releases/download/v3.6.10/etcd-v3.6.10-linux-amd64.tar.gz
		https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz
		https://github.com/opencontainers/runc/releases/download/v1.4.2/runc.amd64
		https://dl.k8s.io/release/v1.35.4/bin/linux/arm64/kubectl
		https://github.com/etcd-io/etcd/releases/download/v3.6.10/etcd-v3.6.10-linux-arm64.tar.gz
		https://github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-arm64-v1.9.1.tgz
		https://github.com/opencontainers/runc/releases/download/v1.4.2/runc.arm64
	END
	nginx_start "$WORK/site" "$WORK/nginx"
	export SITE=$NGINX SITE_PID=$NGINX_PID
}

write_lists() {
	local arch

	mkdir -p lists/ci
	for arch in amd64 arm64; do
		grep -E "linux[-/]$arch|\.$arch " "$WORK/files.list" >"lists/ci/files-$arch.list"
		grep kubectl "lists/ci/files-$arch.list" >"lists/ci/tools-$arch.list"
	done
	cp "$IMAGES" lists/ci/images.list
	cat >lists/ci/packages.yaml <<-'END'
		common:
		  - jq
		apt:
		  - nginx-light
		  - docker-registry
		tools:
		  - strace
	END
}

# What a user would set in the environment of docker buildx bake.
settings() {
	local main security

	main=$(archive_site main)
	security=$(archive_site security)
	cat <<-END
		export REGISTRY=$KUBECRATE_REGISTRY/kubecrate TAG=ci VERSION=ci PUSH=1
		export REGISTRY_MIRRORS="$(cut -d/ -f1 "$IMAGES" | sort -u | sed "s|.*|&=http://$UPSTREAM/&|" | paste -sd' ')"
		export PLAIN_HTTP=$KUBECRATE_REGISTRY
		export FILE_MIRRORS="https://dl.k8s.io/=http://$SITE/dl.k8s.io/ https://github.com/=http://$SITE/github.com/"
		export PACKAGE_MIRRORS="http://ftp.debian.org/debian=${main:-http://ftp.debian.org/debian} http://security.debian.org/debian-security=${security:-http://security.debian.org/debian-security}"
		export FILES_LIST=lists/ci/files-%ARCH%.list TOOLS_LIST=lists/ci/tools-%ARCH%.list IMAGES_LIST=lists/ci/images.list
		export PACKAGES=lists/ci/packages.yaml OS=debian12
		export COMPOSE_IMAGES="nginx=$(grep library/nginx "$IMAGES") registry=$(grep library/registry "$IMAGES")"
	END
}

# The archive that this machine's apt asks.
archive_site() {
	# shellcheck disable=SC2016  # apt fills the fields
	apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(SITE)' 'Created-By: Packages' 2>/dev/null |
		awk -v kind="$1" '$2 == "main" && $3 ~ /debian/ && (($1 ~ /security/) == (kind == "security")) { print $3; exit }'
}

setup() {
	cd "$WORK/clone" || return 1
	. "$WORK/env"
	. "$WORK/settings"
	PATH=$TOP/build/bin:$PATH
}

# timed WHAT COMMAND...: keeps the seconds for the report.
timed() {
	local what=$1 t0=$EPOCHREALTIME

	shift
	"$@" >"$WORK/log" 2>&1 || { tail -n 40 "$WORK/log"; return 1; }
	awk -v a="$t0" -v b="$EPOCHREALTIME" -v w="$what" 'BEGIN { printf "%s\t%.1f s\n", w, b - a }' >>"$WORK/seconds"
}

image_manifest_of() { # NAME ARCH
	local index

	index=$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1:$TAG")
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1@$(jq -r --arg a "$2" '.manifests[] | select(.platform.architecture == $a).digest' <<<"$index")"
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

@test "bake builds and pushes the base images: tools, site tools, the deployer" {
	for target in tools site-tools kubespray; do timed "$target, cold" scripts/ci/bake --progress plain "$target"; done
}

@test "bake builds and pushes each module for both platforms" {
	for module in "${modules[@]}"; do timed "$module, cold" scripts/ci/bake --progress plain "$module"; done
	for module in "${modules[@]}"; do
		[ "$(skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$module:$TAG" | jq -r '[.manifests[].platform | .os + "/" + .architecture] | join(" ")')" = 'linux/amd64 linux/arm64' ]
	done
}

@test "one target of one OS is one module" {
	timed 'os-packages-debian12, cold' scripts/ci/bake --progress plain os-packages-debian12
	image_manifest_of os-packages-debian12 arm64 | jq -e '.layers | length == 2'
}

@test "a module ends in a layer that holds its seal only" {
	local layer name

	for name in "${modules[@]}"; do
		layer=$(image_manifest_of "$name" amd64 | jq -r '.layers[-1].digest')
		run -0 bash -c "curl -fsS http://$KUBECRATE_REGISTRY/v2/kubecrate/$name/blobs/$layer | tar -tz | sort"
		[ "$output" = "SHA256SUMS.d/
SHA256SUMS.d/$name
modules.d/
modules.d/$name.json" ]
	done
}

@test "images carry title, version and licence" {
	for name in "${modules[@]}" tools kubespray; do
		skopeo inspect --tls-verify=false "docker://$REGISTRY/$name:$TAG" |
			jq -e --arg t "kubecrate $name" '.Labels["org.opencontainers.image.title"] == $t and .Labels["org.opencontainers.image.version"] == "ci"
				and .Labels["org.opencontainers.image.licenses"] == "Apache-2.0"'
	done
}

@test "a warm build with nothing changed downloads nothing and runs nothing" {
	: >"$WORK/nginx/access.log"
	timed 'all modules, warm' scripts/ci/bake --progress plain "${modules[@]}"
	run ! grep -E '^#[0-9]+ [0-9.]+ ' "$WORK/log"
	[ ! -s "$WORK/nginx/access.log" ]
}

@test "two builds of one commit have one digest" {
	export OUT=$WORK/out1
	scripts/ci/bake --progress plain compose os-tools >"$WORK/log" 2>&1
	export OUT=$WORK/out2
	scripts/ci/bake --progress plain --set compose.no-cache=true --set os-tools.no-cache=true compose os-tools >"$WORK/log" 2>&1
	for name in compose os-tools; do
		[ "$(jq -r '.manifests[0].digest' "$WORK/out1/$name/index.json")" = "$(jq -r '.manifests[0].digest' "$WORK/out2/$name/index.json")" ]
	done
	rm -rf "$WORK/out1" "$WORK/out2"
}

@test "the bundle by Dockerfile and the bundle by bundle-merge" {
	timed 'bundle by COPY' scripts/ci/bake --progress plain bundle
	skopeo copy -q --all --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/bundle:$TAG" "docker://$REGISTRY/bundle-copy:$TAG"
	timed 'bundle by bundle-merge' scripts/bundle
}

@test "both bundles extract to the same tree, and every sum holds" {
	local arch

	for arch in amd64 arm64; do
		extracted "$arch"
		extracted "$arch" bundle-copy
		diff <(tree "$WORK/bundle-$arch") <(tree "$WORK/bundle-copy-$arch")
		bundle-extract --verify "$WORK/bundle-$arch"
		(cd "$WORK/bundle-$arch" && cat SHA256SUMS.d/* | sha256sum --quiet -c)
		[ "$(cd "$WORK/bundle-$arch/modules.d" && echo *)" = "$(printf '%s.json\n' "${modules[@]}" | sort | paste -sd' ')" ]
		rm -rf "$WORK/bundle-copy-$arch"
	done
}

@test "the bundle is at most 1 % larger than its modules" {
	local sum=0 name

	for name in "${modules[@]}"; do
		printf '%s\t%s bytes\n' "$name" "$(image_size "$name")" >>"$WORK/seconds"
		sum=$((sum + $(image_size "$name")))
	done
	printf 'bundle\t%s bytes\n' "$(image_size bundle)" >>"$WORK/seconds"
	[ "$(image_size bundle)" -le $((sum * 101 / 100)) ]
}

@test "each platform's programs are of its CPU" {
	local arch machine package file

	for arch in amd64 arm64; do
		extracted "$arch"
		case $arch in amd64) machine='x86-64' ;; *) machine='ARM aarch64' ;; esac
		for file in "$package"/resources/nginx/tools/libexec/* "$package"/resources/nginx/tools/lib/* "$(find "$package/resources/nginx/files" -name kubectl)"; do
			file -b "$file" | grep -q "ELF 64-bit LSB.*$machine"
		done
	done
}

@test "the site tools run in a root that holds nothing else" {
	local package tool

	extracted amd64
	mkdir -p "$WORK/empty"
	cp -a "$package/resources/nginx/tools" "$WORK/empty/tools"
	for tool in oci-to-registry oci-push oci-to-archive bundle-extract file-fetch repo-pack; do
		run -0 chroot "$WORK/empty" "/tools/bin/$tool" --version
		[[ $output == "$tool "* ]]
	done
	rm -rf "$WORK/empty"
}

@test "the arm64 tools run under qemu-user" {
	local package qemu tool

	extracted arm64
	scripts/deb-fetch --unpack "$WORK/qemu" qemu-user-static >/dev/null
	qemu=$WORK/qemu/usr/bin/qemu-aarch64-static
	for tool in "$package"/resources/nginx/tools/libexec/*; do
		[ "${tool##*/}" != launch ] || continue
		run -0 "$qemu" "$package/resources/nginx/tools/lib/ld-linux-aarch64.so.1" --library-path "$package/resources/nginx/tools/lib" "$tool" --version
	done
}

@test "the store in each package serves every image of its list" {
	local arch package name
	. "$TOP/tests/lib/registry.bash"

	for arch in amd64 arm64; do
		extracted "$arch"
		registry_start "$package/resources/registry"
		while read -r name; do
			skopeo copy -q --override-arch "$arch" --src-tls-verify=false "docker://${REGISTRY}/${name#*/}" "dir:$WORK/pulled"
			rm -rf "$WORK/pulled"
		done <"$IMAGES"
		registry_stop
		. "$WORK/settings"
	done
}

@test "apt in a bare root installs from the package's repository" {
	local package root=$WORK/bare

	extracted amd64
	mkdir -p "$root"
	skopeo copy -q "oci:${KUBECRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubecrate}/base/bookworm-amd64:docker.io/library/debian:bookworm-slim" "dir:$WORK/basedir"
	tar -C "$root" -xf "$WORK/basedir/$(jq -r '.layers[0].digest' "$WORK/basedir/manifest.json" | cut -d: -f2)"
	rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
	mkdir -p "$root/repo" "$root/dev"
	mknod -m 666 "$root/dev/null" c 1 3
	cp -a "$package/resources/nginx/." "$root/repo/"
	cp "$root/repo/repos/"*.sources "$root/etc/apt/sources.list.d/"
	sed -i 's|@URL@|file:///repo|' "$root"/etc/apt/sources.list.d/*.sources
	find "$root/repo/repos" \( -name '*.gpg' -o -name '*.asc' \) -exec cp -t "$root/usr/share/keyrings/" {} +
	chroot "$root" apt-get -qq update
	chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install jq nginx-light docker-registry >"$WORK/log" 2>&1 || { tail "$WORK/log"; false; }
	[ "$(chroot "$root" jq --version)" = jq-1.6 ]
	extracted arm64
	rm -rf "$root/repo"
	cp -a "$package/resources/nginx" "$root/repo"
	chroot "$root" apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status=/dev/null update
	chroot "$root" apt-get -qq -s -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State::status=/dev/null install jq nginx-light | grep -q '^Inst nginx-light'
	rm -rf "$root" "$WORK/basedir"
}

@test "scripts/package writes a whole tar and its sum, from the registry" {
	scripts/package -o "$WORK/dist" --version ci "docker://$REGISTRY/bundle:$TAG" linux/amd64
	(cd "$WORK/dist" && sha256sum -c kubecrate-ci-linux-amd64.tar.sha256)
	mkdir "$WORK/untar"
	tar -C "$WORK/untar" -xf "$WORK/dist/kubecrate-ci-linux-amd64.tar"
	diff <(tree "$WORK/untar") <(tree "$WORK/bundle-amd64")
	rm -rf "$WORK/untar" "$WORK/dist"
}

@test "faults end the build with one line of ours: unknown OS, missing list, wrong checksum, unreachable mirror" {
	OS=beos run ! scripts/ci/bake --progress plain os-packages
	[[ $output == *"os-packages: beos: no such target OS"* ]]
	FILES_LIST=lists/none.list run ! scripts/ci/bake --progress plain kubespray-files
	[[ $output == *"kubespray-files: lists/none.list: no such list"* ]]
	sed 's/sha256:..../sha256:0000/' lists/ci/files-amd64.list >lists/ci/wrong.list
	FILES_LIST=lists/ci/wrong.list run ! scripts/ci/bake --progress plain kubespray-files
	[[ $output == *"file-fetch: "*"sha256:0000"* ]]
	REGISTRY_MIRRORS='docker.io=http://127.0.0.1:1' run ! scripts/ci/bake --progress plain --set compose.platform=linux/amd64 compose
	[[ $output == *"oci-fetch: "*"127.0.0.1:1"* ]]
}

@test "faults end the bundle: a module without the platform, two modules with one path" {
	mkdir -p "$WORK/a" "$WORK/b"
	echo 1 >"$WORK/a/config"
	echo 2 >"$WORK/b/config"
	bundle-seal a "$WORK/a"
	bundle-seal b "$WORK/b"
	run ! bundle-merge -o "$WORK/bad:x" --platform linux/amd64 "$WORK/a" "$WORK/b"
	[[ $output == *config* && $output == *a* && $output == *b* ]]
	run ! bundle-merge -o "$WORK/bad:x" --platform linux/amd64,linux/s390x --plain-http "$KUBECRATE_REGISTRY" "docker://$REGISTRY/compose:$TAG"
	[[ $output == *"linux/s390x"* ]]
}

@test "a login reaches the build as a secret and stays out of the image" {
	. "$TOP/tests/lib/registry.bash"
	htpasswd -Bbc "$WORK/htpasswd" kube s3cret-word
	registry_start "$(dirname "$IMAGES")/store" "auth: { htpasswd: { realm: test, path: $WORK/htpasswd } }"
	local host=$REGISTRY
	. "$WORK/settings"
	printf '{"auths":{"%s":{"auth":"%s"}}}' "$host" "$(printf kube:s3cret-word | base64)" >"$WORK/auth.json"
	export REGISTRY_MIRRORS="docker.io=http://$host/docker.io" OUT=$WORK/secret AUTHFILE=$WORK/auth.json
	run -0 scripts/ci/bake --progress plain --set compose.no-cache=true --set compose.platform=linux/amd64 compose
	run ! grep -rq s3cret-word "$WORK/secret" "$WORK/log"
	registry_stop
	rm -rf "$WORK/secret"
}

@test "what was measured" {
	sed 's/^/# /' "$WORK/seconds" >&3
}
