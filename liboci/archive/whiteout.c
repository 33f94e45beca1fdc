#include "archive/whiteout.h"

#include "base/path.h"

#include <string.h>

#define META ".wh..wh."

/* Storage drivers keep books of their own in folders of such names. */
static bool is_below_meta(const char *path)
{
	const char *at = oci_starts(path, META) ? path : strstr(path, "/" META);

	return at && strchr(at + 1, '/');
}

int oci_whiteout_of(const char *path, enum oci_whiteout *kind, char **target, struct oci_err **err)
{
	const char *name = oci_path_base(path);
	size_t dir_len = (size_t)(name - path);

	*kind = OCI_WHITEOUT_NONE;
	*target = NULL;
	if (is_below_meta(path)) {
		*kind = OCI_WHITEOUT_OTHER;
		return 0;
	}
	if (!oci_starts(name, ".wh."))
		return 0;
	if (strcmp(name, ".wh..wh..opq") == 0) {
		*kind = OCI_WHITEOUT_OPAQUE;
		*target = oci_strndup(path, dir_len ? dir_len - 1 : 0);
		return 0;
	}
	if (oci_starts(name, META)) {
		*kind = OCI_WHITEOUT_OTHER;
		return 0;
	}
	name += strlen(".wh.");
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return oci_fail(err, OCI_BADINPUT, "%s: a whiteout without a name", path);
	*kind = OCI_WHITEOUT_PATH;
	*target = oci_printf("%.*s%s", (int)dir_len, path, name);
	return 0;
}
