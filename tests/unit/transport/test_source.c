#include "transport/source.h"

#include "base/path.h"
#include "make_image.h"
#include "storage/fallback.h"
#include "storage/writer.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>

static char dir[] = "/tmp/source-XXXXXX";
static char *layout_dir, *store_dir, *skopeo_dir, *into_dir;
static struct oci_desc image, signature;

static void place(struct oci_store_writer *w, const struct oci_layout *l, const struct oci_desc *d)
{
	auto_free char *path = oci_blobs_path(l->blobs, &d->digest);
	auto_manifest struct oci_manifest m = { 0 };
	auto_buf struct oci_buf bytes = { 0 };

	cr_assert_eq(oci_blobs_read(l->blobs, d, OCI_MANIFEST_MAX, &bytes, NULL), 0);
	cr_assert_eq(oci_manifest_parse("m", bytes.data, bytes.len, NULL, &m, NULL), 0);
	auto_free char *config = oci_blobs_path(l->blobs, &m.config.digest);
	auto_free char *layer = oci_blobs_path(l->blobs, &m.children.v[0].digest);

	cr_assert_eq(oci_store_writer_layer(w, &m.config, config, NULL), 0);
	cr_assert_eq(oci_store_writer_layer(w, &m.children.v[0], layer, NULL), 0);
	cr_assert_eq(oci_store_writer_revision(w, d, path, NULL), 0);
}

/* app:1 with a signature that refers to it, and a second image that has no tag. */
static void make_store(const struct oci_layout *l, const struct oci_desc *untagged)
{
	auto_store struct oci_store *s = NULL;
	auto_fallback struct oci_fallback *f = oci_fallback_new();

	cr_assert_eq(oci_store_create(&s, store_dir, NULL), 0);
	auto_store_writer struct oci_store_writer *w = oci_store_writer_new(s, false);
	auto_manifest struct oci_manifest m = { 0 };
	auto_buf struct oci_buf bytes = { 0 };

	cr_assert_eq(oci_store_writer_begin(w, "team/app", NULL), 0);
	place(w, l, &image);
	place(w, l, &signature);
	place(w, l, untagged);
	cr_assert_eq(oci_store_writer_tag(w, "1", &image.digest, NULL), 0);
	cr_assert_eq(oci_store_manifest(s, &signature.digest, &m, &bytes, NULL), 0);
	oci_fallback_add(f, "team/app", &signature, &m);
	cr_assert_eq(oci_fallback_write(f, s, w, NULL), 0);
}

/* The one image as skopeo copy … dir: writes it. */
static void make_skopeo_dir(const struct oci_layout *l)
{
	auto_free char *manifest = oci_path_join(skopeo_dir, "manifest.json");
	auto_buf struct oci_buf bytes = { 0 };

	cr_assert_eq(oci_path_mkdirs(skopeo_dir, NULL), 0);
	cr_assert_eq(oci_blobs_read(l->blobs, &image, OCI_MANIFEST_MAX, &bytes, NULL), 0);
	cr_assert_eq(oci_file_replace(manifest, bytes.data, bytes.len, NULL), 0);
}

static void setup(void)
{
	auto_layout struct oci_layout l = { 0 };

	make_folder(dir);
	layout_dir = oci_path_join(dir, "layout:with-colon");
	store_dir = oci_path_join(dir, "store");
	skopeo_dir = oci_path_join(dir, "dir");
	into_dir = oci_path_join(dir, "into");
	cr_assert_eq(oci_layout_create(layout_dir, &l, NULL), 0);
	image = make_manifest(&l, "amd64", "layer one", NULL);
	signature = make_manifest(&l, "amd64", "signature", &image);
	auto_desc struct oci_desc untagged = make_manifest(&l, "amd64", "layer two", NULL);

	oci_layout_set(&l, "docker.io/team/app:1", &image);
	oci_layout_set(&l, "docker.io/team/other:1", &untagged);
	auto_free char *name = oci_printf("docker.io/team/app@%s", OCI_DIGEST(&signature.digest));

	oci_layout_set(&l, name, &signature);
	cr_assert_eq(oci_layout_save(&l, NULL), 0);
	make_store(&l, &untagged);
	make_skopeo_dir(&l);
}

static void teardown(void)
{
	oci_desc_clear(&image);
	oci_desc_clear(&signature);
	oci_path_remove_tree(dir, NULL);
}

TestSuite(source, .init = setup, .fini = teardown);

static void open_source(struct oci_source *src, const char *prefix, const char *path)
{
	auto_free char *spec = oci_printf("%s%s", prefix, path);
	struct oci_out out = { 0 };
	auto_err struct oci_err *err = NULL;

	cr_assert_eq(oci_source_open(spec, &out, src, &err), 0, "%s", oci_err_text(err));
}

/* Fetch one image by name: manifest, config and layer. */
static void fetch(const struct oci_source *src, const char *name)
{
	auto_ref struct oci_ref ref = { 0 };
	auto_blobs struct oci_blobs *into = NULL;
	auto_manifest struct oci_manifest m = { 0 };
	struct oci_need w = { .ref = &ref }, parts[2] = { { .ref = &ref }, { .ref = &ref } };

	cr_assert_eq(oci_ref_parse(name, &ref, NULL), 0);
	cr_assert_eq(oci_blobs_open(&into, into_dir, true, NULL), 0);
	cr_assert_eq(oci_source_resolve(src, &w, 1), 0, "%s", oci_err_text(w.err));
	cr_expect(oci_digest_same(&w.desc.digest, &image.digest));
	cr_expect_str_eq(w.desc.media_type, OCI_MEDIA_MANIFEST);
	cr_assert_eq(oci_source_manifests(src, &w, 1), 0);
	cr_assert_eq(oci_manifest_parse("m", w.bytes.data, w.bytes.len, NULL, &m, NULL), 0);
	oci_desc_copy(&parts[0].desc, &m.config);
	oci_desc_copy(&parts[1].desc, &m.children.v[0]);
	cr_expect_eq(oci_source_manifests(src, &parts[0], 1), 0, "configs are read as manifests are");
	cr_expect_eq(parts[0].bytes.len, m.config.size);
	cr_assert_eq(oci_source_blobs(src, parts, 2, into), 0);
	cr_expect(oci_blobs_has_desc(into, &m.config));
	cr_expect(oci_blobs_has_desc(into, &m.children.v[0]));
	auto_free char *here = oci_blobs_path(into, &m.config.digest);
	struct stat st;

	cr_assert_eq(stat(here, &st), 0);
	cr_expect_gt(st.st_nlink, 1, "a hard link");
	oci_need_clear(&w);
	oci_need_clear(&parts[0]);
	oci_need_clear(&parts[1]);
}

Test(source, reads_a_layout)
{
	auto_source struct oci_source src = { 0 };
	auto_strs struct oci_strs names = { 0 };

	open_source(&src, "oci:", layout_dir);
	fetch(&src, "team/app:1");
	cr_assert_eq(oci_source_names(&src, &names, NULL), 0);
	cr_expect_eq(names.n, 3);
	cr_expect_str_eq(names.v[0], "docker.io/team/app:1");
}

Test(source, reads_a_registry_store_whatever_the_host)
{
	auto_source struct oci_source src = { 0 };
	auto_strs struct oci_strs names = { 0 };

	open_source(&src, "registry:", store_dir);
	fetch(&src, "quay.io/team/app:1");
	cr_assert_eq(oci_source_names(&src, &names, NULL), 0);
	cr_assert_eq(names.n, 3);
	cr_expect_str_eq(names.v[0], "docker.io/team/app:1");
	cr_expect(oci_starts(names.v[1], "docker.io/team/app:sha256-"), "the fallback tag: %s", names.v[1]);
	cr_expect(oci_starts(names.v[2], "docker.io/team/app@sha256:"), "the one without a tag: %s", names.v[2]);
}

Test(source, finds_referrers)
{
	static const char *const prefixes[] = { "oci:", "registry:" };
	const char *const paths[] = { layout_dir, store_dir };

	for (size_t i = 0; i < OCI_COUNT(paths); i++) {
		auto_source struct oci_source src = { 0 };
		auto_ref struct oci_ref ref = { 0 };
		struct oci_need w = { .ref = &ref };

		open_source(&src, prefixes[i], paths[i]);
		cr_assert_eq(oci_ref_parse("team/app:1", &ref, NULL), 0);
		oci_desc_copy(&w.desc, &image);
		cr_assert_eq(oci_source_referrers(&src, &w, 1), 0);
		cr_assert_eq(w.found.n, 1);
		cr_expect(oci_digest_same(&w.found.v[0].digest, &signature.digest));
		cr_expect_str_eq(w.found.v[0].artifact_type, "application/vnd.test.signature");
		oci_need_clear(&w);
	}
}

Test(source, reads_a_folder_of_skopeo)
{
	auto_source struct oci_source src = { 0 };
	auto_strs struct oci_strs names = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_ref struct oci_ref ref = { 0 };
	struct oci_need w = { .ref = &ref };

	open_source(&src, "dir:", skopeo_dir);
	cr_assert_eq(oci_ref_parse("any:1", &ref, NULL), 0);
	cr_assert_eq(oci_source_manifests(&src, &w, 1), 0);
	cr_expect(oci_digest_same(&w.desc.digest, &image.digest));
	cr_expect_eq(oci_source_names(&src, &names, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "no name; name it"));
	oci_need_clear(&w);
}

Test(source, says_what_is_wrong)
{
	const char *const bad[][3] = {
		{ "tar:", "x", "unknown kind of source; known are oci:DIR" },
		{ "oci:", "", "names no folder" },
		{ "oci:", "/nonexistent", "no such folder" },
		{ "oci:", store_dir, "not an OCI layout" },
		{ "registry:", layout_dir, "not a registry store" },
		{ "dir:", layout_dir, "no manifest.json" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_free char *spec = oci_printf("%s%s", bad[i][0], bad[i][1]);
		auto_source struct oci_source src = { 0 };
		auto_err struct oci_err *err = NULL;
		struct oci_out out = { 0 };

		cr_expect_eq(oci_source_open(spec, &out, &src, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][2]), "%s", oci_err_text(err));
	}
}

Test(source, refuses_what_is_not_there_or_damaged)
{
	auto_source struct oci_source src = { 0 };
	auto_ref struct oci_ref absent = { 0 }, ref = { 0 };
	struct oci_need w[2] = { { .ref = &absent }, { .ref = &ref } };
	auto_store struct oci_store *s = NULL;

	cr_assert_eq(oci_store_open(&s, store_dir, NULL), 0);
	auto_free char *path = oci_store_blob_path(s, &image.digest);

	open_source(&src, "registry:", store_dir);
	cr_assert_eq(oci_file_replace(path, "{}", 2, NULL), 0);
	cr_assert_eq(oci_ref_parse("team/app:2", &absent, NULL), 0);
	cr_assert_eq(oci_ref_parse("team/app:1", &ref, NULL), 0);
	cr_expect_eq(oci_source_manifests(&src, w, 2), 2);
	cr_expect_not_null(strstr(oci_err_text(w[0].err), "no tag 2 in repository team/app"));
	cr_expect_eq(oci_err_code(w[1].err), OCI_BADDIGEST);
	oci_need_clear(&w[0]);
	oci_need_clear(&w[1]);
}
