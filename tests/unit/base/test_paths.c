#include "base/paths.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static int *at(struct oci_paths *p, const char *path)
{
	return oci_paths_at(p, path, strlen(path));
}

static int *find(const struct oci_paths *p, const char *path)
{
	return oci_paths_find(p, path, strlen(path));
}

Test(paths, keeps_a_value_for_each_path_and_for_the_folders_above_it)
{
	auto_paths struct oci_paths p = { .value_size = sizeof(int) };

	cr_expect_null(find(&p, ""));
	*at(&p, "a/b/c") = 3;
	*at(&p, "a/bc") = 4;
	cr_expect_eq(*find(&p, "a/b/c"), 3);
	cr_expect_eq(*find(&p, "a/bc"), 4);
	cr_expect_eq(*find(&p, "a/b"), 0);
	cr_expect_eq(p.n, 5); /* the root too */
	cr_expect_null(find(&p, "a/b/c/d"));
	cr_expect_null(find(&p, "b"));
	cr_expect_null(oci_paths_find(&p, "a/bcd", 5));
	cr_expect_eq(oci_paths_find(&p, "a/bcd", 4), (void *)at(&p, "a/bc"));
}

Test(paths, knows_the_folders_above_and_what_a_value_belongs_to)
{
	auto_paths struct oci_paths p = { .value_size = 44 };
	void *value = at(&p, "usr/lib/x"), *root = at(&p, "");
	bool whole;

	cr_expect_eq(oci_paths_above(&p, value), (void *)at(&p, "usr/lib"));
	cr_expect_eq(oci_paths_above(&p, at(&p, "usr")), root);
	cr_expect_null(oci_paths_above(&p, root));
	cr_expect_eq(oci_paths_nearest(&p, "usr/lib/y/z", 11, &whole), (void *)at(&p, "usr/lib"));
	cr_expect_not(whole);
	cr_expect_eq(oci_paths_nearest(&p, "usr/lib/x", 9, &whole), value);
	cr_expect(whole);
	for (uint32_t i = 0; i < p.n; i++) {
		static const char *const texts[] = { "", "usr", "usr/lib", "usr/lib/x" };
		char *text = oci_paths_text(&p, oci_paths_nth(&p, i));

		cr_expect_str_eq(text, texts[i]);
		free(text);
	}
}

Test(paths, values_stay_where_they_are_while_many_come)
{
	auto_paths struct oci_paths p = { .value_size = sizeof(int) };
	int *first = at(&p, "first");
	char path[64];

	*first = 7;
	for (int i = 0; i < 20000; i++) {
		snprintf(path, sizeof(path), "d%d/e%d/f%d", i % 7, i % 111, i);
		*at(&p, path) = i + 1;
	}
	cr_expect_eq(at(&p, "first"), first);
	cr_expect_eq(*first, 7);
	for (int i = 0; i < 20000; i++) {
		snprintf(path, sizeof(path), "d%d/e%d/f%d", i % 7, i % 111, i);
		cr_assert_eq(*find(&p, path), i + 1);
	}
}

Test(paths, a_name_may_be_longer_than_a_block)
{
	auto_paths struct oci_paths p = { .value_size = sizeof(int) };
	char *path = malloc(200001);

	memset(path, 'x', 200000);
	path[200000] = '\0';
	*at(&p, path) = 1;
	*at(&p, "y") = 2;
	cr_expect_eq(*find(&p, path), 1);
	cr_expect_eq(*find(&p, "y"), 2);
	free(path);
}
