#include "registry/logins.h"

#include "base/file.h"
#include "base/path.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define A "YTpwYQ==" /* a:pa */
#define B "YjpwYg==" /* b:pb */

static struct oci_logins *parse(const char *text)
{
	auto_err struct oci_err *err = NULL;
	struct oci_logins *l = NULL;

	cr_assert_eq(oci_logins_parse(&l, "config.json", text, strlen(text), &err), 0, "%s", oci_err_text(err));
	return l;
}

Test(logins, are_found_by_place)
{
	static const char file[] =
		"{\"auths\":{"
		"\"https://index.docker.io/v1/\":{\"auth\":\"" A "\"},"
		"\"quay.io\":{\"auth\":\"" A "\"},\"quay.io/team\":{\"auth\":\"" B "\"},"
		"\"quay.io/team/empty\":{},"
		"\"http://h:5000/v2/\":{\"username\":\"b\",\"password\":\"pb\"},"
		"\"id\":{\"auth\":\"" A "\",\"identitytoken\":\"t\"},\"reg\":{\"registrytoken\":\"r\"}}}";
	static const struct {
		const char *host, *repository, *user, *password, *token;
	} cases[] = {
		{ "docker.io", "library/nginx", "a", "pa", NULL },
		{ "quay.io", "other/x", "a", "pa", NULL },
		{ "quay.io", "team/x", "b", "pb", NULL },
		{ "quay.io", "team/empty", "b", "pb", NULL },
		{ "quay.io", "teams/x", "a", "pa", NULL },
		{ "h:5000", "x", "b", "pb", NULL },
		{ "h", "x", NULL, NULL, NULL },
		{ "id", "x", "a", "pa", "t" },
		{ "evil.quay.io", "x", NULL, NULL, NULL },
	};
	auto_logins struct oci_logins *l = parse(file);

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_login struct oci_login login = { 0 };

		cr_assert_eq(oci_logins_find(l, cases[i].host, cases[i].repository, &login, NULL), 0);
		cr_expect(oci_streq(login.user, cases[i].user), "%s/%s", cases[i].host, cases[i].repository);
		cr_expect(oci_streq(login.password, cases[i].password), "%s/%s", cases[i].host, cases[i].repository);
		cr_expect(oci_streq(login.identity_token, cases[i].token), "%s", cases[i].host);
	}
}

Test(logins, refuse_what_is_malformed)
{
	static const char *const bad[][2] = {
		{ "{\"auths\":{\"h\":{\"auth\":\"%%\"}}}",
		  "config.json: auths: h: auth is not base64 of USER:PASSWORD" },
		{ "{\"auths\":{\"h\":{\"auth\":\"YWJj\"}}}", "auth is not base64 of USER:PASSWORD" },
		{ "{\"auths\":{\"h\":{\"auth\":\"YToA\"}}}", "auth is not base64 of USER:PASSWORD" },
		{ "{\"credHelpers\":{\"h\":\"../x\"}}", "credential helper \"../x\": not a program's name" },
		{ "{\"credHelpers\":{\"h\":\"none-such\"}}", "docker-credential-none-such" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_logins struct oci_logins *l = parse(bad[i][0]);
		auto_login struct oci_login login = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_logins_find(l, "h", "x", &login, &err), -1, "%s", bad[i][0]);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}

Test(logins, ignore_members_of_other_types)
{
	static const char *const odd[] = { "{}", "{\"auths\":3,\"credHelpers\":[],\"credsStore\":{}}",
					   "{\"auths\":{\"h\":7}}", "{\"credHelpers\":{\"h\":7}}",
					   "{\"credsStore\":\"none-such\"}" };

	for (size_t i = 0; i < OCI_COUNT(odd); i++) {
		auto_logins struct oci_logins *l = parse(odd[i]);
		auto_login struct oci_login login = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(oci_logins_find(l, "h", "x", &login, &err), 0, "%s: %s", odd[i], oci_err_text(err));
		cr_expect(oci_login_is_empty(&login));
	}
}

static void helper(const char *dir, const char *name, const char *script)
{
	auto_free char *path = oci_printf("%s/docker-credential-%s", dir, name);
	auto_free char *text =
		oci_printf("#!/bin/sh\nread -r server\necho \"$1 $server\" >>%s/asked\n%s\n", dir, script);

	cr_assert_eq(oci_file_replace(path, text, strlen(text), NULL), 0);
	cr_assert_eq(chmod(path, 0755), 0);
}

Test(logins, come_from_helpers)
{
	static const char file[] =
		"{\"auths\":{\"h\":{\"auth\":\"" A "\"},\"docker.io\":{}},\"credsStore\":\"store\","
		"\"credHelpers\":{\"h\":\"good\",\"t\":\"token\",\"n\":\"none\",\"bad\":\"bad\",\"x\":\"fails\"}}";
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX";
	auto_logins struct oci_logins *l = parse(file);
	auto_err struct oci_err *err = NULL;
	auto_buf struct oci_buf asked = { 0 };

	cr_assert_not_null(mkdtemp(tmpl));
	auto_free char *path = oci_printf("%s:%s", tmpl, getenv("PATH"));
	auto_free char *log = oci_path_join(tmpl, "asked");
	setenv("PATH", path, 1);
	helper(tmpl, "good", "echo '{\"ServerURL\":\"h\",\"Username\":\"u\",\"Secret\":\"s\"}'");
	helper(tmpl, "store", "echo '{\"ServerURL\":\"h\",\"Username\":\"hub\",\"Secret\":\"s\"}'");
	helper(tmpl, "token", "echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'");
	helper(tmpl, "none", "echo 'credentials not found in native keychain'; exit 1");
	helper(tmpl, "bad", "echo hello");
	helper(tmpl, "fails", "echo 'the keyring is locked' >&2; exit 1");

	for (int i = 0; i < 2; i++) {
		auto_login struct oci_login h = { 0 }, t = { 0 }, n = { 0 }, hub = { 0 };

		cr_assert_eq(oci_logins_find(l, "h", "x", &h, NULL), 0);
		cr_expect_str_eq(h.user, "u");
		cr_assert_eq(oci_logins_find(l, "t", "x", &t, NULL), 0);
		cr_expect_str_eq(t.identity_token, "refresh");
		cr_assert_eq(oci_logins_find(l, "n", "x", &n, NULL), 0);
		cr_expect(oci_login_is_empty(&n));
		cr_assert_eq(oci_logins_find(l, "docker.io", "x", &hub, NULL), 0);
		cr_expect_str_eq(hub.user, "hub");
	}
	auto_login struct oci_login none = { 0 };
	cr_expect_eq(oci_logins_find(l, "bad", "x", &none, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "docker-credential-bad: its answer is not JSON");
	cr_expect_eq(oci_logins_find(l, "x", "x", &none, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "docker-credential-fails: exit status 1: the keyring is locked");
	cr_assert_eq(oci_file_read(log, 10000, &asked, NULL), 0);
	cr_expect_str_eq(asked.data, "get h\nget t\nget n\nget https://index.docker.io/v1/\nget bad\nget x\n");
	oci_path_remove_tree(tmpl, NULL);
}

static void put(const char *dir, const char *name, const char *user)
{
	auto_free char *path = oci_path_join(dir, name);
	auto_free char *text = oci_printf("{\"auths\":{\"%s\":{\"username\":\"%s\"},\"all\":{\"username\":\"%s\"}}}",
					  user, user, user);

	cr_assert_eq(oci_path_mkdirs_for(path, NULL), 0);
	cr_assert_eq(oci_file_replace(path, text, strlen(text), NULL), 0);
}

static void expect_user(const char *authfile, const char *host, const char *user)
{
	auto_logins struct oci_logins *l = NULL;
	auto_login struct oci_login login = { 0 };

	cr_assert_eq(oci_logins_load(&l, authfile, NULL), 0);
	cr_assert_eq(oci_logins_find(l, host, "x", &login, NULL), 0);
	cr_expect(oci_streq(login.user, user), "%s: %s", host, login.user);
}

/* --authfile, then $REGISTRY_AUTH_FILE, else podman's and docker's files together. */
Test(logins, are_looked_for_where_docker_and_podman_keep_them)
{
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX";
	auto_err struct oci_err *err = NULL;
	auto_logins struct oci_logins *l = NULL;

	cr_assert_not_null(mkdtemp(tmpl));
	auto_free char *home = oci_path_join(tmpl, "home"), *run = oci_path_join(tmpl, "run"),
		       *conf = oci_path_join(tmpl, "docker");
	auto_free char *named = oci_path_join(tmpl, "named"), *env = oci_path_join(tmpl, "env"),
		       *no = oci_path_join(tmpl, "no");

	put(tmpl, "named", "named");
	put(tmpl, "env", "env");
	put(run, "containers/auth.json", "run");
	put(home, ".config/containers/auth.json", "config");
	put(home, ".docker/config.json", "home");
	put(conf, "config.json", "docker");
	setenv("HOME", home, 1);
	setenv("XDG_RUNTIME_DIR", run, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("DOCKER_CONFIG");
	unsetenv("REGISTRY_AUTH_FILE");
	expect_user(NULL, "all", "run");
	expect_user(NULL, "home", "home");
	expect_user(NULL, "config", "config");
	setenv("DOCKER_CONFIG", conf, 1);
	expect_user(NULL, "docker", "docker");
	expect_user(NULL, "home", NULL);
	setenv("REGISTRY_AUTH_FILE", env, 1);
	expect_user(NULL, "all", "env");
	expect_user(NULL, "run", NULL);
	expect_user(named, "all", "named");
	cr_expect_eq(oci_logins_load(&l, no, &err), -1);
	cr_expect_not_null(strstr(oci_err_text(err), "/no: No such file or directory"), "%s", oci_err_text(err));
	oci_path_remove_tree(tmpl, NULL);
}
