#!/usr/bin/env bats
# repo-pack against Debian's archive, as this machine's apt is configured with it: the closure is apt's own, and everything
# installs from our repository alone. Downloads some 600 MB once; $KUBECRATE_CACHE keeps apt's lists.

bats_require_minimum_version 1.5.0

# What nodes of a cluster need; names that both releases have.
names=(curl rsync socat unzip e2fsprogs xfsprogs ebtables bash-completion ipvsadm ipset conntrack iptables nftables iproute2
	ethtool apparmor containerd runc podman docker.io skopeo buildah etcd-server etcd-client haproxy keepalived nginx-light
	chrony nfs-common nfs-kernel-server cifs-utils ceph-common glusterfs-client open-iscsi multipath-tools lvm2
	thin-provisioning-tools openssl ca-certificates gnupg python3-apt apache2-utils netcat-openbsd tcpdump sshpass jq git vim
	lsof conntrackd)

setup_file() {
	export XDG_CACHE_HOME=$BATS_FILE_TMPDIR/cache XDG_DATA_HOME=$BATS_FILE_TMPDIR/data
	export KUBECRATE_CACHE=${KUBECRATE_CACHE:-${HOME}/.cache/kubecrate}
	command -v apt-get >/dev/null || skip "no apt here"
	MAIN=$("$KUBECRATE_TOP/scripts/deb-fetch" --archive main) SECURITY=$("$KUBECRATE_TOP/scripts/deb-fetch" --archive security)
	export MAIN SECURITY
	local suite arch
	# deb-fetch keeps apt's lists for a day, in which the archive may have moved on.
	for suite in bookworm trixie; do
		for arch in amd64 arm64; do apt-get -qq -c "$(apt_conf $suite $arch)" update; done
	done
}

pack() {
	repo-pack -q --mirror "http://ftp.debian.org/debian=$MAIN" --mirror "http://security.debian.org/debian-security=$SECURITY" "$@"
}

# apt's own settings for a release and a CPU, with an empty system; deb-fetch makes and refreshes them.
apt_conf() {
	"$KUBECRATE_TOP/scripts/deb-fetch" --suite "$1" --arch "$2" hostname >/dev/null
	echo "$KUBECRATE_CACHE/apt/$1-$2/conf"
}

apt_closure() { # SUITE ARCH NAME...
	local conf
	conf=$(apt_conf "$1" "$2")
	shift 2
	mkdir -p "$BATS_TEST_TMPDIR/none/partial"
	apt-get -qq -y -c "$conf" -o Dir::Cache::archives="$BATS_TEST_TMPDIR/none" --print-uris install "$@" |
		awk '{ f = $2; sub(/_[^_]*\.deb$/, "", f); gsub(/%3a/, ":", f); gsub(/%2b/, "+", f); sub(/_/, " ", f); print f }' | sort
}

same_closure() { # OS SUITE ARCH NAME...
	local os=$1 suite=$2 arch=$3
	shift 3
	apt_closure "$suite" "$arch" "$@" >"$BATS_TEST_TMPDIR/apt"
	pack --os "$os" --arch "$arch" --dry-run "$@" | cut -f3,4 --output-delimiter=' ' | sort >"$BATS_TEST_TMPDIR/own"
	[ -s "$BATS_TEST_TMPDIR/apt" ]
	diff "$BATS_TEST_TMPDIR/apt" "$BATS_TEST_TMPDIR/own"
}

@test "50 names: the closure is apt's, two releases, two CPUs" {
	[ ${#names[@]} = 50 ]
	for arch in amd64 arm64; do
		same_closure debian12 bookworm $arch "${names[@]}"
		same_closure debian13 trixie $arch "${names[@]}"
	done
}

@test "each name alone: the closure is apt's" {
	for name in "${names[@]}"; do
		same_closure debian12 bookworm amd64 "$name" || { echo "$name"; return 1; }
		same_closure debian13 trixie arm64 "$name" || { echo "$name"; return 1; }
	done
}

@test "paths: what Debian's own Contents lists say" {
	run -0 pack --os debian12 --arch amd64 --dry-run /usr/bin/jq /usr/sbin/ip
	same_closure debian12 bookworm amd64 jq iproute2
	diff <(cut -f3,4 --output-delimiter=' ' <<<"$output" | sort) "$BATS_TEST_TMPDIR/apt"
	run -0 pack --os debian12 --arch arm64 --dry-run /bin/nc
	grep -qP '^debian12\tarm64\tnetcat-(openbsd|traditional)\t' <<<"$output"
	run -1 pack --os debian12 --arch amd64 --dry-run /usr/bin/no-such-program
	[[ $output == *'/usr/bin/no-such-program: no package has this file'* ]]
}

@test "every name installs in an empty system from our repository alone, both releases, both CPUs" {
	out=${KUBECRATE_E2E_OUT:-$BATS_FILE_TMPDIR/out}
	pack --os debian12 --os debian13 --arch amd64,arm64 --with-essential -o "$out" "${names[@]}" >"$BATS_TEST_TMPDIR/first"
	pack --os debian12 --os debian13 --arch amd64,arm64 --with-essential -o "$out" "${names[@]}" >"$BATS_TEST_TMPDIR/second"
	[ "$(cut -f6 "$BATS_TEST_TMPDIR/second" | sort -u)" = kept ]
	for os in debian12 debian13; do
		for arch in amd64 arm64; do
			private_apt "$out" $os $arch -qq update
			run -0 private_apt "$out" $os $arch -s install "${names[@]}"
			for name in "${names[@]}"; do grep -q "^Inst $name " <<<"$output"; done
		done
	done
	run -0 repo-pack --prove "$out" "${names[@]}"
}

private_apt() { # OUT OS ARCH ARGUMENT...
	local out=$1 os=$2 arch=$3 dir=$BATS_TEST_TMPDIR/apt-$2-$3
	shift 3
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	: >"$dir/status"
	sed "s|@URL@|file://$out|; s|/usr/share/keyrings/|$out/repos/|" "$out/repos/$os.sources" >"$dir/our.sources"
	cat >"$dir/conf" <<END
#clear APT::Architectures;
APT::Architecture "$arch"; APT::Architectures { "$arch"; }; APT::Sandbox::User "root"; APT::Install-Recommends "false";
Acquire::Languages "none"; Dir::Etc::SourceList "$dir/our.sources"; Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null"; Dir::Etc::PreferencesParts "/dev/null"; Dir::State "$dir"; Dir::State::status "$dir/status";
Dir::Cache "$dir"; Dir::Cache::archives "$dir/archives"; Dir::Etc::Trusted "/dev/null"; Dir::Etc::TrustedParts "/dev/null";
END
	apt-get -c "$dir/conf" "$@"
}

@test "a bare root is made from our repository alone, and packages install in it" {
	[ "$(id -u)" = 0 ] || skip "root wanted"
	command -v mmdebstrap >/dev/null || skip "no mmdebstrap"
	out=$BATS_TEST_TMPDIR/out
	pack --os debian12 --with-essential -o "$out" apt socat ipvsadm conntrack jq >/dev/null
	sed "s|@URL@|copy://$out|; s|/usr/share/keyrings/|$out/repos/|" "$out/repos/debian12.sources" >"$BATS_TEST_TMPDIR/our.sources"
	mmdebstrap --mode=root --variant=apt --include=socat,ipvsadm,conntrack,jq --skip=check/empty \
		--aptopt='Apt::Install-Recommends "false"' bookworm "$BATS_TEST_TMPDIR/root" - <"$BATS_TEST_TMPDIR/our.sources"
	chroot "$BATS_TEST_TMPDIR/root" jq -n '6 * 7' | grep -x 42
	chroot "$BATS_TEST_TMPDIR/root" dpkg --audit
	[ "$(chroot "$BATS_TEST_TMPDIR/root" dpkg-query -W -f '${db:Status-Status}\n' | sort -u)" = installed ]
}
