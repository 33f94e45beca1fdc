/* bundle-seal: a module's folder gets its description and checksums. */
#include "cli/opt.h"
#include "ops/bundle_seal.h"

static const struct oci_opt opts[] = {
	OCI_STR(0, "version", "V", oci_bundle_seal, version, "the module's version (0)"),
	OCI_STRS(0, "from", "LIST", oci_bundle_seal, from, "a list the module was made from, - is stdin"),
	OCI_STRS(0, "licence", "ID", oci_bundle_seal, licences, "a licence of the content, as SPDX writes it"),
	OCI_INT('j', "jobs", "N", oci_bundle_seal, jobs, "read at most N files at once (one for each CPU)"),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "[--version V] [--from LIST]... [--licence ID]... NAME DIR", NULL };
	static const struct oci_cli cli = {
		"bundle-seal", usage, "Describe a module's folder, so that it can be merged, extracted and verified.",
		opts, offsetof(struct oci_bundle_seal, out)
	};
	struct oci_bundle_seal what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	if (argc != 2)
		oci_cli_usage(&cli, "needs a NAME and a DIR");
	what.name = argv[0];
	what.dir = argv[1];
	int rc = oci_bundle_seal_run(&what, &err);

	oci_strs_clear(&what.from);
	oci_strs_clear(&what.licences);
	return oci_cli_end(&cli, rc, err);
}
