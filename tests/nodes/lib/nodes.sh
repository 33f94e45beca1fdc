# shellcheck shell=bash
# nodes.sh: booted machines for the tests: systemd-nspawn, a network of their own, no way out, nothing left behind
#
# nodes_open DIR           one switch; DIR holds the roots and logs
# node_make NAME SUITE     a root of its own, from the cached one
# node_boot NAME IP        boots it and waits for ssh
# node NAME COMMAND...     runs a command on it over ssh
# node_stop / node_kill    orderly power off / the power cut
# nodes_close              everything away again

[[ -n ${cache:-} ]] || source "${BASH_SOURCE[0]%/*}/roots.sh"

nodes_open() {
	nodes_dir=$1
	nodes_tag=kc$$
	nodes_switch=$nodes_tag-sw
	mkdir -p "$nodes_dir"
	nodes_memory
	ip netns add "$nodes_switch"
	ip -n "$nodes_switch" link set lo up
	ip -n "$nodes_switch" link add br0 type bridge
	ip -n "$nodes_switch" addr add 10.77.0.254/24 dev br0
	ip -n "$nodes_switch" link set br0 up
	nodes_save
	nodes_ssh_config
}

# dpkg syncs every file it unpacks: in memory that costs nothing. Where memory is short the nodes lie on the disk.
nodes_memory() {
	local kb

	kb=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	((kb < 8 << 20)) || mount -t tmpfs -o size=6G,mode=755 nodes "$nodes_dir"
}

# Each bats test is a process of its own: what they share stands in a file.
nodes_save() {
	printf '%s=%q\n' nodes_dir "$nodes_dir" nodes_tag "$nodes_tag" nodes_switch "$nodes_switch" >"$nodes_dir/state"
}

nodes_load() {
	source "$1/state"
}

nodes_ssh_config() {
	cat >"$nodes_dir/ssh_config" <<-EOF
		Host *
		User root
		IdentityFile $cache/key
		StrictHostKeyChecking no
		UserKnownHostsFile /dev/null
		LogLevel ERROR
		ConnectTimeout 5
		ServerAliveInterval 5
		ServerAliveCountMax 3
	EOF
}

node_root() { echo "$nodes_dir/$1.root"; }

node_make() {
	local root

	root=$(node_root "$1")
	root_make "$2" || return 1
	rm -rf "$root"
	cp -a "$cache/$2.root" "$root"
	echo "$1" >"$root/etc/hostname"
	printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$1" >"$root/etc/hosts"
}

node_wire() {
	local ns=$nodes_tag-$1 ip=$2

	ip netns add "$ns"
	ip -n "$ns" link set lo up
	ip -n "$nodes_switch" link add "v$1" type veth peer name eth0 netns "$ns"
	ip -n "$nodes_switch" link set "v$1" master br0 up
	ip -n "$ns" addr add "$ip/24" dev eth0
	ip -n "$ns" link set eth0 up
	echo "$ip" >"$nodes_dir/$1.ip"
}

# A cgroup for each node in every hierarchy: without it all nodes share one tree, and systemd in one
# ends what another started.
node_cgroups() {
	local ctl path dir

	while IFS=: read -r _ ctl path; do
		case $ctl in
		'') dir=/sys/fs/cgroup/unified ;;
		name=systemd) dir=/sys/fs/cgroup/systemd ;;
		*) dir=/sys/fs/cgroup/$ctl ;;
		esac
		[[ -d $dir ]] || continue
		echo "$ctl $dir${path%/} ${path%/}/$nodes_tag-$1 $dir"
	done
}

node_cgroups_enter() {
	local snap=$1 ctl from path dir

	while read -r ctl from path dir; do
		mkdir -p "$dir$path"
		if [[ $ctl == cpuset ]]; then
			cat "$from/cpuset.cpus" >"$dir$path/cpuset.cpus"
			cat "$from/cpuset.mems" >"$dir$path/cpuset.mems"
			echo 1 >"$dir$path/cgroup.clone_children"
		fi
		echo "$BASHPID" >"$dir$path/cgroup.procs"
	done <<<"$snap"
}

node_cgroups_remove() {
	local i

	# What was killed may still be on its way out.
	for ((i = 0; i < 20; i++)); do
		find /sys/fs/cgroup -depth -type d -path "*/$nodes_tag-$1*" -exec rmdir {} + 2>/dev/null || true
		[[ -n $(find /sys/fs/cgroup -type d -name "$nodes_tag-$1" 2>/dev/null) ]] || return 0
		sleep 0.1
	done
}

# A reboot inside a node ends nspawn with 133: start it again, as the machine would.
node_nspawn() {
	local name=$1 snap
	shift
	snap=$(node_cgroups "$name" </proc/self/cgroup)
	node_cgroups_enter "$snap"
	local rc=133
	while ((rc == 133)); do
		SYSTEMD_NSPAWN_API_VFS_WRITABLE=network systemd-nspawn --quiet --register=no --keep-unit \
			--kill-signal=SIGRTMIN+3 -D "$(node_root "$name")" --machine="$name" \
			--network-namespace-path="/run/netns/$nodes_tag-$name" --console=pipe --resolv-conf=off \
			--system-call-filter=@keyring --capability=CAP_NET_ADMIN "$@" -b </dev/null \
			>>"$nodes_dir/$name.log" 2>&1
		rc=$?
	done
}

# node_boot NAME IP [nspawn option...]
node_boot() {
	local name=$1 ip=$2
	shift 2
	[[ -e /run/netns/$nodes_tag-$name ]] || node_wire "$name" "$ip"
	# A process that keeps bats' fd 3, or the pipe of a caller, makes them wait for ever.
	(node_nspawn "$name" "$@") >/dev/null 2>&1 3>&- &
	echo $! >"$nodes_dir/$name.pid"
	disown
	node_wait "$name"
}

node_wait() {
	local i

	for ((i = 0; i < 150; i++)); do
		node "$1" true 2>/dev/null && return 0
		kill -0 "$(<"$nodes_dir/$1.pid")" 2>/dev/null || break
		sleep 0.2
	done
	echo "node $1 does not answer; the end of its console:" >&2
	tail -n 20 "$nodes_dir/$1.log" >&2
	return 1
}

# node NAME COMMAND...: stdin is not passed on, so that a loop around it keeps its own
node() {
	local ip

	ip=$(<"$nodes_dir/$1.ip")
	shift
	nsenter --net="/run/netns/$nodes_switch" ssh -n -F "$nodes_dir/ssh_config" "$ip" "$@"
}

# The same on a terminal of its own.
node_terminal() {
	local ip

	ip=$(<"$nodes_dir/$1.ip")
	shift
	TERM=xterm nsenter --net="/run/netns/$nodes_switch" ssh -n -tt -F "$nodes_dir/ssh_config" "$ip" "$@"
}

# node_put NAME FILE TARGET
node_put() {
	install -D "$2" "$(node_root "$1")$3"
}

node_nspawn_pid() { pgrep -P "$(<"$nodes_dir/$1.pid")" -x systemd-nspawn; }

node_stop() {
	local pid init

	if pid=$(node_nspawn_pid "$1"); then
		init=$(pgrep -P "$pid" -o) || true
		[[ -z $init ]] || kill -s SIGRTMIN+4 "$init" || true
		node_gone "$1" 200 || node_kill "$1"
	fi
	node_cgroups_remove "$1"
}

# The power cut: nothing in the node gets to say a word.
node_kill() {
	local pid init

	pid=$(node_nspawn_pid "$1") || return 0
	init=$(pgrep -P "$pid" -o) || true
	kill -KILL "$(<"$nodes_dir/$1.pid")" ${init:+"$init"} "$pid" 2>/dev/null || true
	node_gone "$1" 100 || true
	node_cgroups_remove "$1"
}

node_gone() {
	local i

	for ((i = 0; i < $2; i++)); do
		kill -0 "$(<"$nodes_dir/$1.pid")" 2>/dev/null || pgrep -f -- "-D $(node_root "$1") " >/dev/null || return 0
		sleep 0.1
	done
	return 1
}

# The last process of a node may still be on its way out.
nodes_unmount() {
	local i

	for ((i = 0; i < 25; i++)); do
		mountpoint -q "$nodes_dir" || return 0
		umount "$nodes_dir" 2>/dev/null || sleep 0.2
	done
	umount -l "$nodes_dir"
}

nodes_close() {
	local f name

	for f in "$nodes_dir"/*.pid; do
		[[ -e $f ]] || continue
		name=${f##*/} name=${name%.pid}
		node_stop "$name"
		ip netns del "$nodes_tag-$name" 2>/dev/null || true
	done
	ip netns del "$nodes_switch"
	nodes_unmount
	rm -rf "$nodes_dir"
}
