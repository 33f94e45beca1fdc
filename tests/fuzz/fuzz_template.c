/* Variable files with templates: every variable is rendered, whatever it holds. */
#include "base/yaml.h"
#include "template/data.h"
#include "template/print.h"
#include "template/tmpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct source {
	struct oci_yaml_doc *doc;
	struct oci_tmpl *t;
	struct oci_slice bytes;
};

static int find(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct source *s = ctx;
	const struct oci_yaml *node = oci_yaml_get(oci_yaml_root(s->doc), name);
	struct oci_data d = { .arena = oci_tmpl_arena(s->t), .doc = s->doc, .name = name, .source = s->bytes };

	*out = NULL;
	return node ? oci_data_of_yaml(&d, node, out, err) : 0;
}

static void render_all(struct source *s)
{
	const struct oci_yaml *root = oci_yaml_root(s->doc);

	s->t = oci_tmpl_new(&(struct oci_tmpl_vars){ find, s });
	for (size_t i = 0; root && root->kind == OCI_YAML_MAP && i < root->n; i++) {
		auto_err struct oci_err *err = NULL;
		auto_buf struct oci_buf text = { 0 };
		const struct oci_val *v;

		if (oci_tmpl_var(s->t, root->items[2 * i]->text, &v, &err) == 0)
			oci_val_repr(v, &text);
	}
	oci_tmpl_freep(&s->t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct source s = { .bytes = { (const char *)data, n } };

	if (oci_yaml_parse("fuzz", data, n, &s.doc, NULL) == 0) {
		render_all(&s);
		oci_yaml_free(s.doc);
	}
	return 0;
}
