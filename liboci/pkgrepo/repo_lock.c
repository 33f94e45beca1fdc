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
	return oci_file_replace(path, oci_buf_text(&text), text.len, err);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, *(char *const *)b);
}

bool oci_repo_lock_has(const struct oci_repo_lock *lock, const char *line)
{
	return lock->lines.n && bsearch(line, lock->lines.v, lock->lines.n, sizeof(*lock->lines.v), compare_lines);
}

/* Lines of this OS and CPU -> whether the index has them. */
static void collect(const struct oci_repo_lock *lock, const char *os, const char *arch, struct oci_map *mine)
{
	for (size_t i = 0; i < lock->lines.n; i++) {
		struct oci_slice rest = oci_slice(lock->lines.v[i]), word[5];

		for (size_t k = 0; k < 5; k++)
			oci_slice_word(&rest, &word[k]);
		if (oci_slice_eq(word[2], arch) && oci_slice_eq(word[4], os))
			oci_map_add(mine, lock->lines.v[i], NULL);
	}
}

static char *stanza_line(const struct oci_apt_pkg *p, const char *os, const char *arch)
{
	struct oci_slice sha256 = oci_stanza_get(p->text, "SHA256"), sha512 = oci_stanza_get(p->text, "SHA512");
	struct oci_slice hex = sha256.len ? sha256 : sha512;

	return oci_printf("%.*s %.*s %s %s:%.*s %s", (int)p->name.len, p->name.p, (int)p->version.len, p->version.p,
			  arch, sha256.len ? "sha256" : "sha512", (int)hex.len, hex.p, os);
}

/* Only of names that are locked: the line of 60,000 stanzas would cost more than reading them. */
static void collect_names(const struct oci_map *mine, struct oci_map *names)
{
	for (size_t i = 0; i < mine->n; i++)
		*oci_map_at_n(names, mine->items[i].key, strcspn(mine->items[i].key, " ")) = names;
}

static int report(const struct oci_repo_lock *lock, const struct oci_map *mine, const char *os, const char *arch,
		  struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };
	size_t gone = 0;

	for (size_t i = 0; i < mine->n; i++)
		if (!mine->items[i].value) {
			oci_buf_addf(&b, "\n  %s", mine->items[i].key);
			gone++;
		}
	if (!mine->n)
		return oci_fail(err, OCI_NOTFOUND, "%s: nothing is locked for %s %s; run once without --locked",
				lock->path, os, arch);
	if (!gone)
		return 0;
	return oci_fail(err, OCI_NOTFOUND,
			"%s: %zu locked packages are no longer in the archive; use a snapshot of it, or "
			"run once without --locked:%s",
			lock->path, gone, b.data);
}

int oci_repo_lock_keep(const struct oci_repo_lock *lock, const char *os, const char *arch, struct oci_apt_index *ix,
		       struct oci_err **err)
{
	auto_map struct oci_map mine = { 0 }, names = { 0 };

	collect(lock, os, arch, &mine);
	collect_names(&mine, &names);
	for (size_t i = 0; i < ix->pkgs.n; i++) {
		struct oci_apt_pkg *p = &ix->pkgs.v[i];

		p->flags |= OCI_APT_LEFT_OUT;
		if (!oci_map_get_n(&names, p->name.p, p->name.len))
			continue;
		auto_free char *line = stanza_line(p, os, arch);

		if (!oci_map_has(&mine, line))
			continue;
		*oci_map_at(&mine, line) = ix;
		p->flags &= ~(uint32_t)OCI_APT_LEFT_OUT;
	}
	return report(lock, &mine, os, arch, err);
}
