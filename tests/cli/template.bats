# The evaluator beside Ansible's own engine, on generated expressions: every value is the same, and what one refuses the other does.
# tests/e2e/ansible-diff.bats does the same with thousands.

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
}

@test "six hundred generated templates give what Ansible gives" {
	python=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$(command -v ansible)")
	run -0 bash "$BATS_TEST_DIRNAME/../lib/ansible-diff" "${KUBECRATE_BUILD:-build}/template-eval" "$python" 600 11
	[[ ${lines[-1]} == *' differ 0' ]]
}
