#include "digest/sumfile.h"

#include "base/vec.h"

#include <ctype.h>
#include <stdlib.h>

static char *unescaped(struct oci_slice s)
{
	char *out = oci_calloc(s.len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.len) {
			c = s.p[++i];
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
		}
		out[n++] = c;
	}
	return out;
}

int oci_sum_parse_hex(struct oci_slice hex, struct oci_digest *out, struct oci_err **err)
{
	enum oci_algorithm algorithm = hex.len == 128 ? OCI_SHA512 : OCI_SHA256;
	char lower[128];

	if (hex.len > sizeof(lower))
		return oci_digest_parse_hex(algorithm, hex, out, err);
	for (size_t i = 0; i < hex.len; i++)
		lower[i] = (char)tolower((unsigned char)hex.p[i]);
	return oci_digest_parse_hex(algorithm, (struct oci_slice){ lower, hex.len }, out, err);
}

static enum oci_algorithm algorithm_of(struct oci_slice name)
{
	static const struct {
		const char *name;
		enum oci_algorithm algorithm;
	} known[] = {
		{ "SHA256", OCI_SHA256 }, { "SHA-256", OCI_SHA256 }, { "SHA512", OCI_SHA512 }, { "SHA-512", OCI_SHA512 }
	};

	for (size_t i = 0; i < OCI_COUNT(known); i++)
		if (oci_slice_eq(oci_slice_trim(name), known[i].name))
			return known[i].algorithm;
	return OCI_NO_DIGEST;
}

/* The path ends at the last parenthesis: it may have some of its own. */
bool oci_sum_cut_tagged(struct oci_slice line, enum oci_algorithm *algorithm, struct oci_slice *path,
			struct oci_slice *hex)
{
	struct oci_slice name, rest;
	const char *close;

	if (!oci_slice_cut(line, '(', &name, &rest) || !(close = memrchr(rest.p, ')', rest.len)))
		return false;
	*path = (struct oci_slice){ rest.p, (size_t)(close - rest.p) };
	*hex = oci_slice_trim((struct oci_slice){ close + 1, rest.len - path->len - 1 });
	if (name.len < 2 || name.p[name.len - 1] != ' ' || memchr(name.p, ' ', name.len - 1) || !hex->len ||
	    hex->p[0] != '=')
		return false;
	*hex = oci_slice_trim((struct oci_slice){ hex->p + 1, hex->len - 1 });
	*algorithm = algorithm_of(name);
	return true;
}

static int add(struct oci_sums *out, struct oci_slice path, bool escaped, const struct oci_digest *d,
	       struct oci_err **err)
{
	if (memchr(path.p, '\0', path.len))
		return oci_fail(err, OCI_BADINPUT, "a path with a NUL byte");
	*oci_vec_push(out) = (struct oci_sum){ escaped ? unescaped(path) : oci_slice_dup(path), *d };
	return 0;
}

int oci_sums_parse_line(struct oci_slice line, struct oci_sums *out, struct oci_err **err)
{
	bool escaped = line.len && line.p[0] == '\\';
	enum oci_algorithm algorithm;
	struct oci_slice hex, path;
	struct oci_digest d;

	if (escaped)
		line.p++, line.len--;
	if (oci_sum_cut_tagged(line, &algorithm, &path, &hex)) {
		if (algorithm == OCI_NO_DIGEST)
			return 0;
		return oci_sum_parse_hex(hex, &d, err) < 0 ? -1 : add(out, path, escaped, &d, err);
	}
	if (!oci_slice_cut(line, ' ', &hex, &path) || path.len < 2 || (path.p[0] != ' ' && path.p[0] != '*'))
		return oci_fail(err, OCI_BADINPUT, "not a checksum line (\"HEX  PATH\")");
	path.p++, path.len--;
	return oci_sum_parse_hex(hex, &d, err) < 0 ? -1 : add(out, path, escaped, &d, err);
}

int oci_sums_parse(const char *what, const char *text, size_t n, struct oci_sums *out, struct oci_err **err)
{
	struct oci_slice rest = { text, n }, line;

	for (unsigned number = 1; oci_slice_line(&rest, &line); number++)
		if (line.len && oci_sums_parse_line(line, out, err) < 0)
			return oci_fail_in(err, "%s:%u", what, number);
	return 0;
}

void oci_sums_add(struct oci_sums *s, const char *path, const struct oci_digest *digest)
{
	*oci_vec_push(s) = (struct oci_sum){ oci_strdup(path), *digest };
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct oci_sum *)a)->path, ((const struct oci_sum *)b)->path);
}

void oci_sums_sort(struct oci_sums *s)
{
	if (s->n > 1)
		qsort(s->v, s->n, sizeof(s->v[0]), by_path);
}

const struct oci_sum *oci_sums_find(const struct oci_sums *s, const char *path)
{
	struct oci_sum key = { .path = (char *)(uintptr_t)path };

	return s->n ? bsearch(&key, s->v, s->n, sizeof(s->v[0]), by_path) : NULL;
}

void oci_sum_print(const char *path, const struct oci_digest *digest, struct oci_buf *out)
{
	if (strpbrk(path, "\\\n\r"))
		oci_buf_addc(out, '\\');
	oci_buf_addf(out, "%s  ", OCI_HEX(digest));
	for (; *path; path++) {
		const char *escape = *path == '\\' ? "\\\\" : *path == '\n' ? "\\n" : *path == '\r' ? "\\r" : NULL;

		if (escape)
			oci_buf_adds(out, escape);
		else
			oci_buf_addc(out, *path);
	}
	oci_buf_addc(out, '\n');
}

void oci_sums_print(const struct oci_sums *s, struct oci_buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		oci_sum_print(s->v[i].path, &s->v[i].digest, out);
}

void oci_sums_clear(struct oci_sums *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].path);
	free(s->v);
	*s = (struct oci_sums){ 0 };
}
