#!/usr/bin/env bats
# repo-pack's rpm repositories as dnf sees them: groups, advisories, local packages, folders of .repo files.

bats_require_minimum_version 1.5.0
load ../lib/rpmrepo.bash
load ../lib/nginx.bash

setup_file() {
	export UP=$BATS_FILE_TMPDIR/up
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR make_up
}

make_up() {
	rpmrepo_key
	rpmrepo_build "$UP" <<'END'
app 1:1.0-1 x86_64 aarch64
  Requires: liba >= 1.0
liba 1.1-2 x86_64 aarch64 i686
liba 1.0-1 x86_64 aarch64
tool 2-1
  File: /usr/bin/tool
spare 1-1
END
	cat >"$BATS_TEST_TMPDIR/comps.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
<comps>
  <group>
    <id>base</id><name>Base</name><name xml:lang="de">Grundlage</name>
    <description>of it</description><default>true</default><uservisible>true</uservisible>
    <packagelist>
      <packagereq type="mandatory">app</packagereq>
      <packagereq type="default">tool</packagereq>
      <packagereq type="optional">spare</packagereq>
    </packagelist>
  </group>
  <group><id>others</id><name>Others</name><packagelist><packagereq>spare</packagereq></packagelist></group>
  <environment>
    <id>server</id><name>Server</name>
    <grouplist><groupid>base</groupid><groupid>others</groupid></grouplist>
  </environment>
</comps>
END
	cat >"$BATS_TEST_TMPDIR/updateinfo.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<updates>
  <update from="test" status="final" type="security" version="1"><id>T-1</id><title>liba</title><severity>Important</severity>
    <issued date="2020-01-02 00:00:00"/><references/>
    <pkglist><collection short="x"><name>x</name>
      <package name="liba" version="1.1" release="2" epoch="0" arch="x86_64"><filename>liba-1.1-2.x86_64.rpm</filename></package>
      <package name="liba" version="1.1" release="2" epoch="0" arch="i686"><filename>liba-1.1-2.i686.rpm</filename></package>
    </collection></pkglist>
  </update>
  <update from="test" status="final" type="bugfix" version="1"><id>T-2</id><title>spare</title><issued date="2020-01-02 00:00:00"/>
    <pkglist><collection><package name="spare" version="1" release="1" epoch="0" arch="noarch"><filename>s</filename></package></collection></pkglist>
  </update>
</updates>
END
	rpmrepo_index "$UP" -g "$BATS_TEST_TMPDIR/comps.xml"
	rpmrepo_extra "$UP" updateinfo "$BATS_TEST_TMPDIR/updateinfo.xml"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	cp "$BATS_FILE_TMPDIR/key.asc" .
	export GNUPGHOME=$BATS_FILE_TMPDIR/gnupg XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	rpmrepo_os "$UP" test9 >test9.yaml
}

teardown_file() {
	gpgconf --homedir "$BATS_FILE_TMPDIR/gnupg" --kill all || true
}

pack() { repo-pack -q --os ./test9.yaml --arch x86_64 "$@"; }

names() { cut -f3 | sort | tr '\n' ' '; }

# dnf with an empty system and our repository only; packages are not verified, repomd.xml was.
private_dnf() { # ARCH ARGUMENT...
	local arch=$1
	shift
	dnf -q --installroot "$PWD/root" --releasever 9 --forcearch "$arch" --setopt reposdir=/nonexistent --setopt gpgcheck=0 \
		--setopt cachedir="$PWD/root/cache" --setopt install_weak_deps=0 --disableplugin='*' --enableplugin=repoclosure \
		--repofrompath "our,file://$PWD/out/rocky/9/os/$arch" "$@"
}

unpacked() { zcat -f "out/rocky/9/os/x86_64/repodata/"*"-$1"*; }

@test "groups: what dnf takes of @base, and comps cut to what is there" {
	run -0 pack -o out @base
	[ "$(names <<<"$output")" = "app liba tool " ]
	unpacked comps.xml >comps
	run ! grep -E 'spare|others' comps
	grep -q '<groupid>base</groupid>' comps
	private_dnf x86_64 --downloadonly --downloaddir "$PWD/got" -y install @base
	[ "$(echo got/*)" = "got/app-1.0-1.x86_64.rpm got/liba-1.1-2.x86_64.rpm got/tool-2-1.noarch.rpm" ]
}

@test "groups: members that another obsoletes, conditional ones, names by pattern and in small letters, as dnf" {
	rpmrepo_build own <<'END'
new 2-1
  Obsoletes: old
old 1-1
app 1-1
app-lang 1-1
other-lang 1-1
END
	cat >comps.xml <<'END'
<comps>
 <group><id>core</id><name>Core Things</name><packagelist>
  <packagereq type="mandatory">old</packagereq>
  <packagereq type="mandatory">app</packagereq>
  <packagereq type="conditional" requires="app">app-lang</packagereq>
  <packagereq type="conditional" requires="nothere">other-lang</packagereq>
 </packagelist></group>
 <environment><id>env-id</id><name>All</name><grouplist><groupid>core</groupid></grouplist></environment>
</comps>
END
	rpmrepo_index own -g "$PWD/comps.xml"
	rpmrepo_os own test9 >test9.yaml
	printf '@%s|\n' 'core' 'core things' 'all' 'env*' 'Cor?' >wants
	[ "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/own/x86_64" <wants | sort -u)" = 'ok app 1-1 app-lang 1-1 new 2-1' ]
	while read -r want; do
		[ "$(pack --dry-run -f - <<<"${want%|}" | names)" = 'app app-lang new ' ]
	done <wants
	pack -o out @core >/dev/null
	unpacked comps.xml >comps
	grep -q '<packagereq type="conditional" requires="app">app-lang</packagereq>' comps
	repo-pack -q --prove out @core
}

@test "advisories: those of the packages that are there" {
	pack -o out app >/dev/null
	unpacked updateinfo.xml >updates
	run ! grep -E 'T-2|i686' updates
	run -0 private_dnf x86_64 --advisory T-1 repoquery
	[ "$output" = liba-0:1.1-2.x86_64 ]
}

@test "createrepo_c reads what was written, both CPUs, and dnf finds it closed" {
	repo-pack -q --os ./test9.yaml --arch x86_64,aarch64 -o out app tool >/dev/null
	for arch in x86_64 aarch64; do
		[ "$(private_dnf $arch repoquery | wc -l)" = 3 ]
		private_dnf $arch repoclosure
		cp -r "out/rocky/9/os/$arch" copy-$arch
		createrepo_c -q --update --no-database copy-$arch
		diff <(zcat copy-$arch/repodata/*-primary.xml.gz | grep -c '<package ') <(echo 3)
	done
}

@test "--with adds a local .rpm and what it needs; unsigned ones stand apart; one for a CPU that is not made is an error" {
	rpmrepo_build local <<'END'
mine 1:3-4 x86_64 aarch64
  Requires: liba
  File: /usr/share/mine/data
END
	mine=local/x86_64/Packages/mine-3-4.x86_64.rpm
	local foreign=local/aarch64/Packages/mine-3-4.aarch64.rpm
	run -1 pack -o other --with $mine --with $foreign
	[[ $output == *"--with $foreign: for the CPU \"aarch64\", which is not made here; see --arch"* ]]
	run -0 repo-pack --os ./test9.yaml --arch x86_64,aarch64 --progress none -o both --with $mine --with $foreign
	[ -f both/rocky/9/os/unsigned/aarch64/mine-3-4.aarch64.rpm ]
	run -0 repo-pack --os ./test9.yaml --arch x86_64 --progress none -o out --with $mine
	[[ $output == *"warning: --with $mine: not signed; it goes into a repository of its own, unsigned,"* ]]
	[ "$(grep -P '^test9\t' <<<"$output" | names)" = "liba mine " ]
	apart=out/rocky/9/os/unsigned/x86_64
	cmp $mine $apart/mine-3-4.x86_64.rpm
	zcat $apart/repodata/*-filelists.xml.gz | grep -q '<file>/usr/share/mine/data</file>'
	[ "$(unpacked primary.xml | grep '<name>')" = '  <name>liba</name>' ]
	run -0 private_dnf x86_64 --repofrompath "apart,file://$PWD/$apart" repoquery --provides mine
	[[ $output == *'mine = 1:3-4'* ]]
	head -c 3000 $mine >bad.rpm
	run -1 pack -o other --with bad.rpm
	[[ $output == *'--with: bad.rpm: '* ]]
	[ ! -e other/rocky ]
}

@test "--with: one signed by a key of the description stands with the others, and comes along by prune and prove" {
	rpmrepo_build local <<'END'
mine 1-1 x86_64 aarch64
  Requires: liba
other 1-1
  Requires: mine
END
	mine=local/x86_64/Packages/mine-1-1.x86_64.rpm other=local/x86_64/Packages/other-1-1.noarch.rpm
	rpmrepo_sign_packages $mine
	run -0 --separate-stderr repo-pack --os ./test9.yaml --arch x86_64 --progress none -o out --with $mine --with $other
	[ "$(names <<<"$output")" = "liba mine other " ]
	[ "$(grep -c 'warning: --with' <<<"$stderr")" = 1 ]
	[ -f out/rocky/9/os/x86_64/mine-1-1.x86_64.rpm ]
	cp -r out before
	run -0 --separate-stderr pack -o out --prune --with $mine --with $other
	diff -r before out
	run -0 repo-pack --prove out mine other
	[ "$(wc -l <<<"$output")" = 2 ]
	repo-pack -q --prove out
	pack -o groups --with $other --with $mine @base >/dev/null
	repo-pack -q --prove groups @base
	rm out/rocky/9/os/unsigned/x86_64/other-1-1.noarch.rpm
	run -1 repo-pack -q --prove out
	# without it the repository apart is empty, and the node's file still finds it
	pack -o out --prune app >/dev/null
	[ ! -e out/rocky/9/os/x86_64/mine-1-1.x86_64.rpm ]
	zcat out/rocky/9/os/unsigned/x86_64/repodata/*-primary.xml.gz | grep -q 'packages="0"'
	grep -qx "baseurl=@URL@/rocky/9/os/unsigned/\$basearch/" out/repos/test9.repo
}

@test "a folder of .repo files with its key beside them" {
	mkdir rocky9
	cp key.asc rocky9/RPM-GPG-KEY-test
	cat >rocky9/base.repo <<END
[base]
name=Base
baseurl=file://$UP/\$basearch/
gpgcheck=0
repo_gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-test
END
	run -0 repo-pack -q --os ./rocky9 --arch aarch64 --dry-run app
	[ "$(names <<<"$output")" = "app liba " ]
	rm rocky9/RPM-GPG-KEY-test
	run -1 repo-pack -q --os ./rocky9 --arch aarch64 --dry-run app
	[[ $output == *'base.repo:1: [base]: its key is not at '*'RPM-GPG-KEY-test; save it there' ]]
}

@test "a weak dependency that is not followed still decides between packages that would do, by files of filelists alone" {
	rpmrepo_build own <<'END'
app 1-1
  Requires: service
  Recommends: /usr/share/second/data
first 1-1
  Provides: service
second 1-1
  Provides: service
  File: /usr/share/second/data
plug 1-1
  Supplements: second
  Requires: /usr/share/first/data
plug-data 1-1
  File: /usr/share/first/data
END
	rpmrepo_index own
	rpmrepo_os own test9 >test9.yaml
	[ "$(pack --dry-run app | names)" = 'app second ' ]
	[ "$(pack --dry-run --recommends app | names)" = 'app plug plug-data second ' ]
	[ "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/own/x86_64" <<<app)" = 'ok app 1-1 second 1-1' ]
}

@test "a pattern of paths is looked for in filelists, too" {
	rpmrepo_build own <<'END'
app 1-1
  File: /usr/share/app/one.txt
tool 1-1
  File: /usr/bin/tool-x
  Requires: /usr/share/odd[1]
odd 1-1
  File: /usr/share/odd[1]
END
	rpmrepo_index own
	rpmrepo_os own test9 >test9.yaml
	[ "$(pack --dry-run '/usr/share/*/o*.txt' | names)" = 'app ' ]
	[ "$(pack --dry-run '/usr/bin/t*-?' | names)" = 'odd tool ' ]
	run -1 pack --dry-run '/usr/share/*/two.txt'
	[[ $output == *'/usr/share/*/two.txt: no package has this file' ]]
	pack -o out '/usr/share/*/o*.txt' >/dev/null
	[ "$(cut -f2 <<<"$(repo-pack -q --prove out '/usr/share/a*/*')")" = proved ]
}

@test "of one package in two repositories the copy of the cheaper one; a better priority goes before" {
	rpmrepo_build first <<<'app 1-1'
	rpmrepo_build second <<<$'app 1-1\n  Provides: more'
	rpmrepo_index first && rpmrepo_index second
	for setting in 'cost: 1000' 'cost: 10' 'priority: 10'; do
		rpmrepo_os first test9 'cost: 500' >test9.yaml
		rpmrepo_os second test9 "$setting" | sed '1,/repositories/d; s/id: base/id: second/' >>test9.yaml
		pack -o "out $setting" --lock lock app >/dev/null
		want=second
		[ "$setting" != 'cost: 1000' ] || want=first
		grep -q "sha256:$(sha256sum $want/x86_64/Packages/app-1-1.noarch.rpm | cut -d' ' -f1)" lock
	done
}

@test "a mirror that lacks files, or has others, does no harm while another one has them" {
	mkdir -p mirrors/{empty,lists,wrong,whole}
	cp -r "$UP/x86_64/repodata" mirrors/lists/
	for mirror in wrong whole; do cp -r "$UP/x86_64/." mirrors/$mirror/; done
	for file in mirrors/lists/repodata/*-filelists.xml.* mirrors/wrong/Packages/*; do echo other >"$file"; done
	nginx_start "$PWD/mirrors" "$PWD/nginx"
	for mirror in empty lists wrong whole; do echo "http://$NGINX/$mirror/"; done >mirrors/list
	sed -i "s,baseurl: .*,mirrorlist: http://$NGINX/list," test9.yaml
	export XDG_CACHE_HOME=$PWD/cache
	run -0 --separate-stderr pack -o out app
	[ "$(names <<<"$output")" = 'app liba ' ]
	mkdir -p blocked/rocky/9/os/x86_64
	touch blocked/rocky/9/os/x86_64/Packages
	run -1 pack -o blocked app
	[[ $output == *'/x86_64/Packages: '* && $output != *mirrors* ]]
	sed -i '/whole/d' mirrors/list
	run -1 pack -o other app
	[[ $output == *'app 1:1.0-1: none of the mirrors serves it, the first: GET http://127.0.0.1:'*'/lists/Packages/app-1.0-1.x86_64.rpm: 404 Not Found'* ]]
	nginx_stop
}

# A module of two streams, beside a package of the same name that is newer and no module's.
modular() {
	rpmrepo_build own <<'END'
web 1.0-1 x86_64 aarch64
web 2.0-1 x86_64 aarch64
  Requires: web-libs = 2.0
web-libs 2.0-1 x86_64 aarch64
web 3.0-1 x86_64 aarch64
END
	rpmrepo_index own
	for stream in 1 2; do
		printf '%s\n' --- 'document: modulemd' 'version: 2' data: '  name: web' "  stream: \"$stream\"" "  version: $stream" '  context: c0ffee' \
			'  arch: x86_64' '  summary: a web server' '  description: serves' '  license: { module: [MIT] }' '  artifacts:' '    rpms:'
		printf '    - web%s-0:%s.0-1.%s\n' '' $stream x86_64 '' $stream aarch64
		[ $stream = 1 ] || printf '    - web-libs-0:2.0-1.%s\n' x86_64 aarch64
		printf '%s\n' ...
	done >modules.yaml
	printf '%s\n' --- 'document: modulemd-defaults' 'version: 1' 'data: { module: web, stream: "1", profiles: {} }' ... >>modules.yaml
	rpmrepo_extra own modules modules.yaml
}

@test "modules: the default stream or the named one, and dnf takes the same from what is written" {
	modular
	rpmrepo_os own test9 >test9.yaml
	run -0 --separate-stderr repo-pack -q --os ./test9.yaml --arch x86_64 -o one web
	[ "$(cut -f3,4 <<<"$output")" = $'web\t1.0-1' ]
	[ "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/own/x86_64" <<<web)" = "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/one/rocky/9/os/x86_64" <<<web)" ]
	rpmrepo_os own test9 'modules: ["web:2"]' >test9.yaml
	run -0 --separate-stderr repo-pack -q --os ./test9.yaml --arch x86_64 -o two web
	[ "$(cut -f3,4 <<<"$output" | xargs)" = 'web 2.0-1 web-libs 2.0-1' ]
	[ "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/two/rocky/9/os/x86_64" <<<web)" = 'ok web 2.0-1 web-libs 2.0-1' ]
	zcat two/rocky/9/os/x86_64/repodata/*-modules.yaml.gz >modules
	[ "$(grep -- '- web' modules | xargs)" = '- web-0:2.0-1.x86_64 - web-libs-0:2.0-1.x86_64' ]
	grep -A3 'document: modulemd-defaults' modules | grep -qx '  module: web'
	rpmrepo_os own test9 'modules: ["web:7"]' >test9.yaml
	run -1 repo-pack -q --os ./test9.yaml --arch x86_64 -o three web
	[[ $output == *'modules: web:7: no such stream; of web there are 1, 2'* ]]
}

# requiring FILES_OF_LIB: web:1, the default, requires lib:9, which nothing makes a default.
requiring() {
	printf '%s\n' --- 'document: modulemd' 'version: 2' data: '  name: web' '  stream: "1"' '  version: 1' '  context: a' '  arch: x86_64' \
		'  summary: s' '  description: d' '  license: { module: [MIT] }' '  dependencies:' '  - requires: { platform: [el9], lib: ["9"] }' \
		'  artifacts:' '    rpms:' '    - web-0:1-1.x86_64' ... \
		--- 'document: modulemd' 'version: 2' data: '  name: lib' '  stream: "9"' '  version: 1' '  context: a' '  arch: x86_64' \
		'  summary: s' '  description: d' '  license: { module: [MIT] }' '  artifacts:' '    rpms:' "    - $1" ... \
		--- 'document: modulemd-defaults' 'version: 1' 'data: { module: web, stream: "1", profiles: {} }' ...
}

@test "modules: a stream that another requires is switched on, and known to the node, with packages or without" {
	printf '%s\n' 'web 1-1 x86_64 aarch64' '  Requires: lib' 'lib 9-1 x86_64 aarch64' 'lib 10-1 x86_64 aarch64' | rpmrepo_build own
	for artifact in lib-0:9-1.x86_64 other-0:9-1.x86_64; do
		requiring $artifact >modules.yaml
		rpmrepo_index own
		rpmrepo_extra own modules modules.yaml
		rpmrepo_os own test9 >test9.yaml
		pack -o out web >/dev/null
		want=$([ $artifact = lib-0:9-1.x86_64 ] && echo 9-1 || echo 10-1)
		for repo in own/x86_64 out/rocky/9/os/x86_64; do
			[ "$(rpmrepo_dnf_closure x86_64 "a=file://$PWD/$repo" <<<web)" = "ok lib $want web 1-1" ]
		done
	done
}

# node_dnf ARGUMENT...: as on a node, by our .repo file from a server, which checks repomd.xml and every package.
node_dnf() {
	dnf -q -y --installroot "$PWD/root" --releasever 9 --forcearch x86_64 --setopt reposdir="$PWD/repos" --setopt cachedir="$PWD/root/cache" \
		--setopt '*.skip_if_unavailable=0' --disableplugin='*' "$@"
}

@test "a node's dnf takes our .repo file, checks all signatures and installs" {
	mkdir own && cp -r "$UP/x86_64" own/
	rpmrepo_sign_packages own/x86_64/Packages/*.rpm
	RPMREPO_ARCHES=x86_64 rpmrepo_index own
	rpmrepo_os own test9 >test9.yaml
	rpmrepo_build local <<<'mine 1-1 x86_64 aarch64'
	pack -o out --with local/x86_64/Packages/mine-1-1.x86_64.rpm app tool >/dev/null
	nginx_start "$PWD/out" "$PWD/nginx"
	mkdir repos && sed "s|@URL@|http://$NGINX|" out/repos/test9.repo >repos/ours.repo
	run -0 cat repos/ours.repo
	[[ $output == *$'\ngpgcheck=1\nrepo_gpgcheck=1\n'* ]]
	run node_dnf install app tool mine
	installed=$(rpm --root "$PWD/root" -qa --qf '%{name}\n' | grep -v gpg-pubkey | sort | xargs)
	rm -rf root
	printf x >>out/rocky/9/os/x86_64/repodata/repomd.xml
	run -1 --separate-stderr node_dnf install app
	nginx_stop
	[ "$installed" = 'app liba mine tool' ]
	[[ $stderr == *'repomd.xml GPG signature verification error: Bad GPG signature'* ]]
}
