#include "pkgrepo/apt_meta.h"

#include "base/out.h"
#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/apt_release.h"
#include "pkgrepo/cache.h"
#include "pkgrepo/get.h"
#include "pkgrepo/os.h"

#include <stdlib.h>
#include <string.h>

/* What an index may unpack to where nothing says its size: ten times Debian's largest. */
#define MAX_PLAIN ((uint64_t)1 << 30)

/* Failures are told once, at the end. */
static const struct oci_out silent;

void oci_apt_metas_clear(struct oci_apt_metas *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->v[i].base);
		free(m->v[i].folder);
		free(m->v[i].url);
		free(m->v[i].shown);
		free(m->v[i].packed);
		free(m->v[i].plain);
	}
	free(m->v);
	*m = (struct oci_apt_metas){ 0 };
}

static const struct oci_release_file *choose(const struct oci_release *r, const char *index)
{
	for (size_t i = 0; i < OCI_COUNT(oci_release_packings); i++) {
		auto_free char *path = oci_printf("%s%s", index, oci_release_packings[i]);
		const struct oci_release_file *f = oci_release_find(r, path);

		if (f)
			return f;
	}
	return NULL;
}

static char *by_hash(const char *dir, const struct oci_release_file *f)
{
	auto_free char *folder = oci_path_parent(f->path);
	auto_free char *rest = oci_printf("%s/by-hash/%s/%s", folder,
					  f->digest.algorithm == OCI_SHA256 ? "SHA256" : "SHA512", OCI_HEX(&f->digest));

	return oci_repo_url(dir, oci_starts(rest, "./") ? rest + 2 : rest);
}

static int pin_of(const struct oci_os_repo *repo, const struct oci_release *r)
{
	if (repo->priority)
		return (int)repo->priority;
	return !r->not_automatic ? 500 : r->automatic_upgrades ? 100 : 1;
}

/* Packages files are mapped, so they are kept unpacked; Contents are ten times as long and read once. */
static void place(struct oci_apt_meta *m, const char *cache)
{
	if (m->kind != OCI_APT_PACKAGES) {
		m->plain = oci_repo_cache_path(cache, &m->digest);
		m->packed = oci_strdup(m->plain);
		return;
	}
	m->plain = oci_repo_cache_path(cache, m->plain_size == OCI_SIZE_UNKNOWN ? &m->digest : &m->plain_digest);
	m->packed = oci_printf("%s.packed-%.16s", m->plain, OCI_HEX(&m->digest));
}

bool oci_apt_metas_add(struct oci_apt_metas *metas, const char *cache, const struct oci_apt_meta_at *at)
{
	const struct oci_release *r = at->release;
	const struct oci_release_file *f = choose(r, at->index), *plain = oci_release_find(r, at->index);

	if (!f)
		return false;
	auto_free char *shown = oci_repo_url(at->dir, f->path);

	for (size_t i = 0; i < metas->n; i++)
		if (oci_streq(metas->v[i].shown, shown) && metas->v[i].repo == at->repo)
			return true;
	struct oci_apt_meta *m = oci_vec_push(metas);

	*m = (struct oci_apt_meta){ .kind = at->kind,
				    .repo = at->repo,
				    .base = oci_strdup(at->base),
				    .folder = at->folder ? oci_strdup(at->folder) : NULL,
				    .url = r->by_hash ? by_hash(at->dir, f) : oci_strdup(shown),
				    .shown = oci_steal(&shown),
				    .digest = f->digest,
				    .size = f->size,
				    .plain_size = plain ? plain->size : OCI_SIZE_UNKNOWN,
				    .pin = pin_of(at->repo, r) };
	if (plain)
		m->plain_digest = plain->digest;
	place(m, cache);
	return true;
}

/* by_name: under the name people know. Many mirrors copy a Release that offers by-hash names without these: as apt
 * does, ask for the plain name then. */
static void fetch(struct oci_apt_meta **of, size_t n, bool by_name, struct oci_repo_net *net,
		  struct oci_failures *failures)
{
	auto_free struct oci_repo_get *gets = oci_calloc(n + 1, sizeof(*gets));
	size_t again = 0;

	for (size_t i = 0; i < n; i++)
		gets[i] = (struct oci_repo_get){ .url = by_name ? of[i]->shown : of[i]->url,
						 .path = of[i]->packed,
						 .synced = true,
						 .digest = of[i]->digest,
						 .size = of[i]->size,
						 .progress = of[i]->shown };
	oci_repo_get_files(net, gets, n);
	for (size_t i = 0; i < n; i++) {
		if (!gets[i].err)
			continue;
		if (oci_err_code(gets[i].err) != OCI_NOTFOUND || by_name || oci_streq(of[i]->url, of[i]->shown)) {
			oci_failures_add_take(failures, &silent, &gets[i].err);
			continue;
		}
		oci_err_free(gets[i].err);
		of[again++] = of[i];
	}
	if (again)
		fetch(of, again, true, net, failures);
}

void oci_apt_metas_fetch(struct oci_apt_metas *m, enum oci_apt_meta_kind kind, struct oci_repo_net *net,
			 struct oci_failures *failures)
{
	auto_free struct oci_apt_meta **of = oci_calloc(m->n + 1, sizeof(struct oci_apt_meta *));
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		m->v[i].cached = oci_path_exists(m->v[i].plain);
		if (!m->v[i].cached && m->v[i].kind == kind)
			of[n++] = &m->v[i];
	}
	fetch(of, n, false, net, failures);
}

int oci_apt_meta_unpack(const struct oci_apt_meta *m, struct oci_err **err)
{
	const struct oci_repo_unpack u = { .packed = m->packed,
					   .what = m->shown,
					   .path = m->plain,
					   .digest = m->plain_digest,
					   .size = m->plain_size,
					   .max = m->plain_size == OCI_SIZE_UNKNOWN ? MAX_PLAIN : m->plain_size };
	int rc = oci_repo_cache_unpack(&u, err);

	remove(m->packed);
	return rc;
}
