/* The yum family: from a target to its closure. */
#include "base/path.h"
#include "pkgrepo/repo_lock.h"
#include "pkgrepo/solve_target.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_solve.h"
#include "pkgrepo/yum_source.h"
#include "pkgrepo/yum_with.h"

#include <string.h>

#define MAX_ROUNDS 8 /* of filelists: each finds paths that the one before made reachable */

/* What has no place in this run: only what the lock names stays. */
static int keep_locked(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_err **err)
{
	struct oci_repo_locked l;
	Pool *pool = p->pool;

	p->locked = true;
	oci_repo_locked_begin(&l, t->locked, t->os->name, t->arch);
	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);
		const struct oci_repo_lock_pkg pkg = { oci_slice(pool_id2str(pool, s->name)),
						       oci_slice(pool_id2str(pool, s->evr)),
						       oci_slice(pool_id2str(pool, s->arch)), &p->nodes.v[id].digest };

		if (!oci_repo_locked_name(&l, pkg.name) || !oci_repo_locked_take(&l, &pkg))
			oci_yum_pool_hide(p, id);
	}
	return oci_repo_locked_end(&l, err);
}

/* Asks, and the files that they and what they lead to need: filelists are read only for those. */
static int make_asks(const struct oci_repo_target *t, const struct oci_wants *wants, struct oci_yum_pool *p,
		     const struct oci_rpm_comps *comps, struct oci_asks *asks, struct oci_err **err)
{
	auto_map struct oci_map wanted = { 0 };

	for (int round = 0; round < MAX_ROUNDS; round++) {
		size_t had = wanted.n;

		oci_asks_clear(asks);
		if (oci_yum_asks_make(p, wants, comps, &wanted, asks, err) < 0)
			return -1;
		oci_yum_reach_paths(p, asks, &wanted);
		if (wanted.n == had)
			return 0;
		if (oci_yum_paths_load(p, t->net, &wanted, err) < 0)
			return -1;
	}
	return 0;
}

int oci_yum_solve_pool(const struct oci_repo_target *t, const struct oci_wants *wants, struct oci_yum_pool *pool,
		       const struct oci_rpm_comps *comps, struct oci_repo_closure *out, const struct oci_strs *why,
		       struct oci_strs *chains, struct oci_err **err)
{
	auto_asks struct oci_asks asks = { 0 };
	auto_queue Queue chosen;

	queue_init(&chosen);
	pool->cpus = t->arches;
	oci_yum_pool_ready(pool);
	if (t->base)
		oci_yum_base_assume(pool, t->base);
	if (make_asks(t, wants, pool, comps, &asks, err) < 0)
		return -1;
	const struct oci_solve question = oci_yum_question(pool, &asks);

	if (oci_solve_target(t, &question, why, chains, &chosen, err) < 0)
		return -1;
	return oci_yum_closure_list(pool, &chosen, out, err);
}

static bool wants_groups(const struct oci_wants *wants)
{
	for (size_t i = 0; i < wants->n; i++)
		if (wants->v[i].text[0] == '@')
			return true;
	return false;
}

/* rpm knows no essential packages; what every installation of these systems has is the group "core". */
static void copy_wants(const struct oci_repo_target *t, struct oci_wants *to)
{
	for (size_t i = 0; i < t->wants->n; i++)
		oci_wants_add(to, t->wants->v[i].text, t->wants->v[i].where);
	if (t->with_essential)
		oci_wants_add(to, "@core", "--with-essential");
}

static int yum_solve(const struct oci_repo_target *t, struct oci_repo_closure *out, const struct oci_strs *why,
		     struct oci_strs *chains, struct oci_err **err)
{
	auto_yum_pool struct oci_yum_pool *pool = oci_yum_pool_new(t->arch, t->recommends);
	auto_rpm_comps struct oci_rpm_comps comps = { 0 };
	auto_wants struct oci_wants wants = { 0 };

	copy_wants(t, &wants);
	if (oci_yum_source_load(t, pool, wants_groups(&wants) ? &comps : NULL, err) < 0 ||
	    oci_yum_with_add(t, pool, &wants, err) < 0)
		return -1;
	if (t->locked && keep_locked(t, pool, err) < 0)
		return -1;
	return oci_yum_solve_pool(t, &wants, pool, &comps, out, why, chains, err);
}

const struct oci_repo_family oci_repo_yum = {
	.solve = yum_solve,
	.write = oci_yum_write,
	.list = oci_yum_list,
	.prove = oci_yum_prove,
	.is_repo = oci_yum_is_repo,
};
