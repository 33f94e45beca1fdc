#!/usr/bin/env bats
# What every image tool promises: it writes where it was told to and nowhere else, and says the same each time.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/upstream.bash"
	cd "$BATS_TEST_TMPDIR"
	empty_home
	export HOME=$PWD/home TMPDIR=$PWD/tmp
	mkdir home tmp
	upstream_make up
}

teardown() { [ -z "${REGISTRY_PID-}" ] || registry_stop; }

# traced TOOL ARGUMENT...: everything that it makes or changes goes to the file calls. Leak detection needs the place that strace
# takes; ThreadSanitizer maps itself from a file in TMPDIR before the tool begins.
traced() {
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -y -o trace \
		-e trace=openat,open,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,truncate,mknod,mknodat \
		"$(command -v "$1")" "${@:2}" >out
	grep -E 'O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE|^[0-9]+ +(creat|mkdir|rename|link|symlink|unlink|truncate|mknod)' trace |
		grep -vE '/dev/null| = -1 |"[^"]*/tsan\.rodata\.[0-9]+"' | tee -a calls >new
	[ -s new ] || { echo "$1 was seen to write nothing"; return 1; }
}

@test "no image tool writes anywhere but to its output" {
	registry_start "$PWD/store"
	mkdir -p folder/resources && echo x >folder/resources/file
	: >calls
	traced oci-push -q -i up --to "$REGISTRY" --plain-http "$REGISTRY" --progress none || [ ! -s new ]
	traced oci-fetch -q -o lay --platform linux/amd64 --plain-http "$REGISTRY" "$REGISTRY/library/multi:1"
	traced oci-to-registry -q -i lay -o made
	traced oci-to-archive -q -i lay -o all.tar
	traced bundle-seal -q mod folder
	traced bundle-merge -q -o bundle:v1 linux/amd64@folder
	traced bundle-extract -q oci:bundle:v1 --platform linux/amd64 -o package
	traced bundle-extract -q "docker://$REGISTRY/library/single:1" --plain-http "$REGISTRY" --platform linux/amd64 --tar package.tar
	# Absolute names, but for what descriptors of this folder are shown as (<...>).
	run ! grep -E "\"/" calls
	[ -z "$(find tmp home -mindepth 1)" ]
	[ "$(find . -mindepth 1 -maxdepth 1 ! -name 'registry.*' ! -name 'roots.*' -printf '%f\n' | sort | xargs)" = \
		'all.tar bundle calls folder home lay made new out package package.tar store tmp trace up' ]
}

@test "the same input gives the same bytes: other folder, other time, other umask, other order of creation" {
	local umask

	for umask in 022 077; do
		mkdir "run$umask"
		(
			cd "run$umask"
			umask "$umask"
			mkdir -p folder/b folder/a
			if [ "$umask" = 022 ]; then echo 1 >folder/a/1 && echo 2 >folder/b/2; else echo 2 >folder/b/2 && echo 1 >folder/a/1; fi
			chmod 755 folder folder/a folder/b && chmod 644 folder/a/1 folder/b/2
			oci-fetch -q -o lay --platform all --from oci:../up </dev/null
			oci-to-archive -q -i lay -o all.tar --platform linux/amd64 multi:1 quay.io/a/small:2
			oci-to-registry -q -i lay -o store
			bundle-seal -q mod folder
			bundle-merge -q -o bundle:v1 linux/amd64@folder
			bundle-extract -q oci:bundle:v1 --platform linux/amd64 --tar package.tar
		) >/dev/null
		sleep 1.1
	done
	diff -r run022 run077
}
