#include "ops/file_items.h"

#include "base/path.h"
#include "base/slice.h"
#include "net/url.h"
#include "ops/file_tree.h"

#include <stdlib.h>

static void item_clear(struct oci_file_item *it)
{
	free(it->url);
	free(it->ask);
	free(it->path);
	free(it->where);
	free(it->validator);
	oci_err_clear(&it->err);
	*it = (struct oci_file_item){ 0 };
}

static int check_scheme(const char *url, bool allow_file, struct oci_err **err)
{
	auto_free char *shown = oci_url_shown(url);

	if (oci_starts(url, "https://") || oci_starts(url, "http://"))
		return 0;
	if (oci_starts(url, "file:///"))
		return allow_file ? 0
				  : oci_fail(err, OCI_BADINPUT, "%s: file: URLs are refused; --allow-file takes them",
					     shown);
	if (strchr(url, ':'))
		return oci_fail(err, OCI_BADINPUT, "%s: only http:// and https:// URLs are fetched", shown);
	return oci_fail(err, OCI_BADINPUT, "\"%s\": not a URL", shown);
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* HOST/PATH as kubespray's files_repo expects it: a server that is asked for a%2Bb looks for the file a+b. A query
 * cannot be part of a file's name there. */
static int path_of_url(const char *url, char **out, struct oci_err **err)
{
	bool local = oci_starts(url, "file:///");
	const char *rest = local ? url + strlen("file:///") : strstr(url, "://") + 3;
	auto_free char *host = local ? NULL : oci_url_host(url);
	auto_free char *shown = oci_url_shown(url);

	if (!local) {
		rest = strchr(rest, '/');
		rest = rest ? rest + 1 : "";
	}
	if (strpbrk(rest, "?#"))
		return oci_fail(err, OCI_BADINPUT, "%s: has a query, so it needs a path of its own: URL > PATH", shown);
	auto_free char *plain = oci_url_unescape(rest);

	if (!plain || has_control(plain))
		return oci_fail(err, OCI_BADINPUT, "%s: control characters in the name of a file", shown);
	auto_free char *path = host ? oci_printf("%s/%s", host, plain) : oci_strdup(plain);

	if (!oci_path_is_local(path))
		return oci_fail(err, OCI_BADINPUT, "%s: names no file", shown);
	*out = oci_steal(&path);
	return 0;
}

static int parse_words(struct oci_slice rest, struct oci_file_item *it, struct oci_err **err)
{
	struct oci_slice word, target;

	oci_slice_word(&rest, &word);
	it->url = oci_slice_dup(word);
	while (oci_slice_word(&rest, &word)) {
		if (word.p[0] == '>') {
			target = (struct oci_slice){ word.p + 1, word.len - 1 };
			if (target.len == 0 && !oci_slice_word(&rest, &target))
				return oci_fail(err, OCI_BADINPUT, "no path behind >");
			free(it->path);
			it->path = oci_slice_dup(target);
			if (!oci_path_is_local(it->path))
				return oci_fail(err, OCI_BADINPUT, "\"%s\": not a path inside the output folder",
						it->path);
		} else if (it->expect.algorithm != OCI_NO_DIGEST || it->path) {
			return oci_fail(err, OCI_BADINPUT, "\"%.*s\" is too much: a line is URL [sha256:HEX] [> PATH]",
					(int)word.len, word.p);
		} else if (oci_digest_parse(word, &it->expect, err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int parse_line(const struct oci_list_line *line, bool allow_file, struct oci_file_item *it, struct oci_err **err)
{
	it->where = oci_list_where(line);
	if (parse_words(oci_slice(line->text), it, err) < 0 || check_scheme(it->url, allow_file, err) < 0 ||
	    (!it->path && path_of_url(it->url, &it->path, err) < 0))
		return oci_fail_in(err, "%s", it->where);
	if (oci_file_tree_owns(it->path))
		return oci_fail(err, OCI_BADINPUT, "%s: %s: the tree keeps its own records there; give another path",
				it->where, it->path);
	it->ask = oci_strdup(it->url);
	return 0;
}

/* 1 when it stands there already, 0 when it is new. */
static int merge(struct oci_file_items *items, struct oci_file_item *it, struct oci_err **err)
{
	size_t place = (size_t)oci_map_get(&items->by_path, it->path);

	if (!place)
		return 0;
	struct oci_file_item *first = &items->v[place - 1];
	auto_free char *shown = oci_url_shown(it->url), *other = oci_url_shown(first->url);

	if (!oci_streq(first->url, it->url))
		return oci_fail(err, OCI_CONFLICT, "%s: %s and (%s) %s both become %s; give one a path: URL > PATH",
				it->where, shown, first->where, other, it->path);
	if (it->expect.algorithm == OCI_NO_DIGEST)
		return 1;
	if (first->expect.algorithm != OCI_NO_DIGEST && !oci_digest_same(&first->expect, &it->expect))
		return oci_fail(err, OCI_CONFLICT, "%s: %s has another checksum in %s", it->where, shown, first->where);
	first->expect = it->expect;
	return 1;
}

/* What is a file by one line cannot be a folder by another. */
static int check_folders(const struct oci_file_items *items, const struct oci_file_item *it, struct oci_err **err)
{
	for (const char *p = strchr(it->path, '/'); p; p = strchr(p + 1, '/')) {
		size_t place = (size_t)oci_map_get_n(&items->by_path, it->path, (size_t)(p - it->path));
		const struct oci_file_item *file = place ? &items->v[place - 1] : NULL;

		if (file)
			return oci_fail(err, OCI_CONFLICT,
					"%s: %s needs a folder where %s has the file %s; give one a path: URL > PATH",
					it->where, it->path, file->where, file->path);
	}
	return 0;
}

int oci_file_items_parse(const struct oci_list *list, bool allow_file, struct oci_file_items *out, struct oci_err **err)
{
	for (size_t i = 0; i < list->n; i++) {
		OCI_AUTO(item_clear) struct oci_file_item it = { 0 };

		if (parse_line(&list->v[i], allow_file, &it, err) < 0)
			return -1;
		int there = merge(out, &it, err);

		if (there < 0)
			return -1;
		if (there)
			continue;
		*oci_vec_push(out) = it;
		oci_map_add(&out->by_path, it.path, (void *)out->n);
		it = (struct oci_file_item){ 0 };
	}
	for (size_t i = 0; i < out->n; i++)
		if (check_folders(out, &out->v[i], err) < 0)
			return -1;
	return 0;
}

/* PREFIX=URL is cut where the URL begins, since a prefix may hold "=" too. */
static const char *mirror_cut(const char *mirror)
{
	static const char *const schemes[] = { "=https://", "=http://", "=file:///" };

	for (size_t i = 0; i < OCI_COUNT(schemes); i++) {
		const char *at = strstr(mirror, schemes[i]);

		if (at && at != mirror)
			return at;
	}
	return NULL;
}

static void send_elsewhere(struct oci_file_item *it, const struct oci_strs *mirrors)
{
	size_t best = 0;

	for (size_t i = 0; i < mirrors->n; i++) {
		size_t n = (size_t)(mirror_cut(mirrors->v[i]) - mirrors->v[i]);

		if (n <= best || strncmp(it->url, mirrors->v[i], n) != 0)
			continue;
		best = n;
		free(it->ask);
		it->ask = oci_printf("%s%s", mirrors->v[i] + n + 1, it->url + n);
	}
}

int oci_file_items_mirror(struct oci_file_items *items, const struct oci_strs *mirrors, struct oci_err **err)
{
	for (size_t i = 0; i < mirrors->n; i++)
		if (!mirror_cut(mirrors->v[i]))
			return oci_fail(err, OCI_USAGE, "--mirror: \"%s\" is not PREFIX=URL", mirrors->v[i]);
	for (size_t i = 0; i < items->n; i++)
		send_elsewhere(&items->v[i], mirrors);
	return 0;
}

void oci_file_items_clear(struct oci_file_items *items)
{
	for (size_t i = 0; i < items->n; i++)
		item_clear(&items->v[i]);
	free(items->v);
	oci_map_clear(&items->by_path);
	*items = (struct oci_file_items){ 0 };
}
