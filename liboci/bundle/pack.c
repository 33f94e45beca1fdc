#include "bundle/pack.h"

#include "base/path.h"
#include "base/vec.h"

typedef OCI_VEC(struct oci_tar_xattr) xattr_vec;

/* What the target would not get is not in the file either. */
static void choose_xattrs(const struct oci_pack *p, const struct oci_tar_entry *e, xattr_vec *out)
{
	for (size_t i = 0; i < e->n_xattrs; i++)
		if (oci_starts(e->xattrs[i].name, "user.") ||
		    (p->special && oci_starts(e->xattrs[i].name, "security.")))
			*oci_vec_push(out) = e->xattrs[i];
}

static char *prefixed(const struct oci_pack *p, const char *path)
{
	if (!p->prefix)
		return oci_strdup(*path ? path : ".");
	return *path ? oci_path_join(p->prefix, path) : oci_strdup(p->prefix);
}

static int begin(void *ctx, const struct oci_tar_entry *e, struct oci_err **err)
{
	const struct oci_pack *p = ctx;
	auto_free char *path = prefixed(p, e->path), *link = NULL;
	auto_free struct oci_tar_xattr *kept = NULL;
	struct oci_tar_entry out = *e;
	xattr_vec xattrs = { 0 };

	if (p->file && oci_sink_expect_space(p->fd, p->file, e, err) < 0)
		return -1;
	if (e->type == OCI_TAR_HARDLINK)
		link = prefixed(p, e->link);
	choose_xattrs(p, e, &xattrs);
	kept = xattrs.v;
	out.path = path;
	out.link = link ? link : e->link;
	out.mode &= p->special ? 07777 : 01777;
	out.xattrs = xattrs.v;
	out.n_xattrs = xattrs.n;
	return oci_tar_write_entry(p->tar, &out, err);
}

static int data(void *ctx, const void *bytes, size_t n, struct oci_err **err)
{
	const struct oci_pack *p = ctx;

	return oci_tar_write_data(p->tar, bytes, n, err);
}

static int end(void *ctx, struct oci_err **err)
{
	(void)ctx;
	(void)err;
	return 0;
}

struct oci_sink oci_pack_sink(struct oci_pack *p)
{
	return (struct oci_sink){ begin, data, end, NULL, p };
}
