/* list-gen: image, file and package lists out of kubespray's own variable files. */
#include "cli/opt.h"
#include "ops/list_gen.h"

static const struct oci_opt opts[] = {
	OCI_STR(0, "kubespray", "DIR", oci_list_gen, kubespray,
		"a kubespray checkout, or its variable files in their places"),
	OCI_STRS(0, "vars", "FILE", oci_list_gen, vars,
		 "a variable file instead of a checkout; repeat, the later one wins"),
	OCI_STR(0, "inventory", "FILE|DIR", oci_list_gen, inventory,
		"let this inventory's groups and their group_vars override the defaults"),
	OCI_STR(0, "arch", "ARCH", oci_list_gen, arch, "CPU of the nodes: amd64, arm64, ... (this machine's)"),
	OCI_STR(0, "os", "NAME|FILE", oci_list_gen, os,
		"system of the nodes: debian12, rocky9, ... or a file of facts"),
	OCI_STRS('e', "extra-vars", "K=V|JSON|@FILE", oci_list_gen, extra,
		 "override variables, as ansible-playbook -e"),
	OCI_FLAG(0, "enabled", oci_list_gen, enabled, "list only what these variables deploy"),
	OCI_FLAG(0, "checksums", oci_list_gen, checksums, "add the checksum that the release pins"),
	OCI_FLAG(0, "bootstrap", oci_list_gen, bootstrap, "add the packages that tasks install by name"),
	OCI_FLAG(0, "explain", oci_list_gen, explain, "add the variable and the file that gave each line"),
	OCI_STR(0, "map-out", "FILE", oci_list_gen, map_out, "images: write pairs of upstream and flat name to FILE"),
	OCI_STR(0, "files-url", "URL", oci_list_gen, files_url, "offline-vars: where the site serves its files"),
	OCI_STR(0, "registry", "HOST", oci_list_gen, registry, "offline-vars: the site's registry"),
	OCI_STR(0, "repos-url", "URL", oci_list_gen, repos_url, "offline-vars: where the site serves packages"),
	{ 0 }
};

static const char *const usage[] = { "images|files|packages --kubespray DIR | --vars FILE... [OPTION...]", "diff A B",
				     "offline-vars --kubespray DIR --files-url URL --registry HOST", NULL };

static const struct oci_cli cli = { "list-gen", usage, "Make image, file and package lists from kubespray's variables.",
				    opts, offsetof(struct oci_list_gen, out) };

static int run(const struct oci_list_gen *what, int argc, char **argv, struct oci_err **err)
{
	static const struct {
		const char *name;
		int (*run)(const struct oci_list_gen *what, struct oci_err **err);
	} forms[] = { { "images", oci_list_gen_images },
		      { "files", oci_list_gen_files },
		      { "packages", oci_list_gen_packages },
		      { "offline-vars", oci_list_gen_offline_vars } };

	if (argc == 0)
		oci_cli_usage(&cli, "want one of images, files, packages, diff, offline-vars");
	if (oci_streq(argv[0], "diff")) {
		if (argc != 3)
			oci_cli_usage(&cli, "diff wants two checkouts or two lists");
		return oci_list_gen_diff(what, argv[1], argv[2], err);
	}
	for (size_t i = 0; i < OCI_COUNT(forms); i++) {
		if (!oci_streq(argv[0], forms[i].name))
			continue;
		if (argc > 1)
			oci_cli_usage(&cli, "%s: %s takes no operands", argv[1], argv[0]);
		if (what->map_out && forms[i].run != oci_list_gen_images)
			oci_cli_usage(&cli, "--map-out is for images only");
		return forms[i].run(what, err);
	}
	oci_cli_usage(&cli, "%s: none of images, files, packages, diff, offline-vars", argv[0]);
}

int main(int argc, char **argv)
{
	struct oci_list_gen what = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_cli_parse(&cli, &argc, &argv, &what);
	int rc = run(&what, argc, argv, &err);

	oci_strs_clear(&what.vars);
	oci_strs_clear(&what.extra);
	return oci_cli_end(&cli, rc, err);
}
