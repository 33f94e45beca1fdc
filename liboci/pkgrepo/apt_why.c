/* What was asked for, as the packages that a chain may begin with. */
#include "pkgrepo/apt_solve.h"
#include "pkgrepo/solve.h"

char *oci_apt_why(struct oci_apt_pool *p, const struct oci_apt_asks *asks, const Queue *chosen, const char *package)
{
	Pool *pool = p->pool;
	auto_queue Queue starts;
	Id s, pp;

	queue_init(&starts);
	for (size_t i = 0; i < asks->n; i++) {
		if (asks->v[i].solvable) {
			queue_push(&starts, asks->v[i].solvable);
			continue;
		}
		FOR_PROVIDES(s, pp, asks->v[i].relation)
		queue_push(&starts, s);
	}
	return oci_solve_why(pool, &starts, chosen, p->recommends, package);
}
