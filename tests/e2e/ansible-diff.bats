# The evaluator beside Ansible's own engine, on thousands of generated templates; list-gen beside it, on real releases with overrides.

setup() {
	bats_require_minimum_version 1.5.0
	# shellcheck source=tests/lib/kubespray.bash
	source "$BATS_TEST_DIRNAME/../lib/kubespray.bash"
	cd "$BATS_TEST_TMPDIR" || return
	python=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$(command -v ansible)")
}

@test "nine thousand generated templates give what Ansible gives" {
	for seed in 101 102 103; do
		run -0 bash "$BATS_TEST_DIRNAME/../lib/ansible-diff" "${KUBECRATE_BUILD:-build}/template-eval" "$python" 3000 "$seed"
		[[ ${lines[-1]} == *' differ 0' ]]
	done
}

@test "overrides of every kind give what Ansible gives, on every release" {
	need_kubespray
	run -0 "$python" "$BATS_TEST_DIRNAME/../lib/ansible-lists.py" "$kubespray_dir" "$BATS_TEST_DIRNAME/../lib/overrides.list" 21
	[[ ${lines[-1]} == 'same '*' differ 0' ]]
}
