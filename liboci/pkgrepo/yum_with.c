#include "pkgrepo/yum_with.h"

#include "base/out.h"
#include "pkgrepo/rpm_check.h"
#include "pkgrepo/rpm_file.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/want_cpu.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_source.h"

#include <stdlib.h>

/* Documents as of two repositories whose locations are paths of this machine. */
struct adding {
	const struct oci_repo_target *t;
	struct oci_rpm_keys *keys; /* of all repositories in use */
	struct oci_buf vouched, apart;
};

static void adding_clear(struct adding *a)
{
	oci_rpm_keys_close(a->keys);
	oci_buf_clear(&a->vouched);
	oci_buf_clear(&a->apart);
}

static int open_keys(struct adding *a, struct oci_err **err)
{
	const struct oci_os *os = a->t->os;
	auto_strs struct oci_strs files = { 0 };

	for (size_t i = 0; i < os->repos.n; i++) {
		const struct oci_os_repo *r = &os->repos.v[i];

		for (size_t k = 0; k < r->keys.n && oci_yum_source_wanted(r, a->t->arch); k++)
			if (!oci_strs_has(&files, r->keys.v[k]))
				oci_strs_add(&files, r->keys.v[k]);
	}
	return oci_rpm_keys_open(&a->keys, &files, err);
}

static bool is_vouched(const struct adding *a, const char *path, const struct oci_rpm_file *f)
{
	const struct oci_rpm_said said = { f->name, f->version, f->arch };
	struct oci_err *why = NULL;

	if (!f->is_signed)
		return false;
	int rc = oci_rpm_check(path, &said, a->keys, &why);

	oci_err_free(why);
	return rc == 0;
}

static int add_entry(struct adding *a, const char *path, struct oci_err **err)
{
	auto_rpm_file struct oci_rpm_file f = { 0 };
	auto_free char *real = realpath(path, NULL);

	if (!real)
		return oci_fail_errno(err, "--with: %s", path);
	if (oci_rpm_file_read(path, real, &f, err) < 0)
		return oci_fail_in(err, "--with");
	int ours = oci_want_cpu_local(OCI_OS_YUM, path, f.arch, a->t->arch, a->t->arches, err);

	if (ours <= 0)
		return ours;
	bool vouched = is_vouched(a, path, &f);

	if (!vouched)
		oci_warn(a->t->out,
			 "--with %s: %s; it goes into a repository of its own, %s, of which nodes check repomd.xml "
			 "alone",
			 path, f.is_signed ? "no key of the description signed it" : "not signed", OCI_REPO_APART);
	oci_buf_addf(vouched ? &a->vouched : &a->apart, "%s\n", f.primary);
	return 0;
}

/* By name, version and CPU: nothing else will do. */
static void ask_for(const struct oci_yum_pool *p, Id from, struct oci_wants *wants)
{
	const Pool *pool = p->pool;

	for (Id id = from; id < pool->nsolvables; id++) {
		const Solvable *s = pool_id2solvable(pool, id);
		auto_free char *text = oci_printf("%s-%s.%s", pool_id2str(pool, s->name), pool_id2str(pool, s->evr),
						  pool_id2str(pool, s->arch));

		oci_wants_add(wants, text, "--with");
	}
}

static int add_document(struct oci_yum_pool *p, const struct oci_buf *entries, bool apart, struct oci_err **err)
{
	struct oci_yum_source source = { .what = oci_strdup("--with"),
					 .text = oci_printf(OCI_PRIMARY_ROOT ">\n%s</metadata>\n",
							    oci_buf_text(entries)),
					 .apart = apart };

	return oci_yum_pool_add(p, &source, err);
}

int oci_yum_with_add(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_wants *wants,
		     struct oci_err **err)
{
	OCI_AUTO(adding_clear) struct adding a = { .t = t };
	Id from = p->pool->nsolvables;

	for (size_t i = 0; t->with && i < t->with->n; i++) {
		if (oci_ends(t->with->v[i], ".deb"))
			continue;
		if ((!a.keys && open_keys(&a, err) < 0) || add_entry(&a, t->with->v[i], err) < 0)
			return -1;
	}
	if ((a.vouched.len && add_document(p, &a.vouched, false, err) < 0) ||
	    (a.apart.len && add_document(p, &a.apart, true, err) < 0))
		return -1;
	ask_for(p, from, wants);
	return 0;
}
