/* oci-to-registry: turn layouts into the storage of a registry. */
#include "cli/opt.h"
#include "ops/to_registry.h"

static const struct oci_opt opts[] = {
	OCI_STRS('i', "input", "LAYOUT", oci_to_registry, inputs,
		 "take the images of this layout, or of a store: registry:DIR"),
	OCI_STR('o', "output", "STORE", oci_to_registry, output, "the store to make or to add to"),
	OCI_STRS('f', "file", "FILE", oci_to_registry, lists, "take only the images listed in FILE, - for stdin"),
	OCI_STR(0, "map", "FILE", oci_to_registry, map, "rename images by FILE's pairs of src and dest"),
	OCI_STR(0, "prefix", "P", oci_to_registry, prefix, "put P/ in front of each repository"),
	OCI_STR(0, "platform", "P,P|all", oci_to_registry, platform,
		"only these platforms, which each image must have"),
	OCI_FLAG(0, "copy", oci_to_registry, copy, "never hard-link: reflink or copy blobs"),
	OCI_FLAG(0, "keep-tags", oci_to_registry, keep_tags, "refuse to move a tag that the store has"),
	OCI_FLAG(0, "verify", oci_to_registry, verify, "hash in the end what stands in the store"),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-i LAYOUT... -o STORE [options] [NAME...]", NULL };
	static const struct oci_cli cli = { "oci-to-registry", usage,
					    "Turn OCI layouts into the storage that a registry serves.", opts,
					    offsetof(struct oci_to_registry, out) };
	struct oci_to_registry what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.names = argv;
	int rc = oci_to_registry_run(&what, &err);

	oci_to_registry_clear(&what);
	return oci_cli_end(&cli, rc, err);
}
