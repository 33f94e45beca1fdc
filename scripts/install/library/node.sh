# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# node.sh: what is known of this node without any tool beyond bash, coreutils and awk

# Every IPv4 address of this host, from the kernel's own table.
node_addresses() {
	awk '/32 host LOCAL/ { print last } { last = $NF }' /proc/net/fib_trie | sort -u
}

# Those by which others may reach it: not loopback, and no bridge of containers or virtual machines.
node_outer_addresses() {
	command -v ip >/dev/null || { node_addresses | grep -v '^127\.'; return; }
	ip -4 -o address show scope global | awk '$2 !~ /^(docker|br-|cni|podman|virbr|veth|flannel|cali|kube|nerdctl)/ { sub(/\/.*/, "", $4); print $4 }' | sort -u
}

# node_address: sets address to that of the default route's interface, else to the only one that is not loopback.
node_address() {
	local all=() dev

	mapfile -t all < <(node_outer_addresses)
	address=${all[0]:-127.0.0.1}
	((${#all[@]} != 1)) || return 0
	dev=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
	if [[ -n $dev ]] && command -v ip >/dev/null; then
		address=$(ip -4 -o address show dev "$dev" scope global | awk '{ sub(/\/.*/, "", $4); print $4; exit }')
	else
		fault "compose.internal_ip: which address of this node do the others reach? It has ${all[*]:-none}; set it"
	fi
}

# port_holder PORT: who listens there on any address; fails when nobody does
port_holder() {
	local hex inode link

	printf -v hex '%04X' "$1"
	inode=$(awk -v p=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == p { print $10; exit }' /proc/net/tcp /proc/net/tcp6 2>/dev/null)
	[[ -n $inode ]] || return 1
	for link in /proc/[0-9]*/fd/*; do
		[[ $(readlink "$link" 2>/dev/null) == "socket:[$inode]" ]] || continue
		link=${link#/proc/}
		echo "$(<"/proc/${link%%/*}/comm") (process ${link%%/*})"
		return
	done
	echo "an unknown process"
}

# free_bytes PATH: on the file system that PATH is or will be on
free_bytes() {
	local d=$1

	while [[ ! -d $d ]]; do d=$(dirname "$d"); done
	df -B1 --output=avail "$d" | tail -n 1
}

same_filesystem() {
	local d=$2

	while [[ ! -d $d ]]; do d=$(dirname "$d"); done
	[[ $(stat -c %d "$1") == "$(stat -c %d "$d")" ]]
}

human() { numfmt --to=iec --suffix=B "$1"; }
