#include "pkgrepo/deb822.h"

#include <strings.h>

static bool is_blank_line(struct oci_slice line)
{
	return oci_slice_trim(line).len == 0;
}

/* The first line of s, its newline included. */
static struct oci_slice first_line(struct oci_slice s)
{
	const char *nl = s.len ? memchr(s.p, '\n', s.len) : NULL;

	return (struct oci_slice){ s.p, nl ? (size_t)(nl - s.p) + 1 : s.len };
}

static void skip(struct oci_slice *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

bool oci_stanza_next(struct oci_slice *rest, struct oci_slice *stanza)
{
	struct oci_slice line;

	while (rest->len && is_blank_line(line = first_line(*rest)))
		skip(rest, line.len);
	*stanza = (struct oci_slice){ rest->p, 0 };
	while (rest->len && !((line = first_line(*rest)).len <= 2 && is_blank_line(line))) {
		skip(rest, line.len);
		stanza->len += line.len;
	}
	return stanza->len != 0;
}

static bool goes_on(struct oci_slice s)
{
	return s.len && (*s.p == ' ' || *s.p == '\t');
}

bool oci_stanza_field(struct oci_slice *stanza, struct oci_field822 *field)
{
	struct oci_slice line;

	while (stanza->len && *stanza->p == '#')
		skip(stanza, first_line(*stanza).len);
	if (!stanza->len)
		return false;
	line = first_line(*stanza);
	const char *colon = memchr(line.p, ':', line.len);

	field->whole = (struct oci_slice){ stanza->p, 0 };
	do {
		line = first_line(*stanza);
		skip(stanza, line.len);
		field->whole.len += line.len;
	} while (goes_on(*stanza));
	size_t name = colon && *field->whole.p != ' ' ? (size_t)(colon - field->whole.p) : 0;

	field->name = (struct oci_slice){ field->whole.p, name };
	field->value = (struct oci_slice){ field->whole.p + name, field->whole.len - name };
	if (name)
		skip(&field->value, 1);
	field->value = oci_slice_trim(field->value);
	return true;
}

bool oci_field_is(struct oci_slice name, const char *want)
{
	return name.len == strlen(want) && strncasecmp(name.p, want, name.len) == 0;
}

struct oci_slice oci_stanza_get(struct oci_slice stanza, const char *name)
{
	struct oci_field822 f;

	while (oci_stanza_field(&stanza, &f))
		if (oci_field_is(f.name, name))
			return f.value;
	return (struct oci_slice){ "", 0 };
}
