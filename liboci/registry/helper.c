#include "registry/helper_int.h"

#include "base/json.h"
#include "base/proc.h"
#include "base/slice.h"

#include <ctype.h>
#include <string.h>

#define SAYS_MAX (1u << 20)

/* The name comes from a file: it must not lead to a program elsewhere. */
static bool is_plain(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
			return false;
	return *name;
}

static int read_answer(const char *program, const struct oci_buf *said, struct oci_login *out, struct oci_err **err)
{
	auto_json json_t *root = NULL;

	if (oci_json_parse(program, oci_buf_text(said), said->len, &root, NULL) < 0)
		return oci_fail(err, OCI_BADINPUT, "%s: its answer is not JSON", program);
	const char *user = oci_json_str(root, "Username"), *secret = oci_json_str(root, "Secret");

	if (!user || !secret)
		return oci_fail(err, OCI_BADINPUT, "%s: its answer has no Username and Secret", program);
	if (oci_streq(user, "<token>")) {
		out->identity_token = oci_strdup(secret);
		return 0;
	}
	out->user = oci_strdup(user);
	out->password = oci_strdup(secret);
	return 0;
}

int helper_get(const char *name, const char *server, struct oci_login *out, struct oci_err **err)
{
	auto_free char *program = oci_printf("docker-credential-%s", name);
	auto_buf struct oci_buf said = { 0 }, complained = { 0 };
	const char *const argv[] = { program, "get", NULL };
	struct oci_proc p = { .argv = argv,
			      .input = server,
			      .input_len = strlen(server),
			      .output = &said,
			      .errors = &complained,
			      .max_output = SAYS_MAX };
	int status;

	*out = (struct oci_login){ 0 };
	if (!is_plain(name))
		return oci_fail(err, OCI_BADINPUT, "credential helper \"%s\": not a program's name", name);
	if (oci_proc_run(&p, &status, err) < 0)
		return oci_fail_in(err, "login for %s", server);
	if (status == 0)
		return read_answer(program, &said, out, err);
	/* this very sentence is the protocol's way to say that it has none */
	if (strstr(oci_buf_text(&said), "credentials not found"))
		return 0;
	struct oci_slice why = oci_slice_trim(oci_slice(oci_buf_text(said.len ? &said : &complained)));

	return oci_fail(err, OCI_FAILED, "%s: exit status %d: %.*s", program, status,
			(int)(why.len < 200 ? why.len : 200), why.len ? why.p : "");
}
