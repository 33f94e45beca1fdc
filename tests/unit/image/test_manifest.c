#include "image/manifest.h"

#include <criterion/criterion.h>
#include <string.h>

#define DIGEST "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define DESC "{\"mediaType\":\"x/y\",\"digest\":\"" DIGEST "\",\"size\":3}"

Test(manifest, reads_both_kinds)
{
	static const char man[] = "{\"schemaVersion\":2,\"config\":" DESC ",\"layers\":[" DESC "]}";
	static const char idx[] = "{\"schemaVersion\":2,\"manifests\":[" DESC "," DESC "]}";
	auto_manifest struct oci_manifest m = { 0 }, i = { 0 };

	cr_assert_eq(oci_manifest_parse("m", man, sizeof(man) - 1, NULL, &m, NULL), 0);
	cr_expect_str_eq(m.media_type, OCI_MEDIA_MANIFEST);
	cr_expect_eq(m.children.n, 1);
	cr_assert_eq(oci_manifest_parse("i", idx, sizeof(idx) - 1, OCI_MEDIA_DOCKER_LIST, &i, NULL), 0);
	cr_expect_str_eq(i.media_type, OCI_MEDIA_DOCKER_LIST);
	cr_expect_eq(i.children.n, 2);
}

Test(manifest, refuses_in_words)
{
	static const char *const bad[][2] = {
		{ "[]", "neither a manifest nor an index" },
		{ "{\"schemaVersion\":2}", "neither a manifest nor an index" },
		{ "<html>", "not valid JSON" },
		{ "{\"schemaVersion\":1,\"fsLayers\":[]}", "schema1" },
		{ "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.artifact.manifest.v1+json\"}",
		  "left the OCI spec" },
		{ "{\"schemaVersion\":2,\"config\":" DESC ",\"manifests\":[]}", "ambiguous" },
		{ "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}", "m: config: no mediaType" },
		{ "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"a\",\"digest\":\"" DIGEST "\",\"size\":-1}]}",
		  "manifests[0]: no valid size" },
		{ "{\"schemaVersion\":2,\"manifests\":[" DESC
		  ",{\"mediaType\":\"a\",\"digest\":\"sha256:1\",\"size\":1}]}",
		  "manifests[1]" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_manifest struct oci_manifest m = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_manifest_parse("m", bad[i][0], strlen(bad[i][0]), NULL, &m, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s: %s", bad[i][0], oci_err_text(err));
	}
}
