#include "pkgrepo/repo_lock.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/list.h"
#include "pkgrepo/family.h"

#include <stdlib.h>
#include <string.h>

#define LOCK_WORDS 6

static int check_line(const struct oci_list_line *line, struct oci_err **err)
{
	struct oci_slice rest = oci_slice(line->text), word[LOCK_WORDS + 1];
	struct oci_digest digest;
	size_t n = 0;

	while (n < OCI_COUNT(word) && oci_slice_word(&rest, &word[n]))
		n++;
	if (n != LOCK_WORDS)
		return oci_fail(err, OCI_BADINPUT, "%s:%u: NAME VERSION ARCH DIGEST OS CPU are wanted", line->file,
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

static char *line_of(const struct oci_repo_lock_pkg *p, const char *os, const char *cpu)
{
	return oci_printf("%.*s %.*s %.*s %s %s %s", (int)p->name.len, p->name.p, (int)p->version.len, p->version.p,
			  (int)p->arch.len, p->arch.p, OCI_DIGEST(p->digest), os, cpu);
}

static void add_lines(struct oci_strs *lines, const struct oci_repo_result *r)
{
	for (size_t i = 0; i < r->closure.n; i++) {
		const struct oci_repo_pkg *p = &r->closure.v[i];
		const struct oci_repo_lock_pkg pkg = { oci_slice(p->name), oci_slice(p->version), oci_slice(p->arch),
						       &p->digest };

		oci_strs_add_take(lines, line_of(&pkg, r->target->os->name, r->target->arch));
	}
}

int oci_repo_lock_save(const char *path, const struct oci_repo_result *results, size_t n, struct oci_err **err)
{
	auto_strs struct oci_strs lines = { 0 };
	auto_buf struct oci_buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		add_lines(&lines, &results[i]);
	oci_strs_sort(&lines);
	for (size_t i = 0; i < lines.n; i++)
		oci_buf_addf(&text, "%s\n", lines.v[i]);
	return oci_file_replace_named(path, oci_buf_text(&text), text.len, err);
}

static void collect(struct oci_repo_locked *l)
{
	for (size_t i = 0; i < l->lock->lines.n; i++) {
		struct oci_slice rest = oci_slice(l->lock->lines.v[i]), word[LOCK_WORDS];

		for (size_t k = 0; k < LOCK_WORDS; k++)
			oci_slice_word(&rest, &word[k]);
		if (!oci_slice_eq(word[4], l->os) || !oci_slice_eq(word[5], l->cpu))
			continue;
		oci_map_add(&l->lines, l->lock->lines.v[i], NULL);
		*oci_map_at_n(&l->names, word[0].p, word[0].len) = l;
	}
}

void oci_repo_locked_begin(struct oci_repo_locked *l, const struct oci_repo_lock *lock, const char *os, const char *cpu)
{
	*l = (struct oci_repo_locked){ .lock = lock, .os = os, .cpu = cpu };
	collect(l);
}

/* The line of 60,000 stanzas would cost more than reading them. */
bool oci_repo_locked_name(const struct oci_repo_locked *l, struct oci_slice name)
{
	return oci_map_get_n(&l->names, name.p, name.len) != NULL;
}

bool oci_repo_locked_take(struct oci_repo_locked *l, const struct oci_repo_lock_pkg *p)
{
	auto_free char *line = line_of(p, l->os, l->cpu);

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
				l->lock->path, l->os, l->cpu);
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
