#!/usr/bin/env bats
# What has its name is on the disk: the power goes off under each tool that fetches, on a file system of its own.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
	. "$TOP/tests/lib/aptrepo.bash"
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/nginx.bash"
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/upstream.bash"
	cd "$BATS_TEST_TMPDIR"
	empty_home
	mkdir disk
	truncate -s 256M disk.img
	mkfs.ext4 -q -F disk.img
	# a journal that is written each second: names go ahead of data that nobody has asked to be written
	mount -o loop,commit=1 disk.img disk || skip 'no loop devices'
}

teardown() {
	local pid

	midway_stop
	for pid in ${RUN-} ${NGINX_PID-} ${REGISTRY_PID-}; do
		kill -9 "$pid" 2>/dev/null || continue
		wait "$pid" || true
	done
	! mountpoint -q disk || umount disk
}

# power_cut [PID]: when the journal has all names, and little else was written; the process goes down with it.
power_cut() {
	sleep 2.5
	"$TOP/tests/lib/power-cut.py" disk
	[ $# = 0 ] || { kill -9 "$1" && wait "$1" || true; }
	umount disk
	# A copy: where somebody has made a mount namespace meanwhile, the file system that was cut lives on in that.
	cp --sparse=always disk.img after.img
	mount -o loop after.img disk
}

upstream_registry() {
	upstream_make up
	registry_start "$PWD/store"
	skopeo copy -q --all --preserve-digests --dest-tls-verify=false oci:up:docker.io/library/multi:1 "docker://$REGISTRY/library/multi:1"
}

# trace_names TOOL ARGUMENT...: what it renames and syncs.
trace_names() {
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o trace -e signal=none -e trace=syncfs,rename,renameat,renameat2 "$(command -v "$1")" "${@:2}"
}

# synced_before NAME TOOL ARGUMENT...: between what was written last and the file called NAME, all is synced. By chance the
# data of a small test may be on the disk without.
synced_before() {
	local name=$1

	shift
	trace_names "$@"
	grep -B1 "/$name\"" trace | head -1 | grep -q 'syncfs(.*= 0'
}

# synced_behind NAME TOOL ARGUMENT...: a file that was lost is back, and the lists that name it stay as they are.
synced_behind() {
	local name=$1

	shift
	trace_names "$@"
	grep -A1 "/$name\"" trace | tail -1 | grep -q 'syncfs(.*= 0'
}

layers_of() { # the blobs of a layout that are no documents
	find "$1/blobs/sha256" -type f -size +4k -printf '%f\n' | sort
}

@test "oci-fetch: what a run has named is there after a power cut" {
	upstream_registry
	oci-fetch -q -o disk/layout --platform all --mirror "docker.io=http://$REGISTRY" multi:1
	oci-fetch -q -o disk/copy --platform all --from oci:up
	power_cut
	check_blobs disk/layout
	check_blobs disk/copy
	[ "$(upstream_digest disk/layout docker.io/library/multi:1)" = "$(upstream_digest up docker.io/library/multi:1)" ]
	skopeo copy -q --all oci:disk/layout:docker.io/library/multi:1 dir:all
}

@test "oci-fetch: a run that the power cut has no layer under a name, and the next one ends at the same bytes" {
	local big

	upstream_registry
	big=$(find up/blobs/sha256 -type f -printf '%s %f\n' | sort -n | tail -1 | cut -d' ' -f2)
	midway_start
	echo "GET.*/blobs/sha256:$big hold=60" >rules
	oci-fetch -q -o disk/layout --platform all --mirror "docker.io=http://$MIDWAY" multi:1 3>&- &
	RUN=$!
	timeout 30 sh -c "until grep -q 'GET.*/blobs/.* 200 [0-9]\{4\}' log; do sleep 0.1; done"
	power_cut "$RUN"
	[ -z "$(layers_of disk/layout)" ]
	rm rules
	oci-fetch -q -o disk/layout --platform all --mirror "docker.io=http://$REGISTRY" multi:1
	oci-fetch -q -o whole --platform all --mirror "docker.io=http://$REGISTRY" multi:1
	diff -r whole disk/layout
}

@test "file-fetch: what SHA256SUMS lists is there after a power cut" {
	mkdir -p www/sub
	head -c 3000000 /dev/urandom >www/sub/big
	echo small >www/sub/small
	nginx_start "$PWD/www" "$PWD/nginx"
	synced_before SHA256SUMS file-fetch -q -o disk/files "http://$NGINX/sub/big" "http://$NGINX/sub/small"
	rm "disk/files/$NGINX/sub/big"
	synced_behind big file-fetch -q -o disk/files "http://$NGINX/sub/big" "http://$NGINX/sub/small"
	power_cut
	file-fetch --verify disk/files
	cmp www/sub/big "disk/files/$NGINX/sub/big"
}

@test "repo-pack: what its lists name is there after a power cut" {
	aptrepo_key
	aptrepo_deb archive app 1.0 'Depends: liba'
	aptrepo_deb archive liba 1.1
	aptrepo_index archive bookworm
	aptrepo_os archive test12 >test12.yaml
	nginx_start "$PWD" "$PWD/nginx"
	sed -i "s|file://$PWD|http://$NGINX|" test12.yaml
	export XDG_CACHE_HOME=$PWD/disk/cache XDG_DATA_HOME=$PWD/data
	synced_before Release repo-pack -q --os test12.yaml --arch amd64 -o disk/repo app
	find disk/repo -name 'liba*.deb' -delete
	synced_behind liba_1.1_all.deb repo-pack -q --os test12.yaml --arch amd64 -o disk/repo app
	power_cut
	[ -z "$(find disk/cache disk/repo -type f -size 0)" ]
	repo-pack --prove disk/repo app
	gpgconf --kill all
}
