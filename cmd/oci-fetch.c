/* oci-fetch: a list of images into an OCI layout. */
#include "remote.h"
#include "ops/fetch.h"

static const struct oci_opt opts[] = {
	OCI_STR('o', "output", "LAYOUT", oci_fetch, output, "the OCI layout that images are added to"),
	OCI_STRS('f', "file", "FILE", oci_fetch, files, "a list of images, one a line; - is stdin"),
	OCI_STRS(0, "from", "SOURCE", oci_fetch, from,
		 "look names up in oci:DIR, registry:DIR, dir:DIR, docker-archive:FILE or oci-archive:FILE; "
		 "without names take all it holds"),
	OCI_STR(0, "platform", "P,P|all", oci_fetch, platform,
		"platforms that are wanted (linux on this machine's CPU)"),
	OCI_STR(0, "map", "FILE", oci_fetch, map, "rename images by its pairs of src and dest"),
	OCI_STR(0, "lock", "FILE", oci_fetch, lock, "write what each name stands for to FILE"),
	OCI_FLAG(0, "locked", oci_fetch, locked, "fetch the digests in the lock"),
	OCI_FLAG(0, "tags-must-match", oci_fetch, tags_must_match, "with --locked: a tag that has moved is an error"),
	OCI_FLAG(0, "referrers", oci_fetch, referrers, "fetch signatures and other artifacts that refer to the images"),
	OCI_FLAG(0, "flatten", oci_fetch, flatten, "make indexes hold only what was fetched; changes digests"),
	OCI_FLAG(0, "verify", oci_fetch, verify, "read what the layout has already; fetch again what is damaged"),
	OCI_FLAG(0, "dry-run", oci_fetch, dry_run, "print the plan, write nothing"),
	REMOTE_OPTS(oci_fetch),
	{ 0 }
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-o LAYOUT [options] [-f LIST]... [IMAGE...]", NULL };
	static const struct oci_cli cli = { "oci-fetch", usage, "Fetch images into an OCI layout.", opts,
					    offsetof(struct oci_fetch, out) };
	struct oci_fetch what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.operands = argv;
	int rc = oci_fetch_run(&what, &err);

	oci_strs_clear(&what.files);
	oci_strs_clear(&what.from);
	oci_remote_clear(&what.remote);
	return oci_cli_end(&cli, rc, err);
}
