#include "listgen/scan.h"

#include "base/buf.h"

#include <ctype.h>
#include <stdlib.h>

static void add_line(struct oci_scan *scan, char *text, char *variable, unsigned line, unsigned column)
{
	*oci_vec_push(scan) = (struct oci_scan_line){ text, variable, line, column, false };
}

void oci_scan_clear(struct oci_scan *scan)
{
	for (size_t i = 0; i < scan->n; i++) {
		free(scan->v[i].text);
		free(scan->v[i].variable);
	}
	free(scan->v);
	scan->v = NULL;
	scan->n = scan->cap = 0;
}

static const char *find(struct oci_slice s, const char *what)
{
	return memmem(s.p, s.len, what, strlen(what));
}

static char *without(struct oci_slice s, const char *chars)
{
	struct oci_buf b = { 0 };

	for (size_t i = 0; i < s.len; i++)
		if (!strchr(chars, s.p[i]))
			oci_buf_addc(&b, s.p[i]);
	return oci_buf_take(&b);
}

/* grep 'download_url:' | sed 's/^.*_url: //g;s/\"//g' */
void oci_scan_files(struct oci_scan *scan)
{
	struct oci_slice rest = scan->bytes, line, name, value;

	for (unsigned n = 1; oci_slice_line(&rest, &line); n++) {
		const char *start = line.p;

		if (!find(line, "download_url:"))
			continue;
		for (const char *at;
		     (at = find((struct oci_slice){ start, (size_t)(line.p + line.len - start) }, "_url: "));)
			start = at + 6;
		value = (struct oci_slice){ start, (size_t)(line.p + line.len - start) };
		oci_slice_cut(line, ':', &name, &(struct oci_slice){ 0 });
		add_line(scan, without(value, "\""), oci_slice_dup(oci_slice_trim(name)), n,
			 (unsigned)(start - line.p) + 1);
	}
}

/* Names between {{ and }}, joined by a comma; else the dictionary's, where the text stands as it is. */
static char *names_in(const char *text)
{
	auto_buf struct oci_buf b = { 0 };

	while ((text = strstr(text, "{{"))) {
		size_t n = 0;

		for (text += 2; *text == ' '; text++)
			;
		while (isalnum((unsigned char)text[n]) || text[n] == '_')
			n++;
		if (n && b.len)
			oci_buf_addc(&b, ',');
		oci_buf_add(&b, text, n);
	}
	return b.len ? oci_buf_take(&b) : oci_strdup("downloads");
}

/* One half of a pair: what is left of a line without "repo: " or "tag: ", and without blanks. */
struct half {
	char *text;
	unsigned line, column;
};

struct halves {
	struct half *v;
	size_t n, cap;
};

static void add_half(struct halves *halves, struct oci_slice line, const char *key, unsigned n)
{
	const char *at = find(line, key);
	struct oci_buf b = { 0 };

	if (!at)
		return;
	oci_buf_add(&b, line.p, (size_t)(at - line.p));
	const char *value = at + strlen(key);

	oci_buf_add(&b, value, (size_t)(line.p + line.len - value));
	*oci_vec_push(halves) = (struct half){ without((struct oci_slice){ oci_buf_text(&b), b.len }, " "), n,
					       (unsigned)(value - line.p) + 1 };
	oci_buf_clear(&b);
}

/* sed -n '/^downloads:/,/download_defaults:/p' | sed -n 's/repo: //p;s/tag: //p' | tr -d ' ' */
static void collect_halves(struct oci_slice rest, struct halves *halves)
{
	struct oci_slice line;
	bool inside = false;

	for (unsigned n = 1; oci_slice_line(&rest, &line); n++) {
		bool starts = !inside && oci_slice_starts(line, "downloads:");

		if (!inside && !starts)
			continue;
		inside = starts || !find(line, "download_defaults:");
		add_half(halves, line, "repo: ", n);
		add_half(halves, line, "tag: ", n);
	}
}

/* The images that kubeadm pulls are in no dictionary. Since v2.28 versions come without their v. */
static void add_control_plane(struct oci_scan *scan)
{
	static const char *const names[] = { "kube-apiserver", "kube-controller-manager", "kube-scheduler",
					     "kube-proxy" };
	bool v = find(scan->bytes, "v{{ kube_version }}") != NULL;

	for (size_t i = 0; i < OCI_COUNT(names); i++) {
		add_line(scan, oci_printf("{{ kube_image_repo }}/%s:%s{{ kube_version }}", names[i], v ? "v" : ""),
			 oci_strdup("kube_image_repo,kube_version"), 0, 0);
		scan->v[scan->n - 1].always = true;
	}
}

void oci_scan_images(struct oci_scan *scan)
{
	struct halves halves = { 0 };

	collect_halves(scan->bytes, &halves);
	for (size_t i = 0; halves.v && i < halves.n; i += 2) {
		const struct half *repo = &halves.v[i], *tag = i + 1 < halves.n ? &halves.v[i + 1] : NULL;
		auto_free char *both = tag ? oci_printf("%s:%s", repo->text, tag->text) : oci_strdup(repo->text);
		char *text = without(oci_slice(both), "\"");

		add_line(scan, text, names_in(text), repo->line, repo->column);
	}
	for (size_t i = 0; halves.v && i < halves.n; i++)
		free(halves.v[i].text);
	free(halves.v);
	add_control_plane(scan);
}

struct oci_download *oci_scan_item(const struct oci_scan_line *l, const struct oci_downloads *items,
				   struct oci_download *after)
{
	for (struct oci_download *d = after ? after + 1 : items->v; d && d < items->v + items->n; d++)
		if ((d->url_var && oci_streq(d->url_var, l->variable)) || (d->image && oci_streq(d->image, l->text)))
			return d;
	return NULL;
}
