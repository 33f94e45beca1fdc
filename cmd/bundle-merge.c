#include "cli/opt.h"
#include "ops/bundle_merge.h"

#define REMOTE(kind, name, arg, field, help) kind(0, name, arg, oci_bundle_merge, remote.field, help)

static const struct oci_opt opts[] = {
	OCI_STR('o', "output", "TARGET", oci_bundle_merge, target, "LAYOUT:TAG, or docker://REF for a registry"),
	OCI_STR(0, "platform", "P,P", oci_bundle_merge, platform,
		"platforms of the bundle (all that the modules name)"),
	OCI_STR(0, "compress", "HOW", oci_bundle_merge, compress,
		"none, gzip or zstd for layers that are written (gzip where the content shrinks by it)"),
	OCI_FLAG(0, "no-check", oci_bundle_merge, no_check, "do not look for paths that two modules fill differently"),
	OCI_STRS(0, "label", "K=V", oci_bundle_merge, labels, "a label of the image (may be repeated)"),
	OCI_INT('j', "jobs", "N", oci_bundle_merge, remote.jobs, "keep at most N transfers running"),
	REMOTE(OCI_STRS, "mirror", "HOST=URL", mirrors, "ask URL for what is on HOST (may be repeated)"),
	REMOTE(OCI_STRS, "plain-http", "HOST", plain_http, "speak http with HOST (may be repeated)"),
	REMOTE(OCI_STRS, "insecure", "HOST", insecure, "do not check the certificate of HOST (may be repeated)"),
	REMOTE(OCI_STR, "ca", "FILE", ca, "trust the authorities in FILE too"),
	REMOTE(OCI_STR, "authfile", "FILE", authfile, "read logins from FILE"),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-o LAYOUT:TAG|docker://REF [options] [P,P@][PREFIX=]MODULE...", NULL };
	static const struct oci_cli cli = {
		"bundle-merge", usage, "Puts modules together into one multi-arch image, their layers as they are.",
		opts, offsetof(struct oci_bundle_merge, out)
	};
	struct oci_bundle_merge what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	if (!what.target)
		oci_cli_usage(&cli, "needs -o LAYOUT:TAG or -o docker://REF");
	if (argc == 0)
		oci_cli_usage(&cli, "no modules given");
	what.modules = argv;
	int rc = oci_bundle_merge_run(&what, &err);

	oci_strs_clear(&what.labels);
	oci_remote_clear(&what.remote);
	return oci_cli_end(&cli, rc, err);
}
