# Real kubespray releases and the lists that Ansible made of them: ../shared/kubespray beside the checkout.
# shellcheck shell=bash

kubespray_dir=$(realpath -m "${KUBECRATE_TOP:-$PWD}/../shared/kubespray")
# A worktree lies one level deeper than a checkout.
[ -d "$kubespray_dir" ] || kubespray_dir=$(realpath -m "${KUBECRATE_TOP:-$PWD}/../../shared/kubespray")

need_kubespray() {
	[ -d "$kubespray_dir" ] || skip 'no ../shared/kubespray beside the checkout'
}

# variant_flags DIR: the -e flags of a variant's vars.txt, one array element each, into `flags`.
variant_flags() {
	local line

	flags=()
	[ -f "$1/vars.txt" ] || return 0
	while IFS= read -r line; do
		line=${line#-e }
		[[ $line != @* ]] || line=@$1/${line#@}
		flags+=(-e "$line")
	done <"$1/vars.txt"
}

# same_list EXPECTED COMMAND…: byte for byte.
same_list() {
	local want=$1

	shift
	"$@" >"$BATS_TEST_TMPDIR/out" || { echo "failed: $*"; return 1; }
	cmp "$BATS_TEST_TMPDIR/out" "$want" || { diff "$BATS_TEST_TMPDIR/out" "$want"; return 1; }
}

# cpu_of VARIANT CPU: image-arch-only was made on amd64, with a flag alone.
cpu_of() {
	if [[ $1 == */image-arch-only ]]; then echo amd64; else echo "$2"; fi
}

variants_of() { # RELEASE
	echo "$kubespray_dir/$1/expected"
	find "$kubespray_dir/$1/expected" -mindepth 1 -maxdepth 1 -type d ! -name upstream-sh | sort
}
