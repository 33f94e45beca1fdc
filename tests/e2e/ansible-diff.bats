# The evaluator beside Ansible's own engine, on thousands of generated templates.

@test "nine thousand generated templates give what Ansible gives" {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR"
	python=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$(command -v ansible)")
	for seed in 101 102 103; do
		run -0 bash "$BATS_TEST_DIRNAME/../lib/ansible-diff" "${KUBECRATE_BUILD:-build}/template-eval" "$python" 3000 "$seed"
		[[ ${lines[-1]} == *' differ 0' ]]
	done
}
