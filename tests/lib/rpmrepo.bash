# Makes real rpm repositories with rpmbuild and createrepo_c, signed by a key of their own:
#
#	rpmrepo_key                          # once: $BATS_TEST_TMPDIR/key.asc, a private gpg home
#	rpmrepo_build up <packages           # up/x86_64/Packages, up/aarch64/Packages; the list is rpmspecs.py's
#	rpmrepo_index up                     # repodata of both, repomd.xml.asc
#	rpmrepo_os up rocky9 >rocky9.yaml
# shellcheck shell=bash

RPMREPO_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
RPMREPO_ARCHES='x86_64 aarch64'

rpmrepo_key() {
	export GNUPGHOME=$BATS_TEST_TMPDIR/gnupg
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-generate-key "archive <archive@test>" rsa2048 sign never 2>/dev/null
	gpg --batch --armor --export >"$BATS_TEST_TMPDIR/key.asc"
}

# Packages for one CPU go into its folder, i686 beside x86_64, those without a CPU into every folder.
rpmrepo_build() {
	local up=$1 top arch spec
	top=$(mktemp -d "$BATS_TEST_TMPDIR/rpmbuild.XXXXXX")
	mkdir -p "$top/specs"
	python3 "$RPMREPO_LIB/rpmspecs.py" "$top/specs" >"$top/list" || return 1
	while read -r arch spec; do
		# rpmbuild's threads would spin while they wait; a date of the machine's would make every run's packages new
		OMP_WAIT_POLICY=passive SOURCE_DATE_EPOCH=1577923200 rpmbuild -bb --nodeps --quiet --target "$arch" --define "_topdir $top" \
			--define '_binary_payload w1.gzdio' --define '__os_install_post %{nil}' --define 'debug_package %{nil}' \
			--define '_build_id_links none' --define 'use_source_date_epoch_as_buildtime 1' --define '_buildhost test' \
			"$spec" >"$top/log" 2>&1 || { cat "$top/log" >&2; return 1; }
	done <"$top/list"
	for arch in $RPMREPO_ARCHES; do
		mkdir -p "$up/$arch/Packages"
		[ ! -d "$top/RPMS/noarch" ] || cp -l "$top"/RPMS/noarch/* "$up/$arch/Packages/"
		[ ! -d "$top/RPMS/$arch" ] || cp -l "$top/RPMS/$arch"/* "$up/$arch/Packages/"
	done
	[ ! -d "$top/RPMS/i686" ] || cp -l "$top"/RPMS/i686/* "$up/x86_64/Packages/"
	rm -r "$top"
}

# rpmrepo_index UP [OPTION...]: options are createrepo_c's, such as -g comps.xml.
rpmrepo_index() {
	local up=$1 arch
	shift
	for arch in $RPMREPO_ARCHES; do
		createrepo_c --quiet --no-database --revision 1 --set-timestamp-to-revision "$@" "$up/$arch"
	done
	rpmrepo_sign "$up"
}

# rpmrepo_extra UP TYPE FILE: modules.yaml or updateinfo.xml into the index.
rpmrepo_extra() {
	local up=$1 type=$2 file=$3 arch
	for arch in $RPMREPO_ARCHES; do
		modifyrepo_c --mdtype="$type" "$file" "$up/$arch/repodata" >/dev/null
	done
	rpmrepo_sign "$up"
}

rpmrepo_sign() {
	local up=$1 arch
	[ -d "${GNUPGHOME-/none}" ] || return 0
	for arch in $RPMREPO_ARCHES; do
		gpg --batch --quiet --yes --armor --detach-sign "$up/$arch/repodata/repomd.xml"
	done
}

# rpmrepo_sign_packages RPM...: with the key of rpmrepo_key.
rpmrepo_sign_packages() {
	rpmsign --define "__gpg $(command -v gpg)" --define '_gpg_name archive@test' --define "_gpg_path $GNUPGHOME" --addsign "$@" >/dev/null
}

# rpmrepo_os UP NAME [LINE...]: a description on stdout; lines are added to its one repository.
rpmrepo_os() {
	local up=$1 name=$2
	shift 2
	cat <<END
name: $name
family: yum
distribution: rocky
release: "9"
output: rocky/9/os
arches: [x86_64, aarch64]
repositories:
  - id: base
    baseurl: file://$(realpath "$up")/\$basearch/
    keys: [$BATS_TEST_TMPDIR/key.asc]
END
	[ $# = 0 ] || printf '    %s\n' "$@"
}

# rpmrepo_metalink UP ARCH URL...: with the sums of its repomd.xml, on stdout.
rpmrepo_metalink() {
	local file=$1/$2/repodata/repomd.xml url
	shift 2
	cat <<END
<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic">
 <files>
  <file name="repomd.xml">
   <size>$(stat -c %s "$file")</size>
   <verification>
    <hash type="md5">$(md5sum <"$file" | cut -d' ' -f1)</hash>
    <hash type="sha256">$(sha256sum <"$file" | cut -d' ' -f1)</hash>
   </verification>
   <resources maxconnections="1">
END
	for url; do printf '    <url protocol="%s" type="%s" preference="100">%s</url>\n' "${url%%:*}" "${url%%:*}" "$url/repodata/repomd.xml"; done
	printf '   </resources>\n  </file>\n </files>\n</metalink>\n'
}

# rpmrepo_dnf_closure ARCH ID=URL [OPTION...] <requests: what dnf itself answers, from an empty system and an empty cache.
rpmrepo_dnf_closure() {
	local root python
	root=$(mktemp -d "$BATS_TEST_TMPDIR/dnf.XXXXXX")
	python=$(sed -n '1s/^#! *//p' "$(command -v dnf)")
	"${python% *}" "$RPMREPO_LIB/dnf-closure.py" --arch "$1" --root "$root" "${@:3}" "$2"
	rm -r "$root"
}
