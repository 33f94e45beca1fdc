#include "root.h"

#include "base/file.h"
#include "base/path.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

char root[] = "/tmp/root-XXXXXX";

void root_put(const char *path, const char *text)
{
	auto_free char *full = oci_path_join(root, path);

	cr_assert_eq(oci_path_mkdirs_for(full, NULL), 0);
	cr_assert_eq(oci_file_replace(full, text, strlen(text), NULL), 0);
}

void root_make(void)
{
	cr_assert_not_null(mkdtemp(root));
}

void root_drop(void)
{
	cr_expect_eq(oci_path_remove_tree(root, NULL), 0);
}
