/* oci-push: images of an OCI layout to a live registry. */
#include "remote.h"
#include "ops/push.h"

static const struct oci_opt opts[] = {
	OCI_STR('i', "input", "LAYOUT", oci_push, input,
		"the OCI layout that holds the images, or a store: registry:DIR"),
	OCI_STR(0, "to", "REGISTRY[/PREFIX]", oci_push, to, "where they go; their own host is dropped"),
	OCI_STRS('f', "file", "FILE", oci_push, files, "a list of names in the layout, one a line; - is stdin"),
	OCI_STR(0, "platform", "P,P|all", oci_push, platform, "push these platforms only (all that are there)"),
	OCI_STR(0, "map", "FILE", oci_push, map, "rename images by its pairs of src and dest"),
	OCI_FLAG(0, "flatten", oci_push, flatten, "push an index as what is present of it, under a new digest"),
	OCI_STRS(0, "mount-from", "REPO", oci_push, mount_from,
		 "a repository of REGISTRY that may have the blobs already"),
	REMOTE_OPTS(oci_push),
	{ 0 }
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-i LAYOUT --to REGISTRY[/PREFIX] [options] [NAME...]", NULL };
	static const struct oci_cli cli = { "oci-push", usage, "Push images of an OCI layout to a registry.", opts,
					    offsetof(struct oci_push, out) };
	struct oci_push what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.operands = argv;
	int rc = oci_push_run(&what, &err);

	oci_strs_clear(&what.files);
	oci_strs_clear(&what.mount_from);
	oci_remote_clear(&what.remote);
	return oci_cli_end(&cli, rc, err);
}
