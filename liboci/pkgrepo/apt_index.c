#include "pkgrepo/apt_index.h"

#include "pkgrepo/deb822.h"
#include "pkgrepo/deb_dep.h"
#include "pkgrepo/like.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PACKAGES 4000000

void oci_apt_file_clear(struct oci_apt_file *f)
{
	if (f->map)
		munmap(f->map, f->text.len);
	free(f->owned);
	free(f->what);
	free(f->base);
	free(f->folder);
	*f = (struct oci_apt_file){ 0 };
}

void oci_apt_index_clear(struct oci_apt_index *ix)
{
	for (size_t i = 0; i < ix->files.n; i++)
		oci_apt_file_clear(&ix->files.v[i]);
	free(ix->files.v);
	free(ix->pkgs.v);
	free(ix->entries.v);
	oci_map_clear(&ix->names);
	*ix = (struct oci_apt_index){ 0 };
}

int oci_apt_file_map(struct oci_apt_file *f, const char *path, struct oci_err **err)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return oci_fail_errno(err, "%s", path);
	if (!st.st_size) {
		f->text = (struct oci_slice){ "", 0 };
		return 0;
	}
	void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		return oci_fail_errno(err, "%s", path);
	f->map = map;
	f->text = (struct oci_slice){ map, (size_t)st.st_size };
	return 0;
}

static void add_entry(struct oci_apt_index *ix, struct oci_slice name, bool provided)
{
	void **at = oci_map_at_n(&ix->names, name.p, name.len);
	struct oci_apt_entry *e = oci_vec_push(&ix->entries);

	*e = (struct oci_apt_entry){ (uint32_t)(ix->pkgs.n - 1), (uint32_t)(uintptr_t)*at, provided };
	*at = (void *)(uintptr_t)ix->entries.n;
}

/* What the scan takes of a stanza. */
struct fields {
	struct oci_slice name, version, arch, provides;
	uint32_t flags;
};

static bool starts(const char *p, size_t n, const char *name, size_t len)
{
	return n > len && p[len] == ':' && oci_field_is((struct oci_slice){ p, len }, name);
}

static void note_field(const char *p, size_t n, struct fields *f)
{
	struct oci_slice *to = NULL;
	size_t len = 0;

	switch (*p | 0x20) {
	case 'p':
		if (starts(p, n, "Package", len = 7))
			to = &f->name;
		else if (starts(p, n, "Provides", len = 8))
			to = &f->provides;
		break;
	case 'v':
		if (starts(p, n, "Version", len = 7))
			to = &f->version;
		break;
	case 'a':
		if (starts(p, n, "Architecture", len = 12))
			to = &f->arch;
		break;
	case 'e':
		if (starts(p, n, "Essential", 9) &&
		    oci_slice_eq(oci_slice_trim((struct oci_slice){ p + 10, n - 10 }), "yes"))
			f->flags |= OCI_APT_ESSENTIAL;
		break;
	case 't':
		if (starts(p, n, "Task", 4))
			f->flags |= OCI_APT_TASKED;
		break;
	}
	if (to)
		*to = oci_slice_trim((struct oci_slice){ p + len + 1, n - len - 1 });
}

/* A continuation line of Provides, the only long field that matters here. */
static void extend(struct oci_slice *value, const char *end)
{
	value->len = (size_t)(end - value->p);
}

static unsigned line_of(struct oci_slice text, const char *at)
{
	unsigned line = 1;

	for (const char *p = text.p; p < at && (p = memchr(p, '\n', (size_t)(at - p))); p++)
		line++;
	return line;
}

static int fail_at(const struct oci_apt_file *file, const char *at, struct oci_err **err, const char *what)
{
	return oci_fail(err, OCI_BADINPUT, "%s:%u: %s", file->what, line_of(file->text, at), what);
}

static int add_provides(struct oci_apt_index *ix, const struct oci_apt_file *file, struct oci_slice provides,
			struct oci_err **err)
{
	struct oci_deb_dep dep;
	const char *at = provides.p;
	int rc;

	while ((rc = oci_deb_dep_next(&provides, &dep, err)) > 0)
		add_entry(ix, dep.name, true);
	if (rc < 0)
		return oci_fail_in(err, "%s:%u: Provides", file->what, line_of(file->text, at));
	return 0;
}

static int add_stanza(struct oci_apt_index *ix, const struct oci_apt_file *file, struct oci_slice text,
		      const struct fields *f, const char *arch, struct oci_err **err)
{
	if (!f->name.len)
		return fail_at(file, text.p, err, "a stanza without Package");
	if (!f->version.len)
		return fail_at(file, text.p, err, "a stanza without Version");
	if (arch && !oci_slice_eq(f->arch, arch) && !oci_slice_eq(f->arch, "all"))
		return 0;
	if (ix->pkgs.n == MAX_PACKAGES)
		return fail_at(file, text.p, err, "more packages than any archive has");
	*oci_vec_push(&ix->pkgs) =
		(struct oci_apt_pkg){ text, f->name, f->version, (uint32_t)(ix->files.n - 1), f->flags };
	add_entry(ix, f->name, false);
	return add_provides(ix, file, f->provides, err);
}

/* One pass over the lines: the whole of a suite is 50 MB of which a few fields matter. */
static int scan(struct oci_apt_index *ix, const struct oci_apt_file *file, const char *arch, struct oci_err **err)
{
	const char *p = file->text.p, *end = p + file->text.len, *begin = p;
	struct fields f = { 0 };
	bool in_provides = false;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end, *next = nl ? nl + 1 : end;
		size_t n = (size_t)(stop - p);

		if (n == 0 || (n == 1 && *p == '\r')) {
			if (begin < p &&
			    add_stanza(ix, file, (struct oci_slice){ begin, (size_t)(p - begin) }, &f, arch, err) < 0)
				return -1;
			begin = next;
			f = (struct fields){ 0 };
		} else if (*p == ' ' || *p == '\t') {
			if (begin == p)
				return fail_at(file, p, err, "a stanza cannot begin with a blank");
			if (in_provides)
				extend(&f.provides, stop);
		} else if (*p != '#') {
			if (!memchr(p, ':', n))
				return fail_at(file, p, err, "not a field: no colon");
			const char *before = f.provides.p;

			note_field(p, n, &f);
			in_provides = f.provides.p != before;
		}
		p = next;
	}
	if (begin < end)
		return add_stanza(ix, file, (struct oci_slice){ begin, (size_t)(end - begin) }, &f, arch, err);
	return 0;
}

int oci_apt_index_add(struct oci_apt_index *ix, struct oci_apt_file *file_take, const char *arch, struct oci_err **err)
{
	*oci_vec_push(&ix->files) = *file_take;
	*file_take = (struct oci_apt_file){ 0 };
	struct oci_apt_file file = ix->files.v[ix->files.n - 1];

	if (memchr(file.text.p ? file.text.p : "", '\0', file.text.len))
		return oci_fail(err, OCI_BADINPUT, "%s: holds a NUL byte", file.what);
	return scan(ix, &file, arch, err);
}

const struct oci_apt_entry *oci_apt_index_find(const struct oci_apt_index *ix, struct oci_slice name)
{
	size_t at = (size_t)(uintptr_t)oci_map_get_n(&ix->names, name.p, name.len);

	return at ? &ix->entries.v[at - 1] : NULL;
}

const struct oci_apt_entry *oci_apt_index_next(const struct oci_apt_index *ix, const struct oci_apt_entry *e)
{
	return e->next ? &ix->entries.v[e->next - 1] : NULL;
}

char *oci_apt_index_like(const struct oci_apt_index *ix, const char *name)
{
	struct oci_like like;

	oci_like_begin(&like, name);
	for (size_t i = 0; i < ix->names.n; i++)
		oci_like_add(&like, ix->names.items[i].key, ix->names.items[i].len);
	return oci_like_end(&like);
}
