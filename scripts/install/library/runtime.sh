# shellcheck shell=bash
# runtime.sh: what runs the two servers

# runtime_choose: the configured one; by itself: the one in use, this node's, the package's, else none
runtime_choose() {
	runtime=${conf[compose.runtime]}
	[[ $runtime == auto ]] || return 0
	if [[ -f $state/runtime ]]; then
		runtime=$(<"$state/runtime")
		return
	fi
	runtime=native
	compgen -G "$package/resources/images/registry*.tar" >/dev/null || return 0
	local name
	for name in nerdctl docker podman; do
		command -v "$name" >/dev/null || continue
		runtime=$name
		return
	done
	! compgen -G "$package/resources/nginx/tools/nerdctl-full*" >/dev/null || runtime=nerdctl
}

runtime_up() {
	((dry_run)) || runtime_remember
	"${runtime}_up"
}

runtime_remember() {
	if [[ -f $state/runtime && $(<"$state/runtime") != "$runtime" ]]; then
		log "runtime changes from $(<"$state/runtime") to $runtime"
		"$(<"$state/runtime")_down"
	fi
	mkdir -p "$state"
	echo "$runtime" >"$state/runtime"
}

runtime_down() { "$(<"$state/runtime")_down"; }
