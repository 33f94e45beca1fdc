#include "pkgrepo/os_repo_file.h"

#include "base/file.h"
#include "base/path.h"
#include "pkgrepo/os_host.h"

#include <stdlib.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 20)

static void set_text(char **to, struct oci_slice value)
{
	free(*to);
	*to = oci_slice_dup(value);
}

/* gpgkey holds URLs; of files those are paths. */
static void add_keys(struct oci_strs *keys, struct oci_slice value)
{
	struct oci_slice word;

	while (oci_slice_word(&value, &word)) {
		if (oci_slice_starts(word, "file://"))
			word = (struct oci_slice){ word.p + 7, word.len - 7 };
		oci_strs_add_take(keys, oci_slice_dup(word));
	}
}

static void set(struct oci_os_repo *r, struct oci_slice key, struct oci_slice value)
{
	uint64_t number;

	if (oci_slice_eq(key, "baseurl"))
		set_text(&r->baseurl, value);
	else if (oci_slice_eq(key, "mirrorlist"))
		set_text(&r->mirrorlist, value);
	else if (oci_slice_eq(key, "metalink"))
		set_text(&r->metalink, value);
	else if (oci_slice_eq(key, "gpgkey"))
		add_keys(&r->keys, value);
	else if (oci_slice_eq(key, "enabled"))
		r->disabled = oci_slice_eq(value, "0");
	else if (oci_slice_eq(key, "gpgcheck") && oci_slice_eq(value, "0"))
		r->trusted = true;
	else if (oci_slice_eq(key, "priority") && oci_slice_u64(value, &number))
		r->priority = (int64_t)number;
	else if (oci_slice_eq(key, "module_hotfixes"))
		return;
}

int oci_os_repo_file(struct oci_os *os, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };
	struct oci_slice rest, line, key, value;
	struct oci_os_repo *r = NULL;
	unsigned number = 0;

	if (oci_file_read(path, MAX_TEXT, &text, err) < 0)
		return -1;
	rest = (struct oci_slice){ oci_buf_text(&text), text.len };
	while (oci_slice_line(&rest, &line)) {
		number++;
		line = oci_slice_trim(line);
		if (!line.len || *line.p == '#' || *line.p == ';')
			continue;
		if (*line.p == '[') {
			oci_slice_cut((struct oci_slice){ line.p + 1, line.len - 1 }, ']', &key, &value);
			r = oci_vec_push(&os->repos);
			r->id = oci_slice_dup(key);
			r->line = number;
			r->verify = OCI_VERIFY_PACKAGES; /* repo_gpgcheck is off unless it is said */
			continue;
		}
		if (!r || !oci_slice_cut(line, '=', &key, &value))
			return oci_fail(err, OCI_BADINPUT, "%s:%u: neither [id] nor key=value", path, number);
		key = oci_slice_trim(key);
		value = oci_slice_trim(value);
		if (oci_slice_eq(key, "repo_gpgcheck") && !oci_slice_eq(value, "0"))
			r->verify = OCI_VERIFY_SIGNED;
		else
			set(r, key, value);
	}
	return 0;
}

struct folder {
	struct oci_os *os;
	const char *dir;
};

static int read_one(void *ctx, const char *name, struct oci_err **err)
{
	const struct folder *f = ctx;
	auto_free char *path = oci_path_join(f->dir, name);

	return oci_ends(name, ".repo") ? oci_os_repo_file(f->os, path, err) : 0;
}

/* A folder says neither release nor name: the folder's own name stands for both. */
int oci_os_repo_dir(const char *dir, struct oci_os *out, struct oci_err **err)
{
	auto_os struct oci_os os = { .family = OCI_OS_YUM, .file = oci_strdup(dir) };
	auto_free char *real = realpath(dir, NULL);

	if (!real)
		return oci_fail_errno(err, "%s", dir);
	if (oci_path_each(dir, read_one, &(struct folder){ &os, dir }, err) < 0)
		return -1;
	if (!os.repos.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: no .repo files with repositories", dir);
	os.name = oci_strdup(oci_path_base(real));
	os.distribution = oci_strdup(os.name);
	os.client = oci_strdup(os.name);
	os.release = oci_strdup("");
	os.output = oci_strdup(os.name);
	oci_strs_add(&os.arches, "x86_64");
	oci_strs_add(&os.arches, "aarch64");
	*out = os;
	os = (struct oci_os){ 0 };
	return 0;
}
