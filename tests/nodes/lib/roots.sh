# shellcheck shell=bash
# roots.sh: Debian roots for the nodes, made once from the archive this machine is configured with

cache=${KUBECRATE_TEST_CACHE:-/var/cache/kubecrate-tests}

# What a netinst without any task leaves on a disk, and nothing more: no python, curl, openssl or CA list.
root_packages=systemd,systemd-sysv,dbus,openssh-server,iproute2,iptables,procps,kmod

# archive_lines SUITE: sources lines of the configured Debian archive, its suite replaced by SUITE
archive_lines() {
	local suite=$1 uri code

	apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
	while read -r uri code component; do
		[[ $component == main ]] || continue
		echo "deb $uri $suite${code#"${code%%-*}"} main"
	done | sort -u
}

# archive_uri main|security: where that part of the configured archive lies
archive_uri() {
	apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
		awk -v kind="$1" '$2 == "main" && (($1 ~ /security/) == (kind == "security")) { sub(/\/$/, "", $1); print $1; exit }'
}

# root_make SUITE: makes $cache/SUITE.root unless it is there, as this file wants it
root_make() {
	mkdir -p "$cache"
	(flock 7 && root_new "$1") 7>"$cache/$1.lock"
}

root_new() {
	local suite=$1 root=$cache/$1.root key

	key=$(sha256sum <"${BASH_SOURCE[0]}")
	[[ $(cat "$root.key" 2>/dev/null) != "$key" ]] || return 0
	rm -rf "$root" "$root.key"
	archive_lines "$suite" >"$cache/$suite.list"
	rm -rf "$root.partial"
	mmdebstrap --quiet --variant=minbase --dpkgopt=force-unsafe-io --include="$root_packages" \
		"$suite" "$root.partial" "$cache/$suite.list" >&2 || return 1
	root_settle "$root.partial"
	mv "$root.partial" "$root"
	echo "$key" >"$root.key"
}

# Cut the archive off, make cgroups writable for container runtimes, let root in by key and by password.
root_settle() {
	local root=$1

	rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/* "$root"/etc/resolv.conf
	rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
	: >"$root/etc/machine-id"
	(flock 6 && { [[ -f $cache/key ]] || ssh-keygen -q -t ed25519 -N '' -C nodes -f "$cache/key"; }) 6>"$cache/key.lock"
	install -d -m 700 "$root/root/.ssh"
	install -m 600 "$cache/key.pub" "$root/root/.ssh/authorized_keys"
	echo 'PermitRootLogin yes' >"$root/etc/ssh/sshd_config.d/test.conf"
	echo "root:kubecrate" | chroot "$root" chpasswd
	cat >"$root/etc/systemd/system/cgroups-rw.service" <<-'EOF'
		[Unit]
		DefaultDependencies=no
		Before=sysinit.target
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		ExecStart=/bin/sh -c 'for c in /sys/fs/cgroup/*/; do mount -o remount,bind,rw "$$c"; done'
		[Install]
		WantedBy=sysinit.target
	EOF
	systemctl --root="$root" --quiet enable cgroups-rw.service
	systemctl --root="$root" --quiet mask systemd-networkd.service systemd-resolved.service \
		systemd-timesyncd.service e2scrub_reap.service 2>/dev/null
	systemctl --root="$root" --quiet disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer 2>/dev/null
	return 0
}
