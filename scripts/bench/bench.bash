# What the measurements share. Each runs its commands in turn, A B A B, and quotes medians.
# shellcheck shell=bash

# measure NAME COMMAND…: wall seconds, CPU seconds (user and system) and peak memory in kB of the whole process, one tab-separated line
# appended to $BENCH_DIR/NAME.
measure() {
	local name=$1
	/usr/bin/env time -f '%e %U %S %M' -o "$BENCH_DIR/last" "${@:2}" >/dev/null 2>&1 ||
		{ echo "bench: $name failed: ${*:2}" >&2; return 1; }
	tail -n 1 "$BENCH_DIR/last" | awk '{ printf "%s\t%.2f\t%s\n", $1, $2 + $3, $4 }' >>"$BENCH_DIR/$name"
}

# median NAME COLUMN (1 wall, 2 CPU, 3 memory)
median() {
	cut -f"$2" "$BENCH_DIR/$1" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# against OURS PEER: one line with both medians and the ratio.
against() {
	local ours=$1 peer=$2
	awk -v o="$ours" -v p="$peer" -v ow="$(median "$ours" 1)" -v pw="$(median "$peer" 1)" -v oc="$(median "$ours" 2)" \
		-v pc="$(median "$peer" 2)" -v om="$(median "$ours" 3)" -v pm="$(median "$peer" 3)" 'BEGIN {
		printf "%s: wall %.2f s, CPU %.2f s, peak %.1f MB; %s: wall %.2f s, CPU %.2f s, peak %.1f MB; ratio wall %.2f, CPU %.2f\n",
			o, ow, oc, om / 1024, p, pw, pc, pm / 1024, ow / (pw > 0 ? pw : 0.01), oc / (pc > 0 ? pc : 0.01) }'
}

bench_begin() {
	BENCH_DIR=$(mktemp -d)
	export BENCH_DIR
}
