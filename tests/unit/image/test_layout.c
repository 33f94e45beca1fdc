#include "base/path.h"
#include "image/layout.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char dir[] = "/tmp/layout-XXXXXX";

static void setup(void)
{
	cr_assert_not_null(mkdtemp(dir));
}

static void teardown(void)
{
	oci_path_remove_tree(dir, NULL);
}

TestSuite(layout, .init = setup, .fini = teardown);

static struct oci_desc put(struct oci_layout *l, const char *text)
{
	struct oci_desc d = { .media_type = oci_strdup(OCI_MEDIA_MANIFEST), .size = strlen(text) };

	cr_assert_eq(oci_blobs_put(l->blobs, text, d.size, NULL, &d.digest, NULL), 0);
	return d;
}

Test(layout, keeps_names_sorted_and_finds_them)
{
	auto_layout struct oci_layout l = { 0 }, again = { 0 };
	const struct oci_desc *found;

	cr_assert_eq(oci_layout_create(dir, &l, NULL), 0);
	auto_desc struct oci_desc one = put(&l, "one"), two = put(&l, "two");

	cr_expect(oci_layout_set(&l, "quay.io/b:1", &one));
	cr_expect(oci_layout_set(&l, "docker.io/library/a:1", &two));
	cr_expect_not(oci_layout_set(&l, "quay.io/b:1", &one));
	cr_assert_eq(oci_layout_save(&l, NULL), 0);
	cr_assert_eq(oci_layout_open(dir, &again, NULL), 0);
	cr_expect_str_eq(oci_layout_name(&again.entries.v[0]), "docker.io/library/a:1");
	found = oci_layout_find(&again, "docker.io/library/a:1");
	cr_assert_not_null(found);
	cr_expect(oci_digest_same(&found->digest, &two.digest));
	cr_expect_null(oci_layout_find(&again, "docker.io/library/c:1"));
}

Test(layout, keeps_what_other_tools_wrote)
{
	static const char marker[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	static const char before[] =
		"{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_INDEX
		"\",\"artifactType\":\"a/b\",\"manifests\":[{\"mediaType\":"
		"\"" OCI_MEDIA_MANIFEST
		"\",\"digest\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
		"\"size\":0,\"platform\":{\"os\":\"windows\",\"architecture\":\"arm64\",\"variant\":\"v8\",\"os."
		"version\":\"10\"},"
		"\"data\":\"\"}],\"annotations\":{\"a\":\"b\"}}";
	auto_layout struct oci_layout l = { 0 };
	auto_free char *blobs = oci_path_join(dir, "blobs/sha256"), *index = oci_path_join(dir, "index.json");
	auto_free char *version = oci_path_join(dir, "oci-layout");
	auto_buf struct oci_buf after = { 0 };

	cr_assert_eq(oci_path_mkdirs(blobs, NULL), 0);
	cr_assert_eq(oci_file_replace(version, marker, strlen(marker), NULL), 0);
	cr_assert_eq(oci_file_replace(index, before, strlen(before), NULL), 0);
	cr_assert_eq(oci_layout_create(dir, &l, NULL), 0);
	cr_assert_eq(oci_layout_save(&l, NULL), 0);
	cr_assert_eq(oci_file_read(index, 4096, &after, NULL), 0);
	cr_expect_str_eq(oci_buf_text(&after), before);
	auto_desc struct oci_desc one = put(&l, "one");

	oci_layout_set(&l, "one", &one);
	cr_assert_eq(oci_layout_save(&l, NULL), 0);
	oci_buf_reset(&after);
	cr_assert_eq(oci_file_read(index, 4096, &after, NULL), 0);
	cr_expect_not_null(strstr(oci_buf_text(&after), "\"os.version\":\"10\"},\"data\":\"\"},{"));
	cr_expect_not_null(strstr(oci_buf_text(&after), "\"annotations\":{\"a\":\"b\"}}"));
}

Test(layout, refuses_a_folder_that_is_none)
{
	auto_layout struct oci_layout l = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_free char *file = oci_path_join(dir, "letter.txt");

	cr_assert_eq(oci_file_replace(file, "x", 1, NULL), 0);
	cr_expect_eq(oci_layout_create(dir, &l, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "not an OCI layout"));
}

Test(layout, refuses_bytes_that_do_not_match)
{
	auto_layout struct oci_layout l = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_buf struct oci_buf bytes = { 0 };

	cr_assert_eq(oci_layout_create(dir, &l, NULL), 0);
	auto_desc struct oci_desc d = put(&l, "good");
	auto_free char *path = oci_blobs_path(l.blobs, &d.digest);

	cr_assert_eq(oci_file_replace(path, "evil", 4, NULL), 0);
	cr_expect_eq(oci_blobs_read(l.blobs, &d, 100, &bytes, &err), -1);
	cr_expect_eq(oci_err_code(err), OCI_BADDIGEST);
}
