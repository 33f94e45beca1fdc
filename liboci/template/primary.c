/* Values as they are written: texts, numbers, names, lists, maps, parentheses. */
#include "template/literal.h"
#include "template/number.h"
#include "template/parse_int.h"

/* Texts side by side are one; Ansible doubles the backslashes of texts inside {{ }}, so that each stands for itself. */
static struct oci_node *parse_text(struct oci_parser *p)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_node *n = oci_node_new(p, OCI_NODE_CONST, p->t->at);

	for (; p->t->kind == OCI_TOK_STR; p->t++) {
		struct oci_slice s = p->t->s;
		char quote = s.p[-1];

		if (p->keep_backslashes && p->in_print) {
			for (size_t i = 0; i + 1 < s.len; i++)
				if (s.p[i] == '\\' && s.p[i + 1] == quote)
					return oci_parser_expected(
						p, "a backslash does not escape a quote inside {{ }} of a variable");
			oci_buf_add(&text, s.p, s.len);
		} else if (!oci_literal_unescape(s, &text)) {
			return oci_parser_expected(p, "a broken escape in a text");
		}
	}
	n->value = oci_val_str(p->arena, oci_buf_text(&text), text.len);
	return n;
}

struct oci_node *oci_parse_number(struct oci_parser *p)
{
	struct oci_node *n = oci_node_new(p, OCI_NODE_CONST, p->t->at);
	int64_t i;
	double f;

	if (p->t->kind == OCI_TOK_INT && oci_number_int(p->t->s, 0, &i))
		n->value = oci_val_int(p->arena, i);
	else if (p->t->kind == OCI_TOK_FLOAT && oci_number_float(p->t->s, &f))
		n->value = oci_val_float(p->arena, f);
	else
		return oci_parser_expected(p, "a number that does not fit 64 bits");
	p->t++;
	return n;
}

struct oci_node *oci_parse_name(struct oci_parser *p)
{
	static const struct {
		const char *word;
		const struct oci_val *value;
	} words[] = { { "true", &oci_val_true },   { "True", &oci_val_true }, { "false", &oci_val_false },
		      { "False", &oci_val_false }, { "none", &oci_val_none }, { "None", &oci_val_none } };
	struct oci_node *n = oci_node_new(p, OCI_NODE_NAME, p->t->at);

	n->name = p->t->s;
	p->t++;
	for (size_t i = 0; i < OCI_COUNT(words); i++) {
		if (oci_slice_eq(n->name, words[i].word)) {
			n->kind = OCI_NODE_CONST;
			n->value = words[i].value;
		}
	}
	return n;
}

static struct oci_node *parse_list(struct oci_parser *p)
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;

	p->t++;
	while (!oci_parser_skip_op(p, "]")) {
		if (kids.n && !oci_parser_skip_op(p, ","))
			return oci_parser_expected(p, "expected , or ]");
		if (oci_parser_skip_op(p, "]"))
			break;
		struct oci_node *n = oci_parse_expr(p);

		if (!n)
			return NULL;
		oci_node_push(&kids, n);
	}
	return oci_node_of(p, OCI_NODE_LIST, at, &kids);
}

static struct oci_node *parse_map(struct oci_parser *p)
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;

	p->t++;
	while (!oci_parser_skip_op(p, "}")) {
		struct oci_node *key, *value;

		if (kids.n && !oci_parser_skip_op(p, ","))
			return oci_parser_expected(p, "expected , or }");
		if (oci_parser_skip_op(p, "}"))
			break;
		if (!(key = oci_parse_expr(p)))
			return NULL;
		if (!oci_parser_skip_op(p, ":"))
			return oci_parser_expected(p, "expected :");
		if (!(value = oci_parse_expr(p)))
			return NULL;
		oci_node_push(&kids, key);
		oci_node_push(&kids, value);
	}
	return oci_node_of(p, OCI_NODE_MAP, at, &kids);
}

static struct oci_node *parse_parens(struct oci_parser *p)
{
	size_t at = p->t->at;
	struct oci_node *n;

	p->t++;
	if (oci_parser_skip_op(p, ")"))
		return oci_node_new(p, OCI_NODE_TUPLE, at);
	n = oci_parse_tuple(p, false);
	if (n && !oci_parser_skip_op(p, ")"))
		return oci_parser_expected(p, "expected )");
	return n;
}

struct oci_node *oci_parse_primary(struct oci_parser *p)
{
	switch (p->t->kind) {
	case OCI_TOK_NAME:
		return oci_parse_name(p);
	case OCI_TOK_STR:
		return parse_text(p);
	case OCI_TOK_INT:
	case OCI_TOK_FLOAT:
		return oci_parse_number(p);
	default:
		if (oci_parser_is_op(p, "("))
			return parse_parens(p);
		if (oci_parser_is_op(p, "["))
			return parse_list(p);
		if (oci_parser_is_op(p, "{"))
			return parse_map(p);
		return oci_parser_expected(p, "expected a value");
	}
}
