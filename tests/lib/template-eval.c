/* template-eval FILE: every variable of a YAML file, rendered, as a JSON line: {"name":…,"value":…} or
 * {"name":…,"error":…}. What tests/e2e/ansible-diff.bats compares with Ansible's own engine. */
#include "base/file.h"
#include "base/yaml.h"
#include "template/data.h"
#include "template/print.h"
#include "template/tmpl.h"

#include <stdio.h>

struct source {
	struct oci_yaml_doc *doc;
	struct oci_tmpl *t;
};

static int find(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct source *s = ctx;
	const struct oci_yaml *node = oci_yaml_get(oci_yaml_root(s->doc), name);
	struct oci_data d = { .arena = oci_tmpl_arena(s->t), .doc = s->doc, .name = name };

	*out = NULL;
	return node ? oci_data_of_yaml(&d, node, out, err) : 0;
}

static void print_one(struct source *s, const char *name)
{
	static const struct oci_json_style style = { -1, true, ",", ":", true };
	auto_err struct oci_err *err = NULL;
	auto_buf struct oci_buf line = { 0 };
	const struct oci_val *v;

	oci_buf_addf(&line, "{\"name\":\"%s\",", name);
	if (oci_tmpl_var(s->t, name, &v, &err) < 0) {
		oci_buf_adds(&line, "\"error\":");
		v = oci_val_text(oci_tmpl_arena(s->t), oci_err_text(err));
	} else {
		oci_buf_adds(&line, "\"value\":");
	}
	oci_val_json(v, &style, &line);
	printf("%s}\n", oci_buf_text(&line));
}

/* A fresh engine for each, so that no limit counts over all of them. */
int main(int argc, char **argv)
{
	auto_err struct oci_err *err = NULL;
	struct source s = { 0 };

	if (argc != 2 || oci_yaml_load(argv[1], (size_t)64 << 20, &s.doc, &err) < 0) {
		fprintf(stderr, "template-eval: %s\n", err ? oci_err_text(err) : "want a file");
		return 1;
	}
	const struct oci_yaml *root = oci_yaml_root(s.doc);

	for (size_t i = 0; i < root->n; i++) {
		s.t = oci_tmpl_new(&(struct oci_tmpl_vars){ find, &s });
		print_one(&s, root->items[2 * i]->text);
		oci_tmpl_freep(&s.t);
	}
	oci_yaml_free(s.doc);
	return 0;
}
