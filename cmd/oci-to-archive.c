/* oci-to-archive: write images of a layout into one tar file. */
#include "cli/opt.h"
#include "ops/to_archive.h"

static const struct oci_opt opts[] = {
	OCI_STR('i', "input", "LAYOUT", oci_to_archive, input,
		"take the images of this layout, or of a store: registry:DIR"),
	OCI_STR('o', "output", "FILE", oci_to_archive, output, "write to FILE; - or nothing is stdout"),
	OCI_STRS('f', "file", "FILE", oci_to_archive, lists, "take only the images listed in FILE, - for stdin"),
	OCI_STR(0, "format", "FORMAT", oci_to_archive, format, "docker (for every loader, the default) or oci"),
	OCI_STR(0, "platform", "P", oci_to_archive, platform, "only this platform; --format oci takes P,P and all"),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-i LAYOUT [-o FILE] [options] [NAME...]", NULL };
	static const struct oci_cli cli = {
		"oci-to-archive", usage,
		"Write images of an OCI layout into one archive for docker, podman, nerdctl or ctr.", opts,
		offsetof(struct oci_to_archive, out)
	};
	struct oci_to_archive what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.names = argv;
	int rc = oci_to_archive_run(&what, &err);

	oci_to_archive_clear(&what);
	return oci_cli_end(&cli, rc, err);
}
