/* bundle-extract: the package of one platform out of a bundle. */
#include "remote.h"
#include "ops/bundle_extract.h"

static const struct oci_opt opts[] = {
	OCI_STR(0, "platform", "P", oci_bundle_extract, platform, "OS/CPU that the package is for (linux on this CPU)"),
	OCI_STR('o', "output", "DIR", oci_bundle_extract, dir,
		"write the package to DIR, which must be absent or empty"),
	OCI_STR(0, "tar", "FILE", oci_bundle_extract, tar, "write a tar file instead, - is stdout"),
	OCI_STRS(0, "path", "SUBTREE", oci_bundle_extract, only, "only this file or folder"),
	OCI_FLAG(0, "special", oci_bundle_extract, special, "keep devices, setuid bits and security.* attributes too"),
	OCI_STR(0, "verify", "DIR", oci_bundle_extract, verify,
		"compare the package in DIR with its SHA256SUMS.d, no more"),
	REMOTE_OPTS(oci_bundle_extract),
	{ 0 },
};

static const char *const usage[] = { "[options] (-o DIR | --tar FILE|-) BUNDLE", "--verify DIR", NULL };
static const struct oci_cli cli = { "bundle-extract", usage,
				    "Extract the package for one platform from a bundle, every byte verified.", opts,
				    offsetof(struct oci_bundle_extract, out) };

static void check(const struct oci_bundle_extract *what, int argc)
{
	if (what->verify) {
		if (argc || what->dir || what->tar)
			oci_cli_usage(&cli, "--verify DIR stands alone");
		return;
	}
	if (argc != 1)
		oci_cli_usage(&cli, argc ? "takes one BUNDLE" : "needs a BUNDLE, as in oci:LAYOUT:TAG");
	if (!what->dir == !what->tar)
		oci_cli_usage(&cli, "needs either -o DIR or --tar FILE");
}

int main(int argc, char **argv)
{
	struct oci_bundle_extract what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	check(&what, argc);
	what.bundle = argv[0];
	int rc = oci_bundle_extract_run(&what, &err);

	oci_strs_clear(&what.only);
	oci_remote_clear(&what.remote);
	return oci_cli_end(&cli, rc, err);
}
