#include "template/version.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Loose versions: runs of digits, runs of small letters, and whatever stands between, but no points. */
static bool next_part(struct oci_slice *s, struct oci_slice *part)
{
	while (s->len && *s->p == '.') {
		s->p++;
		s->len--;
	}
	*part = (struct oci_slice){ s->p, 0 };
	if (!s->len)
		return false;
	bool digits = is_digit(*s->p), letters = is_lower(*s->p);

	while (part->len < s->len) {
		char c = s->p[part->len];

		if (c == '.' || is_digit(c) != digits || is_lower(c) != letters)
			break;
		part->len++;
	}
	s->p += part->len;
	s->len -= part->len;
	return true;
}

static int compare_texts(struct oci_slice a, struct oci_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.p, b.p, n) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int compare_digits(struct oci_slice a, struct oci_slice b)
{
	while (a.len && *a.p == '0')
		a.p++, a.len--;
	while (b.len && *b.p == '0')
		b.p++, b.len--;
	return a.len != b.len ? (a.len > b.len ? 1 : -1) : compare_texts(a, b);
}

static int compare_loose(struct oci_slice a, struct oci_slice b, int *order, struct oci_err **err)
{
	struct oci_slice all_a = a, all_b = b, x, y;

	for (;;) {
		bool more_a = next_part(&a, &x), more_b = next_part(&b, &y);

		if (!more_a || !more_b) {
			*order = (int)more_a - (int)more_b;
			return 0;
		}
		if (is_digit(*x.p) != is_digit(*y.p))
			return oci_fail(err, OCI_BADINPUT, "the versions %.*s and %.*s have no order", (int)all_a.len,
					all_a.p, (int)all_b.len, all_b.p);
		*order = is_digit(*x.p) ? compare_digits(x, y) : compare_texts(x, y);
		if (*order)
			return 0;
	}
}

static bool take_digits(struct oci_slice *s, struct oci_slice *out)
{
	*out = (struct oci_slice){ s->p, 0 };
	while (s->len && is_digit(*s->p))
		s->p++, s->len--, out->len++;
	return out->len > 0;
}

static bool take_char(struct oci_slice *s, char c)
{
	if (!s->len || *s->p != c)
		return false;
	s->p++;
	s->len--;
	return true;
}

struct version {
	struct oci_slice number[3];
	struct oci_slice pre; /* what follows a hyphen; empty: a release */
};

static bool parse_strict(struct oci_slice s, struct version *v)
{
	*v = (struct version){ .number[2] = { "0", 1 } };
	if (!take_digits(&s, &v->number[0]) || !take_char(&s, '.') || !take_digits(&s, &v->number[1]))
		return false;
	if (take_char(&s, '.') && !take_digits(&s, &v->number[2]))
		return false;
	v->pre = s;
	return s.len == 0 || ((*s.p == 'a' || *s.p == 'b') && s.len > 1);
}

static bool parse_semver(struct oci_slice s, struct version *v)
{
	struct oci_slice build;

	*v = (struct version){ 0 };
	oci_slice_cut(s, '+', &s, &build);
	for (int i = 0; i < 3; i++)
		if ((i && !take_char(&s, '.')) || !take_digits(&s, &v->number[i]))
			return false;
	if (s.len && !take_char(&s, '-'))
		return false;
	v->pre = s;
	return true;
}

/* Identifiers of a pre-release: numbers before words, fewer before more. */
static int compare_pre(struct oci_slice a, struct oci_slice b)
{
	uint64_t n;

	if (!a.len || !b.len)
		return (int)(b.len != 0) - (int)(a.len != 0);
	for (bool more_a = true, more_b = true; more_a && more_b;) {
		struct oci_slice x, y;

		more_a = oci_slice_cut(a, '.', &x, &a);
		more_b = oci_slice_cut(b, '.', &y, &b);
		bool num_x = oci_slice_u64(x, &n), num_y = oci_slice_u64(y, &n);
		int order = num_x != num_y ? (num_x ? -1 : 1) : num_x ? compare_digits(x, y) : compare_texts(x, y);

		if (order)
			return order;
		if (more_a != more_b)
			return more_a ? 1 : -1;
	}
	return 0;
}

static int compare_numbered(bool strict, struct oci_slice a, struct oci_slice b, int *order, struct oci_err **err)
{
	struct version x, y;
	bool ok_a = strict ? parse_strict(a, &x) : parse_semver(a, &x);
	bool ok_b = strict ? parse_strict(b, &y) : parse_semver(b, &y);

	if (!ok_a || !ok_b) {
		struct oci_slice bad = ok_a ? b : a;

		return oci_fail(err, OCI_BADINPUT, "'%.*s' is not a %s version", (int)bad.len, bad.p,
				strict ? "strict" : "semantic");
	}
	*order = 0;
	for (int i = 0; i < 3 && *order == 0; i++)
		*order = compare_digits(x.number[i], y.number[i]);
	if (*order == 0)
		*order = compare_pre(x.pre, y.pre);
	return 0;
}

struct pep440 {
	struct oci_slice epoch, release, pre, post, dev, pre_word;
	bool has_pre, has_post, has_dev;
};

static bool take_word(struct oci_slice *s, const char *const *words, struct oci_slice *word)
{
	struct oci_slice t = *s;

	if (t.len && strchr("._-", *t.p))
		t.p++, t.len--;
	for (; *words; words++) {
		size_t n = strlen(*words);

		if (t.len >= n && strncasecmp(t.p, *words, n) == 0) {
			*word = (struct oci_slice){ *words, 1 };
			*s = (struct oci_slice){ t.p + n, t.len - n };
			if (s->len && strchr("._-", *s->p) && s->len > 1 && is_digit(s->p[1]))
				s->p++, s->len--;
			return true;
		}
	}
	return false;
}

static bool parse_pep440(struct oci_slice s, struct pep440 *v)
{
	static const char *const pres[] = { "alpha", "a", "beta", "b", "rc", "c", "preview", "pre", NULL };
	static const char *const posts[] = { "post", "rev", "r", NULL };
	static const char *const devs[] = { "dev", NULL };
	struct oci_slice local, word;

	*v = (struct pep440){ 0 };
	s = oci_slice_trim(s);
	oci_slice_cut(s, '+', &s, &local);
	if (s.len && (*s.p == 'v' || *s.p == 'V'))
		s.p++, s.len--;
	struct oci_slice rest = s;

	if (take_digits(&rest, &v->epoch) && take_char(&rest, '!'))
		s = rest;
	else
		v->epoch = (struct oci_slice){ s.p, 0 };
	v->release = (struct oci_slice){ s.p, 0 };
	while (s.len && (is_digit(*s.p) || (*s.p == '.' && s.len > 1 && is_digit(s.p[1]))))
		s.p++, s.len--, v->release.len++;
	if ((v->has_pre = take_word(&s, pres, &v->pre_word)))
		take_digits(&s, &v->pre);
	if ((v->has_post = take_word(&s, posts, &word)))
		take_digits(&s, &v->post);
	if ((v->has_dev = take_word(&s, devs, &word)))
		take_digits(&s, &v->dev);
	return s.len == 0 && v->release.len > 0;
}

static int compare_releases(struct oci_slice a, struct oci_slice b)
{
	for (bool more_a = true, more_b = true; more_a || more_b;) {
		struct oci_slice x = { "0", 1 }, y = { "0", 1 };

		if (more_a)
			more_a = oci_slice_cut(a, '.', &x, &a);
		if (more_b)
			more_b = oci_slice_cut(b, '.', &y, &b);
		int order = compare_digits(x, y);

		if (order)
			return order;
	}
	return 0;
}

/* A development release comes before its pre-releases, those before the release, post-releases after it. */
static int stage(const struct pep440 *v)
{
	if (v->has_pre)
		return *v->pre_word.p == 'a' ? 1 : *v->pre_word.p == 'b' ? 2 : 3;
	return v->has_post ? 5 : v->has_dev ? 0 : 4;
}

static int compare_pep440(struct oci_slice a, struct oci_slice b, int *order, struct oci_err **err)
{
	struct pep440 x, y;
	bool ok = parse_pep440(a, &x);

	if (!ok || !parse_pep440(b, &y)) {
		struct oci_slice bad = ok ? b : a;

		return oci_fail(err, OCI_BADINPUT, "'%.*s' is not a PEP 440 version", (int)bad.len, bad.p);
	}
	*order = compare_digits(x.epoch, y.epoch);
	if (*order == 0)
		*order = compare_releases(x.release, y.release);
	if (*order == 0)
		*order = stage(&x) - stage(&y);
	if (*order == 0)
		*order = compare_digits(x.pre, y.pre);
	if (*order == 0)
		*order = (int)x.has_post - (int)y.has_post;
	if (*order == 0)
		*order = compare_digits(x.post, y.post);
	if (*order == 0)
		*order = (int)y.has_dev - (int)x.has_dev;
	if (*order == 0)
		*order = compare_digits(x.dev, y.dev);
	return 0;
}

int oci_version_compare(enum oci_version_order kind, struct oci_slice a, struct oci_slice b, int *order,
			struct oci_err **err)
{
	if (kind == OCI_VERSION_LOOSE)
		return compare_loose(a, b, order, err);
	if (kind == OCI_VERSION_PEP440)
		return compare_pep440(a, b, order, err);
	return compare_numbered(kind == OCI_VERSION_STRICT, a, b, order, err);
}
