# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# undo.sh: a journal of what was changed on this node, written before each change, read backwards by remove

# undo_note VERB ARGUMENT: once for each pair
undo_note() {
	local line

	((dry_run)) && return 0
	line=$(printf '%s\t%s' "$1" "$2")
	mkdir -p "$state/undo"
	if [[ -f $state/undo/journal ]] && grep -qxF -- "$line" "$state/undo/journal"; then return 0; fi
	printf '%s\n' "$line" >>"$state/undo/journal"
	sync -d "$state/undo/journal" 2>/dev/null || true
}

# undo_file PATH [VERB]: keeps PATH as it is now (or that it is absent) before we write it
undo_file() {
	local path=$1 verb=${2:-file} kept=$state/undo/files$1

	((dry_run)) && return 0
	[[ ! -f $state/undo/journal ]] || ! grep -qxF -- "$verb	$path" "$state/undo/journal" || return 0
	undo_parents "${path%/*}"
	if [[ -e $path || -L $path ]]; then
		mkdir -p "${kept%/*}"
		cp -a "$path" "$kept.new"
		mv -T "$kept.new" "$kept"
	fi
	undo_note "$verb" "$path"
}

# undo_tree PATH: a folder that a program will fill by itself goes whole, if it was not there before
undo_tree() {
	[[ ! -e $1 ]] || return 0
	undo_note tree "$1"
}

# undo_service UNIT: what we are about to enable and start is left as it is now; comes before the packages that bring it
undo_service() {
	((dry_run)) && return 0
	! grep -qsxE "(start|stop)	$1" "$state/undo/journal" || return 0
	systemctl -q is-enabled "$1" 2>/dev/null || undo_note disable "$1"
	if systemctl -q is-active "$1"; then undo_note start "$1"; else undo_note stop "$1"; fi
}

# The folders that are made on the way to a file leave with it.
undo_parents() {
	[[ -n $1 && ! -d $1 ]] || return 0
	undo_parents "${1%/*}"
	undo_note folder "$1"
}

# undo_run KEEP: everything in reverse order; each verb may be repeated without harm
undo_run() {
	local verb arg

	[[ -f $state/undo/journal ]] || return 0
	while IFS=$'\t' read -r verb arg; do
		undo_one "$verb" "$arg"
	done < <(tac "$state/undo/journal")
	((dry_run)) || mv "$state/undo/journal" "$state/undo/journal.done"
}

undo_one() {
	case $1 in
	file) undo_restore "$2" ;;
	block) undo_block "$2" ;;
	tree) run rm -rf "$2" ;;
	folder) [[ ! -d $2 ]] || attempt rmdir "$2" || log "$2 stays: it is not empty" ;;
	unit) undo_unit "$2" ;;
	unmask) attempt systemctl unmask --runtime "$2" || true ;;
	enable) attempt systemctl enable "$2" || true ;;
	start) attempt systemctl start "$2" || true ;;
	disable) attempt systemctl disable "$2" || true ;;
	stop) attempt systemctl stop "$2" || true ;;
	restart) attempt systemctl try-restart "$2" || true ;;
	restore) packages_restore "$2" ;;
	packages) packages_purge "$2" ;;
	users) users_drop "$2" ;;
	absent) run rm -f "$2" ;;
	zone) firewalld_forget "$2" ;;
	firewalld | ufw) firewall_close "$1" "$2" ;;
	selinux) selinux_restore "$2" ;;
	relabel) attempt restorecon -R "$2" || true ;;
	trust) trust_refresh ;;
	*) log "journal: unknown verb $1" ;;
	esac
}

undo_restore() {
	local path=$1 kept=$state/undo/files$1

	if [[ -e $kept || -L $kept ]]; then
		run rm -rf "$path"
		run mkdir -p "${path%/*}"
		run cp -a "$kept" "$path"
	else
		run rm -rf "$path"
	fi
}

# What the site wrote around our lines since then stays; without such, every byte is as it was.
undo_block() {
	local path=$1 kept=$state/undo/files$1

	[[ -f $path ]] || return 0
	run sed -i '/^# kubecrate begin$/,/^# kubecrate end$/d' "$path"
	if [[ -f $kept ]]; then
		! cmp -s <(awk 1 "$kept") "$path" || run cp -a "$kept" "$path"
	elif [[ ! -s $path ]]; then
		run rm -f "$path"
	fi
}

undo_unit() {
	attempt systemctl disable --now "$1" || true
	run rm -f "/etc/systemd/system/$1"
	run systemctl daemon-reload
	attempt systemctl reset-failed "$1" || true
}
