/* Statements: text, {{ }}, {% if %}, {% for %}, {% set %}, {% with %}, {% filter %}. */
#include "template/parse_int.h"

#include <stdlib.h>

static struct oci_node *parse_body(struct oci_parser *p, const char *const *ends);

static struct oci_node *end_block(struct oci_parser *p, struct oci_node *n)
{
	if (n && p->t->kind != OCI_TOK_BLOCK_END)
		return oci_parser_expected(p, "expected %}");
	p->t += n ? 1 : 0;
	return n;
}

/* The text from offset `from` to the end of the token before the next one. */
static struct oci_slice mark_from(const struct oci_parser *p, size_t from)
{
	const struct oci_tok *last = p->t - 1;

	return (struct oci_slice){ p->text.p + from, (size_t)(last->s.p + last->s.len - p->text.p) - from };
}

static struct oci_node *parse_print(struct oci_parser *p)
{
	size_t at = p->t->at;
	struct oci_node *n;

	p->t++;
	p->in_print = true;
	n = oci_node_one(p, OCI_NODE_PRINT, at, oci_parse_tuple(p, false));
	p->in_print = false;
	if (!n)
		return NULL;
	if (p->t->kind != OCI_TOK_VAR_END)
		return oci_parser_expected(p, "expected }}");
	p->t++;
	n->mark = mark_from(p, at);
	return n;
}

/* The body of a block up to one of ends, which is left as the next token behind its {%. */
static struct oci_node *parse_inner(struct oci_parser *p, const char *const *ends)
{
	struct oci_node *n = NULL;

	if (++p->depth > OCI_PARSE_DEPTH)
		return oci_parser_expected(p, "nested too deep");
	n = parse_body(p, ends);
	p->depth--;
	return n;
}

static struct oci_node *parse_if(struct oci_parser *p, size_t at)
{
	static const char *const ends[] = { "elif", "else", "endif", NULL };
	static const char *const last[] = { "endif", NULL };
	struct oci_node *parts[3] = { 0 };

	if (!(parts[0] = end_block(p, oci_parse_tuple(p, false))))
		return NULL;
	struct oci_slice mark = mark_from(p, at);

	if (!(parts[1] = parse_inner(p, ends)))
		return NULL;
	size_t next = p->t[-1].at;

	if (oci_parser_skip_word(p, "elif")) {
		if (++p->depth > OCI_PARSE_DEPTH)
			return oci_parser_expected(p, "nested too deep");
		parts[2] = parse_if(p, next);
		p->depth--;
		if (!parts[2])
			return NULL;
	} else {
		if (oci_parser_skip_word(p, "else") &&
		    !((parts[2] = end_block(p, oci_node_new(p, OCI_NODE_BODY, at))) &&
		      (parts[2] = parse_inner(p, last))))
			return NULL;
		p->t++;
		if (!end_block(p, parts[1]))
			return NULL;
	}
	struct oci_node *n = oci_node_of(p, OCI_NODE_IF, at, &(struct oci_kids){ parts, 3, 3 });

	n->mark = mark;
	return n;
}

static struct oci_node *parse_for(struct oci_parser *p, size_t at)
{
	static const char *const ends[] = { "else", "endfor", NULL };
	static const char *const last[] = { "endfor", NULL };
	struct oci_node *parts[5] = { 0 };

	if (!(parts[0] = oci_parse_target(p, false)))
		return NULL;
	if (!oci_parser_skip_word(p, "in"))
		return oci_parser_expected(p, "expected in");
	if (!(parts[1] = oci_parse_tuple(p, true)))
		return NULL;
	if (oci_parser_skip_word(p, "if") && !(parts[2] = oci_parse_expr(p)))
		return NULL;
	if (oci_parser_is_word(p, "recursive"))
		return oci_parser_expected(p, "recursive loops are not supported");
	if (!end_block(p, parts[0]))
		return NULL;
	struct oci_slice mark = mark_from(p, at);

	if (!(parts[3] = parse_inner(p, ends)))
		return NULL;
	if (oci_parser_skip_word(p, "else") && !(end_block(p, parts[3]) && (parts[4] = parse_inner(p, last))))
		return NULL;
	p->t++;
	if (!end_block(p, parts[3]))
		return NULL;
	struct oci_node *n = oci_node_of(p, OCI_NODE_FOR, at, &(struct oci_kids){ parts, 5, 5 });

	n->mark = mark;
	return n;
}

static struct oci_node *parse_set(struct oci_parser *p, size_t at)
{
	static const char *const last[] = { "endset", NULL };
	struct oci_node *parts[3] = { 0 }, *n;

	if (!(parts[0] = oci_parse_target(p, true)))
		return NULL;
	if (oci_parser_skip_op(p, "=")) {
		n = oci_node_two(p, OCI_NODE_SET, at, parts[0], oci_parse_tuple(p, false));
		if ((n = end_block(p, n)))
			n->mark = mark_from(p, at);
		return n;
	}
	if (oci_parser_is_op(p, "|") && !(parts[2] = oci_parse_filters(p, NULL)))
		return NULL;
	if (!end_block(p, parts[0]))
		return NULL;
	struct oci_slice mark = mark_from(p, at);

	if (!(parts[1] = parse_inner(p, last)))
		return NULL;
	p->t++;
	n = end_block(p, oci_node_of(p, OCI_NODE_CAPTURE, at, &(struct oci_kids){ parts, 3, 3 }));
	if (n)
		n->mark = mark;
	return n;
}

static struct oci_node *parse_with(struct oci_parser *p, size_t at)
{
	static const char *const last[] = { "endwith", NULL };
	auto_kids struct oci_kids kids = { 0 };

	while (p->t->kind != OCI_TOK_BLOCK_END) {
		struct oci_node *target, *value;

		if (kids.n && !oci_parser_skip_op(p, ","))
			return oci_parser_expected(p, "expected ,");
		if (!(target = p->t->kind == OCI_TOK_NAME ? oci_parse_name(p)
							  : oci_parser_expected(p, "expected a name")))
			return NULL;
		if (!oci_parser_skip_op(p, "="))
			return oci_parser_expected(p, "expected =");
		if (!(value = oci_parse_expr(p)))
			return NULL;
		oci_node_push(&kids, target);
		oci_node_push(&kids, value);
	}
	p->t++;
	struct oci_slice mark = mark_from(p, at);
	struct oci_node *body = parse_inner(p, last);

	if (!body)
		return NULL;
	p->t++;
	oci_node_push(&kids, body);
	struct oci_node *n = end_block(p, oci_node_of(p, OCI_NODE_WITH, at, &kids));

	if (n)
		n->mark = mark;
	return n;
}

static struct oci_node *parse_apply(struct oci_parser *p, size_t at)
{
	static const char *const last[] = { "endfilter", NULL };
	struct oci_node *filter = oci_parse_filter_name(p, NULL);

	filter = filter ? oci_parse_filters(p, filter) : NULL;
	if (!end_block(p, filter))
		return NULL;
	struct oci_slice mark = mark_from(p, at);
	struct oci_node *body = parse_inner(p, last), *n;

	if (!body)
		return NULL;
	p->t++;
	n = end_block(p, oci_node_two(p, OCI_NODE_APPLY, at, filter, body));
	if (n)
		n->mark = mark;
	return n;
}

static struct oci_node *parse_statement(struct oci_parser *p)
{
	static const struct {
		const char *word;
		struct oci_node *(*parse)(struct oci_parser *p, size_t at);
	} statements[] = { { "if", parse_if },
			   { "for", parse_for },
			   { "set", parse_set },
			   { "with", parse_with },
			   { "filter", parse_apply } };
	size_t at = p->t[-1].at;

	for (size_t i = 0; i < OCI_COUNT(statements); i++)
		if (oci_parser_skip_word(p, statements[i].word))
			return statements[i].parse(p, at);
	if (p->t->kind == OCI_TOK_NAME)
		oci_parser_fail(p, p->t->at, "the statement {%% %.*s %%} is not supported here", (int)p->t->s.len,
				p->t->s.p);
	else
		oci_parser_expected(p, "expected a statement");
	return NULL;
}

static bool at_end(const struct oci_parser *p, const char *const *ends)
{
	for (; ends && *ends; ends++)
		if (oci_parser_is_word(p, *ends))
			return true;
	return false;
}

static struct oci_node *parse_text(struct oci_parser *p)
{
	struct oci_node *n = oci_node_new(p, OCI_NODE_TEXT, p->t->at);

	n->name = p->t->s;
	p->t++;
	return n;
}

static struct oci_node *parse_body(struct oci_parser *p, const char *const *ends)
{
	auto_kids struct oci_kids kids = { 0 };
	size_t at = p->t->at;

	while (p->t->kind != OCI_TOK_END) {
		struct oci_node *n;

		if (p->t->kind == OCI_TOK_TEXT) {
			n = parse_text(p);
		} else if (p->t->kind == OCI_TOK_VAR_BEGIN) {
			n = parse_print(p);
		} else {
			p->t++;
			if (at_end(p, ends))
				return oci_node_of(p, OCI_NODE_BODY, at, &kids);
			n = parse_statement(p);
		}
		if (!n)
			return NULL;
		oci_node_push(&kids, n);
	}
	if (ends) {
		while (ends[1])
			ends++;
		oci_parser_fail(p, at, "a block without its {%% %s %%}", *ends);
		return NULL;
	}
	return oci_node_of(p, OCI_NODE_BODY, at, &kids);
}

int oci_parse_template(const struct oci_parse *what, struct oci_node **out, struct oci_err **err)
{
	struct oci_toks toks = { 0 };
	struct oci_parser p = { .arena = what->arena,
				.text = what->text,
				.keep_backslashes = what->keep_backslashes,
				.at = what->at,
				.err = err };
	int rc = oci_lex(what->text, &toks, what->at, err);

	if (rc == 0) {
		p.t = toks.v;
		*out = parse_body(&p, NULL);
		rc = *out ? 0 : -1;
	}
	free(toks.v);
	return rc;
}
