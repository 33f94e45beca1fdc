#include "base/share.h"

#include "base/path.h"

#include <stdlib.h>
#include <unistd.h>

static char *beside_program(const char *below)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n < 0)
		return NULL;
	exe[n] = '\0';
	auto_free char *bin = oci_path_parent(exe);
	auto_free char *dir = oci_path_join(bin, below);

	return oci_path_is_dir(dir) ? oci_steal(&dir) : NULL;
}

char *oci_share_lists(void)
{
	const char *set = getenv("KUBECRATE_LISTS");

	if (set && *set)
		return oci_strdup(set);
	char *dir = beside_program("../share/kubecrate/lists");

	if (!dir)
		dir = beside_program("../../lists");
	return dir ? dir : oci_strdup(KUBECRATE_DATA "/lists");
}
