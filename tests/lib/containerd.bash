# A containerd of one's own, for ctr as a judge: own socket, own stores, nothing shared with the machine's.
# shellcheck shell=bash

# containerd_start DIR: sets CONTAINERD_ADDRESS, which ctr reads, CONTAINERD_PID and CONTAINERD_NAMESPACE (also read by ctr).
containerd_start() {
	local dir=$1 i

	mkdir -p "$dir"
	export CONTAINERD_ADDRESS=$dir/containerd.sock CONTAINERD_NAMESPACE=kubecrate-$$
	printf '%s\n' 'version = 2' "root = \"$dir/root\"" "state = \"$dir/state\"" 'disabled_plugins = ["io.containerd.grpc.v1.cri"]' \
		'[grpc]' "  address = \"$CONTAINERD_ADDRESS\"" >"$dir/config.toml"
	containerd --config "$dir/config.toml" >"$dir/log" 2>&1 </dev/null 3>&- &
	CONTAINERD_PID=$!
	for ((i = 0; i < 200; i++)); do
		ctr version >/dev/null 2>&1 && return
		kill -0 "$CONTAINERD_PID" 2>/dev/null || break
		sleep 0.05
	done
	tail -n 20 "$dir/log" >&2
	return 1
}

# Ends it, with the mounts and control groups that its containers left.
containerd_stop() {
	local dir=${CONTAINERD_ADDRESS%/*} path

	kill "$CONTAINERD_PID" 2>/dev/null || true
	wait "$CONTAINERD_PID" 2>/dev/null || true
	awk -v top="$dir/" 'index($2, top) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r path; do umount -l "$path"; done
	find /sys/fs/cgroup -depth -type d -path "*/$CONTAINERD_NAMESPACE*" 2>/dev/null | while read -r path; do rmdir "$path"; done
	unset CONTAINERD_ADDRESS CONTAINERD_NAMESPACE CONTAINERD_PID
}
