# What the tests of stores, archives and sources share: a layout lay for two CPUs, and words for its parts.
# shellcheck shell=bash

# app_begin: in the file's folder, an empty layout lay and the folders base and arm for its layers.
app_begin() {
	cd "$BATS_FILE_TMPDIR" || return
	image_layout lay
	mkdir base arm
	echo hello >base/hello
	head -c 200000 /dev/urandom >base/noise
	echo arm >arm/arm
}

# app_copy NAME…: a test's own lay and whatever else is named, by hard links, and AMD and ARM as the file's set-up kept them.
app_copy() {
	cd "$BATS_TEST_TMPDIR" || return
	cp -al "$BATS_FILE_TMPDIR/lay" "${@/#/$BATS_FILE_TMPDIR/}" .
	AMD=$(<"$BATS_FILE_TMPDIR/amd.json")
	[ ! -e "$BATS_FILE_TMPDIR/arm.json" ] || ARM=$(<"$BATS_FILE_TMPDIR/arm.json")
}

# Leak detection needs the place that strace takes.
traced() { ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace "$@"; }

digest_of() { jq -r .digest <<<"$1"; }
hex_of() { jq -r '.digest | ltrimstr("sha256:")' <<<"$1"; }
first_layer() { jq -r '.layers[0].digest | ltrimstr("sha256:")' "lay/blobs/sha256/$(hex_of "$1")"; }
# index_digest NAME [LAYOUT]
index_digest() { jq -r --arg n "$1" '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $n).digest' "${2:-lay}/index.json"; }
