/* What stands behind a value: attributes, indexes, calls, filters, tests; and the sign before it. */
#include "template/parse_int.h"

#include <stdlib.h>

static struct oci_node *parse_slice_part(struct oci_parser *p, bool *failed)
{
	if (oci_parser_is_op(p, ":") || oci_parser_is_op(p, "]") || oci_parser_is_op(p, ","))
		return NULL;
	struct oci_node *n = oci_parse_expr(p);

	*failed = *failed || !n;
	return n;
}

/* What stands in x[…]: an expression or start:stop:step. */
static struct oci_node *parse_index(struct oci_parser *p)
{
	struct oci_node *parts[3] = { 0 };
	size_t at = p->t->at;
	bool failed = false;

	if (!oci_parser_is_op(p, ":")) {
		parts[0] = oci_parse_expr(p);
		if (!parts[0] || !oci_parser_is_op(p, ":"))
			return parts[0];
	}
	oci_parser_skip_op(p, ":");
	parts[1] = parse_slice_part(p, &failed);
	if (!failed && oci_parser_skip_op(p, ":"))
		parts[2] = parse_slice_part(p, &failed);
	return failed ? NULL : oci_node_of(p, OCI_NODE_SLICE, at, &(struct oci_kids){ parts, 3, 3 });
}

static struct oci_node *parse_subscript(struct oci_parser *p, struct oci_node *on)
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;

	p->t++;
	while (!oci_parser_skip_op(p, "]")) {
		if (kids.n && !oci_parser_skip_op(p, ","))
			return oci_parser_expected(p, "expected ]");
		struct oci_node *n = parse_index(p);

		if (!n)
			return NULL;
		oci_node_push(&kids, n);
	}
	if (kids.n == 0)
		return oci_parser_expected(p, "expected an index");
	return oci_node_two(p, OCI_NODE_ITEM, at, on,
			    kids.n == 1 ? kids.v[0] : oci_node_of(p, OCI_NODE_TUPLE, at, &kids));
}

struct oci_node *oci_parse_attribute(struct oci_parser *p, struct oci_node *on)
{
	size_t at = p->t->at;
	struct oci_node *n;

	p->t++;
	if (p->t->kind == OCI_TOK_INT)
		return oci_node_two(p, OCI_NODE_ITEM, at, on, oci_parse_number(p));
	if (p->t->kind != OCI_TOK_NAME)
		return oci_parser_expected(p, "expected a name or a number behind the point");
	n = oci_node_one(p, OCI_NODE_ATTR, p->t->at, on);
	if (n)
		n->name = p->t->s;
	p->t++;
	return n;
}

static bool is_keyword(const struct oci_parser *p)
{
	return p->t->kind == OCI_TOK_NAME && p->t[1].kind == OCI_TOK_OP && oci_slice_eq(p->t[1].s, "=");
}

/* One argument; its keyword, "*", "**" or nothing goes to *name. */
static struct oci_node *parse_argument(struct oci_parser *p, struct oci_slice *name)
{
	*name = (struct oci_slice){ "", 0 };
	if (oci_parser_is_op(p, "*") || oci_parser_is_op(p, "**")) {
		*name = p->t->s;
		p->t++;
	} else if (is_keyword(p)) {
		*name = p->t->s;
		p->t += 2;
	}
	return oci_parse_expr(p);
}

/* The arguments of a call behind its callee or input, which may be NULL in a {% filter %} block. */
static struct oci_node *parse_call(struct oci_parser *p, enum oci_node_kind kind, size_t at, struct oci_node *on)
{
	auto_kids struct oci_kids kids = { 0 };
	OCI_VEC(struct oci_slice) names = { 0 };
	struct oci_node *call = NULL;
	bool ok = true;

	oci_node_push(&kids, on);
	*oci_vec_push(&names) = (struct oci_slice){ "", 0 };
	if (oci_parser_skip_op(p, "(")) {
		while (ok && !oci_parser_skip_op(p, ")")) {
			struct oci_slice name;

			if (kids.n > 1 && !oci_parser_skip_op(p, ",")) {
				oci_parser_expected(p, "expected , or )");
				ok = false;
			} else if (!oci_parser_skip_op(p, ")")) {
				struct oci_node *n = parse_argument(p, &name);

				oci_node_push(&kids, n);
				*oci_vec_push(&names) = name;
				ok = n != NULL;
			} else {
				break;
			}
		}
	}
	if (ok) {
		call = oci_node_of(p, kind, at, &kids);
		call->names = oci_arena_alloc(p->arena, names.n * sizeof(*names.v));
		memcpy(call->names, names.v, names.n * sizeof(*names.v));
	}
	free(names.v);
	return call;
}

static struct oci_node *parse_postfix(struct oci_parser *p, struct oci_node *n)
{
	for (unsigned links = 0; n; links++) {
		if (links > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "a chain of too many parts");
		if (oci_parser_is_op(p, "."))
			n = oci_parse_attribute(p, n);
		else if (oci_parser_is_op(p, "["))
			n = parse_subscript(p, n);
		else if (oci_parser_is_op(p, "("))
			n = parse_call(p, OCI_NODE_CALL, p->t->at, n);
		else
			break;
	}
	return n;
}

/* ansible.builtin.bool: the last part names the filter; collections other than Ansible's own keep theirs. */
static struct oci_slice parse_dotted(struct oci_parser *p)
{
	static const char own[] = "ansible.builtin.";
	struct oci_slice name = p->t->s;

	p->t++;
	while (oci_parser_is_op(p, ".") && p->t[1].kind == OCI_TOK_NAME) {
		name.len = (size_t)(p->t[1].s.p + p->t[1].s.len - name.p);
		p->t += 2;
	}
	if (oci_slice_starts(name, own) && name.len > sizeof(own) - 1) {
		name.p += sizeof(own) - 1;
		name.len -= sizeof(own) - 1;
	}
	return name;
}

struct oci_node *oci_parse_filter_name(struct oci_parser *p, struct oci_node *input)
{
	size_t at = p->t->at;

	if (p->t->kind != OCI_TOK_NAME)
		return oci_parser_expected(p, "expected the name of a filter");
	struct oci_slice name = parse_dotted(p);
	struct oci_node *n = parse_call(p, OCI_NODE_FILTER, at, input);

	if (n)
		n->name = name;
	return n;
}

static bool starts_argument(const struct oci_parser *p)
{
	static const char *const not [] = { "else", "or", "and", "is", "if", "not", "in" };

	if (p->t->kind == OCI_TOK_NAME) {
		for (size_t i = 0; i < OCI_COUNT(not ); i++)
			if (oci_parser_is_word(p, not [i]))
				return false;
		return true;
	}
	return p->t->kind == OCI_TOK_STR || p->t->kind == OCI_TOK_INT || p->t->kind == OCI_TOK_FLOAT ||
	       oci_parser_is_op(p, "[") || oci_parser_is_op(p, "{");
}

/* x is [not] name, name(a, b) or name argument. */
static struct oci_node *parse_test(struct oci_parser *p, struct oci_node *on)
{
	size_t at = p->t->at;
	bool negated;

	p->t++;
	negated = oci_parser_skip_word(p, "not");
	if (p->t->kind != OCI_TOK_NAME)
		return oci_parser_expected(p, "expected the name of a test");
	struct oci_slice name = parse_dotted(p);
	struct oci_node *n;

	if (oci_parser_is_op(p, "(") || !starts_argument(p)) {
		n = parse_call(p, OCI_NODE_TEST, at, on);
	} else {
		n = oci_node_two(p, OCI_NODE_TEST, at, on, parse_postfix(p, oci_parse_primary(p)));
		if (n)
			n->names = oci_arena_alloc(p->arena, 2 * sizeof(*n->names));
	}
	if (n)
		n->name = name;
	return n && negated ? oci_node_one(p, OCI_NODE_NOT, at, n) : n;
}

struct oci_node *oci_parse_filters(struct oci_parser *p, struct oci_node *n)
{
	unsigned links = 0;

	for (bool first = !n; n || first; first = false) {
		if (links++ > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "a chain of too many parts");
		if (oci_parser_skip_op(p, "|"))
			n = oci_parse_filter_name(p, n);
		else if (n && oci_parser_is_word(p, "is"))
			n = parse_test(p, n);
		else if (n && oci_parser_is_op(p, "("))
			n = parse_call(p, OCI_NODE_CALL, p->t->at, n);
		else
			break;
	}
	return n;
}

static struct oci_node *parse_unary(struct oci_parser *p, bool with_filters)
{
	size_t at = p->t->at;
	struct oci_node *n;

	if (++p->depth > OCI_PARSE_DEPTH)
		return oci_parser_expected(p, "nested too deep");
	if (oci_parser_is_op(p, "-") || oci_parser_is_op(p, "+")) {
		struct oci_slice sign = p->t->s;

		p->t++;
		n = oci_node_one(p, OCI_NODE_SIGN, at, parse_unary(p, false));
		if (n)
			n->name = sign;
	} else {
		n = oci_parse_primary(p);
	}
	n = n ? parse_postfix(p, n) : NULL;
	n = n && with_filters ? oci_parse_filters(p, n) : n;
	p->depth--;
	return n;
}

struct oci_node *oci_parse_operand(struct oci_parser *p)
{
	return parse_unary(p, true);
}
