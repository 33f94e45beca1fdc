#!/usr/bin/env bats
# repo-pack on small real archives: dpkg-deb and apt-ftparchive make them, apt judges what comes out.

bats_require_minimum_version 1.5.0
load ../lib/aptrepo.bash

setup_file() {
	# one archive for the tests that only read it
	export UP=$BATS_FILE_TMPDIR/up
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR aptrepo_key
	export KEYHOME=$BATS_FILE_TMPDIR/gnupg
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR make_up
}

make_up() {
	aptrepo_deb "$UP" app 1.0 'Depends: liba (>= 1.0), tool | other-tool, mta' 'Recommends: extra'
	aptrepo_deb "$UP" app 0.9
	aptrepo_deb "$UP" liba 1.1 'Pre-Depends: libc' 'Architecture: amd64'
	aptrepo_deb "$UP" liba 1.1 'Pre-Depends: libc' 'Architecture: arm64'
	aptrepo_deb "$UP" libc 2.0
	aptrepo_deb "$UP" tool 1.0
	aptrepo_deb "$UP" other-tool 1.0 'Provides: tool'
	aptrepo_deb "$UP" mta-a 1.0 'Provides: mta' 'Priority: extra'
	aptrepo_deb "$UP" mta-b 1.0 'Provides: mta' 'Priority: standard'
	aptrepo_deb "$UP" extra 1.0
	aptrepo_deb "$UP" base-files 1.0 'Essential: yes'
	aptrepo_deb "$UP" red 1.0 'Conflicts: blue'
	aptrepo_deb "$UP" blue 1.0 'Conflicts: red'
	aptrepo_deb "$UP" broken 1.0 'Depends: nowhere (>= 2)'
	aptrepo_deb "$UP" picky 1.0 'Depends: liba (>= 9)'
	aptrepo_deb "$UP" member 1.0 'Task: ssh-server, web-server'
	aptrepo_index "$UP" bookworm
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$BATS_FILE_TMPDIR/key.asc" .
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	aptrepo_os "$UP" test12 >test12.yaml
}

teardown_file() {
	gpgconf --homedir "$BATS_FILE_TMPDIR/gnupg" --kill all || true
}

names() { cut -f3 | sort | tr '\n' ' '; }

pack() { repo-pack -q --os ./test12.yaml --arch amd64 "$@"; }

@test "a closure from nothing: real names first, first alternative, provider of the better priority" {
	run -0 pack --dry-run app
	[ "$(names <<<"$output")" = "app liba libc mta-b tool " ]
	[ ! -e debian ]
}

@test "recommended packages only when asked for" {
	run -0 pack --dry-run --recommends app
	[ "$(names <<<"$output")" = "app extra liba libc mta-b tool " ]
}

@test "essential packages only when asked for" {
	run -0 pack --dry-run --with-essential tool
	[ "$(names <<<"$output")" = "base-files tool " ]
}

@test "a base system's packages are left out" {
	printf 'libc 2.0\nmta-a 1.0\n' >base
	run -0 pack --dry-run --base base app
	[ "$(names <<<"$output")" = "app liba tool " ]
}

@test "versions, globs, tasks, virtual names, CPUs" {
	run -0 pack --dry-run app=0.9
	[ "$(cut -f3,4 <<<"$output")" = $'app\t0.9' ]
	run -0 pack --dry-run 'mta-*'
	[ "$(names <<<"$output")" = "mta-a mta-b " ]
	run -0 pack --dry-run web-server^
	[ "$(names <<<"$output")" = "member " ]
	run -0 pack --dry-run mta
	[ "$(names <<<"$output")" = "mta-b " ]
	run -0 pack --dry-run mta mta-a
	[ "$(names <<<"$output")" = "mta-a " ]
	run -0 pack --dry-run liba:amd64
	[ "$(names <<<"$output")" = "liba libc " ]
}

@test "packages.yaml: groups of the system, and others by --groups" {
	cat >packages.yaml <<'END'
common: [tool]
apt: [mta-a]
yum: [nothing]
debian: [extra]
test12: [member]
kubespray:
  common: [libc]
  apt: [liba]
tools:
  common: [red]
END
	run -0 pack --dry-run packages.yaml
	[ "$(names <<<"$output")" = "extra liba libc member mta-a tool " ]
	run -0 pack --dry-run --groups tools packages.yaml
	[ "$(names <<<"$output")" = "extra liba libc member mta-a red tool " ]
	run -1 pack --dry-run --groups nosuch packages.yaml
	[[ $output == *'packages.yaml:1:1: no group "nosuch" here'* ]]
}

@test "a plain list on stdin" {
	run -0 pack --dry-run - <<<$'# comment\ntool\r\n\nlibc'
	[ "$(names <<<"$output")" = "libc tool " ]
}

@test "apt installs everything from the repository alone, both CPUs, signature checked" {
	run -0 repo-pack -q --os ./test12.yaml --arch amd64,arm64 -o out app
	[ "$(wc -l <<<"$output")" = 10 ]
	for arch in amd64 arm64; do
		rm -rf apt
		aptrepo_apt out test12 $arch -qq update
		run -0 aptrepo_apt out test12 $arch -s install app
		[ "$(grep -c ^Inst <<<"$output")" = 5 ]
	done
	[ ! -e out/.lock ]
}

@test "apt refuses the repository with another key" {
	pack -o out tool
	cp key.asc out/repos/kubecrate-test12.asc
	run aptrepo_apt out test12 amd64 update
	[[ $output == *NO_PUBKEY* ]]
}

@test "repositories of two systems, each signed with a key of its own, go into one package" {
	aptrepo_os "$UP" other12 | sed 's|^output:.*|output: other/12|' >other12.yaml
	for os in test12 other12; do
		XDG_DATA_HOME=$PWD/$os.data repo-pack -q --os ./$os.yaml --arch amd64 -o $os tool
		bundle-seal -q os-packages-$os $os
	done
	bundle-merge -q -o bundle:v1 --platform linux/amd64 test12 other12
	bundle-extract -q oci:bundle:v1 --platform linux/amd64 -o package
	for os in test12 other12; do
		rm -rf apt
		aptrepo_apt package $os amd64 -qq update
		aptrepo_apt package $os amd64 -s install tool | grep '^Inst tool'
	done
}

@test "a second run downloads nothing and changes no byte" {
	pack -o out app >first
	find out -type f -printf '%P %T@ %i\n' | sort >before
	run -0 pack -o out app
	[ "$(cut -f6 <<<"$output" | sort -u)" = kept ]
	find out -type f -printf '%P %T@ %i\n' | sort | diff before -
}

@test "two output folders get the same bytes" {
	pack -o one app >/dev/null
	pack -o two app >/dev/null
	diff -r one two
}

@test "stanzas are upstream's, but for Filename" {
	pack -o out app >/dev/null
	diff <(sed '/^Filename/d' "$UP/dists/bookworm/main/binary-amd64/Packages" | awk -v RS= '/Package: liba\n/') \
		<(sed '/^Filename/d' out/debian/12/dists/bookworm/main/binary-amd64/Packages | awk -v RS= '/Package: liba\n/')
	(cd out/debian/12 && sed -n 's/^Filename: //p' dists/bookworm/main/binary-amd64/Packages | xargs ls >/dev/null)
}

@test "a CPU of an earlier run stays" {
	pack -o out liba >/dev/null
	repo-pack -q --os ./test12.yaml --arch arm64 -o out liba >/dev/null
	grep -q '^Architectures: amd64 arm64$' out/debian/12/dists/bookworm/Release
	run -0 repo-pack --prove out liba
	[[ $output == *$'out/debian/12\tproved' ]]
}

@test "--prune takes away what no list names" {
	pack -o out app >/dev/null
	pack -o out libc >/dev/null
	[ "$(find out -name '*.deb' | wc -l)" = 5 ]
	run -0 repo-pack --os ./test12.yaml --arch amd64 -o out --prune libc
	[[ $output == *'4 files taken away'* ]]
	[ "$(find out -name '*.deb' -printf '%f ')" = "libc_2.0_all.deb " ]
}

@test "--why prints the chain" {
	run -0 pack --why libc --why extra app
	[ "${lines[0]}" = $'test12\tamd64\tlibc\tapp -> liba -> libc' ]
	[ "${lines[1]}" = $'test12\tamd64\textra\tnot in the closure' ]
}

@test "what conflicts is solved apart, with a warning" {
	run -0 repo-pack --os ./test12.yaml --arch amd64 --dry-run --progress none red blue tool
	[[ $output == *'warning: test12 amd64: blue cannot stand beside the others, the repository holds both:'* ]]
	[[ $output == *'conflicts with'* ]]
	[ "$(grep -P '^test12\t' <<<"$output" | names)" = "blue red tool " ]
}

@test "what cannot be had is told in words, all of it at once, and nothing is written" {
	run -1 pack -o out broken picky tool
	[[ $output == *'2 of 3 cannot be installed:'* ]]
	[[ $output == *'broken cannot be installed:'*'nothing provides nowhere >= 2 needed by broken-1.0.all'* ]]
	[[ $output == *'picky cannot be installed:'*'liba >= 9'* ]]
	[ -z "$(find out -type f 2>/dev/null)" ]
}

@test "unknown packages: nearest names" {
	run -1 pack --dry-run toll libcc nothinglikeit /usr/bin/nc @group app=7 liba.arm64
	[[ $output == *'argument: toll: no such package for this CPU; near it: tool'* ]]
	[[ $output == *'nothinglikeit: no such package for this CPU'* ]]
	[[ $output == *'/usr/bin/nc: a path, and no repository of this system lists its files'* ]]
	[[ $output == *"@group: a package group is yum's"* ]]
	run -1 pack --dry-run app=7
	[[ $output == *'app=7: no version matches; there is'*'1.0'* ]]
	run -1 pack --dry-run liba:arm64
	[[ $output == *'liba:arm64: is for a CPU that is not made here; see --arch'* ]]
}

@test "unknown OS or CPU" {
	run -1 repo-pack --os debian99 --dry-run tool
	[[ $output == *'debian99: unknown OS; there are '*'debian12'* ]]
	run -1 repo-pack --os ./test12.yaml --arch vax --dry-run tool
	[[ $output == *'test12: no packages for the CPU "vax"; it has amd64, arm64'* ]]
	run -1 repo-pack --os ./test12.yaml+docker-ce --arch amd64 --dry-run tool
	[[ $output == *'no repository "docker-ce" to switch on; it has none'* ]]
}

@test "broken YAML names file, line and column" {
	printf 'common:\n  - tool\n bad\n' >packages.yaml
	run -1 pack --dry-run packages.yaml
	[[ $output == *'packages.yaml:3:'* ]]
	printf 'common:\n  - {a: b}\n' >packages.yaml
	run -1 pack --dry-run packages.yaml
	[[ $output == *'packages.yaml:2:5: a package name is wanted here'* ]]
	sed -i 's/^    suites/    sweets/' test12.yaml
	run -1 pack --dry-run tool
	[[ $output == *'test12.yaml:11:5: unknown key "sweets"'* ]]
}

@test "wrong usage" {
	run -2 repo-pack tool
	[[ $output == *'no --os given'* ]]
	run -2 repo-pack --os ./test12.yaml tool
	[[ $output == *'no -o DIR given'* ]]
	run -2 pack --locked --dry-run tool
	[[ $output == *'--locked: no --lock FILE given'* ]]
}

# Tests that damage an archive make one of their own.
own_archive() {
	aptrepo_key
	aptrepo_deb own tool 1.0
	aptrepo_index own bookworm "$@"
	aptrepo_os own test12 >test12.yaml
	export XDG_CACHE_HOME=$PWD/cache
}

@test "a wrong key, no signature, a changed Release" {
	own_archive
	cp "$BATS_FILE_TMPDIR/key.asc" key.asc
	run -1 pack -o out tool
	[[ $output == *"InRelease: signed by the key "*", which is not among the description's keys"* ]]
	gpg --batch --armor --export >key.asc
	sed -i 's/^Suite: bookworm/Suite: sid/' own/dists/bookworm/InRelease
	run -1 pack -o out tool
	[[ $output == *'InRelease: a bad signature: it was changed after signing'* ]]
	rm own/dists/bookworm/InRelease
	run -1 pack -o out tool
	[[ $output == *'Release: not signed'* ]]
	[ -z "$(find out -type f 2>/dev/null)" ]
	aptrepo_os own test12 'trusted: true' >test12.yaml
	run -0 pack -o out tool
}

@test "Release with Release.gpg, as old archives have it" {
	own_archive
	rm own/dists/bookworm/InRelease
	gpg --batch --armor --detach-sign -o own/dists/bookworm/Release.gpg own/dists/bookworm/Release
	run -0 pack -o out tool
	echo >>own/dists/bookworm/Release
	run -1 pack -o out tool
	[[ $output == *'Release: a bad signature'* ]]
}

@test "an expired Release" {
	own_archive
	sed -i 's/^Date: .*/&\nValid-Until: Thu, 01 Jan 2015 00:00:00 UTC/' own/dists/bookworm/Release
	gpg --batch --quiet --yes --clear-sign -o own/dists/bookworm/InRelease own/dists/bookworm/Release
	run -1 pack -o out tool
	[[ $output == *'InRelease: expired: Valid-Until Thu, 01 Jan 2015 00:00:00 UTC'* ]]
	aptrepo_os own test12 'check_valid_until: false' >test12.yaml
	run -0 pack -o out tool
}

@test "damaged lists: changed, cut short, a bomb" {
	own_archive
	gz=own/dists/bookworm/main/binary-amd64/Packages.gz
	cp $gz good
	printf 'x' | dd of=$gz bs=1 seek=20 conv=notrunc 2>/dev/null
	run -1 pack -o out tool
	[[ $output == *'Packages.gz'*'sha256'* ]]
	head -c 60 good >$gz
	run -1 pack -o out tool
	[[ $output == *'Packages.gz'* ]]
	# the hash is right, the promised size of the plain list is not
	head -c 5000000 /dev/zero | gzip -9 >$gz
	rm own/dists/bookworm/main/binary-amd64/Packages.xz
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out tool
	[[ $output == *'Packages.gz'* ]]
	[ "$(du -s cache | cut -f1)" -lt 1000 ]
	[ -z "$(find out -type f 2>/dev/null)" ]
}

@test "a package that is not what its list says" {
	own_archive
	echo more >>own/pool/main/t/tool/tool_1.0_all.deb
	run -1 pack -o out tool
	[[ $output == *'test12: tool 1.0: '*'tool_1.0_all.deb'* ]]
	[ -z "$(find out -name '*.deb')" ]
	[ ! -e out/debian/12/dists ]
}

@test "a list that leads outside" {
	own_archive
	for f in own/dists/bookworm/main/binary-*/Packages; do
		sed -i 's|^Filename: .*|Filename: pool/../../../../etc/passwd|' "$f"
		gzip -kfn "$f"
		xz -kf "$f"
	done
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out tool
	[[ $output == *'Filename "pool/../../../../etc/passwd" leaves the archive'* ]]
}

@test "a malformed stanza names list and line" {
	own_archive
	for f in own/dists/bookworm/main/binary-*/Packages; do
		printf '\nPackage: x\nVersion: 1\nArchitecture: all\nno field at all\n' >>"$f"
		gzip -kfn "$f"
		xz -kf "$f"
	done
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out tool
	[[ $output == *'binary-amd64/Packages.gz:'*': not a field: no colon'* ]]
}

@test "a flat repository in, a flat repository out" {
	own_archive
	mkdir flat
	cp own/pool/main/t/tool/*.deb flat/
	(cd flat && apt-ftparchive packages . >Packages && gzip -k Packages)
	aptrepo_release flat x
	aptrepo_os flat test12 | sed 's/^    suites:.*/    flat: .\//; /components/d; s/^codename/layout: flat\ncodename/' >test12.yaml
	run -0 pack -o out tool
	[ -f out/debian/12/tool_1.0_all.deb ]
	aptrepo_apt out test12 amd64 -qq update
	run -0 aptrepo_apt out test12 amd64 -s install tool
	[[ $output == *'Inst tool'* ]]
}

@test "--with adds a local package and what it needs" {
	aptrepo_deb local mine 1.0 'Depends: liba'
	mine=local/pool/main/m/mine/mine_1.0_all.deb
	run -0 --separate-stderr repo-pack --progress none --os ./test12.yaml --arch amd64 -o out --with $mine
	[ "$(names <<<"$output")" = "liba libc mine " ]
	[[ $stderr == *"warning: --with $mine: not signed; it goes into a repository of its own, unsigned,"* ]]
	cmp $mine out/debian/12/unsigned/pool/mine_1.0_all.deb
	run ! grep -r '^Package: mine' out/debian/12/dists
	aptrepo_apt out test12 amd64 -qq update
	run -0 aptrepo_apt out test12 amd64 -s install mine
	[ "$(grep -c ^Inst <<<"$output")" = 3 ]
	grep -qx 'deb .* @URL@/debian/12/unsigned bookworm main' out/repos/test12.list
	# read back together, kept by --prune, and empty when nothing local is wanted any more
	run -0 repo-pack -q --prove out mine
	cp -r out before
	pack -o out --prune --with $mine >/dev/null
	diff -r before out
	rm out/debian/12/unsigned/pool/mine_1.0_all.deb
	run -1 repo-pack -q --prove out
	pack -o out --prune liba >/dev/null
	[ ! -e out/debian/12/unsigned/pool ]
	aptrepo_apt out test12 amd64 -qq update
	run -0 repo-pack -q --prove out
	echo junk >bad.deb
	run -1 pack -o out --with bad.deb
	[[ $output == *'--with: bad.deb: '* ]]
}

@test "--lock and --locked repeat a run" {
	own_archive
	pack -o out --lock lock tool >/dev/null
	[[ $(cat lock) =~ ^tool\ 1.0\ all\ sha256:[0-9a-f]{64}\ test12\ amd64$ ]]
	aptrepo_deb own tool 2.0
	aptrepo_index own bookworm
	run -0 pack -o out2 --lock lock --locked tool
	[ "$(cut -f4 <<<"$output")" = 1.0 ]
	rm own/pool/main/t/tool/tool_1.0_all.deb
	aptrepo_index own bookworm
	run -1 pack -o out3 --lock lock --locked tool
	[[ $output == *'1 locked packages are no longer in the archive'*'tool 1.0'* ]]
}

@test "a lock says for which CPU it took a package that serves any" {
	own_archive
	aptrepo_deb own arch-dep 1.0 'Architecture: amd64'
	aptrepo_deb own arch-dep 1.0 'Architecture: arm64' 'Depends: tool'
	aptrepo_index own bookworm
	repo-pack -q --os ./test12.yaml --arch amd64,arm64 -o out --lock lock arch-dep >records
	[ "$(cut -d' ' -f1-3,5- lock)" = $'arch-dep 1.0 amd64 test12 amd64\narch-dep 1.0 arm64 test12 arm64\ntool 1.0 all test12 arm64' ]
	sort -c lock
	repo-pack -q --os ./test12.yaml --arch amd64,arm64 -o again --lock lock --locked arch-dep | cmp - records
	pack -o again --lock lock --locked arch-dep >/dev/null
	sed -i 's/ arm64$//' lock
	run -1 pack -o again --lock lock --locked arch-dep
	[[ $output == *'lock:2: NAME VERSION ARCH DIGEST OS CPU are wanted'* ]]
}

@test "several systems in one run share their files" {
	sed 's/^name: .*/name: test13/; s/^codename: .*/codename: trixie/; s|^output: .*|output: debian/13|' test12.yaml >test13.yaml
	run -0 repo-pack -q --os ./test12.yaml --os ./test13.yaml --arch amd64,arm64 -o out app
	[ "$(wc -l <<<"$output")" = 20 ]
	[ "$(stat -c %h out/debian/12/pool/main/t/tool/tool_1.0_all.deb)" = 2 ]
	[ -f out/repos/test13.sources ]
}

@test "two systems cannot be written to one place" {
	sed 's/^name: .*/name: test13/' test12.yaml >test13.yaml
	run -1 repo-pack --os ./test12.yaml --os ./test13.yaml --arch amd64 --dry-run tool
	[[ $output == *'test12 and test13 would both be written to debian/12'* ]]
	run -2 repo-pack --os ./test12.yaml --os ./test12.yaml --arch amd64 --dry-run tool
	[[ $output == *'--os test12: given twice'* ]]
}

@test "killed anywhere, run again: the same bytes" {
	pack -o whole app >/dev/null
	for delay in 0.01 0.03 0.06 0.1 0.15 0.2 0.3; do
		timeout -s KILL "$delay" repo-pack -q --os ./test12.yaml --arch amd64 -o cut app >/dev/null 2>&1 || true
	done
	pack -o cut app >/dev/null
	diff -r whole cut
	# nor does a killed run's copy of the key stay
	[ "$(ls "$XDG_DATA_HOME/kubecrate")" = repo-sign-key.asc ]
}

@test "two runs on one folder take turns" {
	pack -o both app >/dev/null &
	first=$!
	repo-pack -q --os ./test12.yaml --arch amd64 -o both app >/dev/null
	wait $first
	pack -o one app >/dev/null
	diff -r one both
}

@test "runs that share a cache take turns there, whatever they write to" {
	mkdir -p "$XDG_CACHE_HOME/kubecrate/metadata"
	flock "$XDG_CACHE_HOME/kubecrate/metadata" sleep 1 &
	while flock -n "$XDG_CACHE_HOME/kubecrate/metadata" true; do sleep 0.01; done
	run -0 --separate-stderr repo-pack --progress none --os ./test12.yaml --arch amd64 -o out app
	[[ $stderr == *"$XDG_CACHE_HOME/kubecrate/metadata: another run is working on it; waiting"* ]]
}

@test "one system that fails does not stop the others" {
	aptrepo_os "$UP" bad12 | sed "s|^    url: .*|    url: file:///nowhere|; s|^output: .*|output: bad|" >bad12.yaml
	run -1 repo-pack -q --os ./bad12.yaml --os ./test12.yaml --arch amd64 -o out tool
	[[ $output == *'bad12 amd64: '*'/nowhere/dists/bookworm/Release'* ]]
	[ -f out/debian/12/dists/bookworm/InRelease ]
	[ ! -e out/bad ]
}

@test "--prove finds what is missing, changed or unsatisfied" {
	pack -o out app >/dev/null
	run -0 repo-pack --prove out app
	run -1 repo-pack --prove out extra
	[[ $output == *'extra: no such package for this CPU'* ]]
	deb=$(find out -name 'tool_*.deb')
	mv "$deb" kept
	run -1 repo-pack --prove out app
	[[ $output == *'tool: '*'tool_1.0_all.deb'* ]]
	sed 's/tool/tooL/' kept >"$deb"
	run -1 repo-pack --prove out app
	[[ $output == *'tool: '*'sha256'* ]]
	run -1 repo-pack --prove "$BATS_FILE_TMPDIR/cache"
	[[ $output == *'no repository here'* ]]
}

@test "--prove works on somebody else's repository" {
	mkdir theirs
	cp "$UP"/pool/main/[abo]*/*/*.deb theirs/
	(cd theirs && dpkg-scanpackages -m . >Packages 2>/dev/null)
	run -1 repo-pack --prove theirs
	[[ $output == *'app=1.0 cannot be installed'*'liba >= 1.0'* ]]
}

@test "a key of one's own signs" {
	own_archive
	gpg --batch --armor --export-secret-keys >secret.asc
	rm -rf data
	XDG_DATA_HOME=$PWD/data pack -o out --sign-key secret.asc tool >/dev/null
	gpg --batch --verify out/debian/12/dists/bookworm/InRelease
	[ ! -e data ]
	echo nonsense >bad.asc
	run -1 pack -o out --sign-key bad.asc tool
	[[ $output == *'--sign-key bad.asc: '* ]]
}

@test "the made key is private and made once" {
	export XDG_DATA_HOME=$PWD/data
	pack -o out tool >/dev/null
	[ "$(stat -c %a data/kubecrate/repo-sign-key.asc)" = 600 ]
	cp data/kubecrate/repo-sign-key.asc first
	pack -o out2 tool >/dev/null
	cmp first data/kubecrate/repo-sign-key.asc
	[ "$(ls data/kubecrate)" = repo-sign-key.asc ]
	run ! grep -rl 'PRIVATE KEY' out
}

@test "--os host reads a machine's own sources" {
	skip_unless_sources
	run -0 repo-pack -q --os host --dry-run hostname
	[[ $output == *$'\thostname\t'* ]]
}

skip_unless_sources() {
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | grep -q . || skip "apt has no sources here"
}

@test "every shipped description can be read" {
	for f in "$KUBECRATE_TOP"/lists/os/*.yaml; do
		run repo-pack -q --os "$f+nosuch" --dry-run tool
		[[ $output == *'no repository "nosuch" to switch on'* ]] || { echo "$f: $output"; return 1; }
	done
}

@test "shipped descriptions: every key is there with the fingerprints it names, or is marked untested" {
	command -v gpg >/dev/null || skip "no gpg here"
	for f in "$KUBECRATE_TOP"/lists/os/*.yaml; do
		while IFS=: read -r line keys; do
			for key in $(tr -d '[],' <<<"${keys#*keys:}"); do
				[ ! -f "$KUBECRATE_TOP/lists/os/$key" ] || continue
				head -n "$line" "$f" | tail -n 4 | grep -q untested || grep -q '^note: "untested' "$f" || {
					echo "$f:$line: $key"
					return 1
				}
			done
		done < <(grep -n '^ *keys:' "$f")
	done
	for key in "$KUBECRATE_TOP"/lists/os/keys/*.asc; do
		diff <(sed -n '1,/^-----BEGIN/s/^  \([0-9A-F]\{40\}\)$/\1/p' "$key" | sort) \
			<(gpg --with-colons --show-keys "$key" 2>/dev/null | awk -F: '$1 == "pub" { p = 1 } $1 == "fpr" && p { print $10; p = 0 }' | sort)
	done
}
