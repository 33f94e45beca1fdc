#include "ops/lockfile.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static int parse(const char *text, struct oci_image_lock *lock, struct oci_err **err)
{
	return oci_image_lock_parse("images.lock", text, strlen(text), lock, err);
}

Test(lockfile, normalises_names)
{
	auto_image_lock struct oci_image_lock lock = { 0 };

	cr_assert_eq(parse("nginx:1 " A "\nquay.io/a/b@" B " " B "\n", &lock, NULL), 0);
	cr_assert_not_null(oci_image_lock_find(&lock, "docker.io/library/nginx:1"));
	cr_expect_str_eq(OCI_DIGEST(oci_image_lock_find(&lock, "docker.io/library/nginx:1")), A);
	cr_expect_not_null(oci_image_lock_find(&lock, "quay.io/a/b@" B));
	cr_expect_null(oci_image_lock_find(&lock, "docker.io/library/nginx:2"));
}

Test(lockfile, refuses_bad_lines)
{
	static const char *const bad[][2] = {
		{ "nginx:1\n", "images.lock:1: not a line \"NAME DIGEST\"" },
		{ "\nnginx:1 " A " new\n", "images.lock:2: not a line" },
		{ "nginx:1 sha256:12\n", "images.lock:1: " },
		{ "Nginx:1 " A "\n", "capital letter" },
		{ "a:1 " A "\na:1 " B "\n", "images.lock:2: docker.io/library/a:1 has two digests, " A " and " B },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_image_lock struct oci_image_lock lock = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_assert_eq(parse(bad[i][0], &lock, &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(lockfile, is_saved_sorted)
{
	auto_image_lock struct oci_image_lock lock = { 0 };
	auto_buf struct oci_buf text = { 0 };
	char path[] = "/tmp/lock-XXXXXX";

	close(mkstemp(path));
	cr_assert_eq(parse("b:1 " B "\na:1 " A "\n", &lock, NULL), 0);
	cr_assert_eq(oci_image_lock_save(&lock, path, NULL), 0);
	cr_assert_eq(oci_file_read(path, 4096, &text, NULL), 0);
	cr_expect_str_eq(oci_buf_text(&text), "docker.io/library/a:1 " A "\ndocker.io/library/b:1 " B "\n");
	unlink(path);
}
