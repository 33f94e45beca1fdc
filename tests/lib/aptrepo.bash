# Makes small real apt archives with dpkg-deb and apt-ftparchive, signed by a key of their own:
#
#	aptrepo_key                              # once: $BATS_TEST_TMPDIR/key.asc, a private gpg home
#	aptrepo_deb up curl 8.0 'Depends: libcurl4'
#	aptrepo_index up bookworm                # dists/bookworm with Packages, .gz, .xz, Release, InRelease
#	aptrepo_os up debian12 >debian12.yaml
# shellcheck shell=bash

aptrepo_key() {
	export GNUPGHOME=$BATS_TEST_TMPDIR/gnupg
	mkdir -p -m 700 "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-generate-key "archive <archive@test>" rsa2048 sign never 2>/dev/null
	gpg --batch --armor --export >"$BATS_TEST_TMPDIR/key.asc"
}

# aptrepo_deb ARCHIVE NAME VERSION [FIELD...]: Architecture: all unless a field says otherwise; $aptrepo_files, words, are
# files that it holds besides its README.
aptrepo_deb() {
	local archive=$1 name=$2 version=$3 root file
	shift 3
	root=$BATS_TEST_TMPDIR/deb
	rm -rf "$root"
	mkdir -p "$root/DEBIAN" "$root/usr/share/doc/$name" "$archive/pool/main/${name:0:1}/$name"
	echo "$name $version $*" >"$root/usr/share/doc/$name/README"
	for file in ${aptrepo_files-}; do
		mkdir -p "$root/${file%/*}"
		echo "$name" >"$root/$file"
	done
	{
		printf 'Package: %s\nVersion: %s\nMaintainer: test <test@test>\nDescription: %s of the test archive\n' "$name" "$version" "$name"
		case "$*" in *Architecture:*) ;; *) echo 'Architecture: all' ;; esac
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$root/DEBIAN/control"
	dpkg-deb --root-owner-group -Znone -b "$root" "$archive/pool/main/${name:0:1}/$name/${name}_${version//:/%3a}_$(sed -n 's/^Architecture: //p' "$root/DEBIAN/control").deb" >/dev/null
}

# aptrepo_index ARCHIVE SUITE [OPTION...]: options are apt-ftparchive's, such as -o APT::FTPArchive::Release::ValidTime=1.
aptrepo_index() {
	local archive=$1 suite=$2 arch dir
	shift 2
	for arch in amd64 arm64; do
		dir=$archive/dists/$suite/main/binary-$arch
		mkdir -p "$dir"
		(cd "$archive" && apt-ftparchive --arch "$arch" packages pool) >"$dir/Packages"
		gzip -kfn "$dir/Packages"
		xz -kf "$dir/Packages"
	done
	aptrepo_release "$archive/dists/$suite" "$suite" "$@"
}

# aptrepo_release FOLDER SUITE [OPTION...]: Release and InRelease anew, over whatever the folder holds.
aptrepo_release() {
	local dir=$1 suite=$2
	shift 2
	rm -f "$dir/Release" "$dir/InRelease" "$dir/Release.gpg"
	apt-ftparchive -o APT::FTPArchive::Release::Suite="$suite" -o APT::FTPArchive::Release::Codename="$suite" \
		-o APT::FTPArchive::Release::Architectures='amd64 arm64' -o APT::FTPArchive::Release::Components=main "$@" \
		release "$dir" >"$BATS_TEST_TMPDIR/Release"
	mv "$BATS_TEST_TMPDIR/Release" "$dir/Release"
	[ ! -d "${GNUPGHOME-/none}" ] || gpg --batch --quiet --clear-sign -o "$dir/InRelease" "$dir/Release"
}

# aptrepo_apt FOLDER OS ARCH ARGUMENT...: apt-get of an empty system whose only source is what repo-pack wrote into FOLDER.
aptrepo_apt() {
	local out=$1 os=$2 arch=$3 dir=$BATS_TEST_TMPDIR/apt
	shift 3
	out=$(realpath "$out")
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	: >"$dir/status"
	sed "s|@URL@|file://$out|; s|/usr/share/keyrings/|$out/repos/|" "$out/repos/$os.sources" >"$dir/test.sources"
	cat >"$dir/conf" <<END
#clear APT::Architectures;
APT::Architecture "$arch"; APT::Architectures { "$arch"; }; APT::Sandbox::User "root"; APT::Install-Recommends "false";
Acquire::Languages "none"; Dir::Etc::SourceList "$dir/test.sources"; Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "/dev/null"; Dir::State "$dir"; Dir::State::status "$dir/status";
Dir::Cache "$dir"; Dir::Cache::archives "$dir/archives"; Dir::Etc::Trusted "/dev/null"; Dir::Etc::TrustedParts "/dev/null";
END
	apt-get -c "$dir/conf" "$@"
}

# aptrepo_os ARCHIVE NAME [LINE...]: a description on stdout; lines are added to its one repository.
aptrepo_os() {
	local archive=$1 name=$2
	shift 2
	cat <<END
name: $name
family: apt
distribution: debian
release: "12"
codename: bookworm
output: debian/12
arches: [amd64, arm64]
repositories:
  - id: main
    url: file://$(realpath "$archive")
    suites: [bookworm]
    components: [main]
    keys: [$BATS_TEST_TMPDIR/key.asc]
END
	[ $# = 0 ] || printf '    %s\n' "$@"
}
