#!/usr/bin/env bats
# oci-fetch and what its layout holds already: damage, leftovers, a disk that fills up, endless redirects.

# shellcheck disable=SC1091,SC2030,SC2031  # files made here; each test has an environment of its own
bats_require_minimum_version 1.5.0

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} DATA=$BATS_FILE_TMPDIR
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/upstream.bash"
	upstream_make "$DATA/up"
	registry_start "$DATA/store"
	export REGISTRY REGISTRY_PID
	oci-push -q -i "$DATA/up" --to "$REGISTRY" --plain-http "$REGISTRY" >/dev/null
}

teardown_file() {
	. "$TOP/tests/lib/registry.bash"
	registry_stop
}

setup() {
	. "$TOP/tests/lib/upstream.bash"
	cd "$BATS_TEST_TMPDIR"
	empty_home
}

teardown() {
	midway_stop
	[ -z "${MOUNTED-}" ] || umount "$MOUNTED"
}

# become_fetch takes the place of the subshell, so that its pid is oci-fetch's.
become_fetch() { exec oci-fetch --platform linux/amd64 --mirror "docker.io=http://${MIDWAY:-$REGISTRY}" --mirror "quay.io=http://${MIDWAY:-$REGISTRY}" "$@"; }
fetch() { (become_fetch "$@"); }
biggest() { find "$1/blobs/sha256" -type f -size +1000k; }
# The same size, another byte.
damage() { printf X | dd of="$1" bs=1 seek=1000 conv=notrunc status=none; }

@test "--verify finds a blob with the right size and other bytes, and fetches it again; a plain run asks by HEAD only" {
	fetch -q -o layout multi:1 quay.io/a/small:2
	cp -a layout good
	damage "$(biggest layout)"
	midway_start
	run --separate-stderr fetch -o layout --verify --dry-run multi:1 quay.io/a/small:2
	[ "$status" = 0 ]
	[[ $stderr == *"blobs/sha256/"*": digest is sha256:"*", expected sha256:"*"; it is fetched again"* ]]
	[[ $stderr == *"layout: "*" blobs ("*") read again, 1 damaged"* ]]
	[ -e "$(biggest layout)" ]
	: >log
	run --separate-stderr fetch -o layout multi:1 quay.io/a/small:2
	[ "$status" = 0 ]
	[ "$(grep -v 'GET /v2/ ' log | cut -d' ' -f1 | sort | uniq -c | xargs)" = '2 HEAD' ]
	: >log
	run --separate-stderr fetch -o layout --verify multi:1 quay.io/a/small:2
	[ "$status" = 0 ]
	[ "$(cut -f1,4 <<<"$output" | xargs)" = 'docker.io/library/multi:1 new quay.io/a/small:2 kept' ]
	[ "$(grep -c 'GET.*/blobs/' log)" = 1 ]
	diff -r good layout
	run --separate-stderr fetch -o layout --verify multi:1 quay.io/a/small:2
	[[ $stderr == *"read again, 0 damaged"* ]]
	diff -r good layout
}

@test "--verify does not take a link to damaged bytes for a remedy" {
	local bad

	cp -a "$DATA/up" up
	oci-fetch -q -o layout --platform all --from oci:up single:1
	bad=$(biggest layout)
	printf X | dd of="$bad" conv=notrunc status=none
	run --separate-stderr oci-fetch -q -o layout --platform all --verify --from oci:up single:1
	[ "$status" = 1 ]
	[[ $stderr == *"single:1: linked from oci:up: "*": digest is sha256:"*", expected sha256:${bad##*/}" ]]
	[ ! -e "$bad" ]
	oci-fetch -q -o layout --platform all --verify --from "oci:$DATA/up" single:1
	check_blobs layout
}

@test "a blob that is cut short is no blob that is there" {
	local cut

	cp -a "$DATA/up" up
	oci-fetch -q -o good --platform all --from oci:up single:1
	cp -a good layout
	cut=$(biggest layout)
	rm "$cut"
	echo short >"$cut"
	oci-fetch -q -o layout --platform all --from oci:up single:1
	diff -r good layout
}

@test "a run that lacks nothing leaves no unfinished blobs; one that failed keeps them" {
	local part

	mkdir -p layout/blobs/.partial layout/blobs/sha256
	part=layout/blobs/.partial/sha256-$(printf '%064d' 1)
	echo part >"$part"
	echo part >"layout/blobs/sha256/$(printf '%064d' 2).partial"
	run --separate-stderr fetch -o layout multi:1 nosuch:1
	[ "$status" = 1 ]
	[ -e "$part" ]
	fetch -q -o layout --dry-run multi:1
	[ -e "$part" ]
	fetch -q -o layout multi:1
	[ ! -e layout/blobs/.partial ]
	[ -z "$(find layout -name '*.partial')" ]
	fetch -q -o once multi:1
	diff -r once layout
}

@test "a disk that fills up in mid-run is said in one line; what was whole stays, and with room again the bytes are the same" {
	local pid status=0

	[ "$(id -u)" = 0 ] || skip 'needs root to mount'
	mkdir disk
	mount -t tmpfs -o size=6m tmpfs disk
	MOUNTED=$PWD/disk
	fetch -q -o disk/layout quay.io/a/small:2
	cp -a disk/layout before
	midway_start
	printf 'GET.*/blobs/ slow=1500000\n' >rules
	become_fetch -o disk/layout multi:1 >out 2>err 3>&- &
	pid=$!
	while [ ! -e disk/layout/blobs/.partial ]; do sleep 0.02; done
	dd if=/dev/zero of=disk/filler bs=64k status=none 2>dd.err || true
	wait "$pid" || status=$?
	[ "$status" = 1 ]
	grep -q '^oci-fetch: multi:1: .*No space left on device' err
	[ ! -s out ]
	cmp before/index.json disk/layout/index.json
	rm disk/filler rules
	fetch -q -o disk/layout multi:1 quay.io/a/small:2
	fetch -q -o whole multi:1 quay.io/a/small:2
	diff -r whole disk/layout
}

@test "endless redirects of one repository are one line, the other images complete" {
	midway_start
	printf 'library/multi/(manifests|blobs) loop\n' >rules
	run --separate-stderr fetch -o layout multi:1 quay.io/a/small:2
	[ "$status" = 1 ]
	[ "$(cut -f1 <<<"$output")" = quay.io/a/small:2 ]
	[[ ${stderr_lines[-1]} == "  multi:1: "*"more than 10 redirects" ]]
	[ "$(grep -c 'library/multi' log)" -lt 100 ]
}
