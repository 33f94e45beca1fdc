# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# state.sh: the lock of a run, and which steps are done for which input

# state_lock: two installers take turns never: the second says who is at work, and leaves
state_lock() {
	((dry_run)) && return 0
	mkdir -p /run/lock
	exec 9>>/run/lock/kubecrate.lock
	if ! flock -n 9; then
		die "another install.sh is at work (process $(tail -n 1 /run/lock/kubecrate.lock)); wait for it to end"
	fi
	echo "$$" >/run/lock/kubecrate.lock
}

# state_has NAME KEY: NAME was done with the same KEY
state_has() { [[ -f $state/done/$1 && $(<"$state/done/$1") == "$2" ]]; }

state_set() {
	((dry_run)) && return 0
	mkdir -p "$state/done"
	printf '%s\n' "$2" >"$state/done/$1.new"
	mv "$state/done/$1.new" "$state/done/$1"
}
