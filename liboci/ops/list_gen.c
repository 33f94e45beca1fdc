#include "ops/list_gen.h"

#include "base/outfile.h"
#include "listgen/compare.h"
#include "listgen/mapping.h"
#include "listgen/offline.h"
#include "listgen/packages.h"
#include "listgen/tree.h"

static int open_tree(const struct oci_list_gen *what, const char *kubespray, bool packages, struct oci_vars **out,
		     struct oci_err **err)
{
	auto_facts struct oci_facts facts = { 0 };
	auto_strs struct oci_strs unread = { 0 };
	struct oci_tree tree = { kubespray, &what->vars, what->inventory, &unread, &what->extra, &facts, packages };

	if (!kubespray && !what->vars.n)
		return oci_fail(err, OCI_USAGE,
				"no variables given: name a checkout with --kubespray DIR, or files with --vars FILE");
	if (kubespray && what->vars.n)
		return oci_fail(err, OCI_USAGE,
				"--kubespray and --vars exclude each other; overrides go into -e @FILE");
	if (oci_facts_set_arch(&facts, what->arch, err) < 0 || oci_facts_set_os(&facts, what->os, err) < 0)
		return -1;
	if (oci_tree_open(&tree, out, err) < 0)
		return -1;
	for (size_t i = 0; i < unread.n; i++)
		oci_warn(&what->out, "%s: not read: a list is for nodes in kubespray's own groups alone", unread.v[i]);
	return 0;
}

static void print_row(const struct oci_list_gen *what, const struct oci_row *r, const char *kind)
{
	struct oci_field fields[5] = { OCI_TEXT(kind, r->text) };
	auto_free char *place = r->line ? oci_printf("%s:%u", r->file, r->line) : oci_strdup(r->file);
	size_t n = 1;

	if (what->checksums && (r->checksum || what->explain))
		fields[n++] = OCI_TEXT("checksum", r->checksum ?: "");
	if (what->explain) {
		fields[n++] = OCI_TEXT("variable", r->variable);
		fields[n++] = OCI_TEXT("place", place);
	}
	oci_record(&what->out, fields, n);
}

static int print_rows(const struct oci_list_gen *what, const struct oci_rows *rows, const char *kind)
{
	for (size_t i = 0; i < rows->n; i++)
		print_row(what, &rows->v[i], kind);
	return 0;
}

static int write_map(const char *path, const struct oci_rows *rows, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	auto_buf struct oci_buf yaml = { 0 };

	if (oci_mapping_print(rows, &yaml, err) < 0 || oci_outfile_open_named(&f, path, err) < 0 ||
	    oci_outfile_write(f, yaml.data, yaml.len, err) < 0)
		return -1;
	return oci_outfile_commit(f, err);
}

int oci_list_gen_images(const struct oci_list_gen *what, struct oci_err **err)
{
	auto_vars struct oci_vars *vars = NULL;
	auto_rows struct oci_rows rows = { 0 };
	struct oci_rows_how how = { what->enabled, what->checksums };

	if (open_tree(what, what->kubespray, false, &vars, err) < 0 || oci_rows_images(vars, &how, &rows, err) < 0)
		return -1;
	if (what->map_out && write_map(what->map_out, &rows, err) < 0)
		return -1;
	return print_rows(what, &rows, "image");
}

int oci_list_gen_files(const struct oci_list_gen *what, struct oci_err **err)
{
	auto_vars struct oci_vars *vars = NULL;
	auto_rows struct oci_rows rows = { 0 };
	struct oci_rows_how how = { what->enabled, what->checksums };

	if (open_tree(what, what->kubespray, false, &vars, err) < 0 || oci_rows_files(vars, &how, &rows, err) < 0)
		return -1;
	return print_rows(what, &rows, "url");
}

static int list_packages(const struct oci_list_gen *what, const char *kubespray, struct oci_rows *rows,
			 struct oci_err **err)
{
	auto_vars struct oci_vars *vars = NULL;

	if (open_tree(what, kubespray, true, &vars, err) < 0 || oci_packages_list(vars, rows, err) < 0)
		return -1;
	if (what->bootstrap && oci_packages_bootstrap(vars, rows, err) < 0)
		return -1;
	oci_rows_sort(rows);
	return 0;
}

int oci_list_gen_packages(const struct oci_list_gen *what, struct oci_err **err)
{
	auto_rows struct oci_rows rows = { 0 };

	if (!what->os)
		return oci_fail(err, OCI_USAGE,
				"no system given: name one with --os (debian12, rocky9, a file of facts)");
	if (list_packages(what, what->kubespray, &rows, err) < 0)
		return -1;
	return print_rows(what, &rows, "package");
}

/* All lists of one checkout; packages only when a system is named. */
static int all_of(const struct oci_list_gen *what, const char *kubespray, struct oci_compare_side *side,
		  struct oci_err **err)
{
	auto_vars struct oci_vars *vars = NULL;
	struct oci_rows_how how = { what->enabled, false };

	if (open_tree(what, kubespray, false, &vars, err) < 0 || oci_rows_images(vars, &how, &side->images, err) < 0 ||
	    oci_rows_files(vars, &how, &side->files, err) < 0)
		return oci_fail_in(err, "%s", kubespray);
	return what->os ? list_packages(what, kubespray, &side->packages, err) : 0;
}

int oci_list_gen_diff(const struct oci_list_gen *what, const char *a, const char *b, struct oci_err **err)
{
	OCI_AUTO(oci_compare_clear) struct oci_compare_side old = { 0 }, new = { 0 };
	bool folders;

	if (oci_compare_kind(a, b, &folders, err) < 0)
		return -1;
	if (!folders) {
		if (oci_compare_load(a, &old, err) < 0 || oci_compare_load(b, &new, err) < 0)
			return -1;
	} else if (all_of(what, a, &old, err) < 0 || all_of(what, b, &new, err) < 0) {
		return -1;
	}
	oci_compare_print(&old, &new, &what->out);
	return 0;
}

static bool is_web(const char *url)
{
	return (oci_starts(url, "http://") || oci_starts(url, "https://")) && !strpbrk(url, " \t\n");
}

static int check_site(const struct oci_list_gen *what, struct oci_err **err)
{
	if (!what->files_url || !what->registry)
		return oci_fail(err, OCI_USAGE, "offline-vars needs --files-url URL and --registry HOST");
	if (!is_web(what->files_url))
		return oci_fail(err, OCI_USAGE, "--files-url %s: want http://HOST/PATH or https://HOST/PATH",
				what->files_url);
	if (what->repos_url && !is_web(what->repos_url))
		return oci_fail(err, OCI_USAGE, "--repos-url %s: want http://HOST/PATH or https://HOST/PATH",
				what->repos_url);
	if (!*what->registry || strstr(what->registry, "://") || strpbrk(what->registry, " \t\n"))
		return oci_fail(err, OCI_USAGE, "--registry %s: want HOST or HOST:PORT, without http://",
				what->registry);
	return 0;
}

int oci_list_gen_offline_vars(const struct oci_list_gen *what, struct oci_err **err)
{
	auto_vars struct oci_vars *vars = NULL;
	auto_buf struct oci_buf yaml = { 0 };
	struct oci_offline site = { what->files_url, what->registry, what->repos_url };

	if (check_site(what, err) < 0 || open_tree(what, what->kubespray, false, &vars, err) < 0 ||
	    oci_offline_print(vars, &site, &yaml, err) < 0)
		return -1;
	if (what->out.data)
		fwrite(yaml.data, 1, yaml.len, what->out.data);
	return 0;
}
