#include "template/parse_int.h"

typedef struct oci_node *level_fn(struct oci_parser *p);

/* One level of operators that bind to the left. */
static struct oci_node *parse_binary(struct oci_parser *p, level_fn *lower, const char *const *ops)
{
	struct oci_node *left = lower(p);

	for (unsigned links = 0; left; links++) {
		const char *const *op = ops;

		while (*op && !oci_parser_is_op(p, *op))
			op++;
		if (!*op)
			break;
		if (links > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "a chain of too many parts");
		const struct oci_tok *t = p->t++;

		left = oci_node_two(p, OCI_NODE_BINARY, t->at, left, lower(p));
		if (left)
			left->name = t->s;
	}
	return left;
}

static struct oci_node *parse_power(struct oci_parser *p)
{
	static const char *const ops[] = { "**", NULL };

	return parse_binary(p, oci_parse_operand, ops);
}

static struct oci_node *parse_product(struct oci_parser *p)
{
	static const char *const ops[] = { "*", "/", "//", "%", NULL };

	return parse_binary(p, parse_power, ops);
}

static struct oci_node *parse_concat(struct oci_parser *p)
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;

	do {
		struct oci_node *n = parse_product(p);

		if (!n)
			return NULL;
		oci_node_push(&kids, n);
	} while (oci_parser_skip_op(p, "~"));
	return kids.n == 1 ? kids.v[0] : oci_node_of(p, OCI_NODE_CONCAT, at, &kids);
}

static struct oci_node *parse_sum(struct oci_parser *p)
{
	static const char *const ops[] = { "+", "-", NULL };

	return parse_binary(p, parse_concat, ops);
}

/* Take a comparison; an empty slice when there is none. */
static struct oci_slice take_comparison(struct oci_parser *p)
{
	static const char *const ops[] = { "==", "!=", "<=", ">=", "<", ">" };
	struct oci_slice s = p->t->s;

	for (size_t i = 0; i < OCI_COUNT(ops); i++)
		if (oci_parser_skip_op(p, ops[i]))
			return s;
	if (oci_parser_skip_word(p, "in"))
		return s;
	if (oci_parser_is_word(p, "not") && p->t[1].kind == OCI_TOK_NAME && oci_slice_eq(p->t[1].s, "in")) {
		p->t += 2;
		return OCI_SLICE("not in");
	}
	return (struct oci_slice){ "", 0 };
}

static struct oci_node *parse_comparison(struct oci_parser *p)
{
	auto_kids struct oci_kids kids = { 0 };
	struct oci_slice ops[16] = { 0 };
	size_t at = p->t->at;

	for (;;) {
		struct oci_node *n = parse_sum(p);

		if (!n)
			return NULL;
		oci_node_push(&kids, n);
		if (kids.n > OCI_COUNT(ops))
			return oci_parser_expected(p, "a chain of too many comparisons");
		size_t here = p->t->at;

		ops[kids.n - 1] = take_comparison(p);
		if (!ops[kids.n - 1].len)
			break;
		at = here;
	}
	if (kids.n == 1)
		return kids.v[0];
	struct oci_node *n = oci_node_of(p, OCI_NODE_COMPARE, at, &kids);

	n->names = oci_arena_alloc(p->arena, kids.n * sizeof(*ops));
	memcpy(n->names, ops, kids.n * sizeof(*ops));
	return n;
}

static struct oci_node *parse_not(struct oci_parser *p)
{
	size_t at = p->t->at;
	struct oci_node *n;

	if (!oci_parser_is_word(p, "not"))
		return parse_comparison(p);
	if (++p->depth > OCI_PARSE_DEPTH)
		return oci_parser_expected(p, "nested too deep");
	p->t++;
	n = oci_node_one(p, OCI_NODE_NOT, at, parse_not(p));
	p->depth--;
	return n;
}

static struct oci_node *parse_logic(struct oci_parser *p, const char *word, enum oci_node_kind kind, level_fn *lower)
{
	struct oci_node *left = lower(p);
	size_t at = p->t->at;
	unsigned links = 0;

	while (left && oci_parser_skip_word(p, word)) {
		if (links++ > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "a chain of too many parts");
		left = oci_node_two(p, kind, at, left, lower(p));
		at = p->t->at;
	}
	return left;
}

static struct oci_node *parse_and(struct oci_parser *p)
{
	return parse_logic(p, "and", OCI_NODE_AND, parse_not);
}

static struct oci_node *parse_or(struct oci_parser *p)
{
	return parse_logic(p, "or", OCI_NODE_OR, parse_and);
}

struct oci_node *oci_parse_expr(struct oci_parser *p)
{
	struct oci_node *n;

	if (++p->depth > OCI_PARSE_DEPTH)
		return oci_parser_expected(p, "nested too deep");
	n = parse_or(p);
	for (unsigned links = 0; n && oci_parser_is_word(p, "if"); links++) {
		struct oci_node *parts[3] = { n };
		size_t at = p->t->at;

		if (links > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "a chain of too many parts");
		p->t++;
		if (!(parts[1] = parse_or(p)))
			return NULL;
		if (oci_parser_skip_word(p, "else") && !(parts[2] = oci_parse_expr(p)))
			return NULL;
		n = oci_node_of(p, OCI_NODE_COND, at, &(struct oci_kids){ parts, 3, 3 });
	}
	p->depth--;
	return n;
}

static bool ends_tuple(const struct oci_parser *p)
{
	return p->t->kind == OCI_TOK_VAR_END || p->t->kind == OCI_TOK_BLOCK_END || p->t->kind == OCI_TOK_END ||
	       oci_parser_is_op(p, ")") || oci_parser_is_word(p, "in") || oci_parser_is_op(p, "=");
}

/* One part, or a tuple of the parts that commas separate. */
static struct oci_node *parse_parts(struct oci_parser *p, struct oci_node *(*parse)(struct oci_parser *p))
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;
	bool comma = false;

	do {
		if (kids.n && ends_tuple(p))
			break;
		struct oci_node *n = parse(p);

		if (!n)
			return NULL;
		oci_node_push(&kids, n);
		comma = oci_parser_is_op(p, ",") || comma;
	} while (oci_parser_skip_op(p, ","));
	return comma ? oci_node_of(p, OCI_NODE_TUPLE, at, &kids) : kids.v[0];
}

struct oci_node *oci_parse_tuple(struct oci_parser *p, bool without_if)
{
	return parse_parts(p, without_if ? parse_or : oci_parse_expr);
}

static struct oci_node *target_in_brackets(struct oci_parser *p)
{
	struct oci_node *n = oci_parse_target(p, false);

	return n && !oci_parser_skip_op(p, ")") ? oci_parser_expected(p, "expected )") : n;
}

static struct oci_node *target_part(struct oci_parser *p)
{
	if (oci_parser_skip_op(p, "("))
		return target_in_brackets(p);
	if (p->t->kind != OCI_TOK_NAME)
		return oci_parser_expected(p, "expected a name");
	struct oci_node *n = oci_parse_name(p);

	return n->kind == OCI_NODE_NAME ? n : oci_parser_expected(p, "a constant cannot get a value");
}

/* As target_part; a name may have an attribute: "ns.count". */
static struct oci_node *target_part_of_space(struct oci_parser *p)
{
	bool name = p->t->kind == OCI_TOK_NAME;
	struct oci_node *n = target_part(p);

	return n && name && oci_parser_is_op(p, ".") ? oci_parse_attribute(p, n) : n;
}

struct oci_node *oci_parse_target(struct oci_parser *p, bool space)
{
	return parse_parts(p, space ? target_part_of_space : target_part);
}
