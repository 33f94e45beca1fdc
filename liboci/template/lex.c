#include "template/lex.h"

#include <ctype.h>

struct lexer {
	struct oci_slice text;
	size_t pos;
	bool trim_next; /* the mark before ended in -: drop blanks up to the next text */
	struct oci_toks *out;
	size_t *at;
	struct oci_err **err;
};

static int fail_at(struct lexer *l, size_t at, const char *text)
{
	*l->at = at;
	return oci_fail(l->err, OCI_BADINPUT, "%s", text);
}

static void add(struct lexer *l, enum oci_tok_kind kind, size_t from, size_t to)
{
	struct oci_tok *t = oci_vec_push(l->out);

	*t = (struct oci_tok){ kind, { l->text.p + from, to - from }, from };
}

static char peek(const struct lexer *l, size_t ahead)
{
	return l->pos + ahead < l->text.len ? l->text.p[l->pos + ahead] : '\0';
}

static void skip_blanks(struct lexer *l)
{
	while (l->pos < l->text.len && isspace((unsigned char)l->text.p[l->pos]))
		l->pos++;
}

/* The offset of the next {{, {% or {#; the text's length when there is none. */
static size_t next_mark(const struct lexer *l)
{
	for (size_t i = l->pos; i + 1 < l->text.len; i++)
		if (l->text.p[i] == '{' && strchr("{%#", l->text.p[i + 1]))
			return i;
	return l->text.len;
}

/* A text up to `end`, less the blanks that {%- behind it and -%} in front of it eat. */
static void add_text(struct lexer *l, size_t from, size_t end, bool trim_end)
{
	if (l->trim_next)
		while (from < end && isspace((unsigned char)l->text.p[from]))
			from++;
	while (trim_end && end > from && isspace((unsigned char)l->text.p[end - 1]))
		end--;
	if (end > from)
		add(l, OCI_TOK_TEXT, from, end);
	l->trim_next = false;
}

static size_t find(const struct lexer *l, size_t from, const char *what)
{
	size_t n = strlen(what);

	for (size_t i = from; i + n <= l->text.len; i++)
		if (memcmp(l->text.p + i, what, n) == 0)
			return i;
	return SIZE_MAX;
}

/* Behind %} and #} the newline goes, too (Ansible sets trim_blocks), unless it is +%}. */
static void end_block(struct lexer *l, char modifier)
{
	l->pos += 2;
	if (modifier == '-')
		l->trim_next = true;
	else if (modifier != '+' && peek(l, 0) == '\n')
		l->pos++;
}

static int lex_comment(struct lexer *l)
{
	size_t end = find(l, l->pos, "#}");

	if (end == SIZE_MAX)
		return fail_at(l, l->pos, "a comment {# without its #}");
	char modifier = end > l->pos + 2 ? l->text.p[end - 1] : '\0';

	l->pos = end;
	end_block(l, modifier);
	return 0;
}

static bool skip_word(struct lexer *l, const char *word)
{
	size_t n = strlen(word);

	skip_blanks(l);
	if (l->text.len - l->pos < n || memcmp(l->text.p + l->pos, word, n) != 0 ||
	    isalnum((unsigned char)peek(l, n)) || peek(l, n) == '_')
		return false;
	l->pos += n;
	skip_blanks(l);
	return true;
}

static bool at_block_end(const struct lexer *l, char *modifier)
{
	*modifier = peek(l, 0) == '-' || peek(l, 0) == '+' ? peek(l, 0) : '\0';
	size_t skip = *modifier ? 1 : 0;

	return peek(l, skip) == '%' && peek(l, skip + 1) == '}';
}

/* Is this "{% raw %}"? Then take it, up to and with its end. */
static int lex_raw(struct lexer *l, bool *taken)
{
	size_t start = l->pos, end;
	char modifier;

	*taken = false;
	l->pos += peek(l, 2) == '-' || peek(l, 2) == '+' ? 3 : 2;
	if (!skip_word(l, "raw") || !at_block_end(l, &modifier)) {
		l->pos = start;
		return 0;
	}
	l->pos += modifier ? 3 : 2;
	l->trim_next = modifier == '-';
	for (size_t from = l->pos; (end = find(l, l->pos, "{%")) != SIZE_MAX; l->pos = end + 2) {
		bool minus;

		l->pos = end + 2;
		minus = peek(l, 0) == '-';
		l->pos += minus || peek(l, 0) == '+';
		if (!skip_word(l, "endraw") || !at_block_end(l, &modifier))
			continue;
		add_text(l, from, end, minus);
		l->pos += modifier ? 1 : 0;
		end_block(l, modifier);
		*taken = true;
		return 0;
	}
	return fail_at(l, start, "{% raw %} without {% endraw %}");
}

static int lex_string(struct lexer *l)
{
	size_t start = l->pos++;
	char quote = l->text.p[start];

	while (l->pos < l->text.len && l->text.p[l->pos] != quote)
		l->pos += l->text.p[l->pos] == '\\' ? 2 : 1;
	if (l->pos >= l->text.len)
		return fail_at(l, start, "a text without its closing quote");
	add(l, OCI_TOK_STR, start + 1, l->pos);
	l->out->v[l->out->n - 1].at = start;
	l->pos++;
	return 0;
}

static void skip_digits(struct lexer *l)
{
	while (isdigit((unsigned char)peek(l, 0)) || (peek(l, 0) == '_' && isdigit((unsigned char)peek(l, 1))))
		l->pos++;
}

static void lex_number(struct lexer *l)
{
	size_t start = l->pos;
	enum oci_tok_kind kind = OCI_TOK_INT;
	/* In a.0.1 the 0 is an index, not the start of 0.1. */
	bool index = start > 0 && l->text.p[start - 1] == '.';

	if (peek(l, 0) == '0' && strchr("xXoObB", peek(l, 1)) && peek(l, 1)) {
		l->pos += 2;
		while (isxdigit((unsigned char)peek(l, 0)) || peek(l, 0) == '_')
			l->pos++;
		add(l, kind, start, l->pos);
		return;
	}
	skip_digits(l);
	if (!index && peek(l, 0) == '.' && isdigit((unsigned char)peek(l, 1))) {
		kind = OCI_TOK_FLOAT;
		l->pos++;
		skip_digits(l);
	}
	size_t sign = peek(l, 1) == '+' || peek(l, 1) == '-' ? 2 : 1;

	if (!index && (peek(l, 0) == 'e' || peek(l, 0) == 'E') && isdigit((unsigned char)peek(l, sign))) {
		kind = OCI_TOK_FLOAT;
		l->pos += sign;
		skip_digits(l);
	}
	add(l, kind, start, l->pos);
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static int lex_op(struct lexer *l)
{
	static const char *const ops[] = { "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
					   "]",	 "(",  ")",  "{",  "}",	 ">",  "<", "=", ".", ":", "|", ",", ";" };

	for (size_t i = 0; i < OCI_COUNT(ops); i++) {
		size_t n = strlen(ops[i]);

		if (l->text.len - l->pos >= n && memcmp(l->text.p + l->pos, ops[i], n) == 0) {
			add(l, OCI_TOK_OP, l->pos, l->pos + n);
			l->pos += n;
			return 0;
		}
	}
	return fail_at(l, l->pos, "a character that no expression has");
}

static int lex_token(struct lexer *l)
{
	char c = peek(l, 0);

	if (c == '\'' || c == '"')
		return lex_string(l);
	if (isdigit((unsigned char)c)) {
		lex_number(l);
		return 0;
	}
	if (!is_name(c))
		return lex_op(l);
	size_t start = l->pos;

	while (l->pos < l->text.len && is_name(l->text.p[l->pos]))
		l->pos++;
	add(l, OCI_TOK_NAME, start, l->pos);
	return 0;
}

/* Does the mark end here? Not while a bracket is open: {{ {'a': {}} }} has one }} that is none. */
static bool at_end(const struct lexer *l, const char *close, int open, size_t *skip)
{
	char first = peek(l, 0);

	*skip = first == '-' || (first == '+' && close[0] == '%') ? 1 : 0;
	return open <= 0 && peek(l, *skip) == close[0] && peek(l, *skip + 1) == '}';
}

/* The tokens of one {{ }} or {% %}. */
static int lex_mark(struct lexer *l, bool block)
{
	size_t start = l->pos, skip;
	int open = 0;

	add(l, block ? OCI_TOK_BLOCK_BEGIN : OCI_TOK_VAR_BEGIN, start, start + 2);
	l->pos += peek(l, 2) == '-' || peek(l, 2) == '+' ? 3 : 2;
	for (;;) {
		skip_blanks(l);
		if (l->pos >= l->text.len)
			return fail_at(l, start, block ? "{% without its %}" : "{{ without its }}");
		if (at_end(l, block ? "%}" : "}}", open, &skip))
			break;
		char c = peek(l, 0);

		open += (c != '\0' && strchr("([{", c)) ? 1 : (c != '\0' && strchr(")]}", c)) ? -1 : 0;
		if (lex_token(l) < 0)
			return -1;
	}
	char modifier = skip ? peek(l, 0) : '\0';

	add(l, block ? OCI_TOK_BLOCK_END : OCI_TOK_VAR_END, l->pos, l->pos + 2 + skip);
	l->pos += skip;
	if (block) {
		end_block(l, modifier);
	} else {
		l->pos += 2;
		l->trim_next = modifier == '-';
	}
	return 0;
}

int oci_lex(struct oci_slice text, struct oci_toks *out, size_t *at, struct oci_err **err)
{
	struct lexer l = { .text = text, .out = out, .at = at, .err = err };

	while (l.pos < text.len) {
		size_t mark = next_mark(&l);
		bool trim = mark + 2 < text.len && text.p[mark + 2] == '-', taken = false;

		add_text(&l, l.pos, mark, trim);
		l.pos = mark;
		if (mark == text.len)
			break;
		if (text.p[mark + 1] == '#') {
			if (lex_comment(&l) < 0)
				return -1;
			continue;
		}
		if (text.p[mark + 1] == '%' && lex_raw(&l, &taken) < 0)
			return -1;
		if (!taken && lex_mark(&l, text.p[mark + 1] == '%') < 0)
			return -1;
	}
	add(&l, OCI_TOK_END, text.len, text.len);
	return 0;
}
