#include "base/slice.h"

bool oci_slice_same(struct oci_slice a, struct oci_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

bool oci_slice_eq(struct oci_slice a, const char *s)
{
	return oci_slice_same(a, oci_slice(s));
}

bool oci_slice_starts(struct oci_slice a, const char *prefix)
{
	size_t n = strlen(prefix);

	return a.len >= n && memcmp(a.p, prefix, n) == 0;
}

/* An empty slice may have no address, and C lets nobody count from none. */
static struct oci_slice with_address(struct oci_slice s)
{
	return s.p ? s : oci_slice("");
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct oci_slice oci_slice_trim(struct oci_slice s)
{
	s = with_address(s);
	while (s.len && blank(s.p[0]))
		s.p++, s.len--;
	while (s.len && blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

char *oci_slice_dup(struct oci_slice s)
{
	return oci_strndup(s.len ? s.p : "", s.len);
}

bool oci_slice_cut(struct oci_slice s, char c, struct oci_slice *head, struct oci_slice *rest)
{
	s = with_address(s);
	const char *at = memchr(s.p, c, s.len);
	size_t before = at ? (size_t)(at - s.p) : s.len;

	*head = (struct oci_slice){ s.p, before };
	*rest = at ? (struct oci_slice){ at + 1, s.len - before - 1 } : (struct oci_slice){ s.p + s.len, 0 };
	return at != NULL;
}

bool oci_slice_line(struct oci_slice *rest, struct oci_slice *line)
{
	if (rest->len == 0)
		return false;
	oci_slice_cut(*rest, '\n', line, rest);
	if (line->len && line->p[line->len - 1] == '\r')
		line->len--;
	return true;
}

bool oci_slice_word(struct oci_slice *rest, struct oci_slice *word)
{
	struct oci_slice s = oci_slice_trim(*rest);
	size_t n = 0;

	while (n < s.len && !blank(s.p[n]))
		n++;
	*word = (struct oci_slice){ s.p, n };
	*rest = (struct oci_slice){ s.p + n, s.len - n };
	return n > 0;
}

bool oci_slice_u64(struct oci_slice s, uint64_t *out)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value))
			return false;
	}
	*out = value;
	return true;
}
