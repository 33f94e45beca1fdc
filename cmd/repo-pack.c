/* repo-pack: make offline package repositories for any OS. */
#include "cli/opt.h"
#include "ops/repo_pack.h"

static const struct oci_opt opts[] = {
	OCI_STRS(0, "os", "NAME|FILE|host", oci_repo_pack, os,
		 "for this OS: a name of lists/os, a description, a folder of .repo files, or this machine's "
		 "own sources; +ID switches an add-on repository on"),
	OCI_STRS(0, "arch", "ARCH,ARCH", oci_repo_pack, arch, "for these CPUs (default: this machine's)"),
	OCI_STR('o', "output", "DIR", oci_repo_pack, output, "the folder to make or to add to"),
	OCI_STRS('f', "file", "FILE", oci_repo_pack, lists, "take the names listed in FILE, - for stdin"),
	OCI_STRS(0, "groups", "NAME,NAME", oci_repo_pack, groups, "take these groups of PACKAGES.yaml too"),
	OCI_STRS(0, "with", "FILE", oci_repo_pack, with, "take this local .deb or .rpm too"),
	OCI_FLAG(0, "recommends", oci_repo_pack, recommends, "take recommended packages too"),
	OCI_FLAG(0, "with-essential", oci_repo_pack, with_essential,
		 "take what every installation has: enough for a bare root"),
	OCI_STR(0, "base", "FILE", oci_repo_pack, base,
		"assume the packages listed in FILE installed: NAME [VERSION] a line"),
	OCI_STRS(0, "mirror", "PREFIX=URL", oci_repo_pack, mirrors, "ask URL for what begins with PREFIX"),
	OCI_STR(0, "sign-key", "FILE", oci_repo_pack, sign_key, "sign with the secret key in FILE"),
	OCI_STR(0, "lock", "FILE", oci_repo_pack, lock, "write what was taken, with versions and hashes, to FILE"),
	OCI_FLAG(0, "locked", oci_repo_pack, locked, "take only what --lock FILE names"),
	OCI_FLAG(0, "prune", oci_repo_pack, prune, "remove package files that the repository no longer names"),
	OCI_FLAG(0, "dry-run", oci_repo_pack, dry_run, "print what would be taken, write nothing"),
	OCI_STRS(0, "why", "PACKAGE", oci_repo_pack, why, "print the chain that pulls PACKAGE in, write nothing"),
	OCI_STR(0, "prove", "DIR", oci_repo_pack, prove, "only check the repositories in DIR"),
	OCI_INT('j', "jobs", "N", oci_repo_pack, jobs, "keep at most N transfers running (8)"),
	{ 0 }
};

int main(int argc, char **argv)
{
	static const char *const usage[] = { "--os NAME... [--arch ARCH,ARCH] -o DIR [PACKAGES.yaml|NAME...]",
					     "--os NAME... --why PACKAGE [PACKAGES.yaml|NAME...]",
					     "--prove DIR [NAME...]", NULL };
	static const struct oci_cli cli = { "repo-pack", usage, "Make offline apt and yum repositories for any OS.",
					    opts, offsetof(struct oci_repo_pack, out) };
	struct oci_repo_pack what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	what.operands = argv;
	int rc = oci_repo_pack_run(&what, &err);

	oci_repo_pack_clear(&what);
	return oci_cli_end(&cli, rc, err);
}
