# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# say.sh: one line for every action on the terminal, everything with time and command in the log

say_init() {
	say_green='' say_red='' say_red_off='' say_blue='' say_off='' say_clear=''
	# What step wrote while the action ran is longer than what takes its place.
	[[ ! -t 1 || ${TERM:-dumb} == dumb ]] || say_clear=$'\e[K'
	say_colours 1 && say_green=$'\e[32m' say_blue=$'\e[34m' say_off=$'\e[0m'
	# Failures go to stderr, which may be a file while stdout is a terminal.
	say_colours 2 && say_red=$'\e[31m' say_red_off=$'\e[0m'
	say_action='' say_faults=()
}

say_colours() { [[ -t $1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; }

# log_open: from here on everything goes to the log as well; the log is root's alone
log_open() {
	((dry_run)) && return 0
	mkdir -p "${log_file%/*}"
	[[ -e $log_file ]] || install -m 600 /dev/null "$log_file"
	exec 8>>"$log_file"
	log_ready=1
	log "install.sh $*"
}

log() {
	((${log_ready:-0})) || return 0
	printf '%(%Y-%m-%dT%H:%M:%S%z)T %s %s\n' -1 $$ "$*" >&8
}

say_done() { say_line "$say_green✔$say_off" "$*"; }
say_note() { say_line "$say_blue➜$say_off" "$*"; }

say_line() {
	local mark=$1
	shift
	log "$*"
	((quiet)) || printf '%s%s %s\n' "$say_clear" "$mark" "$*"
}

say_fail() {
	log "FAILED $*"
	printf '%s %s\n' "$say_red✖$say_red_off" "$*" >&2
}

# die REASON: the action in hand is named first, the log last
die() {
	say_fail "${say_action:+$say_action: }$*"
	((${log_ready:-0})) && printf '  log: %s\n' "$log_file" >&2
	exit 1
}

usage_error() {
	printf 'install.sh: %s\nTry: install.sh help\n' "$*" >&2
	exit 2
}

# fault REASON: remembered, once; faults_end shows all of them
fault() {
	local reason="$*" IFS=$'\n'

	[[ $IFS${say_faults[*]}$IFS == *"$IFS$reason$IFS"* ]] || say_faults+=("$reason")
}

faults_end() {
	local f

	((${#say_faults[@]})) || return 0
	for f in "${say_faults[@]}"; do say_fail "$f"; done
	printf '%s fault(s) in all; nothing was changed. %s\n' "${#say_faults[@]}" "$1" >&2
	exit 1
}

# step TEXT FUNCTION [ARG...]: one action, one line, with its seconds
step() {
	local text=$1 start=$SECONDS
	shift
	say_action=$text step_note=''
	if ((dry_run)); then
		say_note "would: $text"
	elif [[ -n $say_clear ]] && ! ((quiet)); then
		printf '%s %s …\r' "$say_blue➜$say_off" "$text"
	fi
	log "begin: $text"
	"$@"
	((dry_run)) || say_done "$text${step_note:+: $step_note}$(seconds_since "$start")"
	say_action=''
}

seconds_since() {
	local s=$((SECONDS - $1))
	((s < 2)) || printf ' (%s s)' "$s"
}

# run COMMAND...: logged with its output; a failure ends the action with the command's last words
run() {
	local out rc=0

	if ((dry_run)); then
		printf '    %s\n' "$*"
		return 0
	fi
	log "run: $*"
	out=$("$@" 2>&1 </dev/null) || rc=$?
	[[ -z $out ]] || log "$out"
	((rc == 0)) || die "$1 failed (status $rc): $(last_words "$out")"
}

# tool_run OUT COMMAND...: one of our tools, which goes on where it stopped; stdout becomes OUT. On a terminal its progress
# is seen; then what it fails with is said by a second, quiet run.
tool_run() {
	local out=$1
	shift

	log "run: $*"
	if [[ -t 2 ]] && ! ((quiet)); then
		"$@" >"$out" </dev/null && return
	fi
	"$1" -q "${@:2}" >"$out" 2>"$out.words" </dev/null && return
	log "$(<"$out.words")"
	return 1
}

# attempt COMMAND...: like run, but a failure is only logged and told by the status
attempt() {
	local out rc=0

	((dry_run)) && return 0
	log "attempt: $*"
	out=$("$@" 2>&1 </dev/null) || rc=$?
	log "status $rc${out:+: $out}"
	return "$rc"
}

last_words() { tail -n 3 <<<"$1" | tr '\n' ' ' | cut -c 1-400; }

# write_file PATH [MODE]: stdin becomes PATH, whole or not at all; says by its status whether that changed anything
write_file() {
	local path=$1 mode=${2:-644}

	if ((dry_run)); then
		cat >/dev/null
		printf '    write %s\n' "$path"
		return 0
	fi
	mkdir -p "${path%/*}"
	cat >"$path.new" || die "$path: cannot be written; is the disk full?"
	if cmp -s "$path.new" "$path"; then
		rm -f "$path.new"
		return 1
	fi
	log "write: $path"
	chmod "$mode" "$path.new"
	sync -d "$path.new" 2>/dev/null || true
	mv "$path.new" "$path"
}

# finds PATTERN: grep -q would close the pipe early, and the writer's death would count as a failure
finds() { grep "$@" >/dev/null; }
