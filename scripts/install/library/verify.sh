# shellcheck shell=bash disable=SC2034,SC2154  # the parts of install.sh share their variables
# verify.sh: every file of the package against SHA256SUMS.d, on all CPUs, with the faster hasher this node has

verify_package() {
	local work list parts

	((dry_run)) && return 0
	compgen -G "$package/SHA256SUMS.d/*" >/dev/null || die "$package has no SHA256SUMS.d: it is not a whole package; extract it again"
	work=$(mktemp -d "${TMPDIR:-/run}/kubecrate-verify.XXXXXX")
	list=$work/list parts=$work/part
	cat "$package"/SHA256SUMS.d/* >"$list"
	verify_hash "$list" "$parts" &
	verify_progress "$!" "$parts" "$(wc -l <"$list")"
	wait "$!" || true
	verify_compare "$list" "$parts" >"$work/faults"
	step_note="$(wc -l <"$list") files"
	if [[ -s $work/faults ]]; then
		while read -r line; do say_fail "$line"; log "$line"; done < <(head -n 20 "$work/faults")
		list=$(wc -l <"$work/faults")
		rm -rf "$work"
		die "$list file(s) of $package are not what was packed; copy the package to this node again"
	fi
	rm -rf "$work"
}

# Big files first and dealt out in turn, so that no CPU is left with all of them.
verify_hash() {
	local hasher='sha256sum'

	! command -v openssl >/dev/null || hasher='openssl dgst -sha256 -r'
	cd "$package" || return 1
	cut -c 67- "$1" | tr '\n' '\0' | xargs -0 stat -c '%s %n' 2>/dev/null | sort -rn | cut -d' ' -f2- |
		PART=$2 split -n "r/$(nproc)" --filter="xargs -d '\n' -n 64 $hasher >\"\$PART.\$FILE\" 2>/dev/null"
	return 0
}

verify_progress() {
	[[ -t 1 ]] && ! ((quiet)) || return 0
	while kill -0 "$1" 2>/dev/null; do
		printf '%s %s: %s of %s files\r' "$say_blue➜$say_off" "$say_action" "$(cat "$2".* 2>/dev/null | wc -l)" "$3"
		sleep 1
	done
}

verify_compare() {
	cat "$2".* 2>/dev/null | awk '
		NR == FNR { want[substr($0, 67)] = substr($0, 1, 64); next }
		{ have[substr($0, 67)] = substr($0, 1, 64) }
		END {
			for (p in want)
				if (!(p in have)) print p ": missing or unreadable"
				else if (have[p] != want[p]) print p ": changed"
		}' "$1" - | sort
}
