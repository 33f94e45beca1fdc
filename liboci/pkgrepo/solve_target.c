#include "pkgrepo/solve_target.h"

#include "base/out.h"

int oci_solve_target(const struct oci_repo_target *t, const struct oci_solve *s, const struct oci_strs *why,
		     struct oci_strs *chains, Queue *chosen, struct oci_err **err)
{
	auto_strs struct oci_strs apart = { 0 };

	if (oci_solve_all(s, chosen, &apart, err) < 0)
		return -1;
	for (size_t i = 0; i < apart.n; i++)
		oci_warn(t->out, "%s %s: %s", t->os->name, t->arch, apart.v[i]);
	for (size_t i = 0; why && i < why->n; i++) {
		char *chain = oci_solve_why(s, chosen, t->recommends, why->v[i]);

		oci_strs_add_take(chains, chain ? chain : oci_strdup(""));
	}
	return 0;
}
