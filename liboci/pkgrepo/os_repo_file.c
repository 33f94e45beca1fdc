#include "pkgrepo/os_repo_file.h"

#include "base/file.h"
#include "base/path.h"
#include "base/slice.h"
#include "pkgrepo/os.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_TEXT ((size_t)1 << 20)

/* One [id] while it is read. */
struct section {
	struct oci_os_repo *repo; /* NULL: [main], or none yet */
	bool repo_check;
};

struct reading {
	const struct oci_repo_folder *folder;
	struct oci_os *os;
	const char *path;
	unsigned line;
	struct section at;
};

static bool is_no(struct oci_slice value)
{
	static const char *const words[] = { "0", "no", "false", "off" };

	for (size_t i = 0; i < OCI_COUNT(words); i++)
		if (value.len == strlen(words[i]) && strncasecmp(value.p, words[i], value.len) == 0)
			return true;
	return false;
}

static void read_number(int64_t *to, struct oci_slice value)
{
	uint64_t number;

	if (oci_slice_u64(value, &number))
		*to = (int64_t)number;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

static bool next_word(struct oci_slice *rest, struct oci_slice *word)
{
	while (rest->len && is_separator(*rest->p))
		*rest = (struct oci_slice){ rest->p + 1, rest->len - 1 };
	*word = (struct oci_slice){ rest->p, 0 };
	while (word->len < rest->len && !is_separator(rest->p[word->len]))
		word->len++;
	*rest = (struct oci_slice){ rest->p + word->len, rest->len - word->len };
	return word->len > 0;
}

/* Of several places all, with blanks between them. */
static void add_urls(char **to, struct oci_slice value)
{
	struct oci_slice word;

	while (next_word(&value, &word)) {
		auto_free char *had = *to;

		*to = had ? oci_printf("%s %.*s", had, (int)word.len, word.p) : oci_slice_dup(word);
	}
}

static void add_words(struct oci_strs *to, struct oci_slice value)
{
	struct oci_slice word;

	while (next_word(&value, &word))
		oci_strs_add_take(to, oci_slice_dup(word));
}

/* A key beside the .repo file goes first, by its name alone: a folder copied from another machine brings its keys
 * along. Then the place that is named, below the root of the system that the folder belongs to. */
static char *find_key(const struct oci_repo_folder *folder, const char *key)
{
	const char *path = oci_starts(key, "file://") ? key + strlen("file://") : key;
	auto_free char *beside = oci_path_join(folder->dir, oci_path_base(path));

	if (oci_path_exists(beside) || strstr(path, "://"))
		return oci_steal(&beside);
	return folder->root ? oci_path_join(folder->root, path + (*path == '/')) : oci_strdup(path);
}

static void add_keys(const struct reading *r, struct oci_slice value)
{
	struct oci_slice word;

	while (next_word(&value, &word)) {
		auto_free char *text = oci_slice_dup(word);
		auto_free char *key = oci_os_expand(r->os, r->os->arches.n ? r->os->arches.v[0] : "", text);

		oci_strs_add_take(&r->at.repo->keys, find_key(r->folder, key));
	}
}

static void set(struct reading *r, struct oci_slice key, struct oci_slice value)
{
	struct oci_os_repo *repo = r->at.repo;

	if (oci_slice_eq(key, "baseurl"))
		add_urls(&repo->baseurl, value);
	else if (oci_slice_eq(key, "mirrorlist"))
		add_urls(&repo->mirrorlist, value);
	else if (oci_slice_eq(key, "metalink"))
		add_urls(&repo->metalink, value);
	else if (oci_slice_eq(key, "gpgkey"))
		add_keys(r, value);
	else if (oci_slice_eq(key, "exclude") || oci_slice_eq(key, "excludepkgs"))
		add_words(&repo->exclude, value);
	else if (oci_slice_eq(key, "includepkgs"))
		add_words(&repo->include, value);
	else if (oci_slice_eq(key, "enabled"))
		repo->disabled = is_no(value);
	else if (oci_slice_eq(key, "gpgcheck"))
		repo->unsigned_packages = is_no(value);
	else if (oci_slice_eq(key, "repo_gpgcheck"))
		r->at.repo_check = !is_no(value);
	else if (oci_slice_eq(key, "module_hotfixes"))
		repo->module_hotfixes = !is_no(value);
	else if (oci_slice_eq(key, "priority"))
		read_number(&repo->priority, value);
	else if (oci_slice_eq(key, "cost"))
		read_number(&repo->cost, value);
	/* what else dnf has is about how it fetches */
}

/* gpgcheck is on unless it is said, repo_gpgcheck is off. */
static int end_section(struct reading *r, struct oci_err **err)
{
	struct oci_os_repo *repo = r->at.repo;

	if (!repo)
		return 0;
	repo->trusted = repo->unsigned_packages && !r->at.repo_check;
	repo->verify = r->at.repo_check ? OCI_VERIFY_SIGNED : OCI_VERIFY_PACKAGES;
	if (repo->disabled)
		return 0;
	if (!repo->baseurl && !repo->mirrorlist && !repo->metalink)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: [%s] has none of baseurl, mirrorlist and metalink", r->path,
				repo->line, repo->id);
	if (!repo->keys.n && !repo->trusted)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: [%s] has no gpgkey; name its key, or say gpgcheck=0",
				r->path, repo->line, repo->id);
	for (size_t i = 0; i < repo->keys.n && !repo->trusted; i++)
		if (!oci_path_exists(repo->keys.v[i]))
			return oci_fail(err, OCI_NOTFOUND, "%s:%u: [%s]: its key is not at %s; save it there", r->path,
					repo->line, repo->id, repo->keys.v[i]);
	return 0;
}

static int begin_section(struct reading *r, struct oci_slice id, struct oci_err **err)
{
	if (end_section(r, err) < 0)
		return -1;
	r->at = (struct section){ 0 };
	if (oci_slice_eq(id, "main"))
		return 0;
	for (size_t i = 0; i < r->os->repos.n; i++)
		if (oci_slice_eq(id, r->os->repos.v[i].id))
			return oci_fail(err, OCI_BADINPUT, "%s:%u: [%s] stands in this folder twice", r->path, r->line,
					r->os->repos.v[i].id);
	r->at.repo = oci_vec_push(&r->os->repos);
	r->at.repo->id = oci_slice_dup(id);
	r->at.repo->line = r->line;
	return 0;
}

/* A line that begins with a blank goes on with the value of the line above. */
static int read_line(struct reading *r, struct oci_slice line, struct oci_slice *key, struct oci_err **err)
{
	bool more = key->len && line.len && (*line.p == ' ' || *line.p == '\t');
	struct oci_slice value = oci_slice_trim(line), name;

	if (!value.len || *value.p == '#' || *value.p == ';')
		return 0;
	if (!more && *value.p == '[' && value.p[value.len - 1] == ']') {
		*key = (struct oci_slice){ 0 };
		return begin_section(r, (struct oci_slice){ value.p + 1, value.len - 2 }, err);
	}
	if (!more) {
		if (!oci_slice_cut(value, '=', &name, &value))
			return oci_fail(err, OCI_BADINPUT, "%s:%u: neither [id] nor key=value", r->path, r->line);
		*key = oci_slice_trim(name);
		value = oci_slice_trim(value);
	}
	if (r->at.repo)
		set(r, *key, value);
	return 0;
}

int oci_os_repo_file(const struct oci_repo_folder *folder, const char *path, struct oci_os *os, struct oci_err **err)
{
	struct reading r = { .folder = folder, .os = os, .path = path };
	auto_buf struct oci_buf raw = { 0 };
	struct oci_slice rest, line, key = { 0 };

	if (oci_file_read(path, MAX_TEXT, &raw, err) < 0)
		return -1;
	auto_free char *text = oci_repo_folder_expand(folder, oci_buf_text(&raw));

	rest = oci_slice(text);
	while (oci_slice_line(&rest, &line)) {
		r.line++;
		if (read_line(&r, line, &key, err) < 0)
			return -1;
	}
	return end_section(&r, err);
}
