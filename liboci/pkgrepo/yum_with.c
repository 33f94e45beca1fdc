#include "pkgrepo/yum_with.h"

#include "base/out.h"
#include "pkgrepo/rpm_file.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/yum_int.h"

#include <stdlib.h>

/* A document as of a repository whose locations are paths of this machine. */
static int add_entry(const struct oci_repo_target *t, const char *path, struct oci_buf *document, struct oci_err **err)
{
	auto_rpm_file struct oci_rpm_file f = { 0 };
	auto_free char *real = realpath(path, NULL);

	if (!real)
		return oci_fail_errno(err, "%s", path);
	if (oci_rpm_file_read(path, real, &f, err) < 0)
		return -1;
	if (!f.is_signed)
		oci_warn(t->out, "--with %s: not signed; dnf installs it only with gpgcheck=0", path);
	oci_buf_addf(document, "%s\n", f.primary);
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

int oci_yum_with_add(const struct oci_repo_target *t, struct oci_yum_pool *p, struct oci_wants *wants,
		     struct oci_err **err)
{
	struct oci_buf document = { 0 };
	Id from = p->pool->nsolvables;
	size_t n = t->with ? t->with->n : 0;

	if (!n)
		return 0;
	oci_buf_adds(&document, OCI_PRIMARY_ROOT ">\n");
	for (size_t i = 0; i < n; i++)
		if (!oci_ends(t->with->v[i], ".deb") && add_entry(t, t->with->v[i], &document, err) < 0) {
			oci_buf_clear(&document);
			return oci_fail_in(err, "--with");
		}
	oci_buf_adds(&document, "</metadata>\n");
	struct oci_yum_source source = { .what = oci_strdup("--with"), .text = oci_buf_take(&document) };

	if (oci_yum_pool_add(p, &source, err) < 0)
		return -1;
	ask_for(p, from, wants);
	return 0;
}
