# What docker-up and docker-down share: where the engine's state lies, and whether a part of it runs.
# shellcheck shell=bash

cache=${KUBECRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubecrate}
state=${KUBECRATE_DOCKER_STATE:-$cache/engine}
# shellcheck disable=SC2034  # for the sourcing script
cgroup=kubecrate-$(printf %s "$state" | sha256sum | cut -c1-8)

die() { echo "${0##*/}: $*" >&2; exit 1; }

pid_of() { cat "$state/$1.pid" 2>/dev/null; }

# A pid file may outlive its process, so the program behind the pid is looked at too.
running() {
	local pid

	pid=$(pid_of "$1") && grep -qzF -- "$state/" "/proc/$pid/cmdline" 2>/dev/null
}
