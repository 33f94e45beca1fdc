#include "pkgrepo/apt_mention.h"

#include "pkgrepo/deb822.h"

#include <string.h>

/* Relations in the order in which apt reads them, whatever their order in the stanza is. */
static const struct {
	const char *name;
	size_t len;
} fields[] = { { "Package", 7 },     { "Pre-Depends", 11 }, { "Depends", 7 },  { "Conflicts", 9 }, { "Breaks", 6 },
	       { "Recommends", 10 }, { "Suggests", 8 },	    { "Replaces", 8 }, { "Enhances", 8 },  { "Provides", 8 } };

struct search {
	const struct oci_map *names;
	struct oci_apt_mention *v;
	size_t left; /* names not seen yet */
	uint64_t stanza;
};

static int field_number(const char *p, size_t n)
{
	/* most lines are none of them: their first letters tell */
	if (!strchr("PDCBRSE", *p))
		return -1;
	for (size_t i = 0; i < OCI_COUNT(fields); i++)
		if (n > fields[i].len && p[fields[i].len] == ':' && memcmp(p, fields[i].name, fields[i].len) == 0)
			return (int)i;
	return -1;
}

static void note(struct search *s, struct oci_slice name, int field, size_t position)
{
	size_t at = (size_t)(uintptr_t)oci_map_get_n(s->names, name.p, name.len);
	uint64_t rank = s->stanza << 24 | (uint64_t)field << 20 | (position < 0xfffff ? position : 0xfffff);

	if (!at || s->v[at - 1].rank <= rank)
		return;
	if (s->v[at - 1].rank == UINT64_MAX)
		s->left--;
	s->v[at - 1].rank = rank;
}

static bool ends_name(char c)
{
	return c == ' ' || c == ',' || c == '|' || c == ':' || c == '(' || c == '\t' || c == '\r';
}

static void note_names(struct search *s, const char *line, const char *p, const char *end, int field)
{
	while (p < end) {
		while (p < end && ends_name(*p))
			p++;
		const char *begin = p;

		while (p < end && !ends_name(*p))
			p++;
		/* "a:any" is a name of its own to apt */
		if (p > begin && !(p + 4 <= end && memcmp(p, ":any", 4) == 0))
			note(s, (struct oci_slice){ begin, (size_t)(p - begin) }, field, (size_t)(begin - line));
		const char *comma = p < end ? memchr(p, ',', (size_t)(end - p)) : NULL;
		const char *bar = p < end ? memchr(p, '|', (size_t)((comma ? comma : end) - p)) : NULL;

		p = bar ? bar : comma ? comma : end;
	}
}

static void search_file(struct search *s, struct oci_slice text)
{
	const char *p = text.p, *end = p + text.len;
	int field = -1;

	while (p < end && s->left) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (stop == p) {
			s->stanza++;
		} else if (*p == ' ' || *p == '\t') {
			if (field >= 0)
				note_names(s, p, p, stop, field);
		} else if ((field = field_number(p, (size_t)(stop - p))) >= 0) {
			note_names(s, p, p + fields[field].len + 1, stop, field);
		}
		p = stop + 1;
	}
	s->stanza++;
}

void oci_apt_mention_find(const struct oci_apt_index *ix, const struct oci_map *names, struct oci_apt_mention *v,
			  size_t n)
{
	struct search s = { .names = names, .v = v, .left = n };

	for (size_t i = 0; i < ix->files.n; i++)
		search_file(&s, ix->files.v[i].text);
}
