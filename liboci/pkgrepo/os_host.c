/* What a system's own settings say: sources.list, deb822 .sources, os-release. */
#include "pkgrepo/os_host.h"

#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/os.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define MAX_TEXT ((size_t)1 << 20)

struct host {
	const char *root;
	struct oci_os *os;
};

/* VALUE of `KEY=VALUE` or `KEY="VALUE"`; the caller's to free. */
static char *release_value(struct oci_slice text, const char *key)
{
	struct oci_slice line, name, value;

	while (oci_slice_line(&text, &line)) {
		if (!oci_slice_cut(line, '=', &name, &value) || !oci_slice_eq(name, key))
			continue;
		if (value.len >= 2 && (*value.p == '"' || *value.p == '\'') && value.p[value.len - 1] == *value.p)
			value = (struct oci_slice){ value.p + 1, value.len - 2 };
		return oci_slice_dup(value);
	}
	return NULL;
}

/* What repositories call the release: 9 of "platform:el9", where VERSION_ID has the minor one, too. */
static char *release_of(struct oci_slice text)
{
	auto_free char *platform = release_value(text, "PLATFORM_ID");

	if (platform && platform[strcspn(platform, "0123456789")])
		return oci_strdup(platform + strcspn(platform, "0123456789"));
	return release_value(text, "VERSION_ID");
}

static void fill_names(struct oci_os *os)
{
	static const char *const arches[] = { "amd64", "arm64" };
	struct utsname machine;

	os->name = oci_printf("%s%s", os->distribution, os->release);
	for (char *at = os->name; (at = strchr(at, '.'));)
		memmove(at, at + 1, strlen(at));
	os->client = oci_strdup(os->name);
	os->output = oci_printf("%s/%s%s", os->distribution, os->release, os->family == OCI_OS_YUM ? "/os" : "");
	if (uname(&machine) == 0 && oci_os_arch(os->family, machine.machine))
		oci_strs_add(&os->arches, oci_os_arch(os->family, machine.machine));
	for (size_t i = 0; i < OCI_COUNT(arches); i++)
		if (!oci_strs_has(&os->arches, oci_os_arch(os->family, arches[i])))
			oci_strs_add(&os->arches, oci_os_arch(os->family, arches[i]));
}

int oci_os_release_read(struct oci_os *os, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	const struct oci_slice s = { oci_buf_text(&text), text.len };

	os->distribution = release_value(s, "ID");
	os->release = release_of(s);
	os->codename = release_value(s, "VERSION_CODENAME");
	if (!os->distribution || !os->release)
		return oci_fail(err, OCI_BADINPUT, "%s: no ID or VERSION_ID", path);
	fill_names(os);
	if (!oci_path_is_local(os->name) || strchr(os->name, '/'))
		return oci_fail(err, OCI_BADINPUT, "%s: \"%s\" cannot be a file's name", path, os->name);
	return 0;
}

static void add_words(struct oci_strs *to, struct oci_slice words, char extra)
{
	struct oci_slice word, part;

	while (oci_slice_word(&words, &word))
		while (word.len) {
			struct oci_slice rest = { "", 0 };

			if (extra)
				oci_slice_cut(word, extra, &part, &rest);
			else
				part = word;
			if (part.len)
				oci_strs_add_take(to, oci_slice_dup(part));
			word = rest;
		}
}

static int add_key(void *ctx, const char *name, struct oci_err **err)
{
	struct oci_strs *to = ctx;

	(void)err;
	if (oci_ends(name, ".gpg") || oci_ends(name, ".asc"))
		oci_strs_add_take(to, oci_path_join(to->v[0], name));
	return 0;
}

/* Without Signed-By apt trusts what lies in trusted.gpg.d. */
static int default_keys(const struct host *h, struct oci_strs *keys, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(h->root, "etc/apt/trusted.gpg.d"),
		       *one = oci_path_join(h->root, "etc/apt/trusted.gpg");
	auto_strs struct oci_strs found = { 0 };

	oci_strs_add(&found, dir);
	if (oci_path_is_dir(dir) && oci_path_each(dir, add_key, &found, err) < 0)
		return -1;
	for (size_t i = 1; i < found.n; i++)
		oci_strs_add(keys, found.v[i]);
	if (oci_path_exists(one))
		oci_strs_add(keys, one);
	return 0;
}

struct source {
	struct oci_slice types, uris, suites, components, keys, arches, trusted, enabled;
	const char *file;
	unsigned number;
};

static void add_repo(struct host *h, const struct source *s, struct oci_slice uri, struct oci_strs *keys)
{
	struct oci_os_repo *r = oci_vec_push(&h->os->repos);
	auto_strs struct oci_strs suites = { 0 };

	r->id = oci_printf("%s-%u", oci_path_base(s->file), s->number);
	r->url = oci_slice_dup(uri);
	r->trusted = oci_slice_eq(s->trusted, "yes");
	add_words(&r->arches, s->arches, ',');
	add_words(&r->components, s->components, '\0');
	add_words(&suites, s->suites, '\0');
	for (size_t i = 0; i < suites.n; i++)
		if (oci_ends(suites.v[i], "/"))
			r->flat = r->flat ? r->flat : oci_strdup(suites.v[i]);
		else
			oci_strs_add(&r->suites, suites.v[i]);
	for (size_t i = 0; i < keys->n; i++)
		oci_strs_add(&r->keys, keys->v[i]);
}

static bool has_word(struct oci_slice words, const char *want)
{
	struct oci_slice word;

	while (oci_slice_word(&words, &word))
		if (oci_slice_eq(word, want))
			return true;
	return false;
}

static int add_source(struct host *h, const struct source *s, struct oci_err **err)
{
	auto_strs struct oci_strs keys = { 0 }, paths = { 0 };
	struct oci_slice uris = s->uris, uri;

	if (!has_word(s->types, "deb") || oci_slice_eq(s->enabled, "no"))
		return 0;
	if (s->keys.len && memmem(s->keys.p, s->keys.len, "BEGIN PGP", 9))
		return oci_fail(err, OCI_UNSUPPORTED, "%s: a key inside Signed-By; put it into a file", s->file);
	add_words(&keys, s->keys, ',');
	for (size_t i = 0; i < keys.n; i++)
		oci_strs_add_take(&paths, oci_path_join(h->root, keys.v[i] + (keys.v[i][0] == '/')));
	if (!paths.n && default_keys(h, &paths, err) < 0)
		return -1;
	while (oci_slice_word(&uris, &uri))
		add_repo(h, s, uri, &paths);
	return 0;
}

static int read_sources(struct host *h, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, stanza;
	unsigned number = 0;

	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	rest = (struct oci_slice){ oci_buf_text(&text), text.len };
	while (oci_stanza_next(&rest, &stanza)) {
		const struct source s = { oci_stanza_get(stanza, "Types"),
					  oci_stanza_get(stanza, "URIs"),
					  oci_stanza_get(stanza, "Suites"),
					  oci_stanza_get(stanza, "Components"),
					  oci_stanza_get(stanza, "Signed-By"),
					  oci_stanza_get(stanza, "Architectures"),
					  oci_stanza_get(stanza, "Trusted"),
					  oci_stanza_get(stanza, "Enabled"),
					  path,
					  ++number };

		if (s.uris.len && add_source(h, &s, err) < 0)
			return -1;
	}
	return 0;
}

/* "[signed-by=/a arch=amd64]" */
static void read_options(struct oci_slice options, struct source *s)
{
	struct oci_slice word, name, value;

	while (oci_slice_word(&options, &word)) {
		oci_slice_cut(word, '=', &name, &value);
		if (oci_slice_eq(name, "signed-by"))
			s->keys = value;
		else if (oci_slice_eq(name, "arch"))
			s->arches = value;
		else if (oci_slice_eq(name, "trusted"))
			s->trusted = value;
	}
}

/* deb [options] uri suite component... */
static int read_line(struct host *h, const struct oci_list_line *line, struct oci_err **err)
{
	struct source s = { .file = line->file, .number = line->line };
	struct oci_slice rest = oci_slice(line->text), head;

	oci_slice_word(&rest, &s.types);
	rest = oci_slice_trim(rest);
	if (rest.len && *rest.p == '[') {
		oci_slice_cut((struct oci_slice){ rest.p + 1, rest.len - 1 }, ']', &head, &rest);
		read_options(head, &s);
	}
	if (!oci_slice_word(&rest, &s.uris) || !oci_slice_word(&rest, &s.suites))
		return oci_fail(err, OCI_BADINPUT, "%s:%u: not a source: %s", line->file, line->line, line->text);
	s.components = oci_slice_trim(rest);
	return add_source(h, &s, err);
}

static int read_list(struct host *h, const char *path, struct oci_err **err)
{
	auto_list struct oci_list list = { 0 };

	if (oci_list_load(&list, path, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (read_line(h, &list.v[i], err) < 0)
			return -1;
	return 0;
}

struct part {
	struct host *host;
	const char *dir;
};

static int read_part(void *ctx, const char *name, struct oci_err **err)
{
	const struct part *p = ctx;
	auto_free char *path = oci_path_join(p->dir, name);

	if (oci_ends(name, ".list"))
		return read_list(p->host, path, err);
	return oci_ends(name, ".sources") ? read_sources(p->host, path, err) : 0;
}

int oci_os_host(const char *root, struct oci_os *out, struct oci_err **err)
{
	auto_os struct oci_os os = { .family = OCI_OS_APT };
	struct host h = { root, &os };
	auto_free char *yum = oci_path_join(root, "etc/yum.repos.d"), *apt = oci_path_join(root, "etc/apt");
	auto_free char *list = oci_path_join(apt, "sources.list"), *dir = oci_path_join(apt, "sources.list.d");
	auto_free char *release = oci_path_join(root, "etc/os-release");

	if (!oci_path_is_dir(apt) && oci_path_is_dir(yum))
		return oci_os_repo_dir(yum, out, err);
	os.file = oci_strdup(apt);
	if (oci_os_release_read(&os, release, err) < 0 || (oci_path_exists(list) && read_list(&h, list, err) < 0) ||
	    (oci_path_is_dir(dir) && oci_path_each(dir, read_part, &(struct part){ &h, dir }, err) < 0))
		return -1;
	if (!os.repos.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no sources", apt);
	if (!os.codename)
		os.codename = oci_strdup(os.release);
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}
