# What docker-up and docker-down share: where the engine's state lies, and whether a part of it runs.
# shellcheck shell=bash

cache=${KUBECRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubecrate}
state=${KUBECRATE_DOCKER_STATE:-$cache/engine}
# shellcheck disable=SC2034  # for the sourcing script
cgroup=kubecrate-$(printf %s "$state" | sha256sum | cut -c1-8)

die() { echo "${0##*/}: $*" >&2; exit 1; }

# The process that was started with the configuration FILE; asked of the kernel, so that no cut can lose it.
pid_of() {
	{ grep -lsFxz -f <(echo "$state/$1") /proc/[0-9]*/cmdline || true; } | cut -d/ -f3 | head -n 1
}

# Waits for one's turn; the lock file may have gone with the state of the one who was before us.
lock() {
	while :; do
		mkdir -p "$state"
		exec 9>"$state/lock"
		flock 9
		[ "$state/lock" -ef /proc/self/fd/9 ] && return
	done
}
