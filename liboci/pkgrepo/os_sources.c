/* apt's own lists of sources: lines of sources.list, and deb822 stanzas in .sources.
 * https://manpages.debian.org/sources.list */
#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/os.h"
#include "pkgrepo/os_host.h"
#include "pkgrepo/pgp.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 20)

struct reading {
	const char *root;
	struct oci_os *os;
	const char *dir; /* of the parts */
};

struct source {
	struct oci_slice types, uris, suites, components, keys, arches, trusted, enabled, valid_until;
	const char *file;
	unsigned number;
};

/* What a stanza and a line's brackets call the same things. */
static const struct {
	const char *field, *option;
	size_t offset;
} settings[] = { { "Types", "", offsetof(struct source, types) },
		 { "URIs", "", offsetof(struct source, uris) },
		 { "Suites", "", offsetof(struct source, suites) },
		 { "Components", "", offsetof(struct source, components) },
		 { "Enabled", "", offsetof(struct source, enabled) },
		 { "Signed-By", "signed-by", offsetof(struct source, keys) },
		 { "Architectures", "arch", offsetof(struct source, arches) },
		 { "Trusted", "trusted", offsetof(struct source, trusted) },
		 { "Check-Valid-Until", "check-valid-until", offsetof(struct source, valid_until) } };

static struct oci_slice *setting(struct source *s, size_t i)
{
	return (struct oci_slice *)((char *)s + settings[i].offset);
}

/* apt's words for yes and no; usual where it says neither. */
static bool is_on(struct oci_slice value, bool usual)
{
	static const char *const words[][2] = { { "no", "yes" },       { "false", "true" }, { "0", "1" },
						{ "without", "with" }, { "off", "on" },	    { "disable", "enable" } };

	for (size_t i = 0; i < OCI_COUNT(words); i++)
		for (int on = 0; on < 2; on++)
			if (oci_field_is(value, words[i][on]))
				return on;
	return usual;
}

/* Words between blanks, and commas where `commas` says so. */
static void add_words(struct oci_strs *to, struct oci_slice words, bool commas)
{
	struct oci_slice word, part;

	while (oci_slice_word(&words, &word))
		while (word.len) {
			if (commas)
				oci_slice_cut(word, ',', &part, &word);
			else
				part = word, word.len = 0;
			if (part.len)
				oci_strs_add_take(to, oci_slice_dup(part));
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
static int default_keys(const struct reading *r, struct oci_strs *keys, struct oci_err **err)
{
	auto_free char *dir = oci_path_join(r->root, "etc/apt/trusted.gpg.d"),
		       *one = oci_path_join(r->root, "etc/apt/trusted.gpg");
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

/* A key that stands in Signed-By itself, its blank lines written as dots. */
static char *inner_key(struct oci_slice value)
{
	struct oci_slice line;
	struct oci_buf b = { 0 };

	while (oci_slice_line(&value, &line)) {
		line = oci_slice_trim(line);
		if (!oci_slice_eq(line, "."))
			oci_buf_add(&b, line.p, line.len);
		oci_buf_addc(&b, '\n');
	}
	return oci_buf_take(&b);
}

static int find_keys(const struct reading *r, const struct source *s, struct oci_strs *keys, struct oci_err **err)
{
	auto_strs struct oci_strs paths = { 0 };

	if (oci_slice_starts(s->keys, OCI_KEY_TEXT)) {
		oci_strs_add_take(keys, inner_key(s->keys));
		return 0;
	}
	add_words(&paths, s->keys, true);
	for (size_t i = 0; i < paths.n; i++)
		oci_strs_add_take(keys, oci_path_join(r->root, paths.v[i] + (paths.v[i][0] == '/')));
	return keys->n ? 0 : default_keys(r, keys, err);
}

/* What cloud images have: a file that lists mirrors, the best first. */
static int first_mirror(const struct reading *r, const char *path, char **out, struct oci_err **err)
{
	auto_free char *file = oci_path_join(r->root, path + strspn(path, "/"));
	auto_list struct oci_list list = { 0 };
	struct oci_slice rest, word;

	if (oci_list_load(&list, file, err) < 0)
		return -1;
	rest = oci_slice(list.n ? list.v[0].text : "");
	if (!oci_slice_word(&rest, &word))
		return oci_fail(err, OCI_BADINPUT, "%s: lists no mirror", file);
	*out = oci_slice_dup(word);
	return 0;
}

static int find_url(const struct reading *r, const struct source *s, struct oci_slice uri, char **out,
		    struct oci_err **err)
{
	static const char mirror[] = "mirror+file:";
	auto_free char *text = oci_slice_dup(uri);

	if (oci_starts(text, "cdrom:"))
		return oci_fail(err, OCI_UNSUPPORTED, "%s:%u: a CD cannot be fetched from; switch this source off",
				s->file, s->number);
	if (oci_starts(text, mirror))
		return first_mirror(r, text + strlen(mirror), out, err);
	*out = oci_starts(text, "copy:") ? oci_printf("file:%s", text + strlen("copy:")) : oci_steal(&text);
	return 0;
}

static struct oci_os_repo *add_repo(const struct reading *r, const struct source *s, const char *url,
				    const struct oci_strs *keys)
{
	struct oci_os_repo *repo = oci_vec_push(&r->os->repos);

	repo->id = oci_printf("%s-%u", oci_path_base(s->file), s->number);
	repo->url = oci_strdup(url);
	repo->trusted = is_on(s->trusted, false);
	repo->any_age = !is_on(s->valid_until, true);
	add_words(&repo->arches, s->arches, true);
	for (size_t i = 0; i < keys->n; i++)
		oci_strs_add(&repo->keys, keys->v[i]);
	return repo;
}

/* A suite that ends in a slash is the folder of a flat repository, and each is one of its own. */
static int add_repos(const struct reading *r, const struct source *s, const char *url, const struct oci_strs *keys,
		     struct oci_err **err)
{
	auto_strs struct oci_strs suites = { 0 };
	size_t flat = 0;

	add_words(&suites, s->suites, false);
	if (!suites.n)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: not a source: no suite", s->file, s->number);
	for (size_t i = 0; i < suites.n; i++)
		if (oci_ends(suites.v[i], "/")) {
			add_repo(r, s, url, keys)->flat = oci_strdup(suites.v[i]);
			flat++;
		}
	if (flat == suites.n)
		return 0;
	struct oci_os_repo *repo = add_repo(r, s, url, keys);

	add_words(&repo->components, s->components, false);
	for (size_t i = 0; i < suites.n; i++)
		if (!oci_ends(suites.v[i], "/"))
			oci_strs_add(&repo->suites, suites.v[i]);
	if (!repo->components.n)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: not a source: no component", s->file, s->number);
	return 0;
}

static int add_source(const struct reading *r, const struct source *s, struct oci_err **err)
{
	auto_strs struct oci_strs keys = { 0 }, types = { 0 };
	struct oci_slice uris = s->uris, uri;

	add_words(&types, s->types, false);
	if (!oci_strs_has(&types, "deb") || !is_on(s->enabled, true))
		return 0;
	if (find_keys(r, s, &keys, err) < 0)
		return -1;
	while (oci_slice_word(&uris, &uri)) {
		auto_free char *url = NULL;

		if (find_url(r, s, uri, &url, err) < 0 || add_repos(r, s, url, &keys, err) < 0)
			return -1;
	}
	return 0;
}

/* Comments may stand between the lines of one value. */
static void drop_comments(struct oci_slice text, struct oci_buf *out)
{
	struct oci_slice line;

	while (oci_slice_line(&text, &line))
		if (!oci_slice_starts(line, "#")) {
			oci_buf_add(out, line.p, line.len);
			oci_buf_addc(out, '\n');
		}
}

static int read_sources(const struct reading *r, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 }, plain = { 0 };
	struct oci_slice rest, stanza;
	struct source s = { .file = path };

	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	drop_comments((struct oci_slice){ oci_buf_text(&text), text.len }, &plain);
	rest = (struct oci_slice){ oci_buf_text(&plain), plain.len };
	while (oci_stanza_next(&rest, &stanza)) {
		s.number++;
		for (size_t i = 0; i < OCI_COUNT(settings); i++)
			*setting(&s, i) = oci_stanza_get(stanza, settings[i].field);
		if (s.uris.len && add_source(r, &s, err) < 0)
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
		for (size_t i = 0; i < OCI_COUNT(settings); i++)
			if (name.len && oci_slice_eq(name, settings[i].option))
				*setting(s, i) = value;
	}
}

/* deb [options] uri suite component... */
static int read_line(const struct reading *r, const struct oci_list_line *line, struct oci_err **err)
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
	return add_source(r, &s, err);
}

static int read_list(const struct reading *r, const char *path, struct oci_err **err)
{
	auto_list struct oci_list list = { 0 };

	if (oci_list_load(&list, path, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (read_line(r, &list.v[i], err) < 0)
			return -1;
	return 0;
}

static int read_part(void *ctx, const char *name, struct oci_err **err)
{
	const struct reading *r = ctx;
	auto_free char *path = oci_path_join(r->dir, name);

	if (oci_ends(name, ".list"))
		return read_list(r, path, err);
	return oci_ends(name, ".sources") ? read_sources(r, path, err) : 0;
}

int oci_os_sources_read(struct oci_os *os, const char *root, struct oci_err **err)
{
	auto_free char *list = oci_path_join(root, "etc/apt/sources.list");
	auto_free char *dir = oci_path_join(root, "etc/apt/sources.list.d");
	struct reading r = { root, os, dir };

	if (oci_path_exists(list) && read_list(&r, list, err) < 0)
		return -1;
	return oci_path_is_dir(dir) ? oci_path_each(dir, read_part, &r, err) : 0;
}
