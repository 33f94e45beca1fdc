#include "storage/writer.h"

#include "../transport/make_image.h"
#include "base/path.h"
#include "storage/check.h"
#include "storage/fallback.h"
#include "storage/tree.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/writer-XXXXXX";
static char *layout_dir, *store_dir;
static struct oci_layout layout;
static struct oci_store *store;
static struct oci_store_writer *writer;

static void setup(void)
{
	make_folder(dir);
	layout_dir = oci_path_join(dir, "layout");
	store_dir = oci_path_join(dir, "store");
	cr_assert_eq(oci_layout_create(layout_dir, &layout, NULL), 0);
	cr_assert_eq(oci_store_create(&store, store_dir, NULL), 0);
	writer = oci_store_writer_new(store, false);
	cr_assert_eq(oci_store_writer_begin(writer, "team/app", NULL), 0);
}

static void teardown(void)
{
	oci_store_writer_free(writer);
	oci_store_close(store);
	oci_layout_close(&layout);
	oci_path_remove_tree(dir, NULL);
}

TestSuite(store_writer, .init = setup, .fini = teardown);

static struct oci_desc put(const char *text)
{
	struct oci_desc d = { .media_type = oci_strdup(OCI_MEDIA_LAYER), .size = strlen(text) };

	cr_assert_eq(oci_blobs_put(layout.blobs, text, d.size, NULL, &d.digest, NULL), 0);
	return d;
}

static void place_layer(const struct oci_desc *d)
{
	auto_free char *file = oci_blobs_path(layout.blobs, &d->digest);

	cr_assert_eq(oci_store_writer_layer(writer, d, file, NULL), 0);
}

Test(store_writer, counts_what_it_did_once)
{
	auto_desc struct oci_desc d = put("layer");
	const struct oci_store_done *done = oci_store_writer_done(writer);

	place_layer(&d);
	place_layer(&d);
	cr_expect_eq(done->linked, 1);
	cr_expect_eq(done->links, 1);
	cr_assert_eq(oci_store_writer_begin(writer, "team/other", NULL), 0);
	place_layer(&d);
	cr_expect_eq(done->linked, 0, "the blob is there already");
	cr_expect_eq(done->links, 1, "the repository needs its own link");
}

Test(store_writer, replaces_what_a_crash_left_short)
{
	auto_desc struct oci_desc d = put("layer");
	auto_free char *data = oci_store_blob_path(store, &d.digest);
	uint64_t size;

	place_layer(&d);
	cr_assert_eq(unlink(data), 0);
	cr_assert_eq(oci_file_replace(data, "lay", 3, NULL), 0);
	oci_store_writer_free(writer);
	writer = oci_store_writer_new(store, false);
	cr_assert_eq(oci_store_writer_begin(writer, "team/app", NULL), 0);
	place_layer(&d);
	cr_assert(oci_store_blob_size(store, &d.digest, &size));
	cr_expect_eq(size, 5);
}

Test(store_writer, keeps_the_history_of_a_tag)
{
	auto_desc struct oci_desc one = put("one"), two = put("two");
	auto_digests struct oci_digests had = { 0 };
	auto_err struct oci_err *err = NULL;
	struct oci_digest now;

	cr_assert_eq(oci_store_writer_tag(writer, "1", &one.digest, NULL), 0);
	cr_expect_not(oci_store_writer_done(writer)->moved);
	cr_expect_eq(oci_store_writer_keeps(writer, "1", &two.digest, &err), -1);
	cr_expect_eq(oci_err_code(err), OCI_CONFLICT);
	cr_expect_not_null(strstr(oci_err_text(err), "leave out --keep-tags to move it"));
	cr_assert_eq(oci_store_writer_tag(writer, "1", &two.digest, NULL), 0);
	cr_expect(oci_store_writer_done(writer)->moved);
	cr_assert_eq(oci_store_tag(store, "team/app", "1", &now, NULL), 0);
	cr_expect(oci_digest_same(&now, &two.digest));
	cr_assert_eq(oci_store_tag_history(store, "team/app", "1", &had, NULL), 0);
	cr_expect_eq(had.n, 2);
}

Test(store_writer, says_why_a_link_cannot_be_written)
{
	auto_desc struct oci_desc d = put("layer");
	auto_free char *file = oci_blobs_path(layout.blobs, &d.digest);
	auto_free char *aside = oci_printf("%s/docker/registry/v2/repositories/team/app/_layers/sha256/%s/link.partial",
					   store_dir, OCI_HEX(&d.digest));
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_path_mkdirs(aside, NULL), 0);
	cr_expect_eq(oci_store_writer_layer(writer, &d, file, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "/link: Is a directory"), "%s", oci_err_text(err));
}

static void place_manifest(const struct oci_desc *d, struct oci_manifest *m)
{
	auto_free char *file = oci_blobs_path(layout.blobs, &d->digest);
	auto_buf struct oci_buf bytes = { 0 };

	cr_assert_eq(oci_blobs_read(layout.blobs, d, OCI_MANIFEST_MAX, &bytes, NULL), 0);
	cr_assert_eq(oci_manifest_parse("m", bytes.data, bytes.len, NULL, m, NULL), 0);
	place_layer(&m->config);
	place_layer(&m->children.v[0]);
	cr_assert_eq(oci_store_writer_revision(writer, d, file, NULL), 0);
}

static size_t fallback_entries(const struct oci_desc *subject)
{
	auto_manifest struct oci_manifest m = { 0 };
	struct oci_digest d;
	char tag[OCI_DIGEST_TEXT];

	cr_assert_eq(oci_store_tag(store, "team/app", oci_fallback_tag(tag, &subject->digest), &d, NULL), 0);
	cr_assert_eq(oci_store_manifest(store, &d, &m, NULL, NULL), 0);
	return m.children.n;
}

Test(store_writer, gathers_referrers_over_several_runs)
{
	auto_manifest struct oci_manifest image = { 0 }, one = { 0 }, two = { 0 };
	auto_desc struct oci_desc subject = make_manifest(&layout, "amd64", "image", NULL);
	auto_desc struct oci_desc first = make_manifest(&layout, "amd64", "first", &subject);
	auto_desc struct oci_desc second = make_manifest(&layout, "amd64", "second", &subject);
	auto_fallback struct oci_fallback *f = oci_fallback_new(), *later = oci_fallback_new();

	place_manifest(&subject, &image);
	place_manifest(&first, &one);
	oci_fallback_add(f, "team/app", &first, &one);
	oci_fallback_add(f, "team/app", &first, &one);
	cr_assert_eq(oci_fallback_write(f, store, writer, NULL), 0);
	cr_expect_eq(fallback_entries(&subject), 1);
	place_manifest(&second, &two);
	oci_fallback_add(later, "team/app", &second, &two);
	cr_assert_eq(oci_fallback_write(later, store, writer, NULL), 0);
	cr_expect_eq(fallback_entries(&subject), 2);
	/* what is known already changes nothing */
	cr_assert_eq(oci_store_writer_begin(writer, "team/app", NULL), 0);
	cr_assert_eq(oci_fallback_write(f, store, writer, NULL), 0);
	cr_expect_eq(oci_store_writer_done(writer)->links, 0);
	cr_expect_eq(fallback_entries(&subject), 2);
}

Test(store_writer, uses_an_index_of_referrers_as_it_is)
{
	auto_manifest struct oci_manifest image = { 0 }, one = { 0 }, index = { 0 };
	auto_desc struct oci_desc subject = make_manifest(&layout, "amd64", "image", NULL);
	auto_desc struct oci_desc first = make_manifest(&layout, "amd64", "first", &subject);
	auto_desc struct oci_desc offered = make_index(&layout, &first, 1);
	auto_fallback struct oci_fallback *f = oci_fallback_new();
	auto_free char *file = oci_blobs_path(layout.blobs, &offered.digest);
	auto_buf struct oci_buf bytes = { 0 };
	char tag[OCI_DIGEST_TEXT];
	struct oci_digest now;

	place_manifest(&subject, &image);
	place_manifest(&first, &one);
	cr_assert_eq(oci_store_writer_revision(writer, &offered, file, NULL), 0);
	cr_assert_eq(oci_store_manifest(store, &offered.digest, &index, &bytes, NULL), 0);
	oci_fallback_offer(f, "team/app", &subject.digest, &offered, &index);
	oci_fallback_add(f, "team/app", &first, &one);
	cr_assert_eq(oci_fallback_write(f, store, writer, NULL), 0);
	cr_assert_eq(oci_store_tag(store, "team/app", oci_fallback_tag(tag, &subject.digest), &now, NULL), 0);
	cr_expect(oci_digest_same(&now, &offered.digest));
}

Test(store_writer, check_finds_what_is_missing_or_damaged)
{
	auto_manifest struct oci_manifest m = { 0 };
	auto_desc struct oci_desc image = make_manifest(&layout, "amd64", "image", NULL);
	auto_err struct oci_err *err = NULL;

	place_manifest(&image, &m);
	cr_assert_eq(oci_store_writer_tag(writer, "1", &image.digest, NULL), 0);
	auto_store_check struct oci_store_check *good = oci_store_check_new(store), *bad = oci_store_check_new(store);

	cr_expect_eq(oci_store_check_image(good, "team/app", "1", &image.digest, NULL), 0);
	cr_expect_eq(oci_store_check_image(good, "team/other", NULL, &image.digest, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "repository team/other has no revision sha256:"));
	auto_free char *layer = oci_store_blob_path(store, &m.children.v[0].digest);

	cr_assert_eq(oci_file_replace(layer, "imagE", 5, NULL), 0);
	cr_expect_eq(oci_store_check_image(bad, "team/app", "1", &image.digest, &err), -1);
	cr_expect_eq(oci_err_code(err), OCI_BADDIGEST);
	cr_expect_not_null(strstr(oci_err_text(err), layer));
}

Test(store_writer, lists_repositories_and_tags)
{
	auto_strs struct oci_strs repositories = { 0 }, tags = { 0 };
	auto_desc struct oci_desc d = put("x");

	cr_assert_eq(oci_store_writer_tag(writer, "b", &d.digest, NULL), 0);
	cr_assert_eq(oci_store_writer_tag(writer, "a", &d.digest, NULL), 0);
	cr_assert_eq(oci_store_writer_begin(writer, "team", NULL), 0);
	cr_assert_eq(oci_store_writer_tag(writer, "1", &d.digest, NULL), 0);
	cr_assert_eq(oci_store_repositories(store, &repositories, NULL), 0);
	cr_assert_eq(repositories.n, 2, "a repository may stand below another");
	cr_expect_str_eq(repositories.v[0], "team");
	cr_expect_str_eq(repositories.v[1], "team/app");
	cr_assert_eq(oci_store_tags(store, "team/app", &tags, NULL), 0);
	cr_assert_eq(tags.n, 2);
	cr_expect_str_eq(tags.v[0], "a");
}
