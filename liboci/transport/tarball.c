#include "transport/tarball_int.h"

#include "archive/inflate.h"
#include "archive/tar_block.h"
#include "base/map.h"
#include "base/path.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_MAX_BYTES (1u << 20) /* of a long name or a pax header */
#define MEMBERS_MAX 100000u
#define LINKS_MAX 8

struct oci_tarball {
	char *path;
	int fd;
	uint64_t size;
	struct oci_map members; /* name -> struct oci_member */
};

/* What extended headers say about the member behind them. */
struct extra {
	char *name, *link;
	bool has_size;
	uint64_t size;
};

static void extra_clear(struct extra *x)
{
	free(x->name);
	free(x->link);
	*x = (struct extra){ 0 };
}

static int read_at(const struct oci_tarball *t, uint64_t at, void *buf, size_t n, struct oci_err **err)
{
	ssize_t got = pread(t->fd, buf, n, (off_t)at);

	if (got < 0)
		return oci_fail_errno(err, "cannot read %s", t->path);
	if ((size_t)got < n)
		return oci_fail(err, OCI_BADINPUT, "%s: ends in the middle of a member", t->path);
	return 0;
}

static const char *plain_name(const char *name)
{
	while (oci_starts(name, "./"))
		name += 2;
	return name;
}

static void set_text(char **to, struct oci_slice value)
{
	free(*to);
	*to = oci_slice_dup(value);
}

static bool parse_pax(struct oci_slice rest, struct extra *x)
{
	struct oci_slice key, value;

	while (rest.len) {
		if (!oci_pax_next(&rest, &key, &value))
			return false;
		if (oci_slice_eq(key, "path"))
			set_text(&x->name, value);
		else if (oci_slice_eq(key, "linkpath"))
			set_text(&x->link, value);
		else if (oci_slice_eq(key, "size"))
			x->has_size = oci_slice_u64(value, &x->size);
	}
	return true;
}

static int read_extra(const struct oci_tarball *t, char type, uint64_t at, uint64_t size, struct extra *x,
		      struct oci_err **err)
{
	if (size > LONG_MAX_BYTES)
		return oci_fail(err, OCI_BADINPUT, "%s: a header of %llu bytes", t->path, (unsigned long long)size);
	auto_free char *text = oci_calloc(1, (size_t)size + 1);

	if (read_at(t, at, text, (size_t)size, err) < 0)
		return -1;
	if (type == 'L')
		set_text(&x->name, oci_slice(text));
	else if (type == 'K')
		set_text(&x->link, oci_slice(text));
	else if (!parse_pax((struct oci_slice){ text, (size_t)size }, x))
		return oci_fail(err, OCI_BADINPUT, "%s: malformed pax header at byte %llu", t->path,
				(unsigned long long)at);
	return 0;
}

static void free_member(void *p)
{
	struct oci_member *m = p;

	free(m->link);
	free(m);
}

static void add_member(struct oci_tarball *t, const struct oci_tar_block *h, const struct extra *x, uint64_t at,
		       uint64_t size)
{
	auto_free char *own = oci_tar_block_name(h), *link = NULL;
	const char *name = plain_name(x->name ? x->name : own);
	struct oci_member *m = oci_calloc(1, sizeof(*m));
	void **place = oci_map_at(&t->members, name);

	*m = (struct oci_member){ .offset = at, .size = size };
	if (h->type == '1' || h->type == '2') {
		link = x->link ? oci_strdup(x->link) : oci_tar_block_link(h);
		m->link = oci_steal(&link);
	}
	if (*place)
		free_member(*place); /* the later of two members of one name counts, as in tar itself */
	*place = m;
}

/* Look at the header at *at and go to the one behind its data. 0 at the end mark. */
static int next_header(struct oci_tarball *t, uint64_t *at, struct extra *x, struct oci_err **err)
{
	static const struct oci_tar_block zeros;
	struct oci_tar_block h;
	uint64_t size, data = *at + OCI_TAR_BLOCK_SIZE;

	if (*at == t->size)
		return 0;
	if (read_at(t, *at, &h, sizeof(h), err) < 0)
		return -1;
	if (memcmp(&h, &zeros, sizeof(h)) == 0)
		return 0;
	if (!oci_tar_block_is_good(&h) || !oci_tar_number_parse(h.size, sizeof(h.size), &size))
		return oci_fail(err, OCI_BADINPUT, "%s: not a tar file (no header at byte %llu)", t->path,
				(unsigned long long)*at);
	if (h.type == '1' || h.type == '2')
		size = 0;
	else if (x->has_size && !strchr("LKxg", h.type))
		size = x->size;
	if (data > t->size || size > t->size - data)
		return oci_fail(err, OCI_BADINPUT, "%s: ends in the middle of a member", t->path);
	*at = data + (size + OCI_TAR_BLOCK_SIZE - 1) / OCI_TAR_BLOCK_SIZE * OCI_TAR_BLOCK_SIZE;
	if (*at > t->size)
		*at = t->size;
	if (h.type && strchr("LKx", h.type))
		return read_extra(t, h.type, data, size, x, err) < 0 ? -1 : 1;
	if (h.type == '\0' || strchr("0712", h.type))
		add_member(t, &h, x, data, size);
	if (h.type != 'g')
		extra_clear(x);
	return 1;
}

static int read_headers(struct oci_tarball *t, struct oci_err **err)
{
	OCI_AUTO(extra_clear) struct extra x = { 0 };
	uint64_t at = 0;
	int rc;

	while ((rc = next_header(t, &at, &x, err)) > 0)
		if (t->members.n > MEMBERS_MAX)
			return oci_fail(err, OCI_BADINPUT, "%s: more than %u members", t->path, MEMBERS_MAX);
	return rc;
}

static int check_plain(const struct oci_tarball *t, struct oci_err **err)
{
	char start[8] = { 0 };

	if (pread(t->fd, start, sizeof(start), 0) < 0)
		return oci_fail_errno(err, "cannot read %s", t->path);
	enum oci_packing packing = oci_packing_of(start, sizeof(start));

	if (packing != OCI_PACKING_PLAIN)
		return oci_fail(
			err, OCI_UNSUPPORTED,
			"%s: packed with %s, so its parts cannot be read in any order; unpack it first (%s -dk)",
			t->path, oci_packing_name(packing), oci_packing_name(packing));
	return 0;
}

int oci_tarball_open(struct oci_tarball **out, const char *path, struct oci_err **err)
{
	auto_tarball struct oci_tarball *t = oci_calloc(1, sizeof(*t));
	struct stat st;

	t->path = oci_strdup(path);
	t->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (t->fd < 0 || fstat(t->fd, &st) < 0)
		return oci_fail_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return oci_fail(err, OCI_BADINPUT, "%s: not a file; save it as one first", path);
	t->size = (uint64_t)st.st_size;
	if (check_plain(t, err) < 0 || read_headers(t, err) < 0)
		return -1;
	*out = oci_steal(&t);
	return 0;
}

void oci_tarball_close(struct oci_tarball *t)
{
	if (!t)
		return;
	if (t->fd >= 0)
		close(t->fd);
	oci_map_clear_with(&t->members, free_member);
	free(t->path);
	free(t);
}

void oci_tarball_closep(struct oci_tarball **t)
{
	oci_tarball_close(*t);
	*t = NULL;
}

const char *oci_tarball_path(const struct oci_tarball *t)
{
	return t->path;
}

/* Where a link leads: a symbolic one begins at its own folder, as docker's older archives have them, a hard one at the
 * top. */
static const struct oci_member *follow(const struct oci_tarball *t, const char *name, const char *link)
{
	const struct oci_member *m = oci_map_get(&t->members, plain_name(link));
	auto_free char *at = oci_path_parent(name);

	while (!m && oci_starts(link, "../")) {
		char *up = oci_path_parent(at);

		free(at);
		at = up;
		link += 3;
	}
	if (m)
		return m;
	auto_free char *target = oci_streq(at, ".") ? oci_strdup(link) : oci_path_join(at, link);

	return oci_map_get(&t->members, target);
}

const struct oci_member *oci_tarball_find(const struct oci_tarball *t, const char *name)
{
	const struct oci_member *m = oci_map_get(&t->members, plain_name(name));

	for (int i = 0; m && m->link && i < LINKS_MAX; i++)
		m = follow(t, plain_name(name), m->link);
	return m && !m->link ? m : NULL;
}

int oci_tarball_reader(const struct oci_tarball *t, const struct oci_member *m, struct oci_reader *out,
		       struct oci_err **err)
{
	int fd = fcntl(t->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return oci_fail_errno(err, "%s", t->path);
	*out = oci_reader_of_fd_range(fd, t->path, m->offset, m->size);
	return 0;
}

int oci_tarball_read(const struct oci_tarball *t, const char *name, size_t max, struct oci_buf *out,
		     struct oci_err **err)
{
	const struct oci_member *m = oci_tarball_find(t, name);

	if (!m)
		return oci_fail(err, OCI_NOTFOUND, "%s: no file %s in it", t->path, name);
	if (m->size > max)
		return oci_fail(err, OCI_BADINPUT, "%s: %s: %llu bytes are more than the %zu allowed here", t->path,
				name, (unsigned long long)m->size, max);
	oci_buf_reserve(out, (size_t)m->size);
	if (read_at(t, m->offset, out->data + out->len, (size_t)m->size, err) < 0)
		return -1;
	out->len += (size_t)m->size;
	out->data[out->len] = '\0';
	return 0;
}
