#include "digest/hasher.h"
#include "template/call_int.h"

static int give_hash(const struct oci_call *c, const char *algorithm, const struct oci_val **out, struct oci_err **err)
{
	auto_buf struct oci_buf hex = { 0 };

	if (!oci_hash_named(algorithm, oci_text_of(c->t, c->self), &hex))
		return oci_fail(err, OCI_UNSUPPORTED, "no hash named '%s'", algorithm);
	return oci_give(c, &hex, out, err);
}

static int f_hash(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice name;

	if (oci_arg_text(c, 0, "sha1", &name, err) < 0)
		return -1;
	auto_free char *algorithm = oci_slice_dup(name);

	return give_hash(c, algorithm, out, err);
}

static int f_md5(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return give_hash(c, "md5", out, err);
}

static int f_sha1(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return give_hash(c, "sha1", out, err);
}

const struct oci_builtin oci_filters_hash[] = {
	{ "hash", f_hash, "hashtype", 0, false },
	{ "md5", f_md5, "", 0, false },
	{ "sha1", f_sha1, "", 0, false },
	{ "checksum", f_sha1, "", 0, false },
	{ 0 },
};
