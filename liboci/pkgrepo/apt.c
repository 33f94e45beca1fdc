/* The apt family: from a target to its closure. */
#include "pkgrepo/apt_int.h"

#include "base/path.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/apt_solve.h"
#include "pkgrepo/apt_source.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_file.h"
#include "pkgrepo/get.h"
#include "pkgrepo/repo_lock.h"
#include "pkgrepo/solve_target.h"

#include <stdlib.h>
#include <string.h>

/* Where a package stands in our own repository: upstream's place in its pool, which keeps sources together; what has
 * none goes below its repository's name, and what is nobody's stands apart. */
static char *place(const char *filename, const struct oci_os_repo *repo, const struct oci_os *os)
{
	bool flat = oci_streq(os->layout, "flat");

	if (!repo)
		return oci_printf(OCI_REPO_APART "/%s%s", flat ? "" : "pool/", oci_path_base(filename));
	if (flat)
		return oci_strdup(oci_path_base(filename));
	if (oci_starts(filename, "pool/"))
		return oci_strdup(filename);
	return oci_printf("pool/%s/%s", repo->id, oci_path_base(filename));
}

/* Filename continues the repository's URL, but lists made inside a flat one's folder mean the folder, and write "./".
 */
static char *url_of(const char *filename, const char *local, const struct oci_apt_file *file)
{
	const char *folder = file->folder ? file->folder : "";
	size_t n = strlen(folder);

	while (n && folder[n - 1] == '/')
		n--;
	if (!n || local == filename || (strncmp(local, folder, n) == 0 && local[n] == '/'))
		return oci_repo_url(file->base, local);
	auto_free char *below = oci_printf("%.*s/%s", (int)n, folder, local);

	return oci_repo_url(file->base, below);
}

static int read_place(struct oci_slice stanza, const struct oci_apt_file *file, const struct oci_os *os,
		      struct oci_repo_pkg *p, struct oci_err **err)
{
	auto_free char *filename = oci_slice_dup(oci_stanza_get(stanza, "Filename"));
	const char *local = oci_starts(filename, "./") ? filename + 2 : filename;

	if (!oci_path_is_local(local))
		return oci_fail(err, OCI_BADINPUT, "Filename \"%s\" leaves the archive", filename);
	p->url = url_of(filename, local, file);
	p->path = place(local, file->repo, os);
	return 0;
}

struct oci_slice oci_apt_stanza_path(struct oci_slice stanza)
{
	struct oci_slice name = oci_stanza_get(stanza, "Filename");

	return oci_slice_starts(name, "./") ? (struct oci_slice){ name.p + 2, name.len - 2 } : name;
}

int oci_apt_stanza_sum(struct oci_slice stanza, struct oci_digest *digest, uint64_t *size, struct oci_err **err)
{
	struct oci_slice sha256 = oci_stanza_get(stanza, "SHA256"), sha512 = oci_stanza_get(stanza, "SHA512");

	if (!oci_slice_u64(oci_stanza_get(stanza, "Size"), size))
		return oci_fail(err, OCI_BADINPUT, "no Size");
	if (!sha256.len && !sha512.len)
		return oci_fail(err, OCI_BADINPUT, "neither SHA256 nor SHA512");
	return oci_digest_parse_hex(sha256.len ? OCI_SHA256 : OCI_SHA512, sha256.len ? sha256 : sha512, digest, err);
}

int oci_apt_pkg_read(const struct oci_apt_index *ix, const struct oci_apt_pkg *pkg, const struct oci_os *os,
		     struct oci_repo_pkg *p, struct oci_err **err)
{
	const struct oci_apt_file *file = &ix->files.v[pkg->file];

	p->name = oci_slice_dup(pkg->name);
	p->version = oci_slice_dup(pkg->version);
	p->arch = oci_slice_dup(oci_stanza_get(pkg->text, "Architecture"));
	p->stanza = oci_slice_dup(pkg->text);
	p->repo = file->repo;
	if (read_place(pkg->text, file, os, p, err) < 0 || oci_apt_stanza_sum(pkg->text, &p->digest, &p->size, err) < 0)
		return oci_fail_in(err, "%s: %s %s", file->what, p->name, p->version);
	return 0;
}

/* A local file's stanza names it by its path; it is not fetched. */
static void take_local(struct oci_repo_pkg *p)
{
	auto_free char *filename = oci_slice_dup(oci_stanza_get(oci_slice(p->stanza), "Filename"));

	if (p->repo || !oci_starts(p->url, "file:"))
		return;
	p->local = oci_printf("/%s", filename);
	p->apart = true;
	free(oci_steal(&p->url));
}

static int list_closure(const struct oci_apt_pool *pool, const struct oci_os *os, const Queue *chosen,
			struct oci_repo_closure *out, struct oci_err **err)
{
	for (int i = 0; i < chosen->count; i++) {
		struct oci_repo_pkg *p = oci_vec_push(out);

		if (oci_apt_pkg_read(pool->index, oci_apt_pool_pkg(pool, chosen->elements[i]), os, p, err) < 0)
			return -1;
		take_local(p);
	}
	return 0;
}

int oci_apt_solve_index(const struct oci_repo_target *t, const struct oci_wants *wants, const struct oci_apt_index *ix,
			struct oci_repo_closure *out, const struct oci_strs *why, struct oci_strs *chains,
			struct oci_err **err)
{
	auto_apt_pool struct oci_apt_pool *pool = oci_apt_pool_new(ix, t->arch, t->recommends);
	auto_asks struct oci_asks asks = { 0 };
	auto_queue Queue chosen;

	queue_init(&chosen);
	pool->cpus = t->arches;
	if (t->base && oci_apt_base_assume(pool, t->base, err) < 0)
		return -1;
	if (oci_apt_asks_make(pool, wants, t->with_essential, &asks, err) < 0)
		return -1;
	const struct oci_solve question = oci_apt_question(pool, &asks);

	if (oci_solve_target(t, &question, why, chains, &chosen, err) < 0)
		return -1;
	return list_closure(pool, t->os, &chosen, out, err);
}

static void copy_wants(struct oci_wants *to, const struct oci_wants *from)
{
	for (size_t i = 0; i < from->n; i++)
		oci_wants_add(to, from->v[i].text, from->v[i].where);
}

/* Nothing is to be had but what the lock names. */
static int keep_locked(const struct oci_repo_target *t, struct oci_apt_index *ix, struct oci_err **err)
{
	struct oci_repo_locked l;

	oci_repo_locked_begin(&l, t->locked, t->os->name, t->arch);
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		struct oci_apt_pkg *p = &ix->pkgs.v[i];
		struct oci_digest digest;
		uint64_t size;

		p->flags |= OCI_APT_LEFT_OUT;
		if (!oci_repo_locked_name(&l, p->name) || oci_apt_stanza_sum(p->text, &digest, &size, NULL) < 0)
			continue;
		if (oci_repo_locked_take(&l, &(struct oci_repo_lock_pkg){ p->name, p->version,
									  oci_stanza_get(p->text, "Architecture"),
									  &digest }))
			p->flags &= ~(uint32_t)OCI_APT_LEFT_OUT;
	}
	return oci_repo_locked_end(&l, err);
}

static int apt_solve(const struct oci_repo_target *t, struct oci_repo_closure *out, const struct oci_strs *why,
		     struct oci_strs *chains, struct oci_err **err)
{
	auto_apt_paths struct oci_apt_paths paths = { 0 };
	const struct oci_apt_source s = {
		.os = t->os, .arch = t->arch, .net = t->net, .cache = t->cache, .paths = &paths, .out = t->out
	};
	auto_apt_index struct oci_apt_index ix = { 0 };
	auto_wants struct oci_wants wants = { 0 };

	oci_apt_paths_want(&paths, t->wants);
	if (oci_apt_source_load(&s, &ix, err) < 0)
		return -1;
	copy_wants(&wants, t->wants);
	if (oci_deb_files_add(&ix, t, &wants, err) < 0)
		return -1;
	if (t->locked && keep_locked(t, &ix, err) < 0)
		return -1;
	return oci_apt_solve_index(t, &wants, &ix, out, why, chains, err);
}

const struct oci_repo_family oci_repo_apt = {
	.solve = apt_solve,
	.write = oci_apt_write,
	.list = oci_apt_list,
	.prove = oci_apt_prove,
	.is_repo = oci_apt_is_repo,
};
