/* Writing an rpm-md repository: primary, filelists, other and what else there is, repomd.xml and its signature. */
#include "archive/pack.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "digest/digest.h"
#include "pkgrepo/pgp.h"
#include "pkgrepo/rpm_check.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/rpmmd_xml.h"
#include "pkgrepo/yum_extra.h"
#include "pkgrepo/yum_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A document as it will lie there. */
struct packed {
	char *path; /* below the repository's folder */
	struct oci_buf data;
	struct oci_digest digest;
};

struct writing {
	const struct oci_repo_place *place;
	const struct oci_repo_result *result;
	bool apart; /* the repository of local packages that nobody signed */
	char *dir;  /* OUTPUT/ARCH */
	struct oci_yum_docs docs;
	OCI_VEC(struct packed) packed; /* one for each of docs */
	struct oci_buf repomd, signature;
};

static void writing_clear(struct writing *w)
{
	for (size_t i = 0; i < w->docs.n; i++)
		oci_buf_clear(&w->docs.v[i].text);
	for (size_t i = 0; i < w->packed.n; i++) {
		free(w->packed.v[i].path);
		oci_buf_clear(&w->packed.v[i].data);
	}
	free(w->docs.v);
	free(w->packed.v);
	free(w->dir);
	oci_buf_clear(&w->repomd);
	oci_buf_clear(&w->signature);
}

/* Failures are told once, at the end. */
static const struct oci_out silent;

/* The keys of one repository, loaded once. */
struct checking {
	const struct oci_os_repo *repo;
	struct oci_rpm_keys *keys;
};

static int use_keys(struct checking *c, const struct oci_os_repo *repo, struct oci_err **err)
{
	if (c->repo == repo)
		return 0;
	oci_rpm_keys_closep(&c->keys);
	c->repo = NULL;
	if (repo && oci_yum_repo_signs_packages(repo) && oci_rpm_keys_open(&c->keys, &repo->keys, err) < 0)
		return -1;
	c->repo = repo;
	return 0;
}

/* What is not what it was said to be does not stay. */
static int check_package(struct checking *c, const struct writing *w, const struct oci_repo_pkg *p,
			 struct oci_err **err)
{
	auto_free char *path = oci_path_join(w->place->dir, p->path);
	const struct oci_rpm_said said = { p->name, p->version, p->arch };

	if (use_keys(c, p->repo, err) < 0)
		return -1;
	if (oci_rpm_check(path, &said, c->keys, err) == 0)
		return 0;
	unlink(path);
	return -1;
}

static int check_packages(const struct writing *w, struct oci_err **err)
{
	const struct oci_repo_closure *closure = &w->result->closure;
	auto_failures struct oci_failures failures = { 0 };
	struct checking c = { 0 };

	for (size_t i = 0; i < closure->n; i++) {
		struct oci_err *why = NULL;

		if (check_package(&c, w, &closure->v[i], &why) < 0)
			oci_failures_add_take(&failures, &silent, &why);
	}
	oci_rpm_keys_close(c.keys);
	return oci_failures_end(&failures, closure->n, err);
}

static struct oci_buf *add_doc(struct writing *w, const char *type, const char *name)
{
	struct oci_yum_doc *d = oci_vec_push(&w->docs);

	d->type = type;
	d->name = name;
	oci_buf_adds(&d->text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	return &d->text;
}

/* Where upstream has no such list: what every reader wants to find. */
static void add_empty(const struct oci_repo_pkg *p, struct oci_buf *out)
{
	const char *colon = strchr(p->version, ':'), *rest = colon ? colon + 1 : p->version, *dash = strrchr(rest, '-');

	oci_buf_addf(out, "<package pkgid=\"%s\" name=\"", OCI_HEX(&p->digest));
	oci_xml_escape(out, oci_slice(p->name));
	oci_buf_addf(out, "\" arch=\"%s\"><version epoch=\"%.*s\" ver=\"%.*s\" rel=\"%s\"/></package>", p->arch,
		     colon ? (int)(colon - p->version) : 1, colon ? p->version : "0",
		     dash ? (int)(dash - rest) : (int)strlen(rest), rest, dash ? dash + 1 : "");
}

static void add_entry(const struct oci_repo_pkg *p, const char *entry, struct oci_buf *out)
{
	if (entry)
		oci_buf_adds(out, entry);
	else
		add_empty(p, out);
	oci_buf_addc(out, '\n');
}

static size_t count(const struct writing *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->result->closure.n; i++)
		n += w->result->closure.v[i].apart == w->apart;
	return n;
}

static void add_primary(struct writing *w)
{
	const struct oci_repo_closure *c = &w->result->closure;
	struct oci_buf *out = add_doc(w, "primary", "primary.xml");

	oci_buf_addf(out, OCI_PRIMARY_ROOT " packages=\"%zu\">\n", count(w));
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].apart == w->apart)
			oci_buf_addf(out, "%s\n", c->v[i].stanza);
	oci_buf_adds(out, "</metadata>\n");
}

static void add_list(struct writing *w, bool other)
{
	const char *root = other ? "otherdata" : "filelists", *space = other ? "other" : "filelists";
	const struct oci_repo_closure *c = &w->result->closure;
	struct oci_buf *out = add_doc(w, space, other ? "other.xml" : "filelists.xml");

	oci_buf_addf(out, "<%s xmlns=\"http://linux.duke.edu/metadata/%s\" packages=\"%zu\">\n", root, space, count(w));
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].apart == w->apart)
			add_entry(&c->v[i], other ? c->v[i].other : c->v[i].files, out);
	oci_buf_addf(out, "</%s>\n", root);
}

/* Hashes in names: a reader in the middle of its work finds what its repomd.xml names. */
static int pack(struct writing *w, const struct oci_yum_doc *doc, struct oci_err **err)
{
	bool zstd = oci_streq(w->place->os->compression, "zstd");
	struct packed *p = oci_vec_push(&w->packed);

	if (doc->plain)
		oci_buf_add(&p->data, oci_buf_text(&doc->text), doc->text.len);
	else if (oci_pack(zstd ? OCI_PACKING_ZSTD : OCI_PACKING_GZIP, oci_buf_text(&doc->text), doc->text.len, &p->data,
			  err) < 0)
		return -1;
	oci_digest_of(oci_buf_text(&p->data), p->data.len, &p->digest);
	p->path = oci_printf("repodata/%s-%s%s", OCI_HEX(&p->digest), doc->name,
			     doc->plain ? ""
			     : zstd	? ".zst"
					: ".gz");
	return 0;
}

static void print_data(const struct writing *w, size_t i, struct oci_buf *out)
{
	const struct oci_yum_doc *doc = &w->docs.v[i];
	const struct packed *p = &w->packed.v[i];
	struct oci_digest plain;

	oci_digest_of(oci_buf_text(&doc->text), doc->text.len, &plain);
	oci_buf_addf(out, "  <data type=\"%s\">\n    <checksum type=\"sha256\">%s</checksum>\n", doc->type,
		     OCI_HEX(&p->digest));
	if (!doc->plain)
		oci_buf_addf(out, "    <open-checksum type=\"sha256\">%s</open-checksum>\n", OCI_HEX(&plain));
	oci_buf_addf(out, "    <location href=\"%s\"/>\n    <timestamp>%lld</timestamp>\n    <size>%zu</size>\n",
		     p->path, (long long)w->place->date, p->data.len);
	if (!doc->plain)
		oci_buf_addf(out, "    <open-size>%zu</open-size>\n", doc->text.len);
	oci_buf_adds(out, "  </data>\n");
}

static int print_repomd(struct writing *w, struct oci_err **err)
{
	struct oci_buf *out = &w->repomd;

	oci_buf_addf(
		out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<repomd xmlns=\"http://linux.duke.edu/metadata/repo\" "
		"xmlns:rpm=\"http://linux.duke.edu/metadata/rpm\">\n  <revision>%lld</revision>\n",
		(long long)w->place->date);
	for (size_t i = 0; i < w->docs.n; i++) {
		if (pack(w, &w->docs.v[i], err) < 0)
			return -1;
		print_data(w, i, out);
	}
	oci_buf_adds(out, "</repomd>\n");
	if (!w->place->signer)
		return 0;
	return oci_signer_detached(w->place->signer, (struct oci_slice){ oci_buf_text(out), out->len }, &w->signature,
				   err);
}

typedef int put_fn(const char *path, const void *data, size_t n, struct oci_err **err);

static int put(const struct writing *w, put_fn *how, const char *name, const struct oci_buf *data, struct oci_err **err)
{
	auto_free char *path = oci_path_join(w->dir, name);

	if (oci_path_mkdirs_for(path, err) < 0)
		return -1;
	return how(path, oci_buf_text(data), data->len, err);
}

/* Lists first, then what vouches for them. */
static int put_files(const struct writing *w, struct oci_err **err)
{
	for (size_t i = 0; i < w->packed.n; i++)
		if (put(w, oci_file_replace, w->packed.v[i].path, &w->packed.v[i].data, err) < 0)
			return -1;
	if (w->place->signer && put(w, oci_file_replace, "repodata/repomd.xml.asc", &w->signature, err) < 0)
		return -1;
	return put(w, oci_file_vouch, "repodata/repomd.xml", &w->repomd, err);
}

static int write_repo(struct writing *w, struct oci_err **err)
{
	add_primary(w);
	add_list(w, false);
	add_list(w, true);
	if ((!w->apart && oci_yum_extra_add(w->result, &w->docs, err) < 0) || print_repomd(w, err) < 0)
		return -1;
	return put_files(w, err);
}

static int write_arch(const struct oci_repo_place *place, const struct oci_repo_result *result, bool apart,
		      struct oci_err **err)
{
	OCI_AUTO(writing_clear) struct writing w = { .place = place, .result = result };
	OCI_AUTO(writing_clear) struct writing beside = { .place = place, .result = result, .apart = true };

	w.dir = oci_path_join(place->dir, result->target->arch);
	beside.dir = oci_yum_apart_dir(place->dir, result->target->arch);
	if (check_packages(&w, err) < 0 || oci_yum_entries_fill(result, err) < 0 || write_repo(&w, err) < 0)
		return -1;
	return apart ? write_repo(&beside, err) : 0;
}

char *oci_yum_apart_dir(const char *dir, const char *arch)
{
	return oci_printf("%s/" OCI_REPO_APART "/%s", dir, arch);
}

int oci_yum_write(const struct oci_repo_place *place, const struct oci_repo_result *results, size_t n,
		  struct oci_err **err)
{
	bool apart = oci_repo_needs_apart(place, results, n);

	for (size_t i = 0; i < n; i++)
		if (write_arch(place, &results[i], apart, err) < 0)
			return -1;
	return 0;
}
