/* A base system (--base): lines "NAME[:ARCH] [VERSION]", as dpkg-query -W prints them. */
#include "base/list.h"
#include "pkgrepo/apt_pool_int.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_dep.h"

#include <solv/poolarch.h>

/* What an installed package provides is what the archive's package of that name says. */
static struct oci_slice provides_of(const struct oci_apt_pool *p, struct oci_slice name, struct oci_slice version)
{
	const struct oci_apt_entry *e = oci_apt_index_find(p->index, name);
	const struct oci_apt_pkg *found = NULL;

	for (; e; e = oci_apt_index_next(p->index, e)) {
		const struct oci_apt_pkg *pkg = &p->index->pkgs.v[e->pkg];

		if (!e->provided && (!found || oci_slice_same(pkg->version, version)))
			found = pkg;
	}
	return found ? oci_stanza_get(found->text, "Provides") : (struct oci_slice){ "", 0 };
}

static Id equal(const struct oci_apt_pool *p, Id name, Id evr)
{
	return pool_rel2id(p->pool, name, evr, REL_EQ, 1);
}

/* version: "0" when nothing is said */
static int assume(struct oci_apt_pool *p, struct oci_slice name, struct oci_slice version, struct oci_err **err)
{
	Id id = repo_add_solvable(p->base);
	Solvable *s = pool_id2solvable(p->pool, id);
	auto_free char *any = oci_printf("%.*s:any", (int)name.len, name.p);
	struct oci_slice provides = provides_of(p, name, version);
	struct oci_deb_dep dep;
	int rc;

	*oci_apt_pool_node(p, id) = (struct oci_apt_node){ .pkg = UINT32_MAX, .pin = 100, .priority = 1 };
	s->name = pool_strn2id(p->pool, name.p, (unsigned)name.len, 1);
	s->evr = pool_strn2id(p->pool, version.p, (unsigned)version.len, 1);
	s->arch = ARCH_ALL;
	s->provides = repo_addid(p->base, s->provides, equal(p, s->name, s->evr));
	s->provides = repo_addid(p->base, s->provides, equal(p, pool_str2id(p->pool, any, 1), s->evr));
	while ((rc = oci_deb_dep_next(&provides, &dep, err)) > 0)
		s->provides = repo_addid(p->base, s->provides, oci_apt_pool_dep(p, &dep));
	return rc;
}

int oci_apt_base_assume(struct oci_apt_pool *p, const struct oci_list *list, struct oci_err **err)
{
	p->base = repo_create(p->pool, "base");
	pool_set_installed(p->pool, p->base);
	for (size_t i = 0; i < list->n; i++) {
		struct oci_slice rest = oci_slice(list->v[i].text), name, version, arch;

		oci_slice_word(&rest, &name);
		if (!oci_slice_word(&rest, &version))
			version = oci_slice("0");
		oci_slice_cut(name, ':', &name, &arch);
		if (assume(p, name, version, err) < 0)
			return oci_fail_in(err, "--base");
	}
	return 0;
}
