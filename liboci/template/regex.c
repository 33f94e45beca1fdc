#include "template/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <ctype.h>
#include <stdlib.h>

#define MAX_OUTPUT ((size_t)16 << 20)

struct oci_regex {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	struct oci_slice text; /* of the last match */
	uint32_t groups;
};

int oci_regex_new(struct oci_regex **out, struct oci_slice pattern, unsigned flags, struct oci_err **err)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP;
	PCRE2_SIZE at;
	PCRE2_UCHAR text[200];
	int code;

	if (flags & OCI_REGEX_IGNORECASE)
		options |= PCRE2_CASELESS;
	if (flags & OCI_REGEX_MULTILINE)
		options |= PCRE2_MULTILINE;
	pcre2_code *compiled = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.len, options, &code, &at, NULL);

	if (!compiled) {
		pcre2_get_error_message(code, text, sizeof(text));
		return oci_fail(err, OCI_BADINPUT, "regular expression '%.*s': %s at character %zu", (int)pattern.len,
				pattern.p, (const char *)text, (size_t)at + 1);
	}
	struct oci_regex *re = oci_calloc(1, sizeof(*re));

	re->code = compiled;
	re->match = pcre2_match_data_create_from_pattern(compiled, NULL);
	re->limits = pcre2_match_context_create(NULL);
	if (!re->match || !re->limits)
		abort();
	pcre2_set_match_limit(re->limits, 1000000);
	pcre2_set_depth_limit(re->limits, 10000);
	pcre2_pattern_info(compiled, PCRE2_INFO_CAPTURECOUNT, &re->groups);
	*out = re;
	return 0;
}

void oci_regex_freep(struct oci_regex **re)
{
	if (!*re)
		return;
	pcre2_match_data_free((*re)->match);
	pcre2_match_context_free((*re)->limits);
	pcre2_code_free((*re)->code);
	free(*re);
	*re = NULL;
}

int oci_regex_find(struct oci_regex *re, struct oci_slice text, size_t from, bool anchored, bool *found,
		   struct oci_err **err)
{
	PCRE2_UCHAR message[200];
	int rc = pcre2_match(re->code, (PCRE2_SPTR)text.p, text.len, from, anchored ? PCRE2_ANCHORED : 0, re->match,
			     re->limits);

	re->text = text;
	*found = rc > 0;
	if (rc > 0 || rc == PCRE2_ERROR_NOMATCH)
		return 0;
	pcre2_get_error_message(rc, message, sizeof(message));
	return oci_fail(err, OCI_BADINPUT, "regular expression: %s", (const char *)message);
}

bool oci_regex_group(const struct oci_regex *re, size_t i, struct oci_slice *out)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(re->match);

	if (i > re->groups || at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i])
		return false;
	*out = (struct oci_slice){ re->text.p + at[2 * i], at[2 * i + 1] - at[2 * i] };
	return true;
}

size_t oci_regex_groups(const struct oci_regex *re)
{
	return re->groups;
}

int oci_regex_named(const struct oci_regex *re, struct oci_slice name)
{
	auto_free char *text = oci_slice_dup(name);
	uint64_t number;

	if (oci_slice_u64(name, &number))
		return number <= re->groups ? (int)number : -1;
	int n = pcre2_substring_number_from_name(re->code, (PCRE2_SPTR)text);

	return n > 0 ? n : -1;
}

static int add_group(struct oci_regex *re, struct oci_slice name, struct oci_buf *out, struct oci_err **err)
{
	int n = oci_regex_named(re, name);
	struct oci_slice text;

	if (n < 0)
		return oci_fail(err, OCI_BADINPUT, "invalid group reference %.*s", (int)name.len, name.p);
	if (out && oci_regex_group(re, (size_t)n, &text))
		oci_buf_add(out, text.p, text.len);
	return 0;
}

/* with stands behind a backslash. */
static int expand_escape(struct oci_regex *re, struct oci_slice *with, struct oci_buf *out, struct oci_err **err)
{
	static const char from[] = "nrtabfv\\", to[] = "\n\r\t\a\b\f\v\\";
	struct oci_slice name = { with->p, 0 };

	if (oci_slice_starts(*with, "g<")) {
		*with = (struct oci_slice){ with->p + 2, with->len - 2 };
		if (!oci_slice_cut(*with, '>', &name, with))
			return oci_fail(err, OCI_BADINPUT, "\\g<name> without its >");
		return add_group(re, name, out, err);
	}
	while (name.len < 2 && name.len < with->len && isdigit((unsigned char)with->p[name.len]) && *with->p != '0')
		name.len++;
	if (name.len) {
		*with = (struct oci_slice){ with->p + name.len, with->len - name.len };
		return add_group(re, name, out, err);
	}
	const char *at = *with->p ? strchr(from, *with->p) : NULL;

	if (!at && isalpha((unsigned char)*with->p))
		return oci_fail(err, OCI_BADINPUT, "bad escape \\%c in a replacement", *with->p);
	if (out && !at)
		oci_buf_addc(out, '\\');
	if (out)
		oci_buf_addc(out, at ? to[at - from] : *with->p);
	*with = (struct oci_slice){ with->p + 1, with->len - 1 };
	return 0;
}

/* Without an output it only tells whether the replacement is in order. */
static int expand(struct oci_regex *re, struct oci_slice with, struct oci_buf *out, struct oci_err **err)
{
	while (with.len) {
		char c = *with.p;

		with = (struct oci_slice){ with.p + 1, with.len - 1 };
		if (c != '\\') {
			if (out)
				oci_buf_addc(out, c);
			continue;
		}
		if (!with.len)
			return oci_fail(err, OCI_BADINPUT, "a replacement that ends in a backslash");
		if (expand_escape(re, &with, out, err) < 0)
			return -1;
	}
	return 0;
}

/* One character on, whole code points. */
static size_t step_on(struct oci_slice text, size_t at, struct oci_buf *out)
{
	do
		oci_buf_addc(out, text.p[at++]);
	while (at < text.len && ((unsigned char)text.p[at] & 0xC0) == 0x80);
	return at;
}

int oci_regex_replace(struct oci_regex *re, struct oci_slice text, struct oci_slice with, size_t count,
		      struct oci_buf *out, struct oci_err **err)
{
	size_t at = 0, done = 0;
	bool found;

	if (expand(re, with, NULL, err) < 0)
		return -1;
	while (at <= text.len && (!count || done < count)) {
		struct oci_slice all;

		if (oci_regex_find(re, text, at, false, &found, err) < 0)
			return -1;
		if (!found || !oci_regex_group(re, 0, &all))
			break;
		size_t start = (size_t)(all.p - text.p);

		oci_buf_add(out, text.p + at, start - at);
		if (expand(re, with, out, err) < 0)
			return -1;
		done++;
		at = start + all.len;
		if (out->len > MAX_OUTPUT)
			return oci_fail(err, OCI_BADINPUT, "a replacement of more than %zu MiB", MAX_OUTPUT >> 20);
		if (all.len == 0 && at < text.len)
			at = step_on(text, at, out);
		else if (all.len == 0)
			return 0;
	}
	if (at < text.len)
		oci_buf_add(out, text.p + at, text.len - at);
	return 0;
}
