#!/usr/bin/env bats
# repo-pack on small real rpm repositories: what it trusts, what it refuses, what it writes and proves.

bats_require_minimum_version 1.5.0
load ../lib/rpmrepo.bash

setup_file() {
	# one repository for the tests that only read it
	export UP=$BATS_FILE_TMPDIR/up
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR rpmrepo_key
	export KEYHOME=$BATS_FILE_TMPDIR/gnupg
	GNUPGHOME=$KEYHOME BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR rpmrepo_build "$UP" <<'END'
app 1:1.0-1 x86_64 aarch64
  Requires: liba >= 1.0
  Requires: /usr/bin/tool
  Requires: /usr/share/data/list
  Recommends: extra
app 0.9-1 x86_64 aarch64
liba 1.1-2 x86_64 aarch64
tool 1.0-1
  File: /usr/bin/tool
data 1.0-1
  File: /usr/share/data/list
extra 1.0-1
red 1.0-1
  Conflicts: blue
blue 1.0-1
broken 1.0-1
  Requires: nowhere >= 2
other 1.0-1
END
	GNUPGHOME=$KEYHOME rpmrepo_index "$UP"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$BATS_FILE_TMPDIR/key.asc" .
	export GNUPGHOME=$KEYHOME XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	rpmrepo_os "$UP" rocky9 >rocky9.yaml
}

teardown_file() {
	gpgconf --homedir "$BATS_FILE_TMPDIR/gnupg" --kill all || true
}

names() { cut -f3 | sort | tr '\n' ' '; }

pack() { repo-pack -q --os ./rocky9.yaml --arch amd64 "$@"; }

# A copy of the repository that a test may damage, and its description.
own() {
	cp -r "$UP" own
	rpmrepo_os own own9 "$@" >own9.yaml
	export XDG_CACHE_HOME=$PWD/cache
}

# own_repomd SED: change repomd.xml and sign it anew.
own_repomd() {
	sed -i "$1" own/x86_64/repodata/repomd.xml
	rpmrepo_sign own
}

primary_of() { echo "$1"/repodata/*-primary.xml.*; }

@test "the closure, written, proved, and the same again" {
	run --separate-stderr -0 pack -o out app
	[ "$(names <<<"$output")" = 'app data liba tool ' ]
	[ "$(cut -f4,6 <<<"$output" | head -n1)" = $'1:1.0-1\tnew' ]
	cp -r out before
	run --separate-stderr -0 pack -o out app
	[ "$(cut -f6 <<<"$output" | sort -u)" = kept ]
	diff -r before out
	run -0 repo-pack --prove out app
	[[ $output == *$'out/rocky/9/os/x86_64\tproved'* ]]
	[ "$(stat -c %a out/rocky/9/os/x86_64/repodata/repomd.xml)" = 644 ]
}

@test "upstream's entries come through as they are" {
	pack -o out app >/dev/null
	for list in primary filelists other; do
		cat out/rocky/9/os/x86_64/repodata/*-"$list".xml.gz | gunzip >ours
		cat "$UP"/x86_64/repodata/*-"$list".xml.* | zcat -f >theirs
		python3 - <<'END'
import re
ours, theirs = (re.findall(r"<package .*?</package>", open(f).read(), re.S) for f in ("ours", "theirs"))
assert len(ours) == 4 and all(p in theirs for p in ours)
END
	done
}

@test "the same request again does not ask for filelists and other" {
	own
	repo-pack -q --os ./own9.yaml --arch amd64 -o out tool liba >/dev/null
	cp -r out before
	rm own/x86_64/repodata/*-{filelists,other}.xml.* cache/kubecrate/metadata/*/*.packed-*
	repo-pack -q --os ./own9.yaml --arch amd64 -o out tool liba >/dev/null
	diff -r before out
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 -o out tool other
	[[ $output == *'-filelists.xml.'* ]]
}

@test "zstd where the description says so" {
	sed 's/^family:.*/&\ncompression: zstd/' rocky9.yaml >z9.yaml
	run -0 repo-pack -q --os ./z9.yaml --arch amd64 -o out app
	zstd -dc out/rocky/9/os/x86_64/repodata/*-primary.xml.zst | grep -q '<name>app</name>'
	sed 's/^family:.*/&\ncompression: lzma/' rocky9.yaml >z9.yaml
	run -1 repo-pack -q --os ./z9.yaml --arch amd64 -o out app
	[[ $output == *'z9.yaml:3:14: compression: "lzma" is neither gzip nor zstd'* ]]
}

@test "several CPUs at once; what they share is one file" {
	run --separate-stderr -0 repo-pack -q --os ./rocky9.yaml --arch amd64,arm64 -o out app
	[ "$(cut -f2 <<<"$output" | sort | uniq -c | tr -s ' \n' ' ')" = ' 4 aarch64 4 x86_64 ' ]
	[ out/rocky/9/os/x86_64/Packages/tool-1.0-1.noarch.rpm -ef out/rocky/9/os/aarch64/Packages/tool-1.0-1.noarch.rpm ]
}

@test "a conflict: both are there, with a warning" {
	run --separate-stderr -0 repo-pack --os ./rocky9.yaml --arch amd64 -o out red blue
	[ "$(names <<<"$output")" = 'blue red ' ]
	[[ $stderr == *'cannot stand beside the others, the repository holds both'*'conflicts with blue'* ]]
}

@test "what cannot be had is said in words, all at once" {
	run -1 pack --dry-run broken
	[[ $output == *'argument: broken cannot be installed:'*'nothing provides nowhere >= 2 needed by broken-1.0-1.noarch'* ]]
	run -1 pack --dry-run ap toool /usr/bin/none @core
	[[ $output == *'4 not found:'* ]]
	[[ $output == *'toool: no such package for this CPU; near it: tool'* ]]
	[[ $output == *'/usr/bin/none: no package has this file'* ]]
	[[ $output == *'@core: no such group (no repository has groups)'* ]]
}

@test "why, recommends, versions and paths" {
	[ "$(pack --why data app)" = $'rocky9\tx86_64\tdata\tapp -> data' ]
	[ "$(pack --dry-run --recommends app | names)" = 'app data extra liba tool ' ]
	[ "$(pack --dry-run app-0.9 | cut -f3,4)" = $'app\t0.9-1' ]
	[ "$(pack --dry-run /usr/share/data/list | names)" = 'data ' ]
}

@test "groups of comps, and @core for a bare root" {
	own
	cat >comps.xml <<'END'
<comps><group><id>core</id><name>Core</name><packagelist><packagereq type="mandatory">tool</packagereq>
<packagereq type="default">liba</packagereq><packagereq type="optional">extra</packagereq>
<packagereq type="mandatory">of-another-cpu</packagereq></packagelist></group>
<environment><id>all</id><name>All</name><grouplist><groupid>core</groupid></grouplist></environment></comps>
END
	rpmrepo_index own -g "$PWD/comps.xml"
	for want in @core @Core @all; do
		[ "$(repo-pack -q --os ./own9.yaml --arch amd64 --dry-run "$want" | names)" = 'liba tool ' ]
	done
	[ "$(repo-pack -q --os ./own9.yaml --arch amd64 --dry-run --with-essential data | names)" = 'data liba tool ' ]
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run @base
	[[ $output == *'@base: no such group; there are core, all'* ]]
}

@test "modules: the default stream, or the one that the description names" {
	own
	for stream in old:0.9-1 new:1.0-1; do
		printf -- '---\ndocument: modulemd\nversion: 2\ndata:\n  name: app\n  stream: %s\n  version: 1\n  context: c\n  arch: x86_64\n' "${stream%:*}"
		printf '  summary: s\n  description: d\n  license:\n    module: [MIT]\n  artifacts:\n    rpms: ["app-%s:%s.x86_64"]\n...\n' \
			"$([ "$stream" = new:1.0-1 ] && echo 1 || echo 0)" "${stream#*:}"
	done >modules.yaml
	printf -- '---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: app\n  stream: old\n...\n' >>modules.yaml
	modifyrepo_c --mdtype=modules modules.yaml own/x86_64/repodata >/dev/null
	rpmrepo_sign own
	[ "$(repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app)" = "$(repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app-0.9)" ]
	rpmrepo_os own new9 'modules: [app:new]' >new9.yaml
	[ "$(repo-pack -q --os ./new9.yaml --arch amd64 --dry-run app | sed -n 1p | cut -f4)" = 1:1.0-1 ]
	sed -i 's/app:new/app:other/' new9.yaml
	run -1 repo-pack -q --os ./new9.yaml --arch amd64 --dry-run app
	[[ $output == *'base: modules: app:other: no such stream; of app there are old, new'* ]]
}

@test "a base system is left out, and the rest is proved beside it" {
	printf 'liba 1.1-2\ntool-1.0-1.noarch\n' >base
	run --separate-stderr -0 pack --base base -o out app
	[ "$(names <<<"$output")" = 'app data ' ]
	# what it has of files that only filelists name, too
	printf 'liba\ndata\n' >base
	run --separate-stderr -0 pack --base base -o less app
	[ "$(names <<<"$output")" = 'app tool ' ]
	# a pipe can be read once, but serves each CPU and the reading back
	run --separate-stderr -0 repo-pack -q --os ./rocky9.yaml --arch amd64,arm64 --base <(cat base) -o both app
	[ "$(names <<<"$output")" = 'app app tool tool ' ]
}

@test "a lock is repeated, and missed when it cannot be" {
	pack --lock lock -o out app >/dev/null
	grep -q '^app 1:1.0-1 x86_64 sha256:[0-9a-f]* rocky9 x86_64$' lock
	grep -q '^tool 1.0-1 noarch sha256:[0-9a-f]* rocky9 x86_64$' lock
	run --separate-stderr -0 pack --lock lock --locked -o out app
	[ "$(names <<<"$output")" = 'app data liba tool ' ]
	sed -i 's/^liba 1.1-2/liba 1.0-1/' lock
	run -1 pack --lock lock --locked -o out app
	[[ $output == *'lock: 1 locked packages are no longer in the archive'*'liba 1.0-1 x86_64'* ]]
}

@test "an entry for one of several CPUs is that CPU's" {
	own
	rpmrepo_build own <<'END'
small 1.0-1 i686
END
	rpmrepo_index own
	run -0 repo-pack -q --os ./own9.yaml --arch amd64,arm64 -o out liba.aarch64 app-0.9-1.x86_64 small.i686 red.noarch
	[ "$(cut -f2,3 <<<"$output" | tr '\t\n' ', ')" = "x86_64,app x86_64,red x86_64,small aarch64,liba aarch64,red " ]
	run -0 repo-pack -q --os ./own9.yaml --arch amd64,arm64 --dry-run liba.arm64
	[ "$(cut -f2,3 <<<"$output" | tr '\t\n' ', ')" = "aarch64,liba " ]
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run liba.aarch64 'li*.aarch64' libb.x86_64
	[[ $output == *'liba.aarch64: is for a CPU that is not made here; see --arch'* ]]
	[[ $output == *'li*.aarch64: is for a CPU that is not made here; see --arch'* ]]
	[[ $output == *'libb.x86_64: no such package for this CPU'* ]]
	run -1 repo-pack -q --os ./own9.yaml --arch amd64,arm64 --dry-run libb.aarch64
	[[ $output == *'1 of 2 failed:'*'own9 aarch64: '*'libb.aarch64: no such package for this CPU'* ]]
}

@test "--locked: what the lock does not hold" {
	pack --lock lock -o out liba >/dev/null
	run -1 pack --lock lock --locked -o out liba tool 'to*' 'data = 1.0' /usr/bin/tool /usr/share/data/list nosuch /usr/nosuch
	[[ $output == *'7 not found:'* ]]
	for what in tool 'to\*' 'data = 1.0' /usr/bin/tool /usr/share/data/list; do
		grep -q "argument: $what: is not in the lock; run once without --locked\$" <<<"$output"
	done
	[[ $output == *'argument: nosuch: no such package for this CPU'* ]]
	[[ $output == *'argument: /usr/nosuch: no package has this file'* ]]
}

@test "another list keeps the old files; prune takes them away" {
	pack -o out app >/dev/null
	pack -o out other >/dev/null
	[ -f out/rocky/9/os/x86_64/Packages/tool-1.0-1.noarch.rpm ]
	run -0 repo-pack --os ./rocky9.yaml --arch amd64 --prune -o out other
	[ "$(find out -name '*.rpm' -printf '%f\n')" = other-1.0-1.noarch.rpm ]
	[ "$(find out -name '*-primary.xml.gz' | wc -l)" = 1 ]
}

@test "the client file names our key and upstream's" {
	pack -o out app >/dev/null
	cat >want <<'END'
[kubecrate]
name=Packages for rocky9
baseurl=@URL@/rocky/9/os/$basearch/
enabled=1
gpgcheck=1
repo_gpgcheck=1
gpgkey=@URL@/repos/kubecrate-rocky9.asc
  @URL@/repos/rocky9-key.asc
END
	diff want out/repos/rocky9.repo
	diff key.asc out/repos/rocky9-key.asc
	# nodes would refuse packages that nobody signed
	rpmrepo_os "$UP" rocky9 'gpgcheck: false' >rocky9.yaml
	pack -o other app >/dev/null
	grep -qx gpgcheck=0 other/repos/rocky9.repo
	gpg --no-default-keyring --keyring "$PWD/ring" --quiet --import out/repos/kubecrate-rocky9.asc 2>/dev/null
	gpgv --keyring "$PWD/ring" out/rocky/9/os/x86_64/repodata/repomd.xml{.asc,}
}

@test "trust: a signature by another key, none, and what is trusted on purpose" {
	own
	GNUPGHOME=$BATS_TEST_TMPDIR/other rpmrepo_other_key
	sed 's|key.asc|other.asc|' own9.yaml >stranger.yaml
	run -1 repo-pack -q --os ./stranger.yaml --arch amd64 --dry-run app
	[[ $output == *'base: file://'*'/repodata/repomd.xml: '*'signed'* ]]
	rm own/x86_64/repodata/repomd.xml.asc
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'repomd.xml: not signed; see "verify" in the OS description'* ]]
	sed 's|^    keys:.*|    trusted: true|' own9.yaml >trusted.yaml
	repo-pack -q --os ./trusted.yaml --arch amd64 --dry-run app
}

# A second key, that nobody trusts, as other.asc.
rpmrepo_other_key() {
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-generate-key "other <other@test>" rsa2048 sign never 2>/dev/null
	gpg --batch --armor --export >other.asc
	gpgconf --kill all
}

@test "verify: metalink takes repomd.xml by the hash of its metalink" {
	own
	rm own/x86_64/repodata/repomd.xml.asc
	rpmrepo_metalink own x86_64 http://127.0.0.1:1/gone "file://$PWD/own/x86_64" >link
	sed -e "s|^    baseurl:.*|    metalink: file://$PWD/link|; s|^    keys:.*|    verify: metalink|" own9.yaml >link9.yaml
	run --separate-stderr -0 repo-pack -q --os ./link9.yaml --arch amd64 --dry-run app
	[ "$(names <<<"$output")" = 'app data liba tool ' ]
	echo ' ' >>own/x86_64/repodata/repomd.xml
	run -1 repo-pack -q --os ./link9.yaml --arch amd64 --dry-run app
	[[ $output == *'none of 2 mirrors serves, the first: '* ]]
	sed -i "s|metalink: file://.*|metalink: http://127.0.0.1:1/link|" link9.yaml
	run -1 repo-pack -q --os ./link9.yaml --arch amd64 --dry-run app
	[[ $output == *'verify: metalink needs one that comes by https'* ]]
}

@test "verify: packages checks each package's own signature" {
	own 'verify: packages'
	rm own/x86_64/repodata/repomd.xml.asc
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 -o out app
	[[ $output == *'4 of 4 failed:'*'app-1.0-1.x86_64.rpm: not signed by a key of its repository'*'tool-1.0-1.noarch.rpm: not signed'* ]]
	[ -z "$(find out -name '*.rpm')" ]
	sed 's|keys: .*|keys: [gone.asc]|' own9.yaml >gone9.yaml
	run -1 repo-pack -q --os ./gone9.yaml --arch amd64 -o gone app
	[[ $output == *'base: ./gone.asc: No such file or directory' ]]
	[ -z "$(find gone -name '*.rpm')" ]
	chmod u+w own/x86_64/Packages/*
	rpmrepo_sign_packages own/x86_64/Packages/{app-1,liba,tool,data}*
	GNUPGHOME=/none rpmrepo_index own
	run --separate-stderr -0 repo-pack -q --os ./own9.yaml --arch amd64 -o out app
	[ "$(names <<<"$output")" = 'app data liba tool ' ]
	# signed, but not what the metadata says
	cp own/x86_64/Packages/liba-1.1-2.x86_64.rpm own/x86_64/Packages/other-1.0-1.noarch.rpm
	sum=$(sha256sum <own/x86_64/Packages/other-1.0-1.noarch.rpm | cut -d' ' -f1)
	rpmrepo_primary_edit own "other" "$sum" "$(stat -c %s own/x86_64/Packages/other-1.0-1.noarch.rpm)"
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 -o out other
	[[ $output == *'the metadata says it is other 1.0-1 noarch, but it is liba 1.1-2 x86_64'* ]]
}

# rpmrepo_primary_edit UP NAME SHA256 SIZE: lie about one package in primary.
rpmrepo_primary_edit() {
	local dir=$1/x86_64
	python3 - "$(primary_of "$dir")" "$2" "$3" "$4" "$dir" <<'END'
import gzip, hashlib, re, sys
path, name, checksum, size, root = sys.argv[1:]
text = gzip.open(path).read().decode()
def edit(m):
    p = m.group(0)
    if f"<name>{name}</name>" not in p:
        return p
    return re.sub(r'package="\d+"', f'package="{size}"', re.sub(r'(YES">)\w+', r"\g<1>" + checksum, p))
text = re.sub(r"<package .*?</package>", edit, text, flags=re.S).encode()
packed = gzip.compress(text, mtime=0)
open(path, "wb").write(packed)
md = open(f"{root}/repodata/repomd.xml").read()
part = re.search(r'<data type="primary">.*?</data>', md, re.S).group(0)
new = re.sub(r'(<checksum type="sha256">)\w+', r"\g<1>" + hashlib.sha256(packed).hexdigest(), part)
new = re.sub(r'(<open-checksum type="sha256">)\w+', r"\g<1>" + hashlib.sha256(text).hexdigest(), new)
new = re.sub(r"<size>\d+", f"<size>{len(packed)}", new)
new = re.sub(r"<open-size>\d+", f"<open-size>{len(text)}", new)
open(f"{root}/repodata/repomd.xml", "w").write(md.replace(part, new))
END
}

@test "metadata that is damaged, cut, a bomb or leaves its place" {
	own
	printf x >>"$(primary_of own/x86_64)"
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'-primary.xml.gz'* ]]
	cp "$(primary_of "$UP/x86_64")" own/x86_64/repodata/
	own_repomd 's|<open-size>[0-9]*|<open-size>10|'
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'primary.xml.gz'*'10 bytes'* ]]
	own_repomd 's|href="repodata/|href="../repodata/|'
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'repomd.xml:'*'location "../repodata/'*'leaves the repository'* ]]
	cp "$UP"/x86_64/repodata/repomd.xml own/x86_64/repodata/
	sed -i '8,$d' own/x86_64/repodata/repomd.xml
	rpmrepo_sign own
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'repomd.xml:8:1: no element found'* ]]
}

@test "a list that unpacks to 600 MB where nothing says how long it is: refused before it fills the memory" {
	# a sanitizer's shadow takes all addresses there are
	[ "$KUBECRATE_BUILD" = "$KUBECRATE_TOP/build" ] || skip "only of the plain build"
	own
	head -c 600M /dev/zero | gzip -1 >own/x86_64/repodata/bomb.xml.gz
	own_repomd "s|</repomd>|<data type=\"updateinfo\"><checksum type=\"sha256\">$(sha256sum <own/x86_64/repodata/bomb.xml.gz | cut -d' ' -f1)</checksum><location href=\"repodata/bomb.xml.gz\"/></data>&|"
	run -1 bash -c 'ulimit -v 2000000; repo-pack -q --os ./own9.yaml --arch amd64 -o out app'
	[[ $output == *'bomb.xml.gz: unpacks to more than 536870912 bytes'* ]]
	[ ! -e out/rocky/9/os/x86_64/repodata ]
}

@test "checksums that are too weak: in repomd.xml, and of the packages" {
	own
	createrepo_c --quiet --no-database --checksum sha --repomd-checksum sha own/x86_64
	rpmrepo_sign own
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'repomd.xml:'*'primary: neither a sha256 nor a sha512 checksum'* ]]
	createrepo_c --quiet --no-database --checksum sha --repomd-checksum sha256 own/x86_64
	rpmrepo_sign own
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 --dry-run app
	[[ $output == *'-primary.xml.gz: package '*': neither a sha256 nor a sha512 checksum; nothing weaker is taken' ]]
}

@test "sha512 throughout, xz, sqlite and zchunk beside it, names with blanks and percent signs" {
	own
	rm -r own/x86_64/repodata
	mkdir "own/x86_64/Packages/a b"
	mv own/x86_64/Packages/tool* "own/x86_64/Packages/a b/to ol%20x+1.rpm"
	createrepo_c --quiet --checksum sha512 --repomd-checksum sha512 --general-compress-type xz --zck own/x86_64
	rpmrepo_sign own
	run --separate-stderr -0 repo-pack -q --os ./own9.yaml --arch amd64 -o out app
	[ "$(names <<<"$output")" = 'app data liba tool ' ]
	[ -f "out/rocky/9/os/x86_64/Packages/a b/to ol%20x+1.rpm" ]
	[ "$(grep -c '<data ' out/rocky/9/os/x86_64/repodata/repomd.xml)" = 3 ]
}

@test "packages whose location leaves the repository, or whose bytes are others" {
	own
	cp -r own/x86_64/Packages own/x86_64/Other
	printf x >>own/x86_64/Packages/tool-1.0-1.noarch.rpm
	run -1 repo-pack -q --os ./own9.yaml --arch amd64 -o out app
	[[ $output == *'own9: tool 1.0-1: '*'tool-1.0-1.noarch.rpm'* ]]
	[ ! -e out/rocky/9/os/x86_64/repodata ]
	mkdir own/below
	mv own/x86_64/repodata own/below/
	createrepo_c --quiet --no-database --location-prefix ../ own/x86_64
	sed 's|^    keys:.*|    trusted: true|' own9.yaml >trusted.yaml
	run -1 repo-pack -q --os ./trusted.yaml --arch amd64 --dry-run other
	[[ $output == *'other 1.0-1: location "../'*'leaves the repository or is no .rpm'* ]]
}

@test "prove finds what was changed since" {
	pack -o out app >/dev/null
	rpm=out/rocky/9/os/x86_64/Packages/tool-1.0-1.noarch.rpm
	cp "$rpm" saved
	printf x >>"$rpm"
	run -1 repo-pack --prove out
	[[ $output == *'tool: '*'tool-1.0-1.noarch.rpm'* ]]
	cp saved "$rpm"
	run -1 repo-pack --prove out other
	[[ $output == *'other: no such package for this CPU'* ]]
	sed -i 's/<revision>0/<revision>1/' out/rocky/9/os/x86_64/repodata/repomd.xml
	run -1 repo-pack --prove out
	[[ $output == *'repomd.xml: '* ]]
}
