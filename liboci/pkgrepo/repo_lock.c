#include "pkgrepo/repo_lock.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "digest/digest.h"
#include "pkgrepo/apt_index.h"
#include "pkgrepo/deb822.h"
#include "pkgrepo/family.h"

#include <stdlib.h>
#include <string.h>

static int check_line(const struct oci_list_line *line, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(line->text), word[6];
	struct oci_digest digest;
	size_t n = 0;

	while (n < OCI_COUNT(word) && oci_slice_word(&rest, &word[n]))
		n++;
	if (n != 5)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: NAME VERSION ARCH DIGEST OS are wanted", line->file,
				line->line);
	if (oci_digest_parse(word[3], &digest, err) < 0)
		return oci_fail_in(err, "%s:%u", line->file, line->line);
	return 0;
}

int oci_repo_lock_load(const char *path, struct oci_repo_lock *out, struct oci_err **err)
{
	auto_list struct oci_list list = { 0 };

	if (oci_list_load(&list, path, err) < 0)
		return -1;
	out->path = oci_strdup(path);
	for (size_t i = 0; i < list.n; i++) {
		if (check_line(&list.v[i], err) < 0)
			return -1;
		oci_strs_add(&out->lines, list.v[i].text);
	}
	oci_strs_sort(&out->lines);
	return 0;
}

void oci_repo_lock_clear(struct oci_repo_lock *lock)
{
	free(oci_steal(&lock->path));
	oci_strs_clear(&lock->lines);
}

static char *line_of(const struct oci_repo_pkg *p, const struct oci_repo_target *t)
{
	return oci_printf("%s %s %s %s %s", p->name, p->version, t->arch, OCI_DIGEST(&p->digest), t->os->name);
}

int oci_repo_lock_save(const char *path, const struct oci_repo_result *results, size_t n, struct oci_err **err)
{
	auto_strs struct oci_strs lines = { 0 };
	auto_buf struct oci_buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < results[i].closure.n; k++)
			oci_strs_add_take(&lines, line_of(&results[i].closure.v[k], results[i].target));
	oci_strs_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		oci_buf_addf(&text, "%s\n", lines.v[i]);
	return oci_file_replace_named(path, oci_buf_text(&text), text.len, err);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, *(char *const *)b);
}

bool oci_repo_lock_has(const struct oci_repo_lock *lock, const char *line)
{
	return lock->lines.n && bsearch(line, lock->lines.v, lock->lines.n, sizeof(*lock->lines.v), compare_lines);
}

static void collect(struct oci_repo_locked *l)
{
	for (size_t i = 0; i < l->lock->lines.n; i++) {
		struct oci_slice rest = oci_slice(l->lock->lines.v[i]), word[5];

		for (size_t k = 0; k < 5; k++)
			oci_slice_word(&rest, &word[k]);
		if (!oci_slice_eq(word[2], l->arch) || !oci_slice_eq(word[4], l->os))
			continue;
		oci_map_add(&l->lines, l->lock->lines.v[i], NULL);
		*oci_map_at_n(&l->names, word[0].p, word[0].len) = l;
	}
}

void oci_repo_locked_begin(struct oci_repo_locked *l, const struct oci_repo_lock *lock, const char *os,
			   const char *arch)
{
	*l = (struct oci_repo_locked){ .lock = lock, .os = os, .arch = arch };
	collect(l);
}

/* The line of 60,000 stanzas would cost more than reading them. */
bool oci_repo_locked_name(const struct oci_repo_locked *l, struct oci_slice name)
{
	return oci_map_get_n(&l->names, name.p, name.len) != NULL;
}

bool oci_repo_locked_take(struct oci_repo_locked *l, struct oci_slice name, struct oci_slice version,
			  const char *digest)
{
	auto_free char *line = oci_printf("%.*s %.*s %s %s %s", (int)name.len, name.p, (int)version.len, version.p,
					  l->arch, digest, l->os);

	if (!oci_map_has(&l->lines, line))
		return false;
	*oci_map_at(&l->lines, line) = l;
	return true;
}

static int report(const struct oci_repo_locked *l, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };
	size_t gone = 0;

	for (size_t i = 0; i < l->lines.n; i++)
		if (!l->lines.items[i].value) {
			oci_buf_addf(&b, "\n  %s", l->lines.items[i].key);
			gone++;
		}
	if (!l->lines.n)
		return oci_fail(err, OCI_NOTFOUND, "%s: nothing is locked for %s %s; run once without --locked",
				l->lock->path, l->os, l->arch);
	if (!gone)
		return 0;
	return oci_fail(err, OCI_NOTFOUND,
			"%s: %zu locked packages are no longer in the archive; use a snapshot of it, or "
			"run once without --locked:%s",
			l->lock->path, gone, b.data);
}

int oci_repo_locked_end(struct oci_repo_locked *l, struct oci_err **err)
{
	int rc = report(l, err);

	oci_map_clear(&l->lines);
	oci_map_clear(&l->names);
	return rc;
}

int oci_repo_lock_keep(const struct oci_repo_lock *lock, const char *os, const char *arch, struct oci_apt_index *ix,
		       struct oci_err **err)
{
	struct oci_repo_locked l;

	oci_repo_locked_begin(&l, lock, os, arch);
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		struct oci_apt_pkg *p = &ix->pkgs.v[i];

		p->flags |= OCI_APT_LEFT_OUT;
		if (!oci_repo_locked_name(&l, p->name))
			continue;
		struct oci_slice sha256 = oci_stanza_get(p->text, "SHA256"), sha512 = oci_stanza_get(p->text, "SHA512");
		struct oci_slice hex = sha256.len ? sha256 : sha512;
		auto_free char *digest = oci_printf("%s:%.*s", sha256.len ? "sha256" : "sha512", (int)hex.len, hex.p);

		if (oci_repo_locked_take(&l, p->name, p->version, digest))
			p->flags &= ~(uint32_t)OCI_APT_LEFT_OUT;
	}
	return oci_repo_locked_end(&l, err);
}
