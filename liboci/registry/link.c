#include "registry/link.h"

#include "base/slice.h"

#include <string.h>
#include <strings.h>

/* A parameter's end: the next ";" or "," that stands outside of quotes. */
static const char *parameter_end(const char *p)
{
	bool quoted = false;

	for (; *p && (quoted || (*p != ';' && *p != ',')); p++) {
		if (*p == '\\' && quoted && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
	}
	return p;
}

/* Does rel=VALUE, quoted or not, hold the word "next"? */
static bool is_next(struct oci_slice parameter)
{
	struct oci_slice name, value, word;

	if (!oci_slice_cut(parameter, '=', &name, &value))
		return false;
	name = oci_slice_trim(name);
	value = oci_slice_trim(value);
	if (name.len != 3 || strncasecmp(name.p, "rel", 3) != 0)
		return false;
	if (value.len >= 2 && value.p[0] == '"')
		value = (struct oci_slice){ value.p + 1, value.len - 2 };
	while (oci_slice_word(&value, &word))
		if (word.len == 4 && strncasecmp(word.p, "next", 4) == 0)
			return true;
	return false;
}

char *oci_link_next(const char *value)
{
	for (const char *p = strchr(value, '<'); p; p = strchr(p, '<')) {
		const char *end = strchr(p, '>');
		bool next = false;

		if (!end)
			return NULL;
		struct oci_slice target = { p + 1, (size_t)(end - p - 1) };

		for (p = end + 1; *p && *p != ',';) {
			const char *stop = parameter_end(p);

			next |= is_next((struct oci_slice){ p, (size_t)(stop - p) });
			p = *stop == ';' ? stop + 1 : stop;
		}
		if (next)
			return oci_slice_dup(target);
	}
	return NULL;
}
