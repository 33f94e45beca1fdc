# shellcheck shell=bash
# node.sh: what is known of this node without any tool beyond bash, coreutils and awk

# Every IPv4 address of this host, from the kernel's own table.
node_addresses() {
	awk '/32 host LOCAL/ { print last } { last = $NF }' /proc/net/fib_trie | sort -u
}

# The address of the default route's interface, else the only one that is not loopback.
node_address() {
	local all=() a dev

	dev=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)
	for a in $(node_addresses); do [[ $a == 127.* ]] || all+=("$a"); done
	if [[ -n $dev ]] && command -v ip >/dev/null; then
		ip -4 -o address show dev "$dev" scope global | awk '{ sub(/\/.*/, "", $4); print $4; exit }'
	elif ((${#all[@]} == 1)); then
		echo "${all[0]}"
	else
		fault "compose.internal_ip: this node has several addresses (${all[*]:-none}); set the one that the others reach"
		echo "${all[0]:-127.0.0.1}"
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
