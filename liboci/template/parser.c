/* Nodes and tokens, for the parsers of statements and of expressions. */
#include "template/parse_int.h"

#include <stdarg.h>
#include <stdlib.h>

void oci_kids_clear(struct oci_kids *k)
{
	free(k->v);
	*k = (struct oci_kids){ 0 };
}

void oci_node_push(struct oci_kids *kids, struct oci_node *n)
{
	*oci_vec_push(kids) = n;
}

struct oci_node *oci_node_new(struct oci_parser *p, enum oci_node_kind kind, size_t at)
{
	struct oci_node *n = oci_arena_alloc(p->arena, sizeof(*n));

	n->kind = kind;
	n->at = at;
	return n;
}

struct oci_node *oci_node_of(struct oci_parser *p, enum oci_node_kind kind, size_t at, const struct oci_kids *kids)
{
	struct oci_node *n = oci_node_new(p, kind, at);

	n->n = kids->n;
	n->kids = oci_arena_alloc(p->arena, kids->n * sizeof(*n->kids));
	if (kids->n)
		memcpy(n->kids, kids->v, kids->n * sizeof(*n->kids));
	return n;
}

struct oci_node *oci_node_one(struct oci_parser *p, enum oci_node_kind kind, size_t at, struct oci_node *a)
{
	return a ? oci_node_of(p, kind, at, &(struct oci_kids){ &a, 1, 1 }) : NULL;
}

struct oci_node *oci_node_two(struct oci_parser *p, enum oci_node_kind kind, size_t at, struct oci_node *a,
			      struct oci_node *b)
{
	struct oci_node *both[] = { a, b };

	return a && b ? oci_node_of(p, kind, at, &(struct oci_kids){ both, 2, 2 }) : NULL;
}

int oci_parser_fail(struct oci_parser *p, size_t at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	auto_free char *text = oci_vprintf(fmt, ap);

	va_end(ap);
	*p->at = at;
	return oci_fail(p->err, OCI_BADINPUT, "%s", text);
}

struct oci_node *oci_parser_expected(struct oci_parser *p, const char *what)
{
	const struct oci_tok *t = p->t;

	if (t->kind == OCI_TOK_END || t->kind == OCI_TOK_TEXT)
		oci_parser_fail(p, t->at, "%s, found the end", what);
	else
		oci_parser_fail(p, t->at, "%s, found \"%.*s\"", what, (int)(t->s.len < 40 ? t->s.len : 40), t->s.p);
	return NULL;
}

bool oci_parser_is(const struct oci_parser *p, enum oci_tok_kind kind, const char *s)
{
	return p->t->kind == kind && oci_slice_eq(p->t->s, s);
}

bool oci_parser_skip(struct oci_parser *p, enum oci_tok_kind kind, const char *s)
{
	if (!oci_parser_is(p, kind, s))
		return false;
	p->t++;
	return true;
}
