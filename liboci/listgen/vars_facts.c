/* What Ansible knows of a node and its groups without any file. */
#include "listgen/vars_int.h"

/* Each fact is a variable of its own, and a pair of ansible_facts. */
struct gathering {
	struct oci_vars *vars;
	struct oci_vals pairs;
};

static void add_fact(void *ctx, const char *name, const struct oci_val *value)
{
	struct gathering *g = ctx;
	auto_free char *full = oci_printf("ansible_%s", name);

	vars_add_value(g->vars, full, value, false);
	oci_vals_add(&g->pairs, oci_val_text(oci_tmpl_arena(oci_vars_engine(g->vars)), name));
	oci_vals_add(&g->pairs, value);
}

static const struct oci_val *text_list(struct oci_arena *a, const char *const *texts)
{
	auto_vals struct oci_vals vs = { 0 };

	for (; *texts; texts++)
		oci_vals_add(&vs, oci_val_text(a, *texts));
	return oci_val_list(a, &vs);
}

/* One node that is in every group, as the lists are for a cluster of any shape. */
static void add_groups(struct oci_vars *v)
{
	static const char *const names[] = { "etcd", "k8s_cluster", "kube_control_plane", "kube_node", NULL };
	static const char *const node[] = { "node1", NULL }, *const nobody[] = { NULL };
	struct oci_arena *a = oci_tmpl_arena(oci_vars_engine(v));
	auto_vals struct oci_vals groups = { 0 }, hosts = { 0 };

	for (const char *const *n = names; *n; n++) {
		oci_vals_add(&groups, oci_val_text(a, *n));
		oci_vals_add(&groups, text_list(a, node));
	}
	oci_vals_add(&groups, oci_val_text(a, "all"));
	oci_vals_add(&groups, text_list(a, node));
	oci_vals_add(&groups, oci_val_text(a, "ungrouped"));
	oci_vals_add(&groups, text_list(a, nobody));
	oci_vals_add(&groups, oci_val_text(a, "calico_rr"));
	oci_vals_add(&groups, text_list(a, nobody));
	vars_add_value(v, "groups", oci_val_map(a, &groups), false);
	vars_add_value(v, "group_names", text_list(a, names), false);
	struct oci_val *all = oci_arena_alloc(a, sizeof(*all));

	all->kind = OCI_VAL_VARS;
	oci_vals_add(&hosts, oci_val_text(a, "node1"));
	oci_vals_add(&hosts, all);
	vars_add_value(v, "hostvars", oci_val_map(a, &hosts), false);
	vars_add_value(v, "vars", all, false);
	vars_add_value(v, "ansible_play_hosts", text_list(a, node), false);
	vars_add_value(v, "ansible_play_hosts_all", text_list(a, node), false);
	vars_add_value(v, "play_hosts", text_list(a, node), false);
	vars_add_value(v, "inventory_hostname", oci_val_text(a, "node1"), false);
	vars_add_value(v, "inventory_hostname_short", oci_val_text(a, "node1"), false);
}

void oci_vars_add_facts(struct oci_vars *v, const struct oci_facts *facts)
{
	struct oci_arena *a = oci_tmpl_arena(oci_vars_engine(v));
	struct gathering g = { .vars = v };

	oci_facts_each(facts, add_fact, &g, a);
	vars_add_value(v, "ansible_facts", oci_val_map(a, &g.pairs), false);
	oci_vals_clear(&g.pairs);
	vars_add_value(v, "omit", oci_val_text(a, "__omit_place_holder__"), false);
	add_groups(v);
}
