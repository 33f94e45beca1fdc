/* Finding the seal of a folder. */
#include "base/file.h"
#include "base/path.h"
#include "bundle/seal.h"

static int add_name(void *ctx, const char *name, struct oci_err **err)
{
	(void)err;
	if (!oci_ends(name, ".partial")) /* left by a run that was killed */
		oci_strs_add(ctx, name);
	return 0;
}

static int read_both(const char *dir, const char *name, struct oci_buf *json, struct oci_sums *sums,
		     struct oci_err **err)
{
	auto_free char *json_name = oci_seal_json_path(name), *sums_name = oci_seal_sums_path(name);
	auto_free char *json_path = oci_path_join(dir, json_name), *sums_path = oci_path_join(dir, sums_name);
	auto_err struct oci_err *e = NULL;

	if (oci_file_read(json_path, OCI_SEAL_MAX, json, &e) == 0 &&
	    oci_sums_load(sums_path, OCI_SEAL_MAX, sums, &e) == 0)
		return 0;
	if (oci_err_code(e) == OCI_NOTFOUND)
		return oci_fail(err, OCI_NOTFOUND, "%s: half a seal (%s); seal it again: bundle-seal %s %s", dir,
				oci_err_text(e), name, dir);
	return oci_fail_with(err, &e);
}

int oci_seal_load(const char *dir, struct oci_seal *out, struct oci_err **err)
{
	auto_free char *folder = oci_path_join(dir, "SHA256SUMS.d");
	auto_strs struct oci_strs names = { 0 };
	auto_buf struct oci_buf json = { 0 };
	auto_sums struct oci_sums sums = { 0 };

	if (!oci_path_is_dir(folder))
		return 0;
	if (oci_path_each(folder, add_name, &names, err) < 0)
		return -1;
	if (names.n == 0)
		return 0;
	if (names.n > 1)
		return oci_fail(err, OCI_CONFLICT, "%s: has %zu seals (%s, %s…); a module has one", dir, names.n,
				names.v[0], names.v[1]);
	if (read_both(dir, names.v[0], &json, &sums, err) < 0)
		return -1;
	return oci_seal_parse(names.v[0], &json, &sums, out, err) < 0 ? oci_fail_in(err, "%s", dir) : 0;
}
