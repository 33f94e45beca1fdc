#!/usr/bin/env bats
# scripts/package on a layout: the tar is the bundle's tree, nothing else is left, whatever comes in between.

bats_require_minimum_version 1.5.0

setup_file() {
	export TOP BUNDLE=$BATS_FILE_TMPDIR/bundle:v1
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	mkdir -p "$BATS_FILE_TMPDIR/module/files"
	head -c 40000000 /dev/urandom >"$BATS_FILE_TMPDIR/module/files/large"
	echo hello >"$BATS_FILE_TMPDIR/module/files/motd"
	bundle-seal -q files "$BATS_FILE_TMPDIR/module"
	bundle-merge -q -o "$BUNDLE" --platform linux/amd64 "$BATS_FILE_TMPDIR/module"
}

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

package() { "$TOP/scripts/package" "$@"; }

@test "each package is a tar and its checksum, named and reported" {
	run -0 --separate-stderr package -o dist --version v1 "oci:$BUNDLE" linux/amd64
	[ "$output" = "dist/kubecrate-v1-linux-amd64.tar	sha256:$(sha256sum <dist/kubecrate-v1-linux-amd64.tar | cut -c1-64)	$(stat -c %s dist/*.tar)" ]
	[ "$(ls -A dist)" = "kubecrate-v1-linux-amd64.tar
kubecrate-v1-linux-amd64.tar.sha256" ]
	(cd dist && sha256sum -c ./*.sha256)
	mkdir tree
	tar -C tree -xf dist/*.tar
	diff -r tree "$BATS_FILE_TMPDIR/module"
}

@test "--zstd holds the same tar" {
	package --version v1 "oci:$BUNDLE" linux/amd64
	package --version v1 --zstd "oci:$BUNDLE" linux/amd64
	sha256sum -c ./*.sha256
	zstd -dcq kubecrate-v1-linux-amd64.tar.zst | cmp - kubecrate-v1-linux-amd64.tar
}

@test "a bundle that fails leaves no file and says why; what was there before stays" {
	package -o dist --version v1 "oci:$BUNDLE" linux/amd64
	cp -a dist before
	run -1 package -o dist --version v1 "oci:$BUNDLE" linux/arm64
	[[ $output == *'linux/arm64'*"package: oci:$BUNDLE: no package for linux/arm64 was made" ]]
	cp -r "$BATS_FILE_TMPDIR/bundle" damaged
	layer=$(find damaged/blobs -size +10000k)
	printf x | dd of="$layer" bs=1 seek=20000000 conv=notrunc status=none
	run -1 package -o dist --version v1 oci:damaged:v1 linux/amd64
	diff -r before dist
}

@test "a full disk ends it at once, says so and leaves no file" {
	mkdir full
	mount -t tmpfs -o size=10m tmpfs full
	run package -o full --version v1 "oci:$BUNDLE" linux/amd64
	left=$(ls -A full)
	umount full
	[[ $status -eq 1 && -z $left ]]
	[[ $output == *'No space left on device'*"package: oci:$BUNDLE: no package for linux/amd64 was made" && $output != *verified* ]]
}

@test "two at once and one that was killed end at the same bytes" {
	package -o want --version v1 "oci:$BUNDLE" linux/amd64
	setsid "$TOP/scripts/package" -o dist --version v1 "oci:$BUNDLE" linux/amd64 &
	until [ -s dist/kubecrate-v1-linux-amd64.tar.partial ]; do [ ! -e dist/kubecrate-v1-linux-amd64.tar ] || break; done
	kill -KILL -- "-$!" || true
	wait $! || true
	package -o dist --version v1 "oci:$BUNDLE" linux/amd64 &
	package -o dist --version v1 "oci:$BUNDLE" linux/amd64
	wait $!
	diff -r want dist
}

@test "wrong usage is told from failure" {
	for args in '' "oci:$BUNDLE" '-o' '--version' '--no-such-option x linux/amd64'; do
		# shellcheck disable=SC2086  # words
		run -2 package $args
		[[ $output == *'usage: package'* ]]
	done
	run -1 package --version a/b "oci:$BUNDLE" linux/amd64
	[ "$output" = "package: --version a/b: it becomes part of a file's name, which has no slash" ]
	run -0 package --help
}
