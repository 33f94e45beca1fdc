/* Reading an rpm-md repository back: is it whole, and can what it promises be installed from it alone? */
#include "base/file.h"
#include "base/out.h"
#include "base/path.h"
#include "base/stream.h"
#include "digest/hasher.h"
#include "digest/verify.h"
#include "pkgrepo/pgp.h"
#include "pkgrepo/rpm_check.h"
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_source.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SMALL ((size_t)16 << 20)
#define MAX_PLAIN ((uint64_t)4 << 30)

/* Failures are told once, at the end. */
static const struct oci_out silent;

struct proving {
	const struct oci_repo_place *place;
	const struct oci_repo_target *target;
	struct proving *beside; /* what nodes use along with it; NULL: nothing */
	char *dir;		/* with repodata in it */
	const char *arch;	/* NULL until the packages showed it */
	struct oci_repomd md;
	struct oci_rpm_comps comps;
	struct oci_wants all; /* each package, for where nothing is asked for */
	struct oci_failures failures;
};

static void proving_clear(struct proving *p)
{
	if (p->beside)
		proving_clear(p->beside);
	free(p->beside);
	free(p->dir);
	oci_repomd_clear(&p->md);
	oci_rpm_comps_clear(&p->comps);
	oci_wants_clear(&p->all);
	oci_failures_clear(&p->failures);
}

/* By the keys that came along; without a key, or without a signature, what repomd.xml says. */
static int check_signature(const struct proving *p, struct oci_err **err)
{
	auto_free char *path = oci_path_join(p->dir, "repodata/repomd.xml"), *asc = oci_printf("%s.asc", path);
	auto_buf struct oci_buf text = { 0 }, signature = { 0 };

	if (!oci_path_exists(asc) || !p->place->keys.n) {
		oci_note(p->place->out, "%s: signature not checked: no %s", p->dir,
			 oci_path_exists(asc) ? "key beside it (repos/*.asc)" : "repomd.xml.asc");
		return 0;
	}
	if (oci_file_read(path, MAX_SMALL, &text, err) < 0 || oci_file_read(asc, MAX_SMALL, &signature, err) < 0)
		return -1;
	return oci_pgp_verify_detached(path, (struct oci_slice){ oci_buf_text(&text), text.len },
				       (struct oci_slice){ oci_buf_text(&signature), signature.len }, &p->place->keys,
				       err);
}

/* The file of an entry: there, and what it should be. */
static int check_file(const struct proving *p, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	const char *href = oci_rpm_text(pkg, pkg->href);
	const struct oci_rpm_said said = { oci_rpm_text(pkg, pkg->name), oci_rpm_text(pkg, pkg->evr),
					   oci_rpm_text(pkg, pkg->arch) };
	struct oci_digest got;
	uint64_t size;

	if (!oci_path_is_local(href) || pkg->base)
		return oci_fail(err, OCI_BADINPUT, "location \"%s\" leaves the repository", href);
	if (pkg->digest.algorithm == OCI_NO_DIGEST)
		return oci_fail(err, OCI_BADINPUT, "%s: neither a sha256 nor a sha512 checksum", href);
	auto_free char *path = oci_path_join(p->dir, href);

	if (oci_hash_file(pkg->digest.algorithm, path, &got, &size, err) < 0 ||
	    oci_verify(&(struct oci_expect){ .what = path, .digest = pkg->digest, .size = pkg->size }, &got, size,
		       err) < 0)
		return -1;
	return oci_rpm_check(path, &said, NULL, err);
}

static int see_package(void *ctx, const struct oci_rpm_pkg *pkg, struct oci_err **err)
{
	struct proving *p = ctx;
	const char *arch = oci_rpm_text(pkg, pkg->arch);
	struct oci_err *why = NULL;

	(void)err;
	if (!p->target->wants->n) {
		auto_free char *text =
			oci_printf("%s-%s.%s", oci_rpm_text(pkg, pkg->name), oci_rpm_text(pkg, pkg->evr), arch);

		oci_wants_add(&p->all, text, "repository");
	}
	if (check_file(p, pkg, &why) < 0) {
		oci_fail_in(&why, "%s", oci_rpm_text(pkg, pkg->name));
		oci_failures_add_take(&p->failures, &silent, &why);
	}
	/* i686 packages stand beside x86_64 ones */
	const char *known = oci_os_arch(OCI_OS_YUM, arch);

	if (known && (!p->arch || oci_streq(p->arch, "i686")))
		p->arch = known;
	return 0;
}

static int read_text(struct oci_reader *r, const char *what, struct oci_buf *out, struct oci_err **err)
{
	ssize_t n;

	do {
		oci_buf_reserve(out, 262144);
		n = oci_reader_read(r, out->data + out->len, 262144, err);
		if (n > 0)
			out->len += (size_t)n;
		if (out->len > MAX_PLAIN)
			return oci_fail(err, OCI_BADINPUT, "%s: unpacks to more than %llu bytes", what,
					(unsigned long long)MAX_PLAIN);
	} while (n > 0);
	out->data[out->len] = '\0';
	return n < 0 ? -1 : 0;
}

static int read_primary(struct proving *p, struct oci_yum_source *source, oci_primary_fn *see, struct oci_err **err)
{
	const struct oci_repomd_data *primary = oci_repomd_find(&p->md, "primary"),
				     *filelists = oci_repomd_find(&p->md, "filelists");
	auto_reader struct oci_reader r = { 0 }, again = { 0 };
	auto_buf struct oci_buf text = { 0 };

	source->what = oci_path_join(p->dir, primary->href);
	if (oci_yum_local_open(p->dir, primary, &r, err) < 0 || read_text(&r, source->what, &text, err) < 0)
		return -1;
	again = oci_reader_of_memory(text.data, text.len);
	if (see && oci_primary_read(&again, source->what, MAX_PLAIN, see, p, err) < 0)
		return -1;
	source->text = oci_buf_take(&text);
	if (filelists)
		source->filelists = (struct oci_yum_file){ .data = filelists,
							   .url = oci_path_join(p->dir, filelists->href),
							   .packed = oci_path_join(p->dir, filelists->href),
							   .plain = oci_strdup("") };
	return 0;
}

static int read_comps(const struct proving *p, struct oci_rpm_comps *to, struct oci_err **err)
{
	const struct oci_repomd_data *group = oci_repomd_find(&p->md, "group");
	auto_reader struct oci_reader r = { 0 };

	if (!group)
		return 0;
	if (oci_yum_local_open(p->dir, group, &r, err) < 0)
		return -1;
	return oci_rpm_comps_read(to, &r, group->href, MAX_PLAIN, err);
}

/* What is assumed installed is not in the repository: upstream says what it provides. */
static int assume_base(const struct oci_repo_target *t, struct oci_yum_pool *pool, struct oci_err **err)
{
	if (t->net && oci_yum_source_load(t, pool, NULL, err) < 0)
		return -1;
	oci_yum_pool_ready(pool);
	oci_yum_base_assume(pool, t->base);
	OCI_YUM_EACH(pool, id)
	oci_yum_pool_hide(pool, id);
	return 0;
}

/* Its files are looked at when its own turn comes. */
static int add_beside(struct proving *b, struct oci_yum_pool *pool, struct oci_err **err)
{
	OCI_AUTO(oci_yum_source_clear) struct oci_yum_source source = { 0 };

	if (read_primary(b, &source, NULL, err) < 0)
		return -1;
	return oci_yum_pool_add(pool, &source, err);
}

/* Of nothing but noarch packages the folder's name says for which CPU they are, or any will do. */
static const char *arch_of(const struct proving *p)
{
	const char *named = oci_os_arch(OCI_OS_YUM, oci_path_base(p->dir));

	return p->arch ? p->arch : named ? named : "x86_64";
}

static int solve_again(const struct proving *p, struct oci_yum_source *source_take, struct oci_err **err)
{
	struct oci_repo_target t = *p->target;
	struct oci_repo_closure closure = { 0 };

	t.arch = arch_of(p);
	if (p->place->proved)
		oci_strs_add(p->place->proved, t.arch);
	auto_yum_pool struct oci_yum_pool *pool = oci_yum_pool_new(t.arch, t.recommends);

	if ((t.base && assume_base(&t, pool, err) < 0) || oci_yum_pool_add(pool, source_take, err) < 0 ||
	    (p->beside && add_beside(p->beside, pool, err) < 0))
		return -1;
	t.base = NULL;
	int rc = oci_yum_solve_pool(&t, t.wants->n ? t.wants : &p->all, pool, &p->comps, &closure, NULL, NULL, err);

	oci_repo_closure_clear(&closure);
	return rc < 0 ? oci_fail_in(err, "%s, %s", p->dir, t.arch) : 0;
}

/* Its repomd.xml, and its groups among those of the one that it stands beside. */
static int open_repo(struct proving *p, struct oci_rpm_comps *comps, struct oci_err **err)
{
	if (check_signature(p, err) < 0 || oci_yum_local_repomd(p->dir, &p->md, err) < 0)
		return -1;
	return read_comps(p, comps, err);
}

static int prove(struct proving *p, struct oci_err **err)
{
	struct oci_yum_source source = { 0 };
	struct oci_err *why = NULL;

	if (open_repo(p, &p->comps, err) < 0 || (p->beside && open_repo(p->beside, &p->comps, err) < 0))
		return -1;
	int rc = read_primary(p, &source, see_package, err);

	if (rc == 0 && solve_again(p, &source, &why) < 0)
		oci_failures_add_take(&p->failures, &silent, &why);
	oci_yum_source_clear(&source);
	return rc < 0 ? -1 : oci_failures_end(&p->failures, p->failures.n, err);
}

static struct proving *new_beside(const struct proving *p, char *dir_take)
{
	struct proving *b = oci_calloc(1, sizeof(*b));

	*b = (struct proving){ .place = p->place, .target = p->target, .dir = dir_take };
	return b;
}

/* OUTPUT/ARCH and OUTPUT/unsigned/ARCH stand beside one another. */
static char *dir_beside(const char *dir)
{
	auto_free char *parent = oci_path_parent(dir), *above = oci_path_parent(parent);
	auto_free char *beside = oci_streq(oci_path_base(parent), OCI_REPO_APART)
					 ? oci_path_join(above, oci_path_base(dir))
					 : oci_yum_apart_dir(parent, oci_path_base(dir));

	return oci_yum_is_repo(beside) ? oci_steal(&beside) : NULL;
}

static int prove_dir(const struct oci_repo_place *place, char *dir_take, const char *arch,
		     const struct oci_repo_target *t, struct oci_err **err)
{
	OCI_AUTO(proving_clear) struct proving p = { .place = place, .target = t, .arch = arch, .dir = dir_take };
	char *beside = dir_beside(p.dir);

	if (beside)
		p.beside = new_beside(&p, beside);
	return prove(&p, err);
}

int oci_yum_prove(const struct oci_repo_place *place, const char *arch, const struct oci_repo_target *t,
		  struct oci_err **err)
{
	if (!arch)
		return prove_dir(place, oci_strdup(place->dir), NULL, t, err);
	auto_free char *apart = oci_yum_apart_dir(place->dir, arch);

	if (prove_dir(place, oci_path_join(place->dir, arch), arch, t, err) < 0)
		return -1;
	return oci_yum_is_repo(apart) ? prove_dir(place, oci_steal(&apart), arch, t, err) : 0;
}
