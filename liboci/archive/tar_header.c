#include "archive/tar_header_int.h"

#include <string.h>

static const char type_letters[] = {
	[OCI_TAR_FILE] = '0',  [OCI_TAR_HARDLINK] = '1', [OCI_TAR_SYMLINK] = '2', [OCI_TAR_CHAR] = '3',
	[OCI_TAR_BLOCK] = '4', [OCI_TAR_DIR] = '5',	 [OCI_TAR_FIFO] = '6',
};

static bool fits(uint64_t value, size_t width)
{
	return value < 1ULL << (3 * (width - 1));
}

/* Octal digits and a NUL; what does not fit stands in a pax record, and here a zero. */
static void set_number(char *field, size_t width, uint64_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%0*llo", (int)width - 1,
		 (unsigned long long)(fits(value, width) ? value : 0));
	memcpy(field, digits, width);
}

static void set_text(char *field, size_t width, const char *text)
{
	size_t n = strlen(text);

	memcpy(field, text, n < width ? n : width);
}

/* Where ustar cuts a long path: prefix of at most 155 bytes, a slash, name of at most 100. NULL when it cannot. */
static const char *split(const char *path)
{
	size_t n = strlen(path);

	for (const char *slash = path + (n > 256 ? n : n > 101 ? n - 101 : 0); *slash; slash++)
		if (*slash == '/' && slash > path && slash - path <= 155 && slash[1])
			return slash;
	return NULL;
}

static bool path_fits(const char *path)
{
	return strlen(path) <= 100 || split(path);
}

static void set_path(struct oci_tar_block *h, const char *path)
{
	const char *slash = strlen(path) > 100 ? split(path) : NULL;

	if (slash)
		memcpy(h->prefix, path, (size_t)(slash - path));
	set_text(h->name, sizeof(h->name), slash ? slash + 1 : path);
}

static void add_block(const struct oci_tar_entry *e, const char *path, char type, struct oci_buf *out)
{
	struct oci_tar_block h = { 0 };

	set_path(&h, path);
	set_number(h.mode, sizeof(h.mode), e->mode & 07777);
	set_number(h.uid, sizeof(h.uid), e->uid);
	set_number(h.gid, sizeof(h.gid), e->gid);
	set_number(h.size, sizeof(h.size), e->type == OCI_TAR_FILE ? e->size : 0);
	set_number(h.mtime, sizeof(h.mtime), e->mtime > 0 ? (uint64_t)e->mtime : 0);
	h.type = type;
	set_text(h.link, sizeof(h.link), e->link ? e->link : "");
	memcpy(h.magic, "ustar", 6);
	memcpy(h.version, "00", 2);
	set_number(h.dev_major, sizeof(h.dev_major), e->dev_major);
	set_number(h.dev_minor, sizeof(h.dev_minor), e->dev_minor);
	snprintf(h.checksum, sizeof(h.checksum), "%06o", oci_tar_block_sum(&h));
	h.checksum[7] = ' '; /* six digits, NUL, blank: so it has been since before POSIX */
	oci_buf_add(out, &h, sizeof(h));
}

/* "LEN KEY=VALUE\n", where LEN counts itself. */
static void add_record(struct oci_buf *pax, const char *key, const void *value, size_t len)
{
	size_t bare = strlen(key) + len + 3, total = bare + 1;
	char digits[24];

	while (bare + (size_t)snprintf(digits, sizeof(digits), "%zu", total) != total)
		total = bare + strlen(digits);
	oci_buf_addf(pax, "%zu %s=", total, key);
	oci_buf_add(pax, value, len);
	oci_buf_addc(pax, '\n');
}

static void add_text(struct oci_buf *pax, const char *key, const char *value)
{
	add_record(pax, key, value, strlen(value));
}

static void add_number(struct oci_buf *pax, const char *key, uint64_t value)
{
	auto_free char *text = oci_printf("%llu", (unsigned long long)value);

	add_text(pax, key, text);
}

static void add_mtime(struct oci_buf *pax, const struct oci_tar_entry *e)
{
	int64_t whole = e->mtime;
	unsigned ns = e->mtime_ns;
	bool minus = whole < 0;

	if (whole >= 0 && ns == 0 && fits((uint64_t)whole, 12))
		return;
	if (minus && ns) { /* -1.5 is two seconds back and half a second on */
		whole++;
		ns = 1000000000 - ns;
	}
	auto_free char *text = ns ? oci_printf("%s%lld.%09u", minus ? "-" : "", (long long)(minus ? -whole : whole), ns)
				  : oci_printf("%lld", (long long)whole);

	add_text(pax, "mtime", text);
}

static void add_records(const struct oci_tar_entry *e, const char *path, struct oci_buf *pax)
{
	if (!path_fits(path))
		add_text(pax, "path", path);
	if (e->link && strlen(e->link) > 100)
		add_text(pax, "linkpath", e->link);
	if (e->type == OCI_TAR_FILE && !fits(e->size, 12))
		add_number(pax, "size", e->size);
	if (!fits(e->uid, 8))
		add_number(pax, "uid", e->uid);
	if (!fits(e->gid, 8))
		add_number(pax, "gid", e->gid);
	add_mtime(pax, e);
	for (size_t i = 0; i < e->n_xattrs; i++) {
		auto_free char *key = oci_printf("SCHILY.xattr.%s", e->xattrs[i].name);

		add_record(pax, key, e->xattrs[i].value, e->xattrs[i].len);
	}
}

void oci_tar_header(const struct oci_tar_entry *e, struct oci_buf *out)
{
	auto_buf struct oci_buf pax = { 0 };
	bool bare_dir = e->type == OCI_TAR_DIR && !oci_ends(e->path, "/");
	auto_free char *path = oci_printf("%s%s", e->path, bare_dir ? "/" : "");

	add_records(e, path, &pax);
	if (pax.len) {
		static const char zeros[OCI_TAR_BLOCK_SIZE];
		struct oci_tar_entry x = { .type = OCI_TAR_FILE, .size = pax.len, .mode = 0644 };

		add_block(&x, "PaxHeaders/pax", 'x', out);
		oci_buf_add(out, pax.data, pax.len);
		oci_buf_add(out, zeros, (OCI_TAR_BLOCK_SIZE - pax.len % OCI_TAR_BLOCK_SIZE) % OCI_TAR_BLOCK_SIZE);
	}
	add_block(e, path, type_letters[e->type], out);
}
