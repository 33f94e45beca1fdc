#include "listgen/mapping.h"

#include "base/map.h"
#include "image/ref.h"

#include <stdlib.h>

/* Folders that kubeplay leaves out of the name: there the last part says it all. */
static bool is_dropped(const char *host, struct oci_slice folder)
{
	static const char *const kubernetes[] = { "k8s.gcr.io", "registry.k8s.io" };
	static const char *const folders[] = { "coredns", "dns", "cpa" };

	if (oci_slice_eq(folder, "library") && oci_streq(host, "docker.io"))
		return true;
	if (oci_slice_eq(folder, "coreos") && oci_streq(host, "quay.io"))
		return true;
	for (size_t i = 0; i < OCI_COUNT(kubernetes); i++)
		for (size_t k = 0; k < OCI_COUNT(folders); k++)
			if (oci_streq(host, kubernetes[i]) && oci_slice_eq(folder, folders[k]))
				return true;
	return false;
}

char *oci_mapping_flat(const char *host, const char *repository)
{
	struct oci_slice rest = oci_slice(repository), folder;
	struct oci_buf b = { 0 };

	oci_buf_adds(&b, "library/");
	while (oci_slice_cut(rest, '/', &folder, &rest)) {
		/* cilium/cilium-init says cilium twice. */
		bool said =
			rest.len > folder.len && memcmp(rest.p, folder.p, folder.len) == 0 && rest.p[folder.len] == '-';

		if (is_dropped(host, folder) || said)
			continue;
		oci_buf_add(&b, folder.p, folder.len);
		oci_buf_addc(&b, '-');
	}
	oci_buf_add(&b, folder.p, folder.len);
	return oci_buf_take(&b);
}

static int add_pair(struct oci_map *seen, const char *image, struct oci_buf *yaml, struct oci_err **err)
{
	auto_ref struct oci_ref ref = { 0 };

	if (oci_ref_parse(image, &ref, err) < 0)
		return oci_fail_in(err, "%s", image);
	auto_free char *src = oci_printf("%s/%s", ref.host, ref.repository);
	auto_free char *dest = oci_mapping_flat(ref.host, ref.repository);
	char **first = (char **)oci_map_at(seen, dest);

	if (*first && !oci_streq(*first, src))
		return oci_fail(err, OCI_CONFLICT, "%s and %s would both be %s; keep one of them out of the list",
				*first, src, dest);
	if (*first)
		return 0;
	oci_buf_addf(yaml, "- src: %s\n  dest: %s\n", src, dest);
	*first = oci_steal(&src);
	return 0;
}

int oci_mapping_print(const struct oci_rows *images, struct oci_buf *yaml, struct oci_err **err)
{
	struct oci_map seen = { 0 };
	int rc = 0;

	oci_buf_adds(yaml, "---\n");
	for (size_t i = 0; i < images->n && rc == 0; i++)
		rc = add_pair(&seen, images->v[i].text, yaml, err);
	oci_map_clear_with(&seen, free);
	return rc;
}
