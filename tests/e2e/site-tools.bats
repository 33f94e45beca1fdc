#!/usr/bin/env bats
# The tools as they are carried to a node: each does its work in a root that has them, what the kernel shows of itself, and
# nothing else, on today's kernel and on one as old as CentOS 7's.

bats_require_minimum_version 1.5.0
load ../lib/aptrepo.bash
load ../lib/image.bash
load ../lib/registry.bash

setup_file() {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	export TOP ROOT=$BATS_FILE_TMPDIR/root
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	mkdir -p "$ROOT"/{proc,dev/shm,in/module/files}
	mknod -m 666 "$ROOT/dev/null" c 1 3
	mknod -m 666 "$ROOT/dev/urandom" c 1 9
	"$TOP/scripts/site/make-tools" "$KUBECRATE_BUILD" / "$ROOT/tools" \
		oci-fetch oci-to-registry oci-push oci-to-archive bundle-extract file-fetch repo-pack list-gen
	gcc -Wall -Werror -static -o "$ROOT/old-kernel" "$TOP/tests/lib/old-kernel.c"
	make_inputs
	mount -t proc proc "$ROOT/proc"
}

make_inputs() {
	cd "$ROOT/in" || return 1
	echo hello >module/files/motd
	image_layout layout
	image_name layout app:1 "$(image_manifest layout linux/amd64 '{}' "$(image_layer layout module)")"
	bundle-seal -q files module
	bundle-merge -q -o bundle:v1 --platform linux/amd64 module
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	aptrepo_key
	aptrepo_deb up app 1.0
	aptrepo_index up bookworm
	aptrepo_os up test12 >test12.yaml
	repo-pack -q --os test12.yaml --arch amd64 -o repo app
}

teardown_file() { umount "$ROOT/proc" || true; }

setup() { registry_start "$BATS_TEST_TMPDIR/store"; }

teardown() {
	registry_stop
	rm -rf "$ROOT/out"
}

# Runs the tool by "$runner" (nothing, or a program in the root that runs it).
site() { # TOOL ARG...
	run chroot "$ROOT" ${runner:+"$runner"} "/tools/bin/$1" "${@:2}"
	[ "$status" = 0 ] || { echo "$1: $output"; return 1; }
}

every_tool_works() {
	local layer

	layer=$(skopeo inspect "oci:$ROOT/in/layout:app:1" | jq -r '.Layers[0]')
	site oci-to-registry -q -i /in/layout -o /out/store
	site oci-push -q -i /in/layout --to "$REGISTRY" --plain-http "$REGISTRY"
	site oci-fetch -q -o /out/layout --platform linux/amd64 --plain-http "$REGISTRY" "$REGISTRY/library/app:1"
	site oci-to-archive -q -i /in/layout -o /out/app.tar --platform linux/amd64 app:1
	tar -xOf "$ROOT/out/app.tar" manifest.json | jq -e '.[0].RepoTags == ["docker.io/library/app:1"]'
	site bundle-extract -q oci:/in/bundle:v1 --platform linux/amd64 -o /out/package
	site bundle-extract -q --verify /out/package
	site file-fetch -q -o /out/files "http://$REGISTRY/v2/library/app/blobs/$layer"
	site file-fetch -q --verify /out/files
	site repo-pack --prove /in/repo
	[[ $output == *proved* ]]
	site list-gen --version
}

@test "every site tool does its work in a bare root" { every_tool_works; }

@test "every site tool does its work in a bare root on a kernel as old as CentOS 7's" {
	runner=/old-kernel
	every_tool_works
}

@test "what is proved is really read: a changed repository is refused there too" {
	cp -a "$ROOT/in/repo" "$ROOT/out"
	sed -i 's/^Date: .*/Date: Thu, 01 Jan 2026 00:00:00 UTC/' "$ROOT/out/debian/12/dists/bookworm/InRelease"
	run -1 chroot "$ROOT" /tools/bin/repo-pack --prove /out
	[[ $output == *'a bad signature: it was changed after signing'* ]]
}
