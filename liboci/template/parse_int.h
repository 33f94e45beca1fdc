/* What the parsers of statements and of expressions share. */
#ifndef OCI_TEMPLATE_PARSE_INT_H
#define OCI_TEMPLATE_PARSE_INT_H

#include "template/lex.h"
#include "template/tree_int.h"

#define OCI_PARSE_DEPTH 200

struct oci_parser {
	struct oci_arena *arena;
	struct oci_slice text;
	const struct oci_tok *t; /* the next token; the last one is OCI_TOK_END */
	bool keep_backslashes, in_print;
	unsigned depth;
	size_t *at;
	struct oci_err **err;
};

/* Nodes are gathered first, then copied into the arena. */
struct oci_kids {
	struct oci_node **v;
	size_t n, cap;
};

void oci_kids_clear(struct oci_kids *k);
#define auto_kids OCI_AUTO(oci_kids_clear)

struct oci_node *oci_node_new(struct oci_parser *p, enum oci_node_kind kind, size_t at);
struct oci_node *oci_node_of(struct oci_parser *p, enum oci_node_kind kind, size_t at, const struct oci_kids *kids);
void oci_node_push(struct oci_kids *kids, struct oci_node *n);

int oci_parser_fail(struct oci_parser *p, size_t at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool oci_parser_is(const struct oci_parser *p, enum oci_tok_kind kind, const char *s); /* is the next token this? */
bool oci_parser_skip(struct oci_parser *p, enum oci_tok_kind kind, const char *s);
struct oci_node *oci_parser_expected(struct oci_parser *p, const char *what); /* "WHAT, found …"; gives NULL */
struct oci_node *oci_node_one(struct oci_parser *p, enum oci_node_kind kind, size_t at,
			      struct oci_node *a); /* NULL if a is */
struct oci_node *oci_node_two(struct oci_parser *p, enum oci_node_kind kind, size_t at, struct oci_node *a,
			      struct oci_node *b);

static inline bool oci_parser_is_op(const struct oci_parser *p, const char *op)
{
	return oci_parser_is(p, OCI_TOK_OP, op);
}

static inline bool oci_parser_skip_op(struct oci_parser *p, const char *op)
{
	return oci_parser_skip(p, OCI_TOK_OP, op);
}

static inline bool oci_parser_is_word(const struct oci_parser *p, const char *word)
{
	return oci_parser_is(p, OCI_TOK_NAME, word);
}

static inline bool oci_parser_skip_word(struct oci_parser *p, const char *word)
{
	return oci_parser_skip(p, OCI_TOK_NAME, word);
}

/* Expressions. A tuple needs no parentheses: {{ 1, 2 }}. without_if: the list of a {% for %}, which may end in an if.
 */
struct oci_node *oci_parse_expr(struct oci_parser *p); /* NULL on failure, as all of these */
struct oci_node *oci_parse_tuple(struct oci_parser *p, bool without_if);
struct oci_node *oci_parse_target(struct oci_parser *p, bool space); /* a, b in "for a, b in"; space: also ns.a */
struct oci_node *oci_parse_operand(struct oci_parser *p); /* with its sign, attributes, calls, filters and tests */
struct oci_node *oci_parse_primary(struct oci_parser *p); /* the bare value */
struct oci_node *oci_parse_number(struct oci_parser *p);
struct oci_node *oci_parse_name(struct oci_parser *p);
struct oci_node *oci_parse_attribute(struct oci_parser *p, struct oci_node *on);
struct oci_node *oci_parse_filters(struct oci_parser *p, struct oci_node *input); /* | a | b, onto input or nothing */
struct oci_node *oci_parse_filter_name(struct oci_parser *p, struct oci_node *input); /* a(1), the | being taken */

#endif
