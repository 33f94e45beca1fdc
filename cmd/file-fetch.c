/* file-fetch: a list of URLs into a tree HOST/PATH. */
#include "cli/opt.h"
#include "ops/file_fetch.h"

static const struct oci_opt opts[] = {
	OCI_STR('o', "output", "DIR", oci_file_fetch, output, "write the tree HOST/PATH below DIR"),
	OCI_STRS('f', "file", "FILE", oci_file_fetch, files, "read URLs from FILE (- is stdin)"),
	OCI_STRS(0, "mirror", "PREFIX=URL", oci_file_fetch, mirrors,
		 "ask URL for what begins with PREFIX; paths stay the same"),
	OCI_STR(0, "checksum-file", "FILE", oci_file_fetch, checksum_file, "checksums in sha256sum's format"),
	OCI_FLAG(0, "no-published", oci_file_fetch, no_published, "do not look for checksums that the sites publish"),
	OCI_STR(0, "lock", "FILE", oci_file_fetch, lock, "write what was fetched to FILE: URL, checksum, bytes"),
	OCI_FLAG(0, "locked", oci_file_fetch, locked, "take only what the lock names, with its checksums"),
	OCI_STR(0, "ca", "FILE", oci_file_fetch, ca, "trust the authorities in FILE (PEM), too"),
	OCI_FLAG(0, "allow-file", oci_file_fetch, allow_file, "take file: URLs"),
	OCI_STR(0, "verify", "DIR", oci_file_fetch, verify,
		"check the tree DIR against its SHA256SUMS, and do no more"),
	OCI_INT('j', "jobs", "N", oci_file_fetch, jobs, "keep at most N transfers running (8)"),
	{ 0 },
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "-o DIR [options] [-f FILE]... [URL...]", "--verify DIR", NULL };
	static const struct oci_cli cli = { "file-fetch", usage,
					    "Fetch a list of files, each checked, into a tree HOST/PATH.", opts,
					    offsetof(struct oci_file_fetch, out) };
	struct oci_file_fetch what = { .jobs = 8 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.operands = argv;
	int rc = oci_file_fetch_run(&what, &err);

	oci_strs_clear(&what.files);
	oci_strs_clear(&what.mirrors);
	return oci_cli_end(&cli, rc, err);
}
