/* What a text of a list can mean as a package's name, version and CPU: dnf's readings, in its order. */
#include "pkgrepo/yum_solve.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <solv/evr.h>

/* A text cut into its parts: NULL parts are open. */
struct reading {
	char *name, *epoch, *ver, *rel, *arch;
};

enum form { NEVRA, NA, NAME, NEVR, NEV };

static void reading_clear(struct reading *r)
{
	free(r->name);
	free(r->epoch);
	free(r->ver);
	free(r->rel);
	free(r->arch);
	*r = (struct reading){ 0 };
}

/* Cut *text at its last c: the part behind it. NULL when there is none, or nothing on one side. */
static char *cut_last(char *text, char c)
{
	char *at = strrchr(text, c);

	if (!at || at == text || !at[1])
		return NULL;
	*at = '\0';
	return oci_strdup(at + 1);
}

static bool cut_version(struct reading *r)
{
	r->ver = cut_last(r->name, '-');
	if (!r->ver)
		return false;
	char *colon = strchr(r->ver, ':');

	if (!colon)
		return true;
	auto_free char *whole = r->ver;

	r->epoch = oci_strndup(whole, (size_t)(colon - whole));
	r->ver = oci_strdup(colon + 1);
	return true;
}

static bool read_as(const char *text, enum form form, struct reading *r)
{
	*r = (struct reading){ .name = oci_strdup(text) };
	if ((form == NEVRA || form == NA) && !(r->arch = cut_last(r->name, '.')))
		return false;
	if ((form == NEVRA || form == NEVR) && !(r->rel = cut_last(r->name, '-')))
		return false;
	if ((form == NEVRA || form == NEVR || form == NEV) && !cut_version(r))
		return false;
	return true;
}

bool oci_yum_is_glob(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

static bool fits(const char *pattern, const char *text)
{
	return !pattern || strcmp(pattern, text) == 0 || fnmatch(pattern, text, 0) == 0;
}

/* "1.0" is "1.00" to rpm. */
static bool part_fits(Pool *pool, const char *pattern, const char *text)
{
	return fits(pattern, text) ||
	       (!oci_yum_is_glob(pattern) && pool_evrcmp_str(pool, pattern, text, EVRCMP_COMPARE) == 0);
}

static bool evr_fits(Pool *pool, const struct reading *r, const char *evr)
{
	const char *colon = strchr(evr, ':'), *rest = colon ? colon + 1 : evr, *dash = strrchr(rest, '-');
	auto_free char *epoch = colon ? oci_strndup(evr, (size_t)(colon - evr)) : oci_strdup("0");
	auto_free char *ver = dash ? oci_strndup(rest, (size_t)(dash - rest)) : oci_strdup(rest);

	return fits(r->epoch, epoch) && part_fits(pool, r->ver, ver) && part_fits(pool, r->rel, dash ? dash + 1 : "");
}

static void match(const struct oci_yum_pool *p, const struct reading *r, Queue *out)
{
	Pool *pool = p->pool;
	bool glob = oci_yum_is_glob(r->name);
	Id name = glob ? 0 : pool_str2id(pool, r->name, 0);

	if (!glob && !name)
		return;
	OCI_YUM_EACH(p, id)
	{
		const Solvable *s = pool_id2solvable(pool, id);

		if ((glob ? fits(r->name, pool_id2str(pool, s->name)) : s->name == name) &&
		    fits(r->arch, pool_id2str(pool, s->arch)) &&
		    (!r->ver || evr_fits(pool, r, pool_id2str(pool, s->evr))))
			queue_push(out, id);
	}
}

struct oci_yum_reading oci_yum_match(const struct oci_yum_pool *p, const char *text, Queue *out)
{
	static const enum form forms[] = { NEVRA, NA, NAME, NEVR, NEV };
	struct oci_yum_reading how = { 0 };

	for (size_t i = 0; i < OCI_COUNT(forms) && !out->count; i++) {
		struct reading r;

		if (read_as(text, forms[i], &r))
			match(p, &r, out);
		how = (struct oci_yum_reading){ forms[i] == NAME, r.arch && oci_yum_is_glob(r.arch) };
		reading_clear(&r);
	}
	return how;
}
