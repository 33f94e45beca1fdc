/* bundle-merge: modules to one multi-arch image. */
#include "remote.h"
#include "ops/bundle_merge.h"

static const struct oci_opt opts[] = {
	OCI_STR('o', "output", "TARGET", oci_bundle_merge, target, "LAYOUT:TAG, or docker://REF for a registry"),
	OCI_STRS('f', "file", "FILE", oci_bundle_merge, files, "read modules from FILE, one a line; - is stdin"),
	OCI_STR(0, "platform", "P,P", oci_bundle_merge, platform,
		"platforms of the bundle (all that the modules name)"),
	OCI_STR(0, "compress", "HOW", oci_bundle_merge, compress,
		"none, gzip or zstd for layers that are written (gzip where the content shrinks by it)"),
	OCI_FLAG(0, "no-check", oci_bundle_merge, no_check, "do not look for paths that two modules fill differently"),
	OCI_STRS(0, "label", "K=V", oci_bundle_merge, labels, "a label of the image"),
	REMOTE_OPTS(oci_bundle_merge),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-o LAYOUT:TAG|docker://REF [options] [P,P@][PREFIX=]MODULE...", NULL };
	static const struct oci_cli cli = { "bundle-merge", usage,
					    "Put modules together into one multi-arch image, their layers as they are.",
					    opts, offsetof(struct oci_bundle_merge, out) };
	struct oci_bundle_merge what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	if (!what.target)
		oci_cli_usage(&cli, "needs -o LAYOUT:TAG or -o docker://REF");
	what.operands = argv;
	int rc = oci_bundle_merge_run(&what, &err);

	oci_strs_clear(&what.files);
	oci_strs_clear(&what.labels);
	oci_remote_clear(&what.remote);
	return oci_cli_end(&cli, rc, err);
}
