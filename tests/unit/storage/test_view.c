#include "storage/view.h"

#include "../transport/make_image.h"
#include "base/path.h"
#include "storage/writer.h"

#include <criterion/criterion.h>
#include <string.h>

static char dir[] = "/tmp/view-XXXXXX";
static struct oci_store *store;
static struct oci_store_writer *writer;

static void setup(void)
{
	make_folder(dir);
	cr_assert_eq(oci_store_create(&store, dir, NULL), 0);
	writer = oci_store_writer_new(store, false);
}

static void teardown(void)
{
	oci_store_writer_free(writer);
	oci_store_close(store);
	oci_path_remove_tree(dir, NULL);
}

TestSuite(store_view, .init = setup, .fini = teardown);

/* An empty index with a note in it, so that each has a digest of its own; under a tag, or under none. */
static struct oci_digest add_index(const char *repository, const char *tag, const char *note)
{
	auto_buf struct oci_buf bytes = { 0 };
	struct oci_desc d = { 0 };

	oci_buf_addf(&bytes,
		     "{\"schemaVersion\":2,\"mediaType\":\"" OCI_MEDIA_INDEX
		     "\",\"manifests\":[],\"annotations\":{\"note\":\"%s\"}}",
		     note);
	cr_assert_eq(oci_store_writer_begin(writer, repository, NULL), 0);
	cr_assert_eq(oci_store_writer_document(writer, &bytes, &d, NULL), 0);
	if (tag)
		cr_assert_eq(oci_store_writer_tag(writer, tag, &d.digest, NULL), 0);
	return d.digest;
}

static const struct oci_desc *entry(const struct oci_layout *l, const char *name)
{
	const struct oci_desc *d = oci_layout_find(l, name);

	cr_assert_not_null(d, "%s", name);
	return d;
}

Test(store_view, tags_and_what_nothing_leads_to_are_entries)
{
	auto_layout struct oci_layout l = { 0 };
	struct oci_digest pause = add_index("pause", "3.10", "one"), loose = add_index("a/b", NULL, "two");

	add_index("a/b", "v1", "three");
	cr_assert_eq(oci_store_view(dir, &l, NULL), 0);
	cr_expect_eq(l.entries.n, 3);
	const struct oci_desc *d = entry(&l, "docker.io/library/pause:3.10");

	cr_expect(oci_digest_same(&d->digest, &pause));
	cr_expect_str_eq(oci_pairs_get(&d->annotations, OCI_STORE_REPOSITORY), "pause");
	cr_expect_str_eq(d->media_type, OCI_MEDIA_INDEX);
	cr_expect(oci_blobs_has_desc(l.blobs, d));
	auto_free char *name = oci_printf("docker.io/a/b@%s", OCI_DIGEST(&loose));

	entry(&l, name);
	entry(&l, "docker.io/a/b:v1");
}

Test(store_view, what_a_moved_tag_stood_for_is_no_entry)
{
	auto_layout struct oci_layout l = { 0 };

	add_index("a/b", "v1", "before");
	struct oci_digest now = add_index("a/b", "v1", "now");

	cr_assert_eq(oci_store_view(dir, &l, NULL), 0);
	cr_expect_eq(l.entries.n, 1);
	cr_expect(oci_digest_same(&entry(&l, "docker.io/a/b:v1")->digest, &now));
}

Test(store_view, refuses_what_is_no_store)
{
	auto_layout struct oci_layout l = { 0 };
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_store_view("/nowhere/at/all", &l, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "/nowhere/at/all: no such folder");
}
