# The evaluator beside Ansible's own engine: every value is the same, and what one refuses the other does.
# tests/e2e/ansible-diff.bats does the same with thousands of generated templates.

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	python=$(sed -n '1s/^#! *\([^ ]*\).*/\1/p' "$(command -v ansible)")
	lib=$BATS_TEST_DIRNAME/../lib
}

@test "six hundred generated templates give what Ansible gives" {
	run -0 bash "$lib/ansible-diff" "${KUBECRATE_BUILD:-build}/template-eval" "$python" 600 11
	[[ ${lines[-1]} == *' differ 0' ]]
}

@test "seven hundred templates written for the edges give what Ansible gives" {
	run -0 bash "$lib/ansible-diff" "${KUBECRATE_BUILD:-build}/template-eval" "$python" "$lib/edges.yml"
	[[ ${lines[-1]} == 'same 7'*' differ 0' ]]
}
