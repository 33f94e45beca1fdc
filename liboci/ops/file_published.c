#include "ops/file_published.h"

#include "base/path.h"
#include "base/share.h"
#include "base/slice.h"
#include "digest/sumfile.h"

#include <stdlib.h>

#define SUMS_MAX (4u << 20)

/* One checksum file, shared by all items of its folder. */
struct published {
	char *url;
	struct oci_buf text;
};

static bool hex_digest(struct oci_slice s, struct oci_digest *out)
{
	return (s.len == 64 || s.len == 128) && oci_sum_parse_hex(s, out, NULL) == 0;
}

/* Some sites list files as ./NAME or with a path before it. */
static bool is_name(struct oci_slice word, const char *name)
{
	size_t n = strlen(name);

	if (word.len && word.p[0] == '*')
		word.p++, word.len--;
	return word.len >= n && memcmp(word.p + word.len - n, name, n) == 0 &&
	       (word.len == n || word.p[word.len - n - 1] == '/');
}

/* SHA256 (NAME) = HEX. Such files often list many algorithms, and SHA3-256 is as long as SHA256. */
static bool tagged_line(struct oci_slice line, const char *name, struct oci_digest *out)
{
	enum oci_algorithm algorithm;
	struct oci_slice path, hex;

	return oci_sum_cut_tagged(line, &algorithm, &path, &hex) && algorithm != OCI_NO_DIGEST && is_name(path, name) &&
	       hex_digest(hex, out);
}

bool oci_file_published_find(const char *text, const char *name, struct oci_digest *out)
{
	struct oci_slice rest = oci_slice(text), line, only = { 0 };
	size_t lines = 0;

	while (oci_slice_line(&rest, &line)) {
		struct oci_slice words = line, first, second;

		if (!oci_slice_word(&words, &first))
			continue;
		lines++;
		only = first;
		if (oci_slice_word(&words, &second) && is_name(second, name) && hex_digest(first, out))
			return true;
		if (tagged_line(line, name, out))
			return true;
		if (second.len)
			only.len = 0;
	}
	return lines == 1 && hex_digest(only, out);
}

/* {url} is the file's URL, {dir} that of its folder. */
static char *expand(struct oci_slice pattern, const char *url)
{
	const char *slash = strrchr(url, '/');
	struct oci_buf b = { 0 };

	if (oci_slice_starts(pattern, "{url}")) {
		oci_buf_adds(&b, url);
		oci_buf_add(&b, pattern.p + 5, pattern.len - 5);
	} else if (oci_slice_starts(pattern, "{dir}")) {
		oci_buf_add(&b, url, (size_t)(slash - url));
		oci_buf_add(&b, pattern.p + 5, pattern.len - 5);
	}
	return oci_buf_take(&b);
}

/* The URL of the checksum file for an item; NULL when its site is not in the table. */
static char *sums_url(const struct oci_list *table, const char *url)
{
	for (size_t i = 0; i < table->n; i++) {
		struct oci_slice rest = oci_slice(table->v[i].text), prefix, pattern;

		if (oci_slice_word(&rest, &prefix) && oci_slice_word(&rest, &pattern) &&
		    strncmp(url, prefix.p, prefix.len) == 0)
			return expand(pattern, url);
	}
	return NULL;
}

static void sums_done(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct published *p = ctx;

	if (*err)
		return;
	p->text = r->body;
	r->body = (struct oci_buf){ 0 };
}

static void ask_for(struct oci_xfer *x, struct published *p, const struct oci_strs *mirrors)
{
	OCI_AUTO(oci_file_items_clear) struct oci_file_items one = { 0 };

	/* a mirror of the files is the mirror of their checksums */
	oci_vec_push(&one)->url = oci_strdup(p->url);
	one.v[0].ask = oci_strdup(p->url);
	oci_file_items_mirror(&one, mirrors, NULL);
	oci_xfer_add(x,
		     &(struct oci_request){
			     .url = one.v[0].ask, .max_body = SUMS_MAX, .no_html = true, .done = sums_done, .ctx = p });
}

static void free_published(void *p)
{
	free(((struct published *)p)->url);
	oci_buf_clear(&((struct published *)p)->text);
	free(p);
}

static void fill_in(struct oci_file_items *items, const struct oci_list *table, const struct oci_map *asked,
		    const struct oci_out *out)
{
	for (size_t i = 0; i < items->n; i++) {
		struct oci_file_item *it = &items->v[i];
		auto_free char *url = it->expect.algorithm == OCI_NO_DIGEST ? sums_url(table, it->url) : NULL;
		const struct published *p = url ? oci_map_get(asked, url) : NULL;

		if (p && oci_file_published_find(oci_buf_text(&p->text), oci_path_base(it->url), &it->expect))
			oci_debug(out, "%s: checksum from %s", it->path, url);
	}
}

static bool is_wanted(const struct oci_file_items *items)
{
	for (size_t i = 0; i < items->n; i++)
		if (items->v[i].expect.algorithm == OCI_NO_DIGEST)
			return true;
	return false;
}

int oci_file_published(struct oci_file_items *items, const struct oci_strs *mirrors, struct oci_xfer *x,
		       const struct oci_out *out, struct oci_err **err)
{
	if (!is_wanted(items))
		return 0;
	auto_free char *lists = oci_share_lists();
	auto_free char *path = oci_path_join(lists, "published-sums.list");
	auto_list struct oci_list table = { 0 };
	struct oci_map asked = { 0 };

	if (oci_list_load(&table, path, err) < 0)
		return -1;
	for (size_t i = 0; i < items->n; i++) {
		const struct oci_file_item *it = &items->v[i];
		char *url = it->expect.algorithm == OCI_NO_DIGEST ? sums_url(&table, it->url) : NULL;

		if (!url || oci_map_has(&asked, url)) {
			free(url);
			continue;
		}
		struct published *p = oci_calloc(1, sizeof(*p));

		p->url = url;
		oci_map_add(&asked, url, p);
		ask_for(x, p, mirrors);
	}
	oci_xfer_run(x);
	fill_in(items, &table, &asked, out);
	oci_map_clear_with(&asked, free_published);
	return 0;
}
