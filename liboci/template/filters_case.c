#include "template/call_int.h"
#include "template/letter.h"
#include "base/utf8.h"

static int f_lower(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	oci_letters_lower(oci_text_of(c->t, c->self), &b);
	return oci_give(c, &b, out, err);
}

static int f_upper(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };

	for (const char *p = s.p; p < s.p + s.len;)
		oci_letter_add_upper(&b, oci_utf8_next(&p, s.p + s.len));
	return oci_give(c, &b, out, err);
}

/* Upper case where a word begins, which is for the caller to say, lower case elsewhere. */
static int by_words(const struct oci_call *c, bool (*begins)(uint32_t code), const struct oci_val **out,
		    struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };
	bool start = true;

	for (const char *p = s.p; p < s.p + s.len;) {
		uint32_t code = oci_utf8_next(&p, s.p + s.len);

		(start ? oci_letter_add_upper : oci_letter_add_lower)(&b, code);
		start = begins(code);
	}
	return oci_give(c, &b, out, err);
}

static bool never(uint32_t code)
{
	(void)code;
	return false;
}

static int f_capitalize(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return by_words(c, never, out, err);
}

/* For the filter a word begins behind blanks, hyphens and opening brackets. */
static bool is_gap(uint32_t code)
{
	return code && code < 0x80 && strchr(" \t\n\r\f\v-({[<", (int)code);
}

static int f_title(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return by_words(c, is_gap, out, err);
}

/* For the method behind whatever is no letter. */
static bool is_no_letter(uint32_t code)
{
	return !oci_letter_is_alpha(code);
}

static int m_title(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	return by_words(c, is_no_letter, out, err);
}

static int m_swapcase(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	auto_buf struct oci_buf b = { 0 };

	for (const char *p = s.p; p < s.p + s.len;) {
		uint32_t code = oci_utf8_next(&p, s.p + s.len);

		(oci_letter_is_upper(code) ? oci_letter_add_lower : oci_letter_add_upper)(&b, code);
	}
	return oci_give(c, &b, out, err);
}

/* Has letters, and none of the other case. */
static int in_case(const struct oci_call *c, bool (*wanted)(uint32_t), bool (*unwanted)(uint32_t),
		   const struct oci_val **out)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	bool some = false, other = false;

	for (const char *p = s.p; p < s.p + s.len;) {
		uint32_t code = oci_utf8_next(&p, s.p + s.len);

		some = some || wanted(code);
		other = other || unwanted(code);
	}
	*out = oci_val_bool(some && !other);
	return 0;
}

static int t_lower(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return in_case(c, oci_letter_is_lower, oci_letter_is_upper, out);
}

static int t_upper(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return in_case(c, oci_letter_is_upper, oci_letter_is_lower, out);
}

static int all_are(const struct oci_call *c, bool (*is)(uint32_t), const struct oci_val **out)
{
	struct oci_slice s = oci_text_of(c->t, c->self);
	bool all = s.len > 0;

	for (const char *p = s.p; p < s.p + s.len && all;)
		all = is(oci_utf8_next(&p, s.p + s.len));
	*out = oci_val_bool(all);
	return 0;
}

static bool is_digit(uint32_t code)
{
	return code >= '0' && code <= '9';
}

static bool is_blank(uint32_t code)
{
	return code && code < 0x80 && strchr(" \t\n\r\f\v", (int)code);
}

static int m_isdigit(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return all_are(c, is_digit, out);
}

static int m_isalpha(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return all_are(c, oci_letter_is_alpha, out);
}

static int m_isalnum(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return all_are(c, oci_letter_is_alnum, out);
}

static int m_isspace(const struct oci_call *c, const struct oci_val **out, struct oci_err **err)
{
	(void)err;
	return all_are(c, is_blank, out);
}

const struct oci_builtin oci_filters_case[] = {
	{ "lower", f_lower, "", 0, false },
	{ "upper", f_upper, "", 0, false },
	{ "capitalize", f_capitalize, "", 0, false },
	{ "title", f_title, "", 0, false },
	{ 0 },
};

const struct oci_builtin oci_tests_case[] = {
	{ "lower", t_lower, "", 0, false },
	{ "upper", t_upper, "", 0, false },
	{ 0 },
};

const struct oci_builtin oci_methods_case[] = {
	{ "lower", f_lower, "", 0, false },
	{ "casefold", f_lower, "", 0, false },
	{ "upper", f_upper, "", 0, false },
	{ "capitalize", f_capitalize, "", 0, false },
	{ "title", m_title, "", 0, false },
	{ "swapcase", m_swapcase, "", 0, false },
	{ "islower", t_lower, "", 0, false },
	{ "isupper", t_upper, "", 0, false },
	{ "isdigit", m_isdigit, "", 0, false },
	{ "isnumeric", m_isdigit, "", 0, false },
	{ "isdecimal", m_isdigit, "", 0, false },
	{ "isalpha", m_isalpha, "", 0, false },
	{ "isalnum", m_isalnum, "", 0, false },
	{ "isspace", m_isspace, "", 0, false },
	{ 0 },
};
