#!/usr/bin/env bats
# repo-pack with the odder kinds of apt archives: paths, flat ones, mirrors that are not whole, repositories of others.

bats_require_minimum_version 1.5.0
load ../lib/aptrepo.bash

setup() {
	cd "$BATS_TEST_TMPDIR"
	export XDG_CACHE_HOME=$PWD/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	aptrepo_key
}

teardown() {
	gpgconf --homedir "$BATS_TEST_TMPDIR/gnupg" --kill all || true
}

names() { cut -f3 | sort | tr '\n' ' '; }

pack() { repo-pack -q --os ./test12.yaml --arch amd64 "$@"; }

# An archive whose Contents lists say which package holds which file, those of "all" apart.
archive_with_files() {
	aptrepo_files=bin/ip aptrepo_deb own iproute 1.0 'Architecture: amd64' 'Depends: base'
	aptrepo_files=usr/bin/nc.openbsd aptrepo_deb own netcat-openbsd 1.0 'Architecture: amd64'
	aptrepo_files=bin/nc.traditional aptrepo_deb own netcat-traditional 1.0 'Architecture: amd64' 'Priority: important'
	aptrepo_files='usr/bin/pip usr/share/pip/a+b' aptrepo_deb own pip 1.0
	aptrepo_files=usr/bin/twin aptrepo_deb own twin-a 1.0 'Conflicts: twin-b'
	aptrepo_files=usr/bin/twin aptrepo_deb own twin-b 1.0 'Conflicts: twin-a' 'Priority: standard'
	aptrepo_deb own base 1.0
	aptrepo_index own bookworm
	for arch in amd64 arm64 all; do
		(cd own && apt-ftparchive -o APT::FTPArchive::AlwaysStat=true --arch $arch contents pool) |
			awk -v arch=$arch '($2 ~ /pip|twin|base/) == (arch == "all")' | gzip -n >own/dists/bookworm/main/Contents-$arch.gz
	done
	aptrepo_release own/dists/bookworm bookworm
	aptrepo_os own test12 >test12.yaml
}

# What apt-get itself would take of the archive "own" for a name, beside what we take.
same_choice() {
	mkdir -p own/repos
	printf 'Types: deb\nURIs: @URL@\nSuites: bookworm\nComponents: main\nSigned-By: %s\n' "$PWD/key.asc" >own/repos/own.sources
	aptrepo_apt own own amd64 -qq update
	aptrepo_apt own own amd64 -qq --print-uris install "$1" | awk '{ sub(/_.*/, "", $2); print $2 }' | sort | tr '\n' ' ' >apt.names
	[ -s apt.names ]
	pack --dry-run "$1" | names | diff apt.names -
}

@test "the choice is apt's: what fails further down leaves nothing behind, :any by a provided name, protected ones first" {
	aptrepo_deb own app 1.0 'Depends: first | second'
	aptrepo_deb own first 1.0 'Depends: left-behind, broken'
	aptrepo_deb own broken 1.0 'Depends: dead-end'
	aptrepo_deb own dead-end 1.0 'Depends: no-such'
	aptrepo_deb own left-behind 1.0
	aptrepo_deb own second 1.0
	aptrepo_deb own any 1.0 'Depends: virtual:any (>= 2)'
	aptrepo_deb own allowed 1.0 'Architecture: amd64' 'Multi-Arch: allowed' 'Provides: virtual (= 2)'
	aptrepo_deb own foreign 1.0 'Architecture: amd64' 'Multi-Arch: foreign' 'Provides: virtual (= 3)' 'Priority: required'
	aptrepo_deb own init 1.0 'Depends: start'
	aptrepo_deb own quick 1.0 'Provides: start' 'Priority: required'
	aptrepo_deb own sure 1.0 'Provides: start' 'Protected: yes' 'Priority: extra'
	aptrepo_index own bookworm
	aptrepo_os own test12 >test12.yaml
	same_choice app
	same_choice any
	same_choice init
	[ "$(cat apt.names)" = "init sure " ]
}

@test "a path stands for the package that holds it; /bin is /usr/bin" {
	archive_with_files
	run -0 pack --dry-run /usr/bin/ip
	[ "$(names <<<"$output")" = "base iproute " ]
	run -0 pack --dry-run /bin/ip /usr/share/pip/a+b
	[ "$(names <<<"$output")" = "base iproute pip " ]
	run -0 pack --dry-run /usr/bin/twin
	[ "$(names <<<"$output")" = "twin-b " ]
	run -0 pack --dry-run /usr/bin/twin twin-a
	[ "$(names <<<"$output")" = "twin-a " ]
	run -1 pack --dry-run /usr/bin/nosuch
	[[ $output == *'argument: /usr/bin/nosuch: no package has this file'* ]]
}

@test "a path that is an alternative stands for those who offer it, with a warning" {
	archive_with_files
	run -0 --separate-stderr repo-pack --progress none --os ./test12.yaml --arch amd64 --dry-run /usr/bin/nc
	[ "$(names <<<"$output")" = "netcat-traditional " ]
	[[ $stderr == *"warning: /usr/bin/nc: no package's own file, but an alternative that netcat-openbsd, netcat-traditional offer"* ]]
	run -0 pack --dry-run /bin/nc netcat-openbsd
	[ "$(names <<<"$output")" = "netcat-openbsd " ]
}

@test "a path is proved from what was written, which lists no files" {
	archive_with_files
	pack -o out /usr/bin/ip /usr/bin/nc >/dev/null
	run -0 repo-pack --prove out /bin/ip /bin/nc iproute
	run -1 repo-pack --prove out /usr/bin/pip
	[[ $output == *'/usr/bin/pip: no package has this file'* ]]
	aptrepo_apt out test12 amd64 -qq update
	run -0 aptrepo_apt out test12 amd64 -s install iproute netcat-traditional
}

@test "a damaged Contents list is an error, and only read when a path is asked for" {
	archive_with_files
	echo x >>own/dists/bookworm/main/Contents-amd64.gz
	run -0 pack --dry-run base
	run -1 pack --dry-run /usr/bin/ip
	[[ $output == *'Contents-amd64.gz'* ]]
}

@test "a list in the cache that was damaged since is fetched anew by the next run" {
	archive_with_files
	pack --dry-run /usr/bin/ip >/dev/null
	list=$(LC_ALL=C grep -rlaP '^\x1f\x8b' cache)
	[ "$(wc -l <<<"$list")" = 1 ]
	truncate -s -20 "$list"
	run -1 pack --dry-run /usr/bin/ip
	[[ $output == *'Contents-amd64.gz'* ]]
	run -0 pack --dry-run /usr/bin/ip
}

simple_archive() {
	aptrepo_deb own tool 1.0 'Depends: lib'
	aptrepo_deb own lib 1.0 'Architecture: amd64'
	aptrepo_deb own lib 1.0 'Architecture: arm64'
	aptrepo_deb own libc.so.6 1.0
	aptrepo_index own bookworm
	aptrepo_os own test12 >test12.yaml
}

@test "an entry for one of several CPUs is that CPU's" {
	simple_archive
	run -0 repo-pack -q --os ./test12.yaml --arch amd64,arm64 --dry-run lib:arm64 tool.x86_64
	[ "$(cut -f2,3 <<<"$output" | tr '\t\n' ', ')" = "amd64,lib amd64,tool arm64,lib " ]
	run -1 pack --dry-run lib.aarch64
	[[ $output == *'lib.aarch64: is for a CPU that is not made here; see --arch'* ]]
	run -0 repo-pack -q --os ./test12.yaml --arch amd64,arm64 --dry-run 'li*:arm64' lib.amd64
	[ "$(cut -f2,3 <<<"$output" | tr '\t\n' ', ')" = "amd64,lib arm64,lib arm64,libc.so.6 " ]
	run -1 pack --dry-run 'li*:arm64'
	[[ $output == *'li*:arm64: is for a CPU that is not made here; see --arch'* ]]
	run -0 pack --dry-run libc.so.6
	run -1 pack --dry-run libd.so.6
	[[ $output == *'libd.so.6: no such package for this CPU; near it: libc.so.6'* ]]
}

@test "failures are counted among systems and CPUs" {
	simple_archive
	run -1 repo-pack -q --os ./test12.yaml --arch amd64,arm64 --dry-run nothinglikeit
	[[ $output == *'2 of 2 failed:'* ]]
}

@test "a dry run writes no lock" {
	simple_archive
	pack --dry-run --lock lock tool >/dev/null
	[ ! -e lock ]
}

@test "--locked: a path that only packages outside the lock have" {
	archive_with_files
	pack -o out --lock lock pip >/dev/null
	run -1 pack -o out --lock lock --locked /usr/bin/pip /usr/bin/twin /usr/bin/nosuch
	[[ $output == *'2 not found:'* ]]
	[[ $output == *'argument: /usr/bin/twin: is not in the lock; run once without --locked'* ]]
	[[ $output == *'argument: /usr/bin/nosuch: no package has this file'* ]]
}

@test "--locked: a name that the lock does not hold" {
	simple_archive
	pack -o out --lock lock lib >/dev/null
	run -1 pack -o out --lock lock --locked lib tool 'to*'
	[[ $output == *'argument: tool: is not in the lock; run once without --locked'* ]]
	[[ $output == *'argument: to*: is not in the lock; run once without --locked'* ]]
	run -1 pack -o out --lock lock --locked nosuch 'nos*'
	[[ $output == *'argument: nosuch: no such package for this CPU'* ]]
	[[ $output == *'argument: nos*: no package name matches'* ]]
}

@test "a signing key that is none is told before anything is downloaded" {
	simple_archive
	run -1 pack -o out --sign-key /nonexistent tool
	[[ $output == *'--sign-key: /nonexistent: '* ]]
	gpg --batch --quiet --pinentry-mode loopback --passphrase secret --quick-generate-key locked@test ed25519 sign never 2>/dev/null
	gpg --batch --pinentry-mode loopback --passphrase secret --armor --export-secret-keys locked@test >locked.asc
	run -1 pack -o out --sign-key locked.asc tool
	[[ $output == *'--sign-key locked.asc: cannot sign; a key without a passphrase is wanted: '* ]]
	[ -z "$(find out -type f)" ]
}

@test "a description under a name of its own takes its release's group" {
	simple_archive
	sed -i 's/^name: .*/name: site/' test12.yaml
	printf 'debian12: [lib]\nsite: [libc.so.6]\ndebian11: [tool]\n' >packages.yaml
	run -0 pack --dry-run packages.yaml
	[ "$(names <<<"$output")" = "lib libc.so.6 " ]
}

@test "a mirror that lacks the by-hash names its Release offers" {
	simple_archive
	aptrepo_release own/dists/bookworm bookworm -o APT::FTPArchive::DoByHash=true
	grep -q '^Acquire-By-Hash: yes' own/dists/bookworm/Release || sed -i 's/^Date: .*/&\nAcquire-By-Hash: yes/' own/dists/bookworm/Release
	find own -name by-hash -exec rm -r {} +
	gpg --batch --quiet --yes --clear-sign -o own/dists/bookworm/InRelease own/dists/bookworm/Release
	run -0 pack --dry-run tool
	[ "$(names <<<"$output")" = "lib tool " ]
}

@test "a repository that is not made for a CPU is passed over with a warning" {
	simple_archive
	aptrepo_deb other extra 1.0
	aptrepo_index other bookworm -o APT::FTPArchive::Release::Architectures=amd64
	aptrepo_os other x | sed -n 's/  - id: main/  - id: other/; /  - id/,$p' >>test12.yaml
	run -0 --separate-stderr repo-pack --progress none --os ./test12.yaml --arch arm64 --dry-run tool
	[[ $stderr == *'warning: '*'/other/dists/bookworm: has no packages for arm64'* ]]
	sed -i '$a\    arches: [amd64, arm64]' test12.yaml
	rm -r other/dists/bookworm/main/binary-arm64
	aptrepo_release other/dists/bookworm bookworm -o APT::FTPArchive::Release::Architectures=amd64
	run -1 repo-pack --os ./test12.yaml --arch arm64 --dry-run tool
	[[ $output == *'its Release lists no main/binary-arm64/Packages'* ]]
}

@test "an archive of nothing but packages for any CPU has one list, apart" {
	aptrepo_deb own tool 1.0
	mkdir -p own/dists/bookworm/main/binary-all
	(cd own && apt-ftparchive packages pool >dists/bookworm/main/binary-all/Packages)
	aptrepo_os own test12 >test12.yaml
	for arches in all 'all amd64'; do
		aptrepo_release own/dists/bookworm bookworm -o APT::FTPArchive::Release::Architectures="$arches"
		same_choice tool
	done
}

@test "lists in xz alone: cut short, a bomb" {
	simple_archive
	cp own/dists/bookworm/main/binary-amd64/Packages.xz whole.xz
	rm own/dists/bookworm/main/binary-amd64/Packages{,.gz}
	aptrepo_release own/dists/bookworm bookworm
	run -0 pack --dry-run tool
	head -c 150 whole.xz >own/dists/bookworm/main/binary-amd64/Packages.xz
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out tool
	[[ $output == *'Packages.xz: truncated xz input' ]]
	[ -z "$(find out -mindepth 1)" ]
	head -c 1200M /dev/zero | xz -0 -T2 >own/dists/bookworm/main/binary-amd64/Packages.xz
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out tool
	[[ $output == *'Packages.xz: unpacks to more than 1073741824 bytes' ]]
	[ -z "$(find out -mindepth 1)" ]
	[ "$(find cache -type f | wc -l)" = 1 ]
}

@test "a key that is not there is named, whatever else the archive offers" {
	simple_archive
	sed -i 's|key.asc|nokey.asc|' test12.yaml
	run -1 pack -o out tool
	[[ $output == *"key: $PWD/nokey.asc: No such file"* ]]
}

@test "lists with SHA512 alone" {
	simple_archive
	for f in own/dists/bookworm/main/binary-*/Packages; do
		sed -i '/^\(MD5sum\|SHA1\|SHA256\): /d' "$f"
		gzip -kfn "$f"
		xz -kf "$f"
	done
	aptrepo_release own/dists/bookworm bookworm -o APT::FTPArchive::Release::SHA256=false
	grep -q '^SHA512:' own/dists/bookworm/Release
	run -0 pack -o out tool
	run -0 repo-pack --prove out tool
}

@test "a package that is not the one its list says, hash and all" {
	simple_archive
	for f in own/dists/bookworm/main/binary-*/Packages; do
		sed -i 's/^Package: tool/Package: hammer/' "$f"
		gzip -kfn "$f"
		xz -kf "$f"
	done
	aptrepo_release own/dists/bookworm bookworm
	run -1 pack -o out hammer
	[[ $output == *'hammer 1.0: '*': not what its list says: Package is tool, not hammer'* ]]
	[ ! -e out/debian/12/dists ]
	run -1 repo-pack --prove own
	[[ $output == *'hammer: '*': not what its list says: Package is tool, not hammer'* ]]
}

flat_archive() { # FOLDER WHERE: debs in FOLDER, lists made in WHERE
	aptrepo_deb own tool 1.0 'Depends: lib'
	aptrepo_deb own lib 1.0 'Architecture: amd64'
	aptrepo_deb own lib 1.0 'Architecture: arm64'
	mkdir -p "$1"
	cp own/pool/main/*/*/*.deb "$1"
	(cd "$2" && apt-ftparchive packages "$(realpath --relative-to . "$OLDPWD/$1")") >"$1/Packages"
	aptrepo_release "$1" x
}

flat_os() { # URL FOLDER
	aptrepo_os "$1" test12 | sed "s|^    suites:.*|    flat: $2|; /components/d; s/^codename/layout: flat\ncodename/" >test12.yaml
}

@test "a flat archive in a folder: names from its root, as apt wants them, or from the folder" {
	flat_archive site/deb site
	flat_os site deb/
	run -0 pack -o out tool
	flat_archive inner/deb inner/deb
	grep -q '^Filename: \./' inner/deb/Packages || sed -i 's|^Filename: |Filename: ./|' inner/deb/Packages
	aptrepo_release inner/deb x
	flat_os inner deb/
	run -0 pack -o out2 tool
	[ "$(cd out/debian/12 && ls)" = "$(cd out2/debian/12 && ls)" ]
}

@test "a flat archive of dpkg-scanpackages alone needs no Release when it is trusted, as with apt" {
	flat_archive flat flat
	rm flat/Release flat/InRelease flat/Packages
	flat_os flat ./
	run -1 pack -o out tool
	[[ $output == *'/flat/Release: '* ]]
	sed -i 's|^    keys:.*|    trusted: true|' test12.yaml
	run -1 pack -o out tool
	[[ $output == *'/flat/: neither a Release nor a Packages file'* ]]
	(cd flat && dpkg-scanpackages -m . 2>/dev/null | xz >Packages.xz)
	run -0 pack -o out tool
	[ "$(find out -name '*.deb' | wc -l)" = 2 ]
	aptrepo_apt out test12 amd64 -qq update
	run -0 aptrepo_apt out test12 amd64 -s install tool
	run -0 repo-pack -q --os ./test12.yaml --arch amd64,arm64 -o out tool
	[ "$(find out -name '*.deb' | wc -l)" = 3 ]
}

@test "flat output: local packages in a folder of their own" {
	flat_archive flat flat
	flat_os flat ./
	aptrepo_deb local mine 1.0 'Depends: lib'
	pack -o out --prune --with local/pool/main/m/mine/mine_1.0_all.deb tool >/dev/null
	[ "$(cd out/debian/12 && find . -name '*.deb' | sort | xargs)" = './lib_1.0_amd64.deb ./tool_1.0_all.deb ./unsigned/mine_1.0_all.deb' ]
	aptrepo_apt out test12 amd64 -qq update
	run -0 aptrepo_apt out test12 amd64 -s install mine tool
	run -0 repo-pack -q --prove out mine
}

@test "flat output: a CPU of an earlier run stays" {
	flat_archive flat flat
	flat_os flat ./
	pack -o out lib tool >/dev/null
	cp -r out first
	repo-pack -q --os ./test12.yaml --arch arm64 -o out lib >/dev/null
	[ "$(grep -c '^Package: lib$' out/debian/12/Packages)" = 2 ]
	grep -q '^Architectures: amd64 arm64$' out/debian/12/Release
	run -0 repo-pack --prove out lib
	pack -o out lib tool >/dev/null
	find out -type f -printf '%P %T@ %i\n' | sort >before
	pack -o out lib tool >/dev/null
	find out -type f -printf '%P %T@ %i\n' | sort | diff before -
	sed 's/^name: .*/name: test13/; s/^codename: .*/codename: trixie/' test12.yaml >test13.yaml
	run -1 repo-pack --os ./test12.yaml --os ./test13.yaml --arch amd64 --dry-run tool
	[[ $output == *'test12 and test13 would both be written to debian/12'* ]]
}

@test "--prove: others' repositories, signed by whom nobody knows, for some CPUs, without Release" {
	simple_archive
	run -0 repo-pack --prove own
	[[ $output == *'signature not checked: no key beside it'* ]]
	# a copy for one CPU, and only what apt itself asks for
	rm -r own/dists/bookworm/main/binary-arm64 own/dists/bookworm/Release
	find own -name '*_arm64.deb' -delete
	run -0 repo-pack --prove own tool
	mkdir repos
	cp key.asc repos/
	run -0 repo-pack --prove own tool
	[[ $output != *'signature not checked'* ]]
	sed -i 's/^Suite: .*/Suite: sid/' own/dists/bookworm/InRelease
	run -1 repo-pack --prove own tool
	[[ $output == *'InRelease: a bad signature'* ]]
	flat_archive flat flat
	rm flat/Release flat/InRelease flat/*_arm64.deb
	(cd flat && dpkg-scanpackages -m . >Packages 2>/dev/null)
	run -0 repo-pack --prove flat
}

@test "--prove: a flat list in each packing" {
	simple_archive
	mkdir flat
	cp own/pool/main/*/*/*.deb flat
	for pack in cat gzip xz zstd bzip2; do
		(cd flat && rm -f Packages* && apt-ftparchive packages . | $pack >Packages.tmp)
		case $pack in cat) to= ;; gzip) to=.gz ;; xz) to=.xz ;; zstd) to=.zst ;; bzip2) to=.bz2 ;; esac
		mv flat/Packages.tmp flat/Packages"$to"
		run -0 --separate-stderr repo-pack --prove flat tool
		[ "$output" = $'flat\tproved' ]
	done
}

@test "--prove: names for one of several CPUs" {
	aptrepo_deb own onlyamd 1.0 'Architecture: amd64'
	aptrepo_deb own onlyarm 1.0 'Architecture: arm64'
	aptrepo_index own bookworm
	aptrepo_os own test12 >test12.yaml
	repo-pack -q --os ./test12.yaml --arch amd64,arm64 -o out onlyamd.amd64 onlyarm:arm64
	run -0 repo-pack --prove out onlyamd.amd64 onlyarm:aarch64=1.0
	run -1 repo-pack --prove out onlyamd.arm64
	[[ $output == *'arm64: 1 not found:'*'onlyamd.arm64: no such package for this CPU'* ]]
	run -1 repo-pack --prove out onlyamd.s390x
	[[ $output == *'argument: onlyamd.s390x: no repository here is for this CPU' ]]
	for option in '--os debian12' '--arch amd64' '-o other' --prune '--lock file'; do
		# shellcheck disable=SC2086
		run -2 repo-pack --prove out $option
		[[ $output == *"--prove: ${option% *} does not go with it"* ]]
	done
}

@test "--with a package for a CPU that is not made" {
	simple_archive
	aptrepo_deb local mine 1.0 'Architecture: arm64'
	run -1 pack -o out --with local/pool/main/m/mine/mine_1.0_arm64.deb tool
	[[ $output == *'mine_1.0_arm64.deb: for the CPU "arm64", which is not made here; see --arch' ]]
	run -0 --separate-stderr repo-pack --os ./test12.yaml --arch amd64,arm64 -o out --with local/pool/main/m/mine/mine_1.0_arm64.deb tool
	[ "$(grep -P '\tmine\t' <<<"$output")" = $'test12\tarm64\tmine\t1.0\t'"$(stat -c %s local/pool/main/m/mine/mine_1.0_arm64.deb)"$'\tnew' ]
	[ "$(grep -c warning: <<<"$stderr")" = 1 ]
}
