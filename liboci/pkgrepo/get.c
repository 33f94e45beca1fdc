#include "pkgrepo/get.h"

#include "base/file.h"
#include "base/map.h"
#include "base/outfile.h"
#include "base/path.h"
#include "base/vec.h"
#include "digest/verify.h"
#include "net/url.h"
#include "net/xfer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct oci_repo_net {
	struct oci_xfer *xfer;
	const struct oci_strs *mirrors;
	OCI_VEC(struct oci_strs) same; /* bases of one repository, the one in use first */
	struct oci_map texts;	       /* URL -> struct oci_buf */
	uint64_t received;
};

static int check_mirrors(const struct oci_strs *mirrors, struct oci_err **err)
{
	for (size_t i = 0; mirrors && i < mirrors->n; i++) {
		const char *eq = strchr(mirrors->v[i], '=');

		if (!eq || eq == mirrors->v[i] || !eq[1])
			return oci_fail(err, OCI_USAGE, "--mirror %s: PREFIX=URL is wanted", mirrors->v[i]);
	}
	return 0;
}

int oci_repo_net_new(struct oci_repo_net **out, const struct oci_repo_net_settings *s, struct oci_err **err)
{
	if (check_mirrors(s->mirrors, err) < 0)
		return -1;
	struct oci_repo_net *net = oci_calloc(1, sizeof(*net));

	net->mirrors = s->mirrors;
	net->xfer = oci_xfer_new(&(struct oci_xfer_settings){ .jobs = s->jobs, .out = s->out });
	*out = net;
	return 0;
}

static void free_text(void *text)
{
	oci_buf_clear(text);
	free(text);
}

void oci_repo_net_free(struct oci_repo_net *net)
{
	if (!net)
		return;
	oci_xfer_free(net->xfer);
	oci_map_clear_with(&net->texts, free_text);
	for (size_t i = 0; i < net->same.n; i++)
		oci_strs_clear(&net->same.v[i]);
	free(net->same.v);
	free(net);
}

void oci_repo_net_freep(struct oci_repo_net **net)
{
	oci_repo_net_free(*net);
	*net = NULL;
}

uint64_t oci_repo_net_received(const struct oci_repo_net *net)
{
	return net->received;
}

void oci_repo_net_also(struct oci_repo_net *net, const char *const *bases, size_t n)
{
	for (size_t i = 0; i < net->same.n; i++)
		if (oci_streq(net->same.v[i].v[0], bases[0]))
			return;
	struct oci_strs *same = oci_vec_push(&net->same);

	for (size_t i = 0; i < n; i++)
		oci_strs_add(same, bases[i]);
}

/* The longest prefix wins, wherever it stands on the command line. */
static char *mirrored(const struct oci_repo_net *net, const char *url)
{
	const char *best = NULL, *to = NULL;
	size_t len = 0;

	for (size_t i = 0; net->mirrors && i < net->mirrors->n; i++) {
		const char *eq = strchr(net->mirrors->v[i], '=');
		size_t n = (size_t)(eq - net->mirrors->v[i]);

		if (n > len && strncmp(url, net->mirrors->v[i], n) == 0) {
			best = net->mirrors->v[i];
			len = n;
			to = eq + 1;
		}
	}
	if (!best)
		return oci_strdup(url);
	bool slashes = oci_ends(to, "/") && url[len] == '/';
	bool none = !oci_ends(to, "/") && url[len] && url[len] != '/';

	return oci_printf("%.*s%s%s", (int)(strlen(to) - slashes), to, none ? "/" : "", url + len);
}

char *oci_repo_url(const char *dir, const char *rest)
{
	struct oci_buf b = { 0 };
	size_t n = strlen(dir);

	while (n && dir[n - 1] == '/')
		n--;
	oci_buf_add(&b, dir, n);
	oci_buf_addc(&b, '/');
	for (; *rest; rest++)
		if (isalnum((unsigned char)*rest) || strchr("-._~/+:@,=!$&'()*;", *rest))
			oci_buf_addc(&b, *rest);
		else
			oci_buf_addf(&b, "%%%02X", (unsigned char)*rest);
	return oci_buf_take(&b);
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* "file:///a/b" and "file:/a/b" to "/a/b"; NULL for another scheme. The caller's to free. */
static char *local_path(const char *url)
{
	struct oci_buf b = { 0 };

	if (!oci_starts(url, "file:"))
		return NULL;
	url += strlen("file:");
	if (oci_starts(url, "//"))
		url += 2;
	for (; *url; url++) {
		if (*url == '%' && hex_digit(url[1]) >= 0 && hex_digit(url[2]) >= 0) {
			oci_buf_addc(&b, (char)(hex_digit(url[1]) * 16 + hex_digit(url[2])));
			url += 2;
		} else {
			oci_buf_addc(&b, *url);
		}
	}
	return oci_buf_take(&b);
}

static int file_write(void *ctx, const void *data, size_t n, struct oci_err **err)
{
	return oci_outfile_write(ctx, data, n, err);
}

static int copy_local(const char *from, struct oci_repo_get *g, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	auto_reader struct oci_reader plain = { 0 };

	if (oci_reader_of_path(&plain, from, err) < 0)
		return -1;
	auto_reader struct oci_reader r =
		oci_verify_reader(plain, &(struct oci_expect){ .what = from, .digest = g->digest, .size = g->size });

	plain = (struct oci_reader){ 0 };
	if (oci_outfile_open(&f, g->path, err) < 0)
		return -1;
	struct oci_writer w = { .write = file_write, .ctx = f };
	uint64_t copied = 0;
	int rc = oci_stream_copy(&r, &w, &copied, err);

	g->received += copied;
	if (rc < 0)
		return -1;
	if (!g->synced)
		oci_outfile_unsynced(f);
	return oci_outfile_commit(f, err);
}

static void got_file(void *ctx, struct oci_response *r, struct oci_err **err)
{
	struct oci_repo_get *g = ctx;

	g->received += r->received;
	g->err = oci_steal(err);
}

static void start(struct oci_repo_net *net, struct oci_repo_get *g, const char *asked)
{
	auto_free char *url = mirrored(net, asked);
	auto_free char *path = local_path(url);

	if (path) {
		copy_local(path, g, &g->err);
		return;
	}
	oci_xfer_add(net->xfer, &(struct oci_request){ .url = url,
						       .path = g->path,
						       .digest = g->digest,
						       .size = g->size,
						       .sized = g->size != OCI_SIZE_UNKNOWN,
						       .no_html = true,
						       .progress = g->progress,
						       .done = got_file,
						       .ctx = g });
}

/* The URL of the nth other place of a file, or NULL; the caller's to free. */
static char *elsewhere(const struct oci_repo_net *net, const char *url, size_t nth)
{
	for (size_t i = 0; i < net->same.n; i++) {
		const struct oci_strs *same = &net->same.v[i];
		size_t len = strlen(same->v[0]);

		while (len && same->v[0][len - 1] == '/')
			len--;
		if (nth + 1 < same->n && strncmp(url, same->v[0], len) == 0 && url[len] == '/')
			return oci_printf("%s%s%s", same->v[nth + 1], oci_ends(same->v[nth + 1], "/") ? "" : "/",
					  url + len + 1);
	}
	return NULL;
}

/* A full disk, or something in the file's place, is so whoever serves it. */
static bool is_ours(const struct oci_err *why)
{
	return oci_err_code(why) == OCI_NOSPACE || oci_err_code(why) == OCI_CONFLICT;
}

/* Ask the next place for what failed; what is told in the end is why the first one did not do. */
static bool start_elsewhere(struct oci_repo_net *net, struct oci_repo_get *g, size_t nth, struct oci_err **first)
{
	auto_free char *url = g->err && !is_ours(g->err) ? elsewhere(net, g->url, nth) : NULL;

	if (!url)
		return false;
	if (*first)
		oci_err_free(oci_steal(&g->err));
	else
		*first = oci_steal(&g->err);
	start(net, g, url);
	return true;
}

static void settle(struct oci_repo_net *net, struct oci_repo_get *g, struct oci_err *first)
{
	net->received += g->received;
	if (!first)
		return;
	if (g->err && !is_ours(g->err)) {
		oci_err_free(g->err);
		g->err = first;
		oci_fail_in(&g->err, "none of the mirrors serves it, the first");
	} else {
		oci_err_free(first);
	}
}

void oci_repo_get_files(struct oci_repo_net *net, struct oci_repo_get *gets, size_t n)
{
	auto_free struct oci_err **first = oci_calloc(n + 1, sizeof(struct oci_err *));
	bool more = true;

	for (size_t i = 0; i < n; i++)
		if (oci_path_mkdirs_for(gets[i].path, &gets[i].err) == 0)
			start(net, &gets[i], gets[i].url);
	oci_xfer_run(net->xfer);
	for (size_t nth = 0; more; nth++) {
		more = false;
		for (size_t i = 0; i < n; i++)
			more |= start_elsewhere(net, &gets[i], nth, &first[i]);
		oci_xfer_run(net->xfer);
	}
	for (size_t i = 0; i < n; i++)
		settle(net, &gets[i], first[i]);
}

static int fetch_text(struct oci_repo_net *net, const char *asked, size_t max, struct oci_buf *out,
		      struct oci_err **err)
{
	auto_free char *url = mirrored(net, asked);
	auto_free char *path = local_path(url);
	auto_response struct oci_response r = { 0 };

	if (path)
		return oci_file_read(path, max, out, err);
	if (oci_xfer_one(net->xfer, &(struct oci_request){ .url = url, .no_html = true, .max_body = max }, &r, err) < 0)
		return -1;
	net->received += r.received;
	*out = r.body;
	r.body = (struct oci_buf){ 0 };
	return 0;
}

int oci_repo_get_text(struct oci_repo_net *net, const char *url, size_t max, struct oci_buf *out, struct oci_err **err)
{
	struct oci_buf *known = oci_map_get(&net->texts, url);

	if (!known) {
		auto_buf struct oci_buf text = { 0 };

		if (fetch_text(net, url, max, &text, err) < 0)
			return -1;
		known = oci_memdup(&text, sizeof(text));
		text = (struct oci_buf){ 0 };
		oci_map_add(&net->texts, url, known);
	}
	oci_buf_add(out, oci_buf_text(known), known->len);
	return 0;
}
