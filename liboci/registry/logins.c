#include "registry/logins.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/map.h"
#include "base/path.h"
#include "base/slice.h"
#include "base/vec.h"
#include "registry/helper_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (1u << 20)
#define HUB "docker.io"
#define HUB_KEY "https://index.docker.io/v1/"

struct file {
	char *path;
	json_t *root;
};

struct oci_logins {
	OCI_VEC(struct file) files;
	struct oci_map asked; /* "HELPER SERVER" -> struct oci_login: a helper is asked once */
};

static void add_file(struct oci_logins *l, const char *path, json_t *root_take)
{
	struct file *f = oci_vec_push(&l->files);

	*f = (struct file){ oci_strdup(path), root_take };
}

int oci_logins_parse(struct oci_logins **out, const char *what, const void *data, size_t n, struct oci_err **err)
{
	auto_json json_t *root = NULL;

	if (oci_json_parse(what, data, n, &root, err) < 0)
		return -1;
	if (!json_is_object(root))
		return oci_fail(err, OCI_BADINPUT, "%s: not a JSON object", what);
	*out = oci_calloc(1, sizeof(**out));
	add_file(*out, what, oci_steal(&root));
	return 0;
}

static int load(struct oci_logins *l, const char *path, struct oci_err **err)
{
	auto_json json_t *root = NULL;

	if (oci_json_load(path, FILE_MAX, &root, err) < 0)
		return -1;
	if (!json_is_object(root))
		return oci_fail(err, OCI_BADINPUT, "%s: not a JSON object", path);
	add_file(l, path, oci_steal(&root));
	return 0;
}

/* "$NAME/rest", or fallback/rest, or NULL. */
static char *below_env(const char *name, const char *fallback, const char *rest)
{
	const char *dir = getenv(name);

	if (!dir || !*dir)
		dir = fallback;
	return dir ? oci_path_join(dir, rest) : NULL;
}

static int load_usual(struct oci_logins *l, struct oci_err **err)
{
	auto_free char *run = oci_printf("/run/containers/%u", (unsigned)geteuid());
	auto_free char *own = below_env("HOME", NULL, ".config"), *docker = below_env("HOME", NULL, ".docker");
	char *paths[] = {
		getenv("XDG_RUNTIME_DIR") ? below_env("XDG_RUNTIME_DIR", NULL, "containers/auth.json")
					  : oci_path_join(run, "auth.json"),
		below_env("XDG_CONFIG_HOME", own, "containers/auth.json"),
		below_env("DOCKER_CONFIG", docker, "config.json"),
	};
	int rc = 0;

	for (size_t i = 0; i < OCI_COUNT(paths); i++) {
		if (rc == 0 && paths[i] && oci_path_exists(paths[i]))
			rc = load(l, paths[i], err);
		free(paths[i]);
	}
	return rc;
}

int oci_logins_load(struct oci_logins **out, const char *authfile, struct oci_err **err)
{
	auto_logins struct oci_logins *l = oci_calloc(1, sizeof(*l));
	const char *named = authfile ? authfile : getenv("REGISTRY_AUTH_FILE");

	if ((named && *named ? load(l, named, err) : load_usual(l, err)) < 0)
		return oci_fail_in(err, "logins");
	*out = oci_steal(&l);
	return 0;
}

static void free_login(void *login)
{
	oci_login_clear(login);
	free(login);
}

void oci_logins_free(struct oci_logins *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->files.n; i++) {
		free(l->files.v[i].path);
		oci_json_drop(&l->files.v[i].root);
	}
	free(l->files.v);
	oci_map_clear_with(&l->asked, free_login);
	free(l);
}

void oci_logins_freep(struct oci_logins **l)
{
	oci_logins_free(*l);
	*l = NULL;
}

bool oci_login_is_empty(const struct oci_login *l)
{
	return !l->user && !l->identity_token && !l->registry_token;
}

static void copy(struct oci_login *to, const struct oci_login *from)
{
	to->user = oci_strdup(from->user);
	to->password = oci_strdup(from->password);
	to->identity_token = oci_strdup(from->identity_token);
	to->registry_token = oci_strdup(from->registry_token);
}

void oci_login_clear(struct oci_login *l)
{
	free(l->user);
	free(l->password);
	free(l->identity_token);
	free(l->registry_token);
	*l = (struct oci_login){ 0 };
}

/* A key of "auths" as a place: docker writes URLs ("https://quay.io/v1/"), podman hosts and paths. */
static struct oci_slice key_place(const char *key)
{
	static const char *const schemes[] = { "https://", "http://" }, *const tails[] = { "/", "/v1", "/v2" };
	struct oci_slice s = oci_slice(key);

	for (size_t i = 0; i < OCI_COUNT(schemes); i++) {
		if (oci_slice_starts(s, schemes[i])) {
			s.p += strlen(schemes[i]);
			s.len -= strlen(schemes[i]);
		}
	}
	for (size_t i = 0; i < OCI_COUNT(tails); i++) {
		size_t n = strlen(tails[i]);

		if (s.len > n && memcmp(s.p + s.len - n, tails[i], n) == 0)
			s.len -= n;
	}
	if (oci_slice_eq(s, "index.docker.io") || oci_slice_eq(s, "registry-1.docker.io"))
		return OCI_SLICE(HUB);
	return s;
}

/* The value of the key that means `place`. */
static const json_t *find_place(const json_t *map, struct oci_slice place)
{
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)(uintptr_t)map, key, value) {
		if (oci_slice_same(key_place(key), place))
			return value;
	}
	return NULL;
}

static int read_entry(const struct file *f, const char *host, const json_t *entry, struct oci_login *out,
		      struct oci_err **err)
{
	auto_buf struct oci_buf plain = { 0 };
	const char *auth = oci_json_str(entry, "auth");

	out->identity_token = oci_strdup(oci_json_str(entry, "identitytoken"));
	out->registry_token = oci_strdup(oci_json_str(entry, "registrytoken"));
	out->user = oci_strdup(oci_json_str(entry, "username"));
	out->password = oci_strdup(oci_json_str(entry, "password"));
	if (!auth || !*auth)
		return 0;
	char *colon =
		oci_base64_decode(oci_slice(auth), &plain) && plain.len ? memchr(plain.data, ':', plain.len) : NULL;

	if (!colon || memchr(plain.data, '\0', plain.len)) {
		oci_login_clear(out);
		return oci_fail(err, OCI_BADINPUT, "%s: auths: %s: auth is not base64 of USER:PASSWORD", f->path, host);
	}
	*colon = '\0';
	free(out->user);
	free(out->password);
	out->user = oci_strdup(plain.data);
	out->password = oci_strdup(colon + 1);
	return 0;
}

static int find_entry(const struct file *f, const char *host, const char *repository, struct oci_login *out,
		      struct oci_err **err)
{
	auto_free char *place = oci_printf("%s/%s", host, repository);
	const json_t *auths = json_object_get(f->root, "auths");

	if (!json_is_object(auths))
		return 0;
	/* host/a/b, then host/a, then host */
	for (size_t len = strlen(place), least = strlen(host); len >= least; len--) {
		if (place[len] && place[len] != '/')
			continue;
		const json_t *entry = find_place(auths, (struct oci_slice){ place, len });

		if (!entry)
			continue;
		if (read_entry(f, host, entry, out, err) < 0)
			return -1;
		if (!oci_login_is_empty(out))
			return 0;
	}
	return 0;
}

static int ask(struct oci_logins *l, const char *name, const char *host, struct oci_login *out, struct oci_err **err)
{
	const char *server = oci_streq(host, HUB) ? HUB_KEY : host;
	auto_free char *key = oci_printf("%s %s", name, server);
	struct oci_login *known = oci_map_get(&l->asked, key);

	if (!known) {
		auto_login struct oci_login got = { 0 };

		if (helper_get(name, server, &got, err) < 0)
			return -1;
		known = oci_calloc(1, sizeof(*known));
		copy(known, &got);
		oci_map_add(&l->asked, key, known);
	}
	copy(out, known);
	return 0;
}

static int find_in_file(struct oci_logins *l, const struct file *f, const char *host, const char *repository,
			struct oci_login *out, struct oci_err **err)
{
	const json_t *helpers = json_object_get(f->root, "credHelpers");
	const json_t *helper = json_is_object(helpers) ? find_place(helpers, oci_slice(host)) : NULL;
	const char *store = oci_json_str(f->root, "credsStore");
	auto_err struct oci_err *missing = NULL;

	if (json_is_string(helper))
		return ask(l, json_string_value(helper), host, out, err);
	if (find_entry(f, host, repository, out, err) < 0)
		return -1;
	if (!oci_login_is_empty(out) || !store || !*store)
		return 0;
	if (ask(l, store, host, out, &missing) == 0)
		return 0;
	/* the store is for every registry: a config copied from a machine that had the helper must not stop public
	 * pulls */
	return oci_err_code(missing) == OCI_NOTFOUND ? 0 : oci_fail_with(err, &missing);
}

int oci_logins_find(struct oci_logins *l, const char *host, const char *repository, struct oci_login *out,
		    struct oci_err **err)
{
	*out = (struct oci_login){ 0 };
	for (size_t i = 0; i < l->files.n && oci_login_is_empty(out); i++)
		if (find_in_file(l, &l->files.v[i], host, repository, out, err) < 0)
			return -1;
	return 0;
}
