#!/usr/bin/env bats
# What all ten tools promise alike, each shown by one small job of its own.

# shellcheck disable=SC1091  # files made here
bats_require_minimum_version 1.5.0
load ../lib/aptrepo.bash

TOOLS='list-gen oci-fetch oci-to-registry oci-to-archive oci-push file-fetch repo-pack bundle-seal bundle-merge bundle-extract'

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} KIT=$BATS_FILE_TMPDIR
	. "$TOP/tests/lib/image.bash"
	. "$TOP/tests/lib/registry.bash"
	. "$TOP/tests/lib/upstream.bash"
	cd "$KIT"
	upstream_make up
	printf 'etcd_version: 1\netcd_download_url: "https://github.com/etcd/v{{ etcd_version }}/etcd"\n' >vars.yml
	BATS_TEST_TMPDIR=$KIT make_archive
	mkdir -p module/resources
	echo x >module/resources/file
	bundle-merge -q -o bundle:v1 linux/amd64@module
	registry_start "$KIT/served"
	export REGISTRY REGISTRY_PID
}

make_archive() {
	aptrepo_key
	aptrepo_deb "$KIT/apt" app 1.0
	aptrepo_index "$KIT/apt" bookworm
	aptrepo_os "$KIT/apt" test12 >test12.yaml
}

teardown_file() {
	. "$TOP/tests/lib/registry.bash"
	registry_stop "$REGISTRY_PID"
	gpgconf --homedir "$KIT/gnupg" --kill all || true
}

setup() {
	export HOME=$BATS_TEST_TMPDIR/home XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	mkdir "$HOME"
	cd "$BATS_TEST_TMPDIR"
}

# job TOOL: the words of its small job, in a fresh folder with names of its own.
job() {
	rm -rf work && mkdir work && cp -al "$KIT/module" work/module
	cp "$KIT/test12.yaml" "$KIT/key.asc" work
	case $1 in
	list-gen) words=(files --vars "$KIT/vars.yml" --arch amd64) ;;
	oci-fetch) words=(-o work/lay --from "oci:$KIT/up" --platform linux/amd64 single:1 quay.io/a/small:2) ;;
	oci-to-registry) words=(-i "$KIT/up" -o work/store) ;;
	oci-to-archive) words=(-i "$KIT/up" -o work/all.tar single:1) ;;
	oci-push) words=(-i "$KIT/up" --to "$REGISTRY" --plain-http "$REGISTRY" single:1) ;;
	file-fetch) words=(-o work/files --allow-file "file://$KIT/vars.yml") ;;
	repo-pack) words=(--os work/test12.yaml --arch amd64 -o work/os app) ;;
	bundle-seal) words=(mod work/module) ;;
	bundle-merge) words=(-o work/bundle:v1 linux/amd64@work/module) ;;
	bundle-extract) words=("oci:$KIT/bundle:v1" --platform linux/amd64 -o work/package) ;;
	esac
}

# each FUNCTION: for every tool, with its job in words; all that fail are named.
each() {
	local tool words bad=0

	for tool in $TOOLS; do
		job "$tool"
		"$@" || { echo "$tool: $*: failed"; bad=1; }
	done
	return $bad
}

# Every tool is in the table, so that a new one is not forgotten.
@test "the table holds every tool" {
	[ "$(tr ' ' '\n' <<<"$TOOLS" | sort)" = "$(find "$KUBECRATE_BUILD/bin" -type f -printf '%f\n' | sort)" ]
}

takes_all_options() { "$tool" -v -j 2 --progress plain --json "${words[@]}" >out 2>err && [ -s out ]; }
@test "options that every tool takes" {
	each takes_all_options
}

is_json() { "$tool" -q --json "${words[@]}" | jq -e 'type == "object"' >out && [ -s out ]; }
@test "--json gives an object a line" {
	each is_json
}

is_data() {
	"$tool" "${words[@]}" >out 2>err || return
	[ -s out ] || return
	# Nothing for people among the data: fields by tabs, of one count.
	[ "$(awk -F'\t' '{ print NF }' out | sort -u | wc -l)" = 1 ] && ! grep -q $'[\r\033]' out err
}
@test "stdout is tab-separated data; into a pipe nothing is drawn" {
	each is_data
}

# The columns that the manual page gives, in JSON with the same names.
is_as_documented() {
	local columns

	"$tool" -q --json "${words[@]}" | head -n 1 >object && job "$tool"
	columns=$("$tool" -q "${words[@]}" | awk -F'\t' 'NR == 1 { print NF }')
	sed -n '/^\.Sh OUTPUT/,/^\.Sh ENVIRONMENT/s/^\.Dl //p' "$TOP/cmd/$tool.1.in" | sed 's/ \[[^]]*\]//g' | tr '[:upper:]' '[:lower:]' >documented
	jq -r --argjson n "$columns" 'keys_unsorted[:$n] | join(" ")' object | grep -qxFf documented
}
@test "records have the columns that the manual page names" {
	each is_as_documented
}

is_quiet() { "$tool" -q "${words[@]}" >out 2>err && [ -s out ] && [ ! -s err ]; }
@test "-q leaves stderr empty" {
	each is_quiet
}

fails_on_full() {
	run -1 --separate-stderr bash -c '"$@" >/dev/full' - "$tool" -q "${words[@]}" || return
	[[ "$stderr" == "$tool: "*stdout* ]]
}
fails_on_closed() {
	# The reader is gone before the tool begins.
	run -1 --separate-stderr bash -c 'set -o pipefail; { sleep 0.3; exec "$@"; } | true' - "$tool" -q "${words[@]}" || return
	[[ "$stderr" == "$tool: "*stdout* ]]
}
@test "a full disk under stdout is a failure" {
	each fails_on_full
}
@test "a closed pipe on stdout is a failure" {
	each fails_on_closed
}

# wrong ARGUMENT…: exit 2, nothing on stdout, two lines on stderr.
wrong() {
	run -2 --separate-stderr "$tool" "$@" </dev/null || return
	[ -z "$output" ] && [[ "$stderr" == "$tool: "*$'\n'"Try '$tool --help'." ]]
}
refuses() {
	wrong --nonsense && [[ "$stderr" == "$tool: --nonsense: no such option"* ]] &&
		wrong -Z && [[ "$stderr" == "$tool: -Z: no such option"* ]] &&
		wrong -qZv && [[ "$stderr" == "$tool: -Z: no such option"* ]] &&
		wrong --json=yes && [[ "$stderr" == "$tool: --json=yes: takes no argument"* ]] &&
		wrong --progress && [[ "$stderr" == "$tool: --progress: needs an argument"* ]] &&
		wrong -qj && [[ "$stderr" == "$tool: -j: needs an argument"* ]] &&
		wrong -j 0 && [[ "$stderr" == "$tool: --jobs: \"0\" is not a number from 1 up"* ]] &&
		wrong -j 1x && wrong -j 99999999999 && wrong --progress bars &&
		wrong
}
@test "wrong usage is exit 2 in two lines" {
	each refuses
}


@test "a list that is missing is asked for, where stdin is a terminal" {
	local tool

	for tool in 'oci-fetch -o lay' 'file-fetch -o files' 'repo-pack --os ./test12.yaml -o os' 'bundle-merge -o b:v1'; do
		cp "$KIT/test12.yaml" "$KIT/key.asc" .
		run -2 script -qec "$tool" /dev/null </dev/null
		[[ "$output" == "${tool%% *}: no "*" given: name them, or give -f FILE, or a list on stdin"* ]]
	done
}

# Each bar is narrower than the terminal, and the last one is wiped.
stays_narrow() {
	printf '%q ' "$tool" "${words[@]}" >line
	# The records go to a file: only what is drawn remains.
	TERM=xterm script -qec "stty cols $columns; $(<line) >out" /dev/null </dev/null >drawn
	grep -q $'\033' drawn || [[ " list-gen bundle-seal " == *" $tool "* ]] || { echo "$tool draws nothing"; return 1; }
	tr '\r' '\n' <drawn | sed 's/^\x1b\[K//' | grep '^\[' | awk -v most="$columns" 'length($0) >= most { print; bad = 1 } END { exit bad }' ||
		return
	[ "$(tr '\r' '\n' <drawn | sed 's/^\x1b\[K/WIPED/' | grep -cE '^(WIPED)?\[')" -eq 0 ] || tr '\n' ' ' <drawn | grep -q $'\r\033\[K[^[]*$'
}
@test "a bar fits its terminal, and leaves the line clean" {
	for columns in 80 30 7 1; do each stays_narrow; done
}

is_plain() {
	printf '%q ' "$tool" "${words[@]}" >line
	TERM=$term script -qec "$(<line) $more >out" /dev/null </dev/null >drawn
	! grep -q $'\033' drawn
}
@test "no escape reaches a terminal with --progress plain or none, with -q, or one that is dumb" {
	for more in '--progress plain' '--progress none' -q; do term=xterm each is_plain; done
	more='' term=dumb each is_plain
}

same_bytes() {
	rm -rf first
	"$tool" -q "${words[@]}" >first.out && mv work first && job "$tool" || return
	LC_ALL=${1-C} TZ=Asia/Tokyo "$tool" -q "${words[@]}" >second.out || return
	diff -r first work
}
@test "another locale and time zone give the same bytes" {
	each same_bytes C
	each same_bytes C.UTF-8
}

bad_epoch() {
	SOURCE_DATE_EPOCH=yesterday run -1 --separate-stderr "$tool" -q "${words[@]}"
	[[ "$stderr" == "$tool: "*SOURCE_DATE_EPOCH* ]]
}
@test "a SOURCE_DATE_EPOCH that is no number is refused by what writes times" {
	local tool words

	for tool in oci-to-archive repo-pack bundle-merge; do
		job "$tool"
		bad_epoch
	done
}

again() {
	"$tool" -q "${words[@]}" >first.out || return
	[ "$tool" = bundle-extract ] || "$tool" -q "${words[@]}" >second.out || return
	find "$HOME" -mindepth 1 | head -n 1 | grep . && return 1
	[ -z "$(find work -name '*.partial*')" ]
}
@test "a second run is fine, and nothing unfinished or beside the output is left" {
	each again
}

stays_what_it_is() { # OPTION WORD…: the option takes a file's name
	local option=$1 file

	shift
	: >real && ln -sf real link && rm -f pipe && mkfifo pipe
	for file in link /dev/null; do "$tool" -q "$@" "$option" "$file" >out || return; done
	[ -L link ] && [ -s real ] && [ -c /dev/null ] || return
	# A pipe gets the same bytes, and so does stdout.
	timeout 20 cat pipe >through & "$tool" -q "$@" "$option" pipe >out || return
	wait $!
	cmp through real && "$tool" -q "$@" "$option" /dev/stdout >out && [ -p pipe ]
}
@test "a device, a pipe or a link that is named as a file to write stays what it is" {
	local tool words

	tool='oci-to-archive' && stays_what_it_is -o -i "$KIT/up" single:1
	cmp out real
	tool='bundle-extract' && stays_what_it_is --tar "oci:$KIT/bundle:v1" --platform linux/amd64
	cmp out real
	tool='oci-fetch' && job oci-fetch && stays_what_it_is --lock "${words[@]}"
	tool='file-fetch' && job file-fetch && stays_what_it_is --lock "${words[@]}"
	tool='repo-pack' && job repo-pack && stays_what_it_is --lock "${words[@]}"
	cat >images.yml <<-'END'
		node_image_repo: quay.io/calico/node
		node_image_tag: v3
		kube_image_repo: registry.k8s.io
		kube_version: 1.31.0
		downloads:
		  node:
		    enabled: true
		    container: true
		    repo: "{{ node_image_repo }}"
		    tag: "{{ node_image_tag }}"
	END
	tool='list-gen' && stays_what_it_is --map-out images --vars images.yml
}
