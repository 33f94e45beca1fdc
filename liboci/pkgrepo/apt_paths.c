#include "pkgrepo/apt_paths.h"

#include "base/buf.h"
#include "base/out.h"
#include "pkgrepo/wants.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 65536
#define MAX_LINE ((size_t)1 << 20)

void oci_apt_paths_clear(struct oci_apt_paths *p)
{
	for (size_t i = 0; i < p->v.n; i++) {
		free(p->v.v[i].text);
		oci_strs_clear(&p->v.v[i].names);
		oci_strs_clear(&p->v.v[i].choice);
	}
	free(p->v.v);
	oci_map_clear(&p->by_path);
	*p = (struct oci_apt_paths){ 0 };
}

static struct oci_slice behind(struct oci_slice s, size_t n)
{
	return (struct oci_slice){ s.p + n, s.len - n };
}

/* Lists name the place that the package was built with; /usr/bin/ip is bin/ip there. */
static struct oci_slice bare(struct oci_slice path)
{
	static const char *const merged[] = { "usr/bin/", "usr/sbin/", "usr/lib/", "usr/lib32/", "usr/lib64/" };

	if (oci_slice_starts(path, "./"))
		path = behind(path, 1);
	while (path.len && *path.p == '/')
		path = behind(path, 1);
	for (size_t i = 0; i < OCI_COUNT(merged); i++)
		if (oci_slice_starts(path, merged[i]))
			return behind(path, strlen("usr/"));
	return path;
}

static struct oci_apt_path *at(const struct oci_apt_paths *p, struct oci_slice path)
{
	size_t i = (size_t)(uintptr_t)oci_map_get_n(&p->by_path, path.p, path.len);

	return i ? &p->v.v[i - 1] : NULL;
}

void oci_apt_paths_want(struct oci_apt_paths *p, const struct oci_wants *wants)
{
	for (size_t i = 0; i < wants->n; i++) {
		struct oci_slice path = bare(oci_slice(wants->v[i].text));

		if (wants->v[i].text[0] != '/' || at(p, path))
			continue;
		*oci_vec_push(&p->v) = (struct oci_apt_path){ .text = oci_strdup(wants->v[i].text) };
		*oci_map_at_n(&p->by_path, path.p, path.len) = (void *)(uintptr_t)p->v.n;
	}
}

const struct oci_apt_path *oci_apt_paths_find(const struct oci_apt_paths *p, const char *text)
{
	return at(p, bare(oci_slice(text)));
}

bool oci_apt_paths_left(const struct oci_apt_paths *p)
{
	for (size_t i = 0; i < p->v.n; i++)
		if (!p->v.v[i].names.n)
			return true;
	return false;
}

/* "net/netcat-openbsd,universe/net/nc" */
static void add_names(struct oci_strs *to, struct oci_slice packages)
{
	while (packages.len) {
		struct oci_slice one;

		oci_slice_cut(packages, ',', &one, &packages);
		const char *slash = one.len ? memrchr(one.p, '/', one.len) : NULL;
		auto_free char *name = oci_slice_dup(slash ? behind(one, (size_t)(slash - one.p) + 1) : one);

		if (*name && !oci_strs_has(to, name))
			oci_strs_add(to, name);
	}
}

void oci_apt_paths_see(struct oci_apt_paths *p, struct oci_slice file, struct oci_slice packages)
{
	struct oci_slice path = bare(file);
	struct oci_apt_path *found = at(p, path);

	if (found) {
		add_names(&found->names, packages);
		return;
	}
	if (!oci_slice_starts(path, "bin/") && !oci_slice_starts(path, "sbin/"))
		return;
	const char *dot = memrchr(path.p, '.', path.len);

	if (dot && (found = at(p, (struct oci_slice){ path.p, (size_t)(dot - path.p) })))
		add_names(&found->choice, packages);
}

/* "bin/nc.openbsd      net/netcat-openbsd": a path may hold blanks, the names do not. */
static void read_line(struct oci_apt_paths *p, struct oci_slice line)
{
	size_t n;

	line = oci_slice_trim(line);
	for (n = line.len; n && line.p[n - 1] != ' ' && line.p[n - 1] != '\t';)
		n--;
	if (n)
		oci_apt_paths_see(p, oci_slice_trim((struct oci_slice){ line.p, n }), behind(line, n));
}

/* Take the whole lines off the text; what is left is the beginning of the next one. */
static void read_lines(struct oci_apt_paths *p, struct oci_buf *text)
{
	const char *from = text->data, *end = from + text->len, *nl;

	while ((nl = memchr(from, '\n', (size_t)(end - from)))) {
		read_line(p, (struct oci_slice){ from, (size_t)(nl - from) });
		from = nl + 1;
	}
	text->len = (size_t)(end - from);
	memmove(text->data, from, text->len);
}

int oci_apt_paths_read(struct oci_apt_paths *p, struct oci_reader *from, const char *what, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	ssize_t n;

	p->listed = true;
	for (;;) {
		oci_buf_reserve(&text, CHUNK);
		n = oci_reader_read(from, text.data + text.len, CHUNK, err);
		if (n <= 0)
			break;
		text.len += (size_t)n;
		read_lines(p, &text);
		if (text.len > MAX_LINE)
			return oci_fail(err, OCI_BADINPUT, "%s: a line of more than %zu bytes", what, MAX_LINE);
	}
	if (n == 0)
		read_line(p, (struct oci_slice){ text.data, text.len });
	return n < 0 ? -1 : 0;
}

void oci_apt_paths_settle(struct oci_apt_paths *p, const struct oci_out *out)
{
	for (size_t i = 0; i < p->v.n; i++) {
		struct oci_apt_path *path = &p->v.v[i];
		auto_buf struct oci_buf names = { 0 };

		if (path->names.n || !path->choice.n)
			continue;
		oci_strs_sort(&path->choice);
		for (size_t k = 0; k < path->choice.n; k++) {
			oci_strs_add(&path->names, path->choice.v[k]);
			oci_buf_addf(&names, "%s%s", k ? ", " : "", path->choice.v[k]);
		}
		oci_warn(out, "%s: no package's own file, but an alternative that %s %s; name the one you want",
			 path->text, names.data, path->choice.n > 1 ? "offer" : "offers");
	}
}
