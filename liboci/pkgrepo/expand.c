#include "pkgrepo/expand.h"

#include "base/buf.h"

#include <string.h>

#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

char *oci_expand(const char *text, const char *(*value)(const void *ctx, struct oci_slice name), const void *ctx)
{
	struct oci_buf b = { 0 };

	for (;;) {
		size_t plain = strcspn(text, "$");

		oci_buf_add(&b, text, plain);
		text += plain;
		if (!*text)
			return oci_buf_take(&b);
		size_t braced = text[1] == '{', n = strspn(text + 1 + braced, NAME);
		const char *found = n ? value(ctx, (struct oci_slice){ text + 1 + braced, n }) : NULL;

		if (found) {
			oci_buf_adds(&b, found);
			text += 1 + braced + n;
			text += braced && *text == '}';
		} else {
			oci_buf_addc(&b, *text++);
		}
	}
}
