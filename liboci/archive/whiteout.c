#include "archive/whiteout.h"

#include "base/path.h"

#include <string.h>

int oci_whiteout_of(const char *path, enum oci_whiteout *kind, char **target, struct oci_err **err)
{
	const char *name = oci_path_base(path);
	size_t dir_len = (size_t)(name - path);

	*kind = OCI_WHITEOUT_NONE;
	*target = NULL;
	if (!oci_starts(name, ".wh."))
		return 0;
	if (strcmp(name, ".wh..wh..opq") == 0) {
		*kind = OCI_WHITEOUT_OPAQUE;
		*target = oci_strndup(path, dir_len ? dir_len - 1 : 0);
		return 0;
	}
	if (oci_starts(name, ".wh..wh.")) {
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
