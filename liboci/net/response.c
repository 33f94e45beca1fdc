#include "net/xfer.h"

#include <stdlib.h>
#include <string.h>

const char *oci_response_header(const struct oci_response *r, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = r->headers.n; i-- > 0;) {
		const char *line = r->headers.v[i];

		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " \t");
	}
	return NULL;
}

void oci_response_clear(struct oci_response *r)
{
	oci_strs_clear(&r->headers);
	oci_buf_clear(&r->body);
	free(r->url);
	*r = (struct oci_response){ 0 };
}
