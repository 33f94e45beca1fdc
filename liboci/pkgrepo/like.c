#include "pkgrepo/like.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST 64
#define FAR 1000

void oci_like_begin(struct oci_like *l, const char *name)
{
	*l = (struct oci_like){ .name = name, .len = strlen(name) };
	for (size_t i = 0; i < OCI_COUNT(l->best); i++)
		l->best[i].distance = FAR;
}

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned d = a < b ? a : b;

	return d < c ? d : c;
}

/* Levenshtein's distance: insertions, deletions and changes. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned row[LONGEST + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[m];
}

static unsigned rate(const struct oci_like *l, const char *candidate, size_t len)
{
	size_t apart = len > l->len ? len - l->len : l->len - len;

	if (l->len > LONGEST || len > LONGEST || !len)
		return FAR;
	/* a name that only goes on ("netcat", "netcat-openbsd") is nearer than its length says */
	if (len > l->len && strncmp(candidate, l->name, l->len) == 0 && l->len >= 3)
		return 2;
	if (apart > 3)
		return FAR;
	unsigned d = distance(l->name, l->len, candidate, len);

	return d <= 1 + l->len / 4 ? d : FAR;
}

void oci_like_add(struct oci_like *l, const char *candidate, size_t len)
{
	unsigned d = rate(l, candidate, len);
	size_t last = OCI_COUNT(l->best) - 1, i = last;

	if (d >= FAR || d >= l->best[last].distance)
		return;
	for (; i > 0 && d < l->best[i - 1].distance; i--)
		l->best[i] = l->best[i - 1];
	l->best[i].text = candidate;
	l->best[i].distance = d;
}

char *oci_like_end(const struct oci_like *l)
{
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < OCI_COUNT(l->best); i++)
		if (l->best[i].text)
			oci_buf_addf(&b, "%s%s", i ? ", " : "", l->best[i].text);
	oci_buf_adds(&b, "");
	return oci_buf_take(&b);
}
