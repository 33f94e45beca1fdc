#!/usr/bin/env bats
# What a user reads is so: each example of a manual page, and the chain of the README, is run as it stands there.
bats_require_minimum_version 1.5.0

setup_file() {
	export TOP=${KUBECRATE_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)} KIT=$BATS_FILE_TMPDIR/kit
	. "$TOP/tests/lib/documented.bash"
	export HOME=$BATS_FILE_TMPDIR/home
	mkdir "$KIT" "$HOME"
	cd "$KIT"
	documented_start
}

teardown_file() {
	. "$TOP/tests/lib/documented.bash"
	cd "$KIT"
	documented_stop
}

setup() {
	. "$TOP/tests/lib/documented.bash"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir "$HOME"
}

# examples PAGE: its commands, one a line.
examples() { sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' "$1"; }

# as_documented COMMAND: in a copy of the kit, since examples write. What an earlier example of the page made is there, too.
as_documented() {
	echo "\$ $1"
	documented "$1" >out 2>err || { echo 'failed:'; cat out err; return 1; }
	# A tree without a fault has no records.
	[ -s out ] || [[ $1 == *'>'* || $1 == *'-fetch --verify'* || $1 == *'-extract --verify'* ]] || { echo 'no word on stdout'; return 1; }
}

page_runs() { # TOOL
	local example n=0

	cp -a "$KIT" "$BATS_TEST_TMPDIR/$1"
	cd "$BATS_TEST_TMPDIR/$1"
	before "$1"
	while IFS= read -r example; do
		[[ $example == *"$1 "* ]] || { echo "$1: an example of something else: $example"; return 1; }
		as_documented "$example" </dev/null || return
		n=$((n + 1))
	done < <(examples "$TOP/cmd/$1.1.in")
	[ "$n" -gt 0 ] || { echo "$1: no example"; return 1; }
}

# What a page takes for granted, or writes anew.
before() {
	case $1 in
	oci-fetch) rm -r layout ;;
	file-fetch)
		rm -r files
		file-fetch -q -o resources/nginx/files --allow-file "file://$KIT/images.list" >made
		;;
	bundle-extract) bundle-seal -q images images >made && bundle-merge -q -o bundle:v1 linux/amd64,linux/arm64@images >>made ;;
	esac
}

@test "every example of every manual page runs as it stands there" {
	local page bad=0

	for page in "$TOP"/cmd/*.1.in; do
		page=${page##*/}
		(page_runs "${page%.1.in}") || bad=1
	done
	[ $bad = 0 ]
}

@test "the chain of the README runs as it stands there" {
	local chain

	cp -a "$KIT" "$BATS_TEST_TMPDIR/chain"
	cd "$BATS_TEST_TMPDIR/chain"
	rm -r layout images files os
	chain=$(sed -n '/^They chain/,/^Pushed/s/^    //p' "$TOP/README.md")
	[[ $chain == 'list-gen images'*'-o package' ]]
	documented "$chain"
	bundle-extract --verify package
	[ -s package/resources/nginx/files/github.com/runc/runc.arm64 ]
	[ -d package/resources/nginx/debian/12/pool ]
	[ -d package/resources/registry/docker/registry/v2/repositories/library/nginx ]
}

@test "manual pages have the same sections in the same order" {
	local page order='NAME SYNOPSIS DESCRIPTION OPTIONS OUTPUT ENVIRONMENT FILES EXIT+STATUS EXAMPLES SEE+ALSO' have section

	for page in "$TOP"/cmd/*.1.in; do
		have=$(sed -n 's/^\.Sh //p' "$page" | tr ' ' + | tr '\n' ' ')
		for section in $order; do
			[[ " $have" == *" $section "* || $section == FILES ]] || { echo "$page: no $section"; return 1; }
		done
		[ "$have" = "$(for section in $order; do [[ " $have" != *" $section "* ]] || printf '%s ' "$section"; done)" ] ||
			{ echo "$page: $have"; return 1; }
	done
}

@test "each key of a system's description is explained" {
	local key keys section

	mapfile -t keys < <(sed -nE 's/.*(OCI_YAML_[A-Z]*\(|\.key = )"([a-z_]*)".*/\2/p' "$TOP/liboci/pkgrepo/os.c" | sort -u)
	[ ${#keys[@]} -gt 25 ]
	section=$(sed -n '/^### The description of a system/,$p' "$TOP/docs/design.md")
	for key in "${keys[@]}"; do grep -qE "^\|[^|]*\`${key}[\`:]" <<<"$section" || { echo "$key"; return 1; }; done
}

@test "the first step at the site unpacks what scripts/package makes, in both languages" {
	local page step

	cd "$BATS_TEST_TMPDIR"
	mkdir -p module/library opt dist
	echo ':' >module/install.sh
	bundle-seal -q installer module && bundle-merge -q -o bundle:v1 linux/amd64@module
	"$TOP/scripts/package" -o dist --version 1.2 oci:bundle:v1 linux/amd64
	for page in site.md site.zh.md; do
		step=$(grep -m1 -oE 'sha256sum -c .*' "$TOP/docs/$page")
		[[ $step == *' /opt/'* ]]
		rm -rf opt/*
		(cd dist && eval "${step//\/opt/$PWD/../opt}" && [ -e install.sh ] && [ -d modules.d ])
	done
}
