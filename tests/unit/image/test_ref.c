#include "image/ref.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

Test(ref, normalises_as_docker_does)
{
	static const char *const good[][2] = {
		{ "nginx", "docker.io/library/nginx:latest" },
		{ "nginx:1.19", "docker.io/library/nginx:1.19" },
		{ "calico/node:v3", "docker.io/calico/node:v3" },
		{ "index.docker.io/nginx", "docker.io/library/nginx:latest" },
		{ "docker.io/a/b@sha256:" HEX, "docker.io/a/b@sha256:" HEX },
		{ "quay.io/a/b:v1@sha256:" HEX, "quay.io/a/b:v1@sha256:" HEX },
		{ "localhost/x", "localhost/x:latest" },
		{ "localhost:5000/x:1", "localhost:5000/x:1" },
		{ "[::1]:5000/x", "[::1]:5000/x:latest" },
		{ "REGISTRY/x", "REGISTRY/x:latest" },
		{ "10.0.0.1/a/b/c__d/e-f.g_h:T_.-1", "10.0.0.1/a/b/c__d/e-f.g_h:T_.-1" },
		{ "a---b/c", "docker.io/a---b/c:latest" },
	};

	for (size_t i = 0; i < OCI_COUNT(good); i++) {
		auto_ref struct oci_ref ref = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_ref_parse(good[i][0], &ref, &err), 0, "%s", oci_err_text(err));
		auto_free char *name = oci_ref_name(&ref);

		cr_expect_str_eq(name, good[i][1]);
	}
}

Test(ref, says_what_is_wrong)
{
	static const char *const bad[][2] = {
		{ "", "empty" },
		{ "quay.io/Foo:v1", "capital letter" },
		{ "a b", "blanks" },
		{ "quay.io/", "malformed repository" },
		{ "a..b", "malformed repository" },
		{ "a___b", "malformed repository" },
		{ "-a/b", "malformed repository" },
		{ "a:", "a tag is" },
		{ "a:-x", "a tag is" },
		{ "a@md5:00", "neither sha256 nor sha512" },
		{ "a@sha256:12", "takes 64 hex digits" },
		{ "host:99999/a", "malformed host" },
		{ "-host.io/a", "malformed host" },
		{ HEX, "image ID" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_ref struct oci_ref ref = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(oci_ref_parse(bad[i][0], &ref, &err), -1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s: %s", bad[i][0], oci_err_text(err));
	}
}
