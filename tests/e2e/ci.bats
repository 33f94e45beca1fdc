#!/usr/bin/env bats
# The scripts that CI and the demo stand on: packages of any CPU, images, workflows.

bats_require_minimum_version 1.5.0

teardown() { "$TOP/scripts/ci/docker-down"; }

setup() {
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return 1
	export TOP KUBECRATE_DOCKER_STATE=$BATS_TEST_TMPDIR/engine
}

@test "install-deps has nothing to do twice, and says nothing" {
	"$TOP/scripts/install-deps" --demo
	run -0 "$TOP/scripts/install-deps" --demo
	[ -z "$output" ]
}

@test "deb-fetch unpacks packages of a foreign CPU" {
	run -0 "$TOP/scripts/deb-fetch" --arch arm64 --unpack root busybox-static
	[[ $output == */busybox-static_*_arm64.deb ]]
	[[ $(readelf -h root/bin/busybox) == *AArch64* ]]
}

@test "deb-fetch names the package that no archive has" {
	run -1 "$TOP/scripts/deb-fetch" no-such-package
	[[ $output == *"deb-fetch: "*"no-such-package"* ]]
	run -1 "$TOP/scripts/deb-fetch" --closure no-such-package
	[[ $output == *"Unable to locate package no-such-package"* ]]
}

@test "deb-fetch asks the archive that apt is set to, and does not take half of its indexes for all of them" {
	export KUBECRATE_CACHE=$PWD/cache
	# shellcheck disable=SC2016  # apt fills the fields
	archive=$(apt-get indextargets --no-release-info --format '$(COMPONENT) $(SITE)' 'Created-By: Packages' | awk '$1 == "main" && !/security/ { print $2; exit }')
	printf 'Dir::Etc::SourceList "%s";\nDir::Etc::SourceParts "/dev/null";\n' "$PWD/sources.list" >apt.conf
	export APT_CONFIG=$PWD/apt.conf
	printf 'deb %s bookworm main\n' "$archive" http://127.0.0.1:1/debian-security/ >sources.list
	sed -i '2s/bookworm/&-security/' sources.list
	run -1 "$TOP/scripts/deb-fetch" --suite bookworm busybox-static
	[[ $output == "deb-fetch: bookworm/"*": no package indexes: E: "* ]]
	# The archive is whole again: it is asked, not what was had of it.
	sed -i '2d' sources.list
	"$TOP/scripts/deb-fetch" --suite bookworm busybox-static
}

@test "the image maker gives the same bytes twice, and skopeo and umoci read them" {
	# shellcheck source=tests/lib/image.bash
	. "$TOP/tests/lib/image.bash"
	mkdir -p root/etc
	echo hello >root/etc/motd
	for layout in one two; do
		image_layout $layout
		layer=$(image_layer $layout root)
		image_index $layout app:1 "$(image_manifest $layout linux/amd64 '{"Cmd":["sh"]}' "$layer")" "$(image_manifest $layout linux/arm64/v8 '{}' "$layer")"
		image_name $layout plain "$(image_manifest $layout linux/amd64 '{}' "$layer")"
		touch root/etc/motd
	done
	diff -r one two
	[ "$(skopeo inspect --override-arch arm64 oci:one:app:1 | jq -r .Architecture)" = arm64 ]
	umoci unpack --image one:plain bundle
	[ "$(cat bundle/rootfs/etc/motd)" = hello ]
}

@test "a program carried with its own libraries runs in a root that holds nothing else" {
	mkdir -p build/bin
	cat >hello.c <<-'END'
		#include <archive.h>
		#include <stdio.h>
		int main(int argc, char **argv) { printf("%s %d %d\n", argv[argc - 1], argc, archive_version_number() > 0); return 3; }
	END
	gcc -o build/bin/hello hello.c -larchive
	"$TOP/scripts/site/make-tools" build / root/tools hello
	run -3 chroot root /tools/bin/hello word
	[ "$output" = 'word 2 1' ]
	cp -L root/tools/bin/hello root/hello
	run -1 chroot root /hello
	[ "$output" = 'hello: it was copied out of its folder; link to it instead' ]
	ln -s tools/bin/hello root/linked
	mv root/tools/libexec/hello root/tools/libexec/linked
	run -3 chroot root /linked word
	[ "$output" = 'word 2 1' ]
}

@test "our workflows hold calls of scripts only" {
	cd "$TOP" || return 1
	scripts/ci/check-workflows
}

@test "a workflow with faults is refused with each of them" {
	cat >bad.yml <<-'END'
		name: bad
		on: { push: {}, moon: {} }
		permissions: { packages: write }
		jobs:
		  one:
		    needs: zero
		    runs-on: ubuntu-24.04
		    step: []
		    steps:
		      - run: curl https://example.org | sh
		      - run: scripts/nothing ${{ matrix.os }}
	END
	cd "$TOP" || return 1
	run -1 scripts/ci/check-workflows "$BATS_TEST_TMPDIR/bad.yml"
	[[ $output == *"unknown key 'moon'"* ]]
	[[ $output == *"needs 'zero', which is no job"* ]]
	[[ $output == *"unknown key 'step'"* ]]
	[[ $output == *"no timeout-minutes"* ]]
	[[ $output == *"permissions: write for every job"* ]]
	[[ $output == *"more than the call of a script"* ]]
	[[ $output == *"matrix.os is not in the job's matrix"* ]]
	[[ $output == *"scripts/nothing: no such script"* ]]
}

@test "bake knows every module, and PRESET=china asks mirrors there" {
	cd "$TOP" || return 1
	eval "$(scripts/ci/docker-up)"
	run -0 --separate-stderr docker buildx bake --print image
	for name in tools site-tools kubespray-base kubespray os-packages os-packages-rocky9 kubespray-files kubespray-images kubespray-image \
		os-tools compose installer bundle; do
		jq -e --arg n "$name" '.target[$n].platforms == ["linux/amd64", "linux/arm64"]' <<<"$output"
	done
	# What the defaults name is there: a list for each CPU, the packages, a description of each target OS.
	for list in $(jq -r '.target[].args | .FILES_LIST, .IMAGES_LIST, .TOOLS_LIST, .PACKAGES | values' <<<"$output" | sort -u); do
		for arch in amd64 arm64; do [ -s "${list//%ARCH%/$arch}" ]; done
	done
	for os in $(jq -r '.target[].args.OS | values' <<<"$output" | sort -u); do [ -s "lists/os/$os.yaml" ]; done
	# Every OS that has a description is a target, and CI builds it.
	known=$(cd lists/os && printf '%s\n' *.yaml | sed 's/\.yaml$//' | sort)
	[ "$(jq -r '.target | keys[] | select(startswith("os-packages-")) | sub("os-packages-"; "")' <<<"$output" | sort)" = "$known" ]
	[ "$(sed -n 's/^ *os: \[\(.*\)\]$/\1/p' .github/workflows/modules.yml | sed 's/, /\n/g' | sort)" = "$known" ]
	PRESET=china run -0 --separate-stderr docker buildx bake --print compose tools
	jq -e '.target.compose.args.REGISTRY_MIRRORS | contains("docker.io=https://docker.m.daocloud.io")' <<<"$output"
	jq -e '.target.tools.args.DEBIAN_MIRROR == "http://mirrors.tuna.tsinghua.edu.cn/debian"' <<<"$output"
	PRESET=china DEBIAN_MIRROR=http://own/debian run -0 --separate-stderr docker buildx bake --print tools
	jq -e '.target.tools.args.DEBIAN_MIRROR == "http://own/debian" and (.target.tools.args.DEBIAN | startswith("docker.m.daocloud.io/"))' <<<"$output"
}

@test "an engine that asks before it gives a build the host's network is told so, each time" {
	mkdir bin engine
	# Writes its help in parts, as buildx does.
	cat >bin/docker <<-'END'
		#!/bin/bash
		case "$*" in
		*--help*) echo '  --allow stringArray'; sleep 0.2; echo '  --builder string' ;;
		*--print*) echo '{"target": {"tools": {}}}' ;;
		*) echo "$*" ;;
		esac
	END
	chmod +x bin/docker
	PATH=$PWD/bin:$PATH run -0 "$TOP/scripts/ci/bake" tools
	[[ $output == 'buildx bake --allow network.host --allow fs=* -f docker-bake.hcl -f '*' tools' ]]
}

@test "on GitHub a push names, pushes and caches its images; a fork's pull request pushes nothing" {
	cd "$TOP" || return 1
	unset DOCKER_CONFIG
	export GITHUB_REPOSITORY_OWNER=Someone GITHUB_REPOSITORY=Someone/kubecrate GITHUB_SHA=abc123
	GITHUB_REF=refs/tags/v1 run -0 scripts/ci/github-env
	for line in REGISTRY=ghcr.io/someone/kubecrate TAG=v1 VERSION=v1 PUSH=1 CACHE=ghcr.io/someone/kubecrate/cache REVISION=abc123 SOURCE=https://github.com/Someone/kubecrate \
		"SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)" "AUTHFILE=$HOME/.docker/config.json"; do
		grep -qx "$line" <<<"$output"
	done
	# Else each commit would repeat every step of every module.
	GITHUB_REF=refs/heads/main run -0 scripts/ci/github-env
	for line in SOURCE_DATE_EPOCH=0 TAG=latest PUSH=1; do grep -qx "$line" <<<"$output"; done
	# Started by hand on another branch, it leaves what main pushed alone.
	GITHUB_REF=refs/heads/try/this run -0 scripts/ci/github-env
	grep -qx TAG=try-this <<<"$output"
	GITHUB_EVENT_NAME=pull_request run -0 scripts/ci/github-env
	grep -qx 'PUSH=' <<<"$output"
	run ! grep AUTHFILE <<<"$output"
	PUSH='' run -0 scripts/ci/login
	[ "$output" = 'login: nothing is pushed' ]
}

nothing_is_left() {
	[ ! -e "$KUBECRATE_DOCKER_STATE" ]
	run ! grep -q "$KUBECRATE_DOCKER_STATE" /proc/self/mounts
	run ! grep -lF "$KUBECRATE_DOCKER_STATE/" /proc/[0-9]*/cmdline
	[ -z "$(find /sys/fs/cgroup -name "$(. "$TOP/scripts/ci/docker-lib.bash" && echo "$cgroup")*")" ]
}

@test "docker-up twice is one engine; docker-down leaves no process, mount or control group" {
	first=$("$TOP/scripts/ci/docker-up")
	[ "$("$TOP/scripts/ci/docker-up")" = "$first" ]
	eval "$first"
	docker version --format '{{.Server.Version}}'
	curl -fsS "http://$KUBECRATE_REGISTRY/v2/"
	"$TOP/scripts/ci/docker-down"
	nothing_is_left
}

@test "docker-up beside itself and beside docker-down: one engine that works, or none" {
	local jobs=() i

	for i in 1 2 3; do
		"$TOP/scripts/ci/docker-up" >"up$i" &
		jobs+=($!)
	done
	for i in "${jobs[@]}"; do wait "$i"; done
	cmp up1 up2
	cmp up1 up3
	"$TOP/scripts/ci/docker-down" &
	jobs=($!)
	eval "$("$TOP/scripts/ci/docker-up")"
	wait "${jobs[0]}"
	"$TOP/scripts/ci/docker-down"
	nothing_is_left
}

@test "docker-up killed in the middle leaves nothing that docker-down does not take away" {
	local after up

	for after in 0.3 0.8 1.5 2.5; do
		setsid "$TOP/scripts/ci/docker-up" >/dev/null 2>&1 &
		up=$!
		sleep "$after"
		kill -KILL -- "-$up" 2>/dev/null || true
		wait "$up" || true
		"$TOP/scripts/ci/docker-down"
		nothing_is_left
	done
}
