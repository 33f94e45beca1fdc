#include "base/yaml.h"
#include "template/data.h"
#include "template/print.h"
#include "template/tmpl.h"

#include <criterion/criterion.h>
#include <string.h>

struct source {
	struct oci_yaml_doc *doc;
	struct oci_tmpl *t;
	struct oci_slice bytes;
};

static int find(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err)
{
	struct source *s = ctx;
	const struct oci_yaml *node = oci_yaml_get(oci_yaml_root(s->doc), name);
	struct oci_data d = { oci_tmpl_arena(s->t), s->doc, name, s->bytes };

	*out = NULL;
	return node ? oci_data_of_yaml(&d, node, out, err) : 0;
}

/* The variable `v` of a document, as repr() prints it; NULL with *err. The caller's to free. */
static char *render(const char *yaml, struct oci_err **err)
{
	struct source s = { .bytes = oci_slice(yaml) };
	struct oci_buf out = { 0 };
	const struct oci_val *v;

	cr_assert_eq(oci_yaml_parse("t.yml", yaml, strlen(yaml), &s.doc, NULL), 0, "%s", yaml);
	s.t = oci_tmpl_new(&(struct oci_tmpl_vars){ find, &s });
	bool failed = oci_tmpl_var(s.t, "v", &v, err) < 0;

	if (!failed)
		oci_val_repr(v, &out);
	oci_tmpl_freep(&s.t);
	oci_yaml_free(s.doc);
	return failed ? NULL : oci_buf_take(&out);
}

static void expect_all(const char *const (*rows)[2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_err struct oci_err *err = NULL;
		auto_free char *got = render(rows[i][0], &err);

		cr_expect_str_eq(got ?: oci_err_text(err), rows[i][1], "%s: got %s, want %s", rows[i][0],
				 got ?: oci_err_text(err), rows[i][1]);
	}
}

Test(tmpl, renders_variables_that_name_each_other)
{
	static const char *const rows[][2] = {
		{ "v: '{{ a }}/{{ b }}'\na: '{{ b }}x'\nb: 7", "'7x/7'" },
		{ "v: '{{ a }}'\na: [1, '{{ b }}', {k: '{{ b }}'}]\nb: t", "[1, 't', {'k': 't'}]" },
		{ "v: '{{ a.k.l[0] }}'\na: {k: {l: ['{{ b }}']}}\nb: deep", "'deep'" },
		{ "v: '{{ x | default(\"d\") }}'\nx: '{{ nothing_such }}'", "'d'" },
		/* count came with Ansible 2.17 */
		{ "v: \"{{ 'aaa' | regex_replace('a', 'b', count=2) }}\"", "'bba'" },
		/* as long as a number can get */
		{ "v: \"{{ ('%.200f' % 1e300) | length }}\"", "'502'" },
		{ "v: '{{ x is defined }}'\nx: '{{ nothing_such }}'", "False" },
		{ "v: '{{ hostless[0.19] }}'\nhostless: {0.19: a}", "'a'" },
		{ "v: !unsafe '{{ a }}'", "'{{ a }}'" },
	};

	expect_all(rows, OCI_COUNT(rows));
}

Test(tmpl, keeps_and_changes_types_as_ansible_does)
{
	static const char *const rows[][2] = {
		{ "v: '{{ 36 }}'", "'36'" },
		{ "v: '{{ 1 == 1 }}'", "True" },
		{ "v: '{{ none }}'", "''" },
		{ "v: '{{ [1, none] }}'", "[1, None]" },
		{ "v: '[{{ 1 }}, true]'", "[1, True]" },
		{ "v: \"{{ '[1]' }}\"", "[1]" },
		{ "v: \"{{ [1] | string }}\"", "'[1]'" },
		{ "v: \"{{ [1] | to_json }}\"", "'[1]'" },
		{ "v: '{{ (1, 2) }}'", "'(1, 2)'" },
		{ "v: \"{{ 'a' if false }}\"", "''" },
		{ "v: \"{{ '\\\\d' }}\"", "'\\\\d'" },
	};

	expect_all(rows, OCI_COUNT(rows));
}

Test(tmpl, trims_and_loops)
{
	static const char *const rows[][2] = {
		{ "v: |\n  a\n  {% if true %}\n  b\n  {% endif %}\n  c\n", "'a\\nb\\nc\\n'" },
		{ "v: 'a {%- if true -%} b {%- endif %} c'", "'ab c'" },
		{ "v: '{% for k in [1, 2] if k > 1 %}{{ loop.length }}{{ k }}{% else %}none{% endfor %}'", "'12'" },
		{ "v: '{% for k, w in {\"a\": 1}.items() %}{{ k }}{{ w }}{% endfor %}'", "'a1'" },
		{ "v: '{% set x = 1 %}{% for i in [1] %}{% set x = 2 %}{% endfor %}{{ x }}'", "'1'" },
		{ "v: '{% set n = namespace(x=1) %}{% for i in [1] %}{% set n.x = 2 %}{% endfor %}{{ n.x }}'", "'2'" },
		{ "v: 'a{# c #}b{% raw %}{{ x }}{% endraw %}'", "'ab{{ x }}'" },
	};

	expect_all(rows, OCI_COUNT(rows));
}

Test(tmpl, says_what_is_wrong_and_where)
{
	static const char *const rows[][2] = {
		{ "v: '{{ a }}'", "t.yml:1:8: v: 'a' is undefined in {{ a }}" },
		{ "v: '{{ w }}'\nw: 'x {{ m.k.l }}'\nm: {}",
		  "t.yml:2:14: w: 'dict object' has no attribute 'k' in {{ m.k.l }}" },
		{ "v: '{{ 1 | nope }}'", "t.yml:1:12: v: no filter named 'nope' in {{ 1 | nope }}" },
		{ "v: '{{ 1 is nope }}'", "t.yml:1:10: v: no test named 'nope' in {{ 1 is nope }}" },
		{ "v: '{{ 1 + }}'", "t.yml:1:12: v: expected a value, found \"}}\"" },
		{ "v: 'x {{ 1 '", "t.yml:1:7: v: {{ without its }}" },
		{ "v: '{% include \"x\" %}'", "t.yml:1:8: v: the statement {% include %} is not supported here" },
		{ "v: >-\n  one\n  {{ two }}", "t.yml:3:6: v: 'two' is undefined in {{ two }}" },
		{ "v: '{{ 1 / 0 }}'", "t.yml:1:10: v: division by zero in {{ 1 / 0 }}" },
		{ "v: \"{{ 'a' < 1 }}\"",
		  "t.yml:1:12: v: '<' not supported between instances of 'str' and 'int' in {{ 'a' < 1 }}" },
		{ "v: '{{ v }}'", "t.yml:1:8: v: endless recursion between variables: v -> v in {{ v }}" },
		{ "v: '{{ m.update }}'\nm: {a: 1}",
		  "t.yml:1:10: v: update is a function: a call has parentheses in {{ m.update }}" },
		{ "v: '{{ l.append(1) }}'\nl: [1]",
		  "t.yml:1:16: v: append() would change a value that others read, too; change a copy: LIST + [] or "
		  "dict(MAP) in {{ l.append(1) }}" },
		{ "v: !vault x", "t.yml:1:4: v: values with the tag !vault are not supported" },
		{ "v: !!python/object/apply:os.system [id]",
		  "t.yml:1:4: v: values with the tag tag:yaml.org,2002:python/object/apply:os.system are not "
		  "supported" },
		{ "v: !!python/name:os.system",
		  "t.yml:1:4: v: values with the tag tag:yaml.org,2002:python/name:os.system "
		  "are not supported" },
		{ "v: !!set {a}", "t.yml:1:4: v: values with the tag tag:yaml.org,2002:set are not supported" },
		{ "v: '{{ lookup(\"file\", \"x\") }}'",
		  "t.yml:1:14: v: lookup('file') is not supported in {{ lookup(\"file\", \"x\") }}" },
	};

	expect_all(rows, OCI_COUNT(rows));
}

Test(tmpl, gives_up_on_what_grows_without_end)
{
	static const char *const rows[][2] = {
		{ "v: '{% for i in range(999999999) %}x{% endfor %}'", "gave up after" },
		{ "v: \"{{ 'x' * 99999999999 }}\"", "a value of more than 16 MiB" },
		{ "v: '{{ 9223372036854775807 + 1 }}'", "does not fit 64 bits" },
		{ "v: '{{ -9223372036854775807 - 2 }}'", "does not fit 64 bits" },
		{ "v: \"{{ ('a' * 40 + '!') | regex_search('^(a|a)+$') }}\"", "match limit exceeded" },
		{ "v: \"{{ '%999999d' % 1 }}\"", "a format wider than" },
		{ "v: '{% set l = [] %}{% for i in range(999999) %}{{ l.append(i) }}{% endfor %}'",
		  "take more than 256 MiB" },
		{ "v: '{% set l = [1] %}{% for i in range(60) %}{{ l.extend(l) }}{% endfor %}'",
		  "a value of more than 16 MiB" },
		{ "v: '{% set s = namespace(t=[]) %}{% for i in range(9999) %}{% set n = [] %}{{ s.t.append(n) }}"
		  "{% set s.t = n %}{% endfor %}'",
		  "append() nests values too deep" },
		{ "v: '{% set a = [] %}{{ a.append([a]) }}'", "append() would make a value a part of itself" },
	};

	for (size_t i = 0; i < OCI_COUNT(rows); i++) {
		auto_err struct oci_err *err = NULL;
		auto_free char *got = render(rows[i][0], &err);

		cr_assert_null(got, "%s gave %s", rows[i][0], got);
		cr_expect_not_null(strstr(oci_err_text(err), rows[i][1]), "%s", oci_err_text(err));
	}
}

Test(tmpl, refuses_expressions_nested_too_deep)
{
	auto_buf struct oci_buf yaml = { 0 };
	auto_err struct oci_err *err = NULL;

	oci_buf_adds(&yaml, "v: '{{ ");
	for (int i = 0; i < 100000; i++)
		oci_buf_addc(&yaml, '(');
	oci_buf_addc(&yaml, '1');
	for (int i = 0; i < 100000; i++)
		oci_buf_addc(&yaml, ')');
	oci_buf_adds(&yaml, " }}'");
	auto_free char *got = render(yaml.data, &err);

	cr_assert_null(got);
	cr_expect_not_null(strstr(oci_err_text(err), "nested too deep"), "%s", oci_err_text(err));
}
