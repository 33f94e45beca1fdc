# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# verify.sh: every file of the package against SHA256SUMS.d

verify_package() {
	local work count

	((dry_run)) && return 0
	compgen -G "$package/SHA256SUMS.d/*" >/dev/null || die "$package has no SHA256SUMS.d: it is not a whole package; extract it again"
	work=$(mktemp -d "${TMPDIR:-/run}/kubecrate-verify.XXXXXX" 2>&1) || die "$work; install.sh must run as root"
	verify_by_tool "$work" || verify_by_coreutils "$work"
	step_note="$(cat "$package"/SHA256SUMS.d/* | wc -l) files"
	count=$(wc -l <"$work/faults") || die "what was found cannot be kept in $work"
	head -n 20 "$work/faults" | while read -r line; do say_fail "$line"; done
	rm -rf "$work"
	((count == 0)) || die "$count file(s) of $package are not what was packed; copy the package to this node again"
}

# The package's own tool reads with all CPUs. It fails here only when it cannot run, as when it is what was damaged.
verify_by_tool() {
	local tool rc=0 bar=(-q)

	tool=$(tool bundle-extract 2>/dev/null) || return 1
	[[ ! -t 2 ]] || ((quiet)) || bar=()
	log "run: $tool --verify $package"
	if ((${#bar[@]})); then
		"$tool" "${bar[@]}" --verify "$package" >"$1/found" 2>"$1/words" || rc=$?
	else
		"$tool" --verify "$package" >"$1/found" || rc=$?
	fi
	verify_faults "$1/found" >"$1/faults"
	((rc == 0)) || [[ -s $1/faults ]] && return
	log "bundle-extract --verify: status $rc: $(last_words "$(cat "$1/words" 2>/dev/null)")"
	return 1
}

# verify_faults FILE: "KIND TAB PATH" in words; what no seal names (extra: config.yaml) is the site's own
verify_faults() { awk -F'\t' '$1 != "extra" { print $2 ": " ($1 == "missing" ? "missing or unreadable" : $1) }' "$1" | sort; }

verify_by_coreutils() {
	local rc=0

	(cd "$package" && cat SHA256SUMS.d/* | sha256sum -c --quiet 2>/dev/null) >"$1/said" || rc=$?
	sed -n 's/^\(.*\): FAILED open or read$/missing\t\1/p; s/^\(.*\): FAILED$/changed\t\1/p' "$1/said" >"$1/found"
	verify_faults "$1/found" >"$1/faults"
	# Nothing may pass that was not read: here the reading itself failed, or there is no room for what it found.
	((rc == 0)) || [[ -s $1/faults ]] || die "the checksums of $package cannot be checked; is $1 on a full disk?"
}
