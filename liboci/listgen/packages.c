#include "listgen/packages.h"

#include "template/print.h"

#include <string.h>

static int fact(struct oci_vars *vars, const char *name, const struct oci_val **out, struct oci_err **err)
{
	return oci_tmpl_var(oci_vars_engine(vars), name, out, err);
}

static bool lists(const struct oci_val *seq, const struct oci_val *v)
{
	for (size_t i = 0; seq && oci_val_is_seq(seq) && i < seq->len; i++)
		if (oci_val_equal(seq->items[i], v))
			return true;
	return false;
}

static void add_package(struct oci_vars *vars, struct oci_rows *out, const struct oci_val *name, const char *variable)
{
	auto_buf struct oci_buf b = { 0 };
	struct oci_vars_place place = { "", 0 };

	oci_vars_place(vars, variable, &place);
	oci_val_print(name, &b);
	if (b.len)
		oci_rows_add(out, oci_buf_text(&b), variable, place.file, place.line);
}

/* Up to v2.24: two lists of names. */
static int add_list(struct oci_vars *vars, const char *variable, struct oci_rows *out, struct oci_err **err)
{
	const struct oci_val *names;

	if (!oci_vars_has(vars, variable))
		return 0;
	if (fact(vars, variable, &names, err) < 0)
		return -1;
	if (!oci_val_is_seq(names))
		return oci_fail(err, OCI_BADINPUT, "%s: want a list of packages, not '%s'", variable,
				oci_val_type(names));
	for (size_t i = 0; i < names->len; i++)
		add_package(vars, out, names->items[i], variable);
	return 0;
}

static int is_true(struct oci_vars *vars, const char *variable, bool *out, struct oci_err **err)
{
	const struct oci_val *v;

	*out = false;
	if (!oci_vars_has(vars, variable))
		return 0;
	if (fact(vars, variable, &v, err) < 0)
		return -1;
	*out = oci_val_truth(v);
	return 0;
}

/* ipvs needs its tools; the task adds them by name. */
static int add_ipvs(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err)
{
	const struct oci_val *mode;
	struct oci_arena *a = oci_tmpl_arena(oci_vars_engine(vars));

	if (fact(vars, "kube_proxy_mode", &mode, err) < 0)
		return -1;
	if (oci_val_is_str(mode, "ipvs")) {
		add_package(vars, out, oci_val_text(a, "ipvsadm"), "kube_proxy_mode");
		add_package(vars, out, oci_val_text(a, "ipset"), "kube_proxy_mode");
	}
	return 0;
}

/* Before the table knew it, a task installed ntp_package; releases without that variable have no such task. */
static int add_ntp(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err)
{
	const struct oci_val *name;
	bool enabled;

	if (!oci_vars_has(vars, "ntp_package") || is_true(vars, "ntp_enabled", &enabled, err) < 0)
		return oci_vars_has(vars, "ntp_package") ? -1 : 0;
	if (!enabled)
		return 0;
	if (fact(vars, "ntp_package", &name, err) < 0)
		return -1;
	add_package(vars, out, name, "ntp_package");
	return 0;
}

/* os.distributions names this one with {}, or with its major version, version or release. */
static int in_distributions(struct oci_vars *vars, const struct oci_val *distributions, bool *out, struct oci_err **err)
{
	static const char *const lists_of[][2] = { { "major_versions", "ansible_distribution_major_version" },
						   { "versions", "ansible_distribution_version" },
						   { "releases", "ansible_distribution_release" } };
	const struct oci_val *name, *value, *entry;

	*out = false;
	if (fact(vars, "ansible_distribution", &name, err) < 0)
		return -1;
	entry = oci_val_get(distributions, name);
	if (!entry)
		return 0;
	*out = entry->kind == OCI_VAL_MAP && entry->len == 0;
	for (size_t i = 0; entry->kind == OCI_VAL_MAP && i < OCI_COUNT(lists_of); i++) {
		if (fact(vars, lists_of[i][1], &value, err) < 0)
			return -1;
		*out = *out || lists(oci_val_member(entry, lists_of[i][0]), value);
	}
	return 0;
}

static int on_this_os(struct oci_vars *vars, const struct oci_val *os, bool *out, struct oci_err **err)
{
	const struct oci_val *family, *distributions;

	*out = true;
	if (!os)
		return 0;
	distributions = oci_val_member(os, "distributions");
	if (fact(vars, "ansible_os_family", &family, err) < 0)
		return -1;
	*out = lists(oci_val_member(os, "families"), family);
	return *out || !distributions ? 0 : in_distributions(vars, distributions, out, err);
}

/* v2.25, v2.26: their task hands the names of the node's groups to JMESPath as one text, so any part of it would do. */
static int in_groups(struct oci_vars *vars, const struct oci_val *groups, bool *out, struct oci_err **err)
{
	const struct oci_val *names;
	auto_buf struct oci_buf text = { 0 };

	*out = true;
	if (!groups)
		return 0;
	if (fact(vars, "group_names", &names, err) < 0)
		return -1;
	oci_val_print(names, &text);
	*out = false;
	for (size_t i = 0; oci_val_is_seq(groups) && i < groups->len; i++)
		if (groups->items[i]->kind == OCI_VAL_STR && strstr(oci_buf_text(&text), groups->items[i]->text))
			*out = true;
	return 0;
}

static int by_query(struct oci_vars *vars, const struct oci_val *spec, bool *out, struct oci_err **err)
{
	const struct oci_val *enabled = oci_val_member(spec, "enabled");
	bool os, groups;

	if (on_this_os(vars, oci_val_member(spec, "os"), &os, err) < 0 ||
	    in_groups(vars, oci_val_member(spec, "groups"), &groups, err) < 0)
		return -1;
	/* JMESPath compares with true: a text is not. */
	*out = os && groups && (!enabled || (enabled->kind == OCI_VAL_BOOL && enabled->b));
	return 0;
}

/* Since v2.27: a list of conditions, all of which must hold. */
static int by_conditions(const struct oci_val *conditions, bool *out)
{
	*out = true;
	for (size_t i = 0; i < conditions->len; i++)
		*out = *out && oci_val_truth(conditions->items[i]);
	return 0;
}

static int add_table(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err)
{
	struct oci_err *e = NULL;
	const struct oci_val *raw = oci_vars_raw(vars, "pkgs", &e);
	bool wanted;

	if (!raw && e)
		return oci_fail_with(err, &e);
	if (!raw || raw->kind != OCI_VAL_MAP)
		return oci_fail(err, OCI_BADINPUT, "pkgs: want a dictionary of packages");
	for (size_t i = 0; i < raw->len; i++) {
		const struct oci_val *name = raw->items[2 * i], *spec;

		if (oci_tmpl_value(oci_vars_engine(vars), raw->items[2 * i + 1], &spec, err) < 0)
			return -1;
		if (spec->kind != OCI_VAL_MAP && !oci_val_is_seq(spec))
			return oci_fail(err, OCI_BADINPUT, "pkgs: want conditions for each package, not '%s'",
					oci_val_type(spec));
		if ((spec->kind == OCI_VAL_MAP ? by_query(vars, spec, &wanted, err) : by_conditions(spec, &wanted)) < 0)
			return -1;
		if (wanted)
			add_package(vars, out, name, "pkgs");
	}
	return 0;
}

/* Systems whose packages kubespray leaves alone. */
static int is_immutable(struct oci_vars *vars, bool *out, struct oci_err **err)
{
	const struct oci_val *family;

	if (fact(vars, "ansible_os_family", &family, err) < 0 || is_true(vars, "is_fedora_coreos", out, err) < 0)
		return -1;
	*out = *out || oci_val_is_str(family, "Flatcar") ||
	       oci_val_is_str(family, "Flatcar Container Linux by Kinvolk") || oci_val_is_str(family, "ClearLinux");
	return 0;
}

bool oci_packages_own_role(const struct oci_vars *vars)
{
	struct oci_vars_place place;

	return oci_vars_place(vars, "pkgs", &place) && strstr(place.file, "system_packages");
}

int oci_packages_list(struct oci_vars *vars, struct oci_rows *out, struct oci_err **err)
{
	bool table = oci_vars_has(vars, "pkgs"), own_role = oci_packages_own_role(vars), immutable = false;

	if (!table && !oci_vars_has(vars, "required_pkgs") && !oci_vars_has(vars, "common_required_pkgs"))
		return oci_fail(err, OCI_NOTFOUND,
				"no table of packages (pkgs, required_pkgs) among the variables: the roles "
				"kubernetes/preinstall and system_packages hold it");
	if (!own_role && is_immutable(vars, &immutable, err) < 0)
		return -1;
	if (!own_role && immutable)
		return 0;
	if (table && add_table(vars, out, err) < 0)
		return -1;
	if (!table && (add_list(vars, "required_pkgs", out, err) < 0 ||
		       add_list(vars, "common_required_pkgs", out, err) < 0 || add_ipvs(vars, out, err) < 0))
		return -1;
	return own_role ? 0 : add_ntp(vars, out, err);
}
