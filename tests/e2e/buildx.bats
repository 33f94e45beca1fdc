#!/usr/bin/env bats
# All in Dockerfile: every module and the bundle by real `docker buildx bake`, both CPUs, out of a clean clone. A registry of
# images made from Debian packages stands in for docker.io and the other registries, nginx for the sites of the file list;
# packages come from the Debian archive that this machine asks. Called by `make check-buildx`. With KUBECRATE_DOCKER_STATE set, an
# engine that docker-up started there, and its caches, are used and left running.

# shellcheck disable=SC1091,SC2030,SC2031,SC2154  # files made here; each test has an environment of its own; $package
bats_require_minimum_version 1.5.0
modules=(os-packages kubespray-files kubespray-images kubespray-image os-tools compose installer)

setup_file() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	WORK=$(mktemp -d /var/tmp/kubecrate-buildx.XXXXXX)
	[ -n "${KUBECRATE_DOCKER_STATE-}" ] || export OWN_ENGINE=yes
	export TOP WORK TMPDIR=$WORK KUBECRATE_DOCKER_STATE=${KUBECRATE_DOCKER_STATE:-$WORK/engine}
	. "$TOP/tests/lib/buildx.bash"

	git clone -q --no-hardlinks "$TOP" "$WORK/clone"
	cd "$WORK/clone" || return 1
	timed 'engine' scripts/ci/docker-up
	cp "$WORK/log" "$WORK/env"
	. "$WORK/env"
	timed 'base image' scripts/ci/base-image
	make_sign_key
	start_upstreams >"$WORK/prepare.log" 2>&1 3>&- &
	echo $! >"$WORK/preparing"
	echo "export REGISTRY=$KUBECRATE_REGISTRY/kubecrate TAG=ci VERSION=ci REVISION=abc123 PUSH=1 SIGN_KEY=$WORK/sign-key.asc PLAIN_HTTP=$KUBECRATE_REGISTRY" >"$WORK/settings"
}

teardown_file() {
	[ -n "${WORK-}" ] || return 0
	kill "$(cat "$WORK/preparing")" 2>/dev/null || true
	if [ -e "$WORK/upstreams" ]; then
		. "$WORK/upstreams"
		kill "$UPSTREAM_PID" "$SITE_PID"
	fi
	[ -z "${OWN_ENGINE-}" ] || "$TOP/scripts/ci/docker-down"
	# For the booted nodes of tests/nodes/bundle.bats.
	if [ -e "$WORK/bundle-amd64/install.sh" ]; then
		rm -rf "$TOP/build/bundle-amd64"
		mv "$WORK/bundle-amd64" "$TOP/build/"
	fi
	rm -rf "$WORK"
}

setup() {
	cd "$WORK/clone" || return 1
	. "$TOP/tests/lib/buildx.bash"
	. "$WORK/env"
	. "$WORK/settings"
	PATH=$TOP/build/bin:$PATH
}

@test "bake builds and pushes the base images: tools, site tools, the deployer" {
	timed 'tools, cold' bake tools site-tools
	# The roles that stand in for kubespray's on booted nodes; the modules' lists are their own.
	KUBESPRAY=tests/nodes/kubespray ANSIBLE=debian timed 'deployer, cold' bake kubespray-base kubespray
}

@test "bake builds and pushes each module for both platforms" {
	timed 'waiting for the stand-ins of the internet' await_upstreams
	. "$WORK/settings"
	for module in "${modules[@]}"; do timed "$module, cold" bake "$module"; done
	for module in "${modules[@]}"; do
		[ "$(raw "$module:$TAG" | jq -r '[.manifests[].platform | .os + "/" + .architecture] | join(" ")')" = 'linux/amd64 linux/arm64' ]
	done
}

@test "one target of one OS is one module, with more groups of packages where they are named" {
	local manifest

	PACKAGE_GROUPS=tools timed 'os-packages-debian12, cold' bake os-packages-debian12
	manifest=$(image_manifest_of os-packages-debian12 arm64)
	jq -e '.layers | length == 2' <<<"$manifest"
	curl -fsS "http://$KUBECRATE_REGISTRY/v2/kubecrate/os-packages-debian12/blobs/$(jq -r '.layers[-1].digest' <<<"$manifest")" |
		tar -xzO SHA256SUMS.d/os-packages-debian12 | grep '/strace_.*_arm64\.deb$'
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

@test "images carry title, version, revision, source and licence, as labels and as annotations" {
	local digest want

	for name in "${modules[@]}" tools kubespray; do
		want="{\"org.opencontainers.image.title\": \"kubecrate $name\", \"org.opencontainers.image.version\": \"ci\",
			\"org.opencontainers.image.revision\": \"abc123\", \"org.opencontainers.image.licenses\": \"Apache-2.0\",
			\"org.opencontainers.image.source\": \"https://github.com/kubecrate/kubecrate\"}"
		skopeo inspect --tls-verify=false "docker://$REGISTRY/$name:$TAG" | jq -e --argjson w "$want" '.Labels == $w'
		raw "$name:$TAG" | jq -e --argjson w "$want" '.annotations == $w'
		digest=$(raw "$name:$TAG" | jq -r '.manifests[1].digest')
		raw "$name@$digest" | jq -e --argjson w "$want" '.annotations == $w'
	done
}

@test "a warm build with nothing changed downloads nothing and runs nothing" {
	forget_downloads
	timed 'all modules, warm' bake "${modules[@]}"
	run ! grep -E '^#[0-9]+ [0-9.]+ ' "$WORK/log"
	[ -z "$(downloads)" ]
	run ! grep -a GET "$WORK/nginx/access.log" "$UPSTREAM_LOG"
}

@test "a changed list downloads what is new in it, and nothing else" {
	forget_downloads
	grep -v kubectl lists/ci/files-amd64.list >lists/ci/other.list
	echo "https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet" >>lists/ci/other.list
	cp "$WORK/site/dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubectl" "$WORK/site/dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet"
	PLATFORMS=linux/amd64 PUSH='' OUT=$WORK/other FILES_LIST=lists/ci/other.list bake kubespray-files
	[ "$(downloads | sed 's/.*"GET \([^ ]*\) .*/\1/')" = /dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubelet ]
	rm -rf "$WORK/other"
}

# Bake's --set has no word for "these steps without the cache", a compose file has.
repeating() { # STAGE TARGET...
	jq -n --arg s "$1" '$ARGS.positional | {services: map({(.): {build: {context: ".", "x-bake": {"no-cache-filter": [$s]}}}}) | add}' --args "${@:2}"
}

# The second build takes no step from the first, and cache mounts are empty too: each module downloads and seals again. The key
# that signs is given, for an empty cache mount means a new one. For speed layers stay plain.
@test "two builds of one commit have one digest" {
	local name steps

	export COMPRESSION=none
	repeating work "${modules[@]}" >"$WORK/modules.yml"
	OUT=$WORK/out1 timed 'modules as layouts' bake "${modules[@]}"
	OUT=$WORK/out2 timed 'modules once more, every step repeated' bake -f "$WORK/modules.yml" "${modules[@]}"
	steps=$(awk '/^#[0-9]+ \[.* work .*\] RUN/ { run[$1] } / CACHED$/ { delete run[$1] } END { print length(run) }' "$WORK/log")
	[ "$steps" -eq $((2 * ${#modules[@]})) ]
	for name in "${modules[@]}"; do
		[ "$(jq -r '.manifests[0].digest' "$WORK/out1/$name/index.json")" = "$(jq -r '.manifests[0].digest' "$WORK/out2/$name/index.json")" ]
	done
	bundle-extract "oci:$WORK/out1/os-packages" --platform linux/amd64 -o "$WORK/signed"
	GNUPGHOME=$WORK/gnupg gpg --verify "$WORK/signed/resources/nginx/debian/12/dists/bookworm/InRelease"
	run ! grep -rqa 'PRIVATE KEY' "$WORK/out1/os-packages"
	rm -rf "$WORK/out1" "$WORK/out2" "$WORK/signed"
}

# Files have other times in another checkout, other modes under another umask, and kubespray's another .git; what is pushed has not.
@test "another checkout of the commit pushes the same tools, the same deployer and the same installer" {
	local name year

	export KUBESPRAY ANSIBLE=debian
	repeating lists tools >"$WORK/lists.yml"
	repeating work kubespray installer >"$WORK/work.yml"
	git init -q "$WORK/upstream"
	mkdir "$WORK/upstream/roles"
	cp LICENSE "$WORK/upstream/roles/"
	git -C "$WORK/upstream" add .
	git -C "$WORK/upstream" -c user.name=ci -c user.email=ci@test commit -qm roles
	for year in 2001 2002; do
		KUBESPRAY=$WORK/kubespray-$year
		(umask "0${year#200}7" && git clone -q "$WORK/upstream" "$KUBESPRAY")
		find lists scripts/kubespray scripts/install -exec touch -d "$year-02-03" {} +
		TAG=$year timed "tools, deployer and installer with files of $year" bake -f "$WORK/lists.yml" -f "$WORK/work.yml" tools kubespray installer
		[ "$(grep -cE '^#[0-9]+ \[.* (lists|work) .*\] RUN .*(find /out|installer/build)' "$WORK/log")" -ge 4 ]
		chmod -R g-rwx,o-rwx lists/os scripts/kubespray scripts/install
	done
	for name in tools kubespray installer; do [ "$(raw "$name:2001")" = "$(raw "$name:2002")" ]; done
	rm -rf "$WORK/upstream" "$WORK"/kubespray-*
}

@test "a deployer that was pushed anew under its name is in the next kubespray-image" {
	local archive layer word

	export TAG=moving PLATFORMS=linux/amd64 COMPRESSION=none KUBESPRAY=tests/nodes/kubespray ANSIBLE=debian
	for word in first second; do
		echo "# $word" >>scripts/kubespray/run.sh
		bake kubespray
		PUSH='' OUT=$WORK/moving bake kubespray-image
		bundle-extract -q "oci:$WORK/moving/kubespray-image" --platform linux/amd64 -o "$WORK/moving/tree"
		archive=$WORK/moving/tree/resources/images/kubespray.tar
		layer=$(tar -xOf "$archive" manifest.json | jq -r '.[0].Layers[1]')
		[ "$(tar -xOf "$archive" "$layer" | tar -xO kubecrate/run.sh | tail -n 1)" = "# $word" ]
		rm -rf "$WORK/moving"
	done
	git checkout -q scripts
}

@test "the bundle by Dockerfile and the bundle by bundle-merge" {
	timed 'bundle by COPY' bake bundle
	skopeo copy -q --all --src-tls-verify=false --dest-tls-verify=false "docker://$REGISTRY/bundle:$TAG" "docker://$REGISTRY/bundle-copy:$TAG"
	timed 'bundle by bundle-merge' scripts/bundle
	for bundle in bundle bundle-copy; do skopeo inspect --tls-verify=false "docker://$REGISTRY/$bundle:$TAG" | jq -S .Labels >"$WORK/$bundle.labels"; done
	diff "$WORK/bundle.labels" "$WORK/bundle-copy.labels"
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
	cp -a "$package/resources/nginx/debian" "$package/resources/nginx/repos" "$WORK/empty/"
	mkdir "$WORK/empty/proc"
	mount -t proc proc "$WORK/empty/proc"
	run chroot "$WORK/empty" /tools/bin/repo-pack --prove /debian/12
	umount "$WORK/empty/proc"
	[[ $status -eq 0 && $output == *proved* ]]
	rm -rf "$WORK/empty"
}

@test "the arm64 tools run under qemu-user" {
	local package qemu tool

	extracted arm64
	scripts/deb-fetch --unpack "$WORK/qemu" qemu-user-static >/dev/null
	qemu=$WORK/qemu/usr/bin/qemu-aarch64-static
	run -0 "$qemu" "$package/resources/nginx/tools/libexec/gpgv" --version
	for tool in "$package"/resources/nginx/tools/libexec/*-*; do
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
	skopeo copy -q --src-tls-verify=false "docker://$KUBECRATE_REGISTRY/library/debian:bookworm-slim" "dir:$WORK/basedir"
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

@test "repositories for an rpm system, of packages that rpmbuild made, which dnf takes" {
	local arch cpu repo
	. "$TOP/tests/lib/rpmrepo.bash"

	rpmrepo_key
	rpmrepo_build "$WORK/site/rocky" <<-'END'
		app 1.0-1 x86_64 aarch64
		  Requires: libapp >= 1.0
		  File: /usr/bin/app
		libapp 1.0-1 x86_64 aarch64
		  File: /usr/lib/libapp.so
		other 1.0-1
	END
	rpmrepo_index "$WORK/site/rocky"
	cp "$BATS_TEST_TMPDIR/key.asc" lists/os/keys/ci.asc
	rpmrepo_os "$WORK/site/rocky" ci9 | sed 's|file://.*|http://archive.test/rocky/$basearch/|; s|keys: .*|keys: [keys/ci.asc]|' >lists/os/ci9.yaml
	printf 'yum:\n  - app\n' >lists/ci/rpms.yaml
	export PACKAGE_MIRRORS="http://archive.test/rocky=http://$SITE/rocky" OS=ci9 PACKAGES=lists/ci/rpms.yaml OUT=$WORK/rpm
	bake os-packages
	for arch in amd64 arm64; do
		case $arch in amd64) cpu=x86_64 ;; *) cpu=aarch64 ;; esac
		bundle-extract "oci:$OUT/os-packages" --platform linux/$arch -o "$WORK/rpm/$arch"
		repo=$(find "$WORK/rpm/$arch/resources/nginx/rocky/9/os" -path "*$cpu*/repodata/repomd.xml")
		run -0 dnf -q --disablerepo='*' --repofrompath="ci,file://${repo%/repodata/*}" --setopt=cachedir="$WORK/rpm/dnf-$arch" --forcearch "$cpu" --releasever 9 \
			repoquery --qf '%{name} %{arch}' '*'
		[ "$output" = "app $cpu
libapp $cpu" ]
	done
	rm -rf "$WORK/rpm"
}

@test "scripts/package writes a whole tar and its sum, from the registry" {
	scripts/package -o "$WORK/dist" --version ci "docker://$REGISTRY/compose:$TAG" linux/amd64
	(cd "$WORK/dist" && sha256sum -c kubecrate-ci-linux-amd64.tar.sha256)
	mkdir "$WORK/untar"
	tar -C "$WORK/untar" -xf "$WORK/dist/kubecrate-ci-linux-amd64.tar"
	extracted amd64 compose
	diff <(tree "$WORK/untar") <(tree "$package")
	rm -rf "$WORK/untar" "$WORK/dist" "$package"
}

@test "a release has each platform's package and its checksum" {
	mkdir "$WORK/bin"
	# GitHub's client: no such release yet, everything else is noted, and what goes up is kept.
	cat >"$WORK/bin/gh" <<-END
		#!/bin/sh
		echo "gh \$*" >>$WORK/gh.log
		case \$2 in view) exit 1 ;; upload) mkdir -p $WORK/released; mv dist/* $WORK/released/ ;; esac
	END
	chmod +x "$WORK/bin/gh"
	PATH=$WORK/bin:$PATH scripts/ci/release >/dev/null
	[ "$(cat "$WORK/gh.log")" = "gh release view ci
gh release create ci --title kubecrate ci --generate-notes
gh release upload ci dist/kubecrate-ci-linux-amd64.tar.zst dist/kubecrate-ci-linux-amd64.tar.zst.sha256 --clobber
gh release upload ci dist/kubecrate-ci-linux-arm64.tar.zst dist/kubecrate-ci-linux-arm64.tar.zst.sha256 --clobber" ]
	[ ! -e dist ]
	(cd "$WORK/released" && sha256sum -c ./*.sha256)
	extracted arm64
	mkdir "$WORK/untar"
	zstd -dcq "$WORK/released/kubecrate-ci-linux-arm64.tar.zst" | tar -C "$WORK/untar" -x
	diff <(tree "$WORK/untar") <(tree "$package")
	rm -rf "$WORK/released" "$WORK/untar"
}

@test "faults end the build with one line of ours: build args that are missing or wrong" {
	export PLATFORMS=linux/amd64
	OS='' refused 'os-packages: OS is empty; give names of lists/os: debian12 rocky9' os-packages
	OS=beos refused 'os-packages: beos: no such target OS; lists/os has: ' os-packages
	COMPOSE_IMAGES='' refused 'compose: COMPOSE_IMAGES is empty; give FILE=IMAGE words' compose
	COMPOSE_IMAGES="${COMPOSE_IMAGES/registry=/nginx=}" refused 'compose: resources/images/nginx.tar: two files for this name' compose
	FILES_LIST='' refused 'kubespray-files: no list is named; give a file in lists/' kubespray-files
	FILES_LIST=lists/none.list refused 'kubespray-files: lists/none.list: no such list' kubespray-files
	KUBESPRAY=lists refused 'kubespray-files: no roles/ in the folder given as kubespray; give the root of a checkout' kubespray-files
	ANSIBLE=conda refused 'kubespray-base: ANSIBLE=conda: neither debian nor pip' kubespray-base
	ANSIBLE=pip refused 'kubespray-base: ANSIBLE=pip needs a kubespray tree; give --build-context kubespray=DIR' kubespray-base
	DEBIAN_MIRROR=https://archive.test/debian refused 'archive: https://archive.test/debian: this base image has no certificates; give http://' tools
	run ! docker buildx build --progress plain --network host --build-context "tools=docker-image://$REGISTRY/tools:$TAG" --build-arg TOOLS=tools \
		--build-arg TARGETARCH= --build-arg OS=debian12 -f dockerfiles/os-packages/Dockerfile .
	ends_with 'TARGETARCH is not set; build with docker buildx'
}

@test "faults end the build with one line of ours: a mirror that is not there, a platform that upstream lacks" {
	export PLATFORMS=linux/amd64
	REGISTRY_MIRRORS='docker.io=http://127.0.0.1:1' refused 'oci-fetch: ' compose
	ends_with '127.0.0.1:1'
	echo 'https://dl.k8s.io/release/v1.35.4/bin/linux/amd64/kubeadm' >lists/ci/absent.list
	FILES_LIST=lists/ci/absent.list FILE_MIRRORS='https://dl.k8s.io/=http://127.0.0.1:1/' refused 'file-fetch: ' kubespray-files
	ends_with '127.0.0.1:1'
	PACKAGE_MIRRORS='http://ftp.debian.org/debian=http://127.0.0.1:1' OS=debian13 refused 'repo-pack: ' os-packages
	ends_with '127.0.0.1:1'
	refused 'no image for linux/s390x; it has linux/amd64, linux/arm64' --set compose.platform=linux/s390x --set tools.platform=linux/amd64 compose
	PLATFORMS=linux/s390x refused 'tools: s390x: no cross compiler known; build for amd64 or arm64' tools
}

@test "the pins of kubespray refuse a stand-in, and its own variables with tests/standins.yml take it" {
	export PLATFORMS=linux/amd64
	grep /kubectl lists/files-amd64.list >lists/ci/pinned.list
	FILES_LIST=lists/ci/pinned.list refused 'file-fetch: ' kubespray-files
	ends_with "$(cut -f2 lists/ci/pinned.list)"
	KUBECRATE_TOP=$TOP
	. "$TOP/tests/lib/kubespray.bash"
	[ -d "$kubespray_dir" ] || skip 'no ../shared/kubespray beside the checkout: a whole tree is not tried'
	export KUBESPRAY=$kubespray_dir/v2.31.0/vars ANSIBLE=debian
	LIST_OPTIONS=--enabled refused "$(cut -f2 lists/ci/pinned.list)" kubespray-files
	PUSH='' OUT=$WORK/own LIST_OPTIONS='--enabled -e @lists/ci/standins.yml' bake kubespray-files
	bundle-extract "oci:$WORK/own/kubespray-files" -o "$WORK/own/tree"
	extracted amd64
	diff -r "$WORK/own/tree/resources/nginx/files" "$package/resources/nginx/files"
	rm -rf "$WORK/own"
}

@test "ANSIBLE=pip takes the wheels of the target's CPU from the index named, or says that it has none" {
	local layer machine

	mkdir -p "$WORK/ks/roles" "$WORK/pip/root"
	echo 'craned==1.0' >"$WORK/ks/requirements.txt"
	export KUBESPRAY=$WORK/ks ANSIBLE=pip OUT=$WORK/pip COMPRESSION=none PLATFORMS=linux/arm64
	PIP_INDEX=http://127.0.0.1:1/simple refused 'kubespray-base: http://127.0.0.1:1/simple: not every wheel of requirements.txt for arm64 was had; name an index' kubespray-base
	for machine in x86_64 aarch64; do wheel_index "$WORK/site" craned $machine; done
	PIP_INDEX=http://$SITE/simple timed 'deployer with wheels, arm64' bake kubespray
	skopeo copy -q --override-arch arm64 "oci:$OUT/kubespray" "dir:$WORK/pip/image"
	for layer in $(jq -r '.layers[].digest' "$WORK/pip/image/manifest.json"); do tar -C "$WORK/pip/root" -xf "$WORK/pip/image/${layer#*:}"; done
	grep -q aarch64 "$WORK/pip/root/usr/local/lib/python3.11/dist-packages/craned/__init__.py"
	[ "$(cat "$WORK/pip/root/usr/local/bin/craned")" = '#!/usr/bin/python3
import craned' ]
	[ -e "$WORK/pip/root/kubespray/requirements.txt" ]
	rm -rf "$WORK/pip"
}

@test "faults end the bundle: a module without the platform, two modules with one path, a module without a seal" {
	mkdir -p "$WORK/a" "$WORK/b"
	echo 1 >"$WORK/a/config"
	echo 2 >"$WORK/b/config"
	bundle-seal a "$WORK/a"
	bundle-seal b "$WORK/b"
	run ! bundle-merge -o "$WORK/bad:x" --platform linux/amd64 "$WORK/a" "$WORK/b"
	[[ $output == *'config: modules a and b differ in it'*'a path belongs to one module'* ]]
	run ! bundle-merge -o "$WORK/bad:x" --platform linux/amd64,linux/s390x --plain-http "$KUBECRATE_REGISTRY" "docker://$REGISTRY/compose:$TAG"
	[[ $output == *"linux/s390x"* ]]
	# The same by Dockerfile: an installer that brings a file of compose's, and one that no Dockerfile of ours made.
	mkdir -p "$WORK/c/resources/images"
	echo other >"$WORK/c/resources/images/nginx.tar"
	push_folder installer:bare "$WORK/c"
	bundle-seal installer "$WORK/c"
	push_folder installer:collides "$WORK/c"
	PLATFORMS=linux/amd64 refused 'bundle: resources/images/nginx.tar: modules compose and installer differ in it; a path belongs to one module' \
		--set "bundle.contexts.installer=docker-image://$REGISTRY/installer:collides" bundle
	PLATFORMS=linux/amd64 refused 'bundle: installer: no seal in this image' \
		--set "bundle.contexts.installer=docker-image://$REGISTRY/installer:bare" bundle
	PLATFORMS=linux/s390x refused 'no match for platform in manifest' bundle
}

@test "a login reaches the build as a secret and stays out of the image" {
	. "$TOP/tests/lib/registry.bash"
	htpasswd -Bbc "$WORK/htpasswd" kube s3cret-word
	registry_start "$(dirname "$IMAGES")/store" "auth: { htpasswd: { realm: test, path: $WORK/htpasswd } }"
	local host=$REGISTRY
	. "$WORK/settings"
	printf '{"auths":{"%s":{"auth":"%s"}}}' "$host" "$(printf kube:s3cret-word | base64)" >"$WORK/auth.json"
	export REGISTRY_MIRRORS="docker.io=http://$host/docker.io" PLATFORMS=linux/amd64 PUSH='' OUT=$WORK/secret
	refused 'oci-fetch: ' --set compose.no-cache=true compose
	export AUTHFILE=$WORK/auth.json
	run -0 bake --set compose.no-cache=true compose
	echo "$output" >"$WORK/log"
	run ! grep -rqE "s3cret-word|$(printf kube:s3cret-word | base64)" "$WORK/secret" "$WORK/log"
	registry_stop
	rm -rf "$WORK/secret"
}

# The last one: it empties the engine.
@test "an engine that has nothing takes the steps of CACHE from the registry, and runs none" {
	export CACHE=$REGISTRY/cache
	timed 'compose and its cache pushed' bake --set "tools.cache-to=type=registry,ref=$CACHE:tools,mode=min" compose
	docker buildx prune -af >/dev/null
	forget_downloads
	timed 'compose out of the cache, new engine' bake compose
	run ! grep -E '^#[0-9]+ [0-9.]+ ' "$WORK/log"
	[ -z "$(downloads)" ]
}

@test "what was measured" {
	sed 's/^/# /' "$WORK/seconds" >&3
}
