#!/usr/bin/env bats
# repo-pack against dnf on some 450 packages with random dependencies of every kind: the closure is what dnf itself would
# install, and what dnf refuses is refused.

bats_require_minimum_version 1.5.0
load ../lib/rpmrepo.bash

setup_file() {
	command -v dnf rpmbuild createrepo_c >/dev/null || skip "no dnf, rpmbuild or createrepo_c here"
	export UP=$BATS_FILE_TMPDIR/up BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	rpmrepo_key
	python3 "$KUBECRATE_TOP/tests/lib/rpmrandom.py" 300 1 | rpmrepo_build "$UP"
	rpmrepo_index "$UP"
	rpmrepo_os "$UP" test9 >"$BATS_FILE_TMPDIR/test9.yaml"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	export GNUPGHOME=$BATS_FILE_TMPDIR/gnupg XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
}

teardown_file() {
	gpgconf --homedir "$BATS_FILE_TMPDIR/gnupg" --kill all || true
}

# dnf's answers to the request sets of a file; an empty system without dnf's own cache.
dnf_answers() { # ARCH FILE OPTION...
	rpmrepo_dnf_closure "$1" "base=file://$UP/$1" "${@:3}" <"$2"
}

own_answer() { # ARCH NAME...
	local arch=$1
	shift
	if repo-pack -q --os "$BATS_FILE_TMPDIR/test9.yaml" --arch "$arch" --dry-run "${options[@]}" "$@" >own 2>why; then
		echo "ok $(cut -f3,4 --output-delimiter=' ' own | LC_ALL=C sort | tr '\n' ' ')"
	else
		echo fail
	fi
}

# Where dnf refuses a set whose names stand each alone, both closures are made, with a warning.
same_answers() { # ARCH FILE OPTION...
	local request theirs ours both=0 refused=0
	options=("${@:3}")
	dnf_answers "$1" "$2" "${options[@]/--recommends/--weak}" >theirs
	# shellcheck disable=SC2094  # neither file is written here
	while read -r request && read -r theirs <&3; do
		# shellcheck disable=SC2086  # the words are the names
		ours=$(own_answer "$1" $request)
		case $theirs in
		fail*) refused=$((refused + 1)) ;;&
		fail*) [ "$ours" = fail ] || grep -q 'cannot stand beside the others' why || stands_apart "$1" "$request" ;;
		*) [ "${ours% }" = "$theirs" ] && both=$((both + 1)) ;;
		esac || { printf '%s\n' "$request" "dnf: $theirs" "own: $ours"; return 1; }
	done 3<theirs <"$2"
	echo "# $both closures the same, $refused refused by dnf" >&3
	[ "$both" -gt 0 ]
}

# -q takes the warning away, too: ask once more for it.
stands_apart() {
	# shellcheck disable=SC2086
	repo-pack --os "$BATS_FILE_TMPDIR/test9.yaml" --arch "$1" --dry-run --progress none "${options[@]}" $2 2>&1 |
		grep -q 'cannot stand beside the others'
}

# Sets of two to seven names, the same ones in every run.
random_sets() { # COUNT SEED
	awk -v n="$1" -v seed="$2" '{ name[NR] = $0 } END { srand(seed); for (i = 0; i < n; i++) {
		k = 2 + int(rand() * 6); line = ""
		for (j = 0; j < k; j++) line = line name[1 + int(rand() * NR)] " "
		print line } }'
}

@test "each of 43 names alone: dnf's closure, or refused as dnf does, both CPUs" {
	seq -f p%g 0 7 299 >each
	for arch in x86_64 aarch64; do same_answers $arch each; done
}

@test "random sets of names that can be had: dnf's closure, both CPUs" {
	seq -f p%g 0 299 >each
	for arch in x86_64 aarch64; do
		dnf_answers $arch each | paste -d' ' - each | awk '$1 == "ok" { print $NF }' >good
		random_sets 20 7 <good >sets
		same_answers $arch sets
	done
}

@test "random sets of any names" {
	seq -f p%g 0 299 | random_sets 10 3 >sets
	same_answers x86_64 sets
}

@test "with weak dependencies" {
	seq -f p%g 0 15 299 >each
	same_answers x86_64 each --recommends
}
