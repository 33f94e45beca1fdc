#include "ops/push_int.h"

#include "ops/input.h"

#include <stdlib.h>
#include <string.h>

/* "REGISTRY" or "REGISTRY/PREFIX", docker:// in front and a slash behind being fine. */
static int parse_target(struct push_plan *p, struct oci_err **err)
{
	const char *to = p->what->to + (oci_starts(p->what->to, "docker://") ? 9 : 0);
	struct oci_slice host, prefix;
	auto_ref struct oci_ref probe = { 0 };
	size_t n = strlen(to);

	while (n > 0 && to[n - 1] == '/')
		n--;
	bool has_prefix = oci_slice_cut((struct oci_slice){ to, n }, '/', &host, &prefix);
	auto_free char *text =
		oci_printf("%.*s/%.*s%sx", (int)host.len, host.p, (int)prefix.len, prefix.p, has_prefix ? "/" : "");

	if (strstr(to, "://") || oci_ref_parse(text, &probe, NULL) < 0)
		return oci_fail(err, OCI_USAGE, "--to %s: not a registry; write HOST[:PORT][/PREFIX]", p->what->to);
	p->host = oci_slice_dup(host);
	p->prefix = has_prefix ? oci_slice_dup(prefix) : NULL;
	return 0;
}

static int check(const struct oci_push *what, struct oci_err **err)
{
	if (!what->input)
		return oci_fail(err, OCI_USAGE, "no layout given: -i DIR says where the images are");
	if (!what->to)
		return oci_fail(err, OCI_USAGE, "no registry given: --to HOST[/PREFIX] says where the images go");
	return 0;
}

static int prepare(struct push_plan *p, struct oci_err **err)
{
	const struct oci_push *what = p->what;

	if (check(what, err) < 0 || parse_target(p, err) < 0 || oci_input_open(what->input, &p->layout, err) < 0 ||
	    (what->platform && oci_platforms_parse(what->platform, &p->platforms, err) < 0) ||
	    (what->map && oci_rename_load(what->map, &p->rename, err) < 0) ||
	    oci_remote_client(&what->remote, p->out, &p->client, err) < 0)
		return -1;
	return push_list(p, err);
}

static void grow_all(struct push_plan *p)
{
	for (size_t i = 0; i < p->items.n; i++) {
		auto_err struct oci_err *e = NULL;

		if (!p->items.v[i]->err && push_graph(p, p->items.v[i], &e) < 0)
			push_item_fail(p, p->items.v[i], &e);
	}
}

static int failures(struct push_plan *p, struct oci_err **err)
{
	auto_failures struct oci_failures f = { 0 };

	for (size_t i = 0; i < p->items.n; i++)
		if (p->items.v[i]->err)
			*oci_vec_push(&f) = oci_steal(&p->items.v[i]->err);
	return oci_failures_end(&f, p->items.n, err);
}

static void clear(struct push_plan *p)
{
	for (size_t i = 0; i < p->items.n; i++)
		push_item_free(p->items.v[i]);
	free(p->items.v);
	oci_map_clear_with(&p->parts, push_part_free);
	oci_map_clear(&p->blobs);
	oci_layout_close(&p->layout);
	oci_platforms_clear(&p->platforms);
	oci_rename_free(p->rename);
	oci_client_free(p->client);
	free(p->host);
	free(p->prefix);
}

int oci_push_run(const struct oci_push *what, struct oci_err **err)
{
	struct push_plan p = { .what = what, .out = &what->out };
	int rc = prepare(&p, err);

	if (rc == 0) {
		grow_all(&p);
		push_act(&p);
		push_referrers(&p);
		push_report(&p);
		rc = failures(&p, err);
	}
	clear(&p);
	return rc;
}
