#include "pkgrepo/apt_release.h"

#include "base/buf.h"
#include "base/date.h"
#include "base/path.h"
#include "pkgrepo/deb822.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_FILES 200000

/* .gz before .xz: it unpacks ten times faster, and the line is seldom that slow. */
const char *const oci_release_packings[] = { ".gz", ".zst", ".xz", ".bz2", "" };

static void add_words(struct oci_strs *to, struct oci_slice words)
{
	struct oci_slice word;

	while (oci_slice_word(&words, &word))
		oci_strs_add_take(to, oci_slice_dup(word));
}

/* The month's number of its English name, whatever the locale is; -1: none. */
static int month_of(struct oci_slice name)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

	for (int i = 0; i < 12; i++)
		if (oci_slice_eq(name, months[i]))
			return i;
	return -1;
}

static bool number_below(struct oci_slice s, uint64_t limit, int *out)
{
	uint64_t value;

	if (!oci_slice_u64(s, &value) || value >= limit)
		return false;
	*out = (int)value;
	return true;
}

static bool parse_clock(struct oci_slice s, struct tm *tm)
{
	struct oci_slice hour, minute;

	return oci_slice_cut(s, ':', &hour, &s) && oci_slice_cut(s, ':', &minute, &s) &&
	       number_below(hour, 24, &tm->tm_hour) && number_below(minute, 60, &tm->tm_min) &&
	       number_below(s, 61, &tm->tm_sec);
}

/* "Sat, 09 Nov 2024 10:11:12 UTC"; 0: not a date. */
static int64_t parse_date(struct oci_slice s)
{
	struct oci_slice word[6];
	struct tm tm = { 0 };

	for (size_t i = 0; i < OCI_COUNT(word); i++)
		if (!oci_slice_word(&s, &word[i]))
			return 0;
	tm.tm_mon = month_of(word[2]);
	if (tm.tm_mon < 0 || !number_below(word[1], 32, &tm.tm_mday) || !number_below(word[3], 10000, &tm.tm_year) ||
	    !parse_clock(word[4], &tm) || tm.tm_year < 1970)
		return 0;
	tm.tm_year -= 1900;
	return timegm(&tm);
}

static int parse_file(const char *what, struct oci_slice line, enum oci_algorithm algorithm, struct oci_release *r,
		      struct oci_err **err)
{
	struct oci_slice hex, size, path;
	struct oci_release_file f = { 0 };
	struct oci_slice rest = line;

	if (!oci_slice_word(&rest, &hex) || !oci_slice_word(&rest, &size) || !oci_slice_word(&rest, &path) ||
	    !oci_slice_u64(size, &f.size))
		return oci_fail(err, OCI_BADINPUT, "%s: malformed line \"%.*s\"", what,
				(int)(line.len < 100 ? line.len : 100), line.p);
	if (oci_digest_parse_hex(algorithm, hex, &f.digest, err) < 0)
		return oci_fail_in(err, "%s", what);
	f.path = oci_slice_dup(oci_slice_starts(path, "./") ? (struct oci_slice){ path.p + 2, path.len - 2 } : path);
	if (!oci_path_is_local(f.path)) {
		oci_fail(err, OCI_BADINPUT, "%s: the path \"%s\" leaves the archive", what, f.path);
		free(f.path);
		return -1;
	}
	*oci_vec_push(&r->files) = f;
	return 0;
}

static void forget_files(struct oci_release *r)
{
	for (size_t i = 0; i < r->files.n; i++)
		free(r->files.v[i].path);
	r->files.n = 0;
}

static int parse_files(const char *what, struct oci_slice list, enum oci_algorithm algorithm, struct oci_release *r,
		       struct oci_err **err)
{
	struct oci_slice line;

	forget_files(r);
	while (oci_slice_line(&list, &line)) {
		if (!oci_slice_trim(line).len)
			continue;
		if (r->files.n == MAX_FILES)
			return oci_fail(err, OCI_BADINPUT, "%s: lists more than %d files", what, MAX_FILES);
		if (parse_file(what, line, algorithm, r, err) < 0)
			return -1;
	}
	return 0;
}

static int take_field(const char *what, const struct oci_field822 *f, struct oci_release *r, struct oci_err **err)
{
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "Origin", &r->origin }, { "Label", &r->label }, { "Suite", &r->suite }, { "Codename", &r->codename }
	};
	const struct {
		const char *name;
		bool *to;
	} flags[] = { { "Acquire-By-Hash", &r->by_hash },
		      { "NotAutomatic", &r->not_automatic },
		      { "ButAutomaticUpgrades", &r->automatic_upgrades } };

	for (size_t i = 0; i < OCI_COUNT(texts); i++)
		if (oci_field_is(f->name, texts[i].name) && !*texts[i].to)
			*texts[i].to = oci_slice_dup(f->value);
	for (size_t i = 0; i < OCI_COUNT(flags); i++)
		if (oci_field_is(f->name, flags[i].name))
			*flags[i].to = oci_slice_eq(f->value, "yes");
	if (oci_field_is(f->name, "No-Support-for-Architecture-all"))
		r->no_all_packages = oci_slice_eq(f->value, "Packages");
	else if (oci_field_is(f->name, "Architectures"))
		add_words(&r->architectures, f->value);
	else if (oci_field_is(f->name, "Components"))
		add_words(&r->components, f->value);
	else if (oci_field_is(f->name, "Date"))
		r->date = parse_date(f->value);
	else if (oci_field_is(f->name, "Valid-Until") && !(r->valid_until = parse_date(f->value)))
		return oci_fail(err, OCI_BADINPUT, "%s: Valid-Until is no date: \"%.*s\"", what, (int)f->value.len,
				f->value.p);
	return 0;
}

int oci_release_parse(const char *what, const char *text, size_t n, struct oci_release *out, struct oci_err **err)
{
	auto_release struct oci_release r = { 0 };
	struct oci_slice rest = { text, n }, stanza, sha256 = { "", 0 }, sha512 = { "", 0 };
	struct oci_field822 f;

	if (!oci_stanza_next(&rest, &stanza))
		return oci_fail(err, OCI_BADINPUT, "%s: an empty Release file", what);
	while (oci_stanza_field(&stanza, &f)) {
		if (!f.name.len)
			return oci_fail(err, OCI_BADINPUT, "%s: not a Release file: \"%.*s\"", what,
					(int)(f.value.len < 60 ? f.value.len : 60), f.value.p);
		if (oci_field_is(f.name, "SHA256"))
			sha256 = f.value;
		else if (oci_field_is(f.name, "SHA512"))
			sha512 = f.value;
		else if (take_field(what, &f, &r, err) < 0)
			return -1;
	}
	bool strong = sha256.len || !sha512.len;

	if (!sha256.len && !sha512.len)
		return oci_fail(err, OCI_BADINPUT, "%s: neither SHA256 nor SHA512 of its files", what);
	if (parse_files(what, strong ? sha256 : sha512, strong ? OCI_SHA256 : OCI_SHA512, &r, err) < 0)
		return -1;
	*out = r;
	r = (struct oci_release){ 0 };
	return 0;
}

void oci_release_unsigned(struct oci_slice text, struct oci_buf *plain)
{
	struct oci_slice line;
	bool headers = oci_slice_starts(text, "-----BEGIN PGP SIGNED MESSAGE-----");

	while (oci_slice_line(&text, &line)) {
		if (headers) {
			headers = line.len != 0;
			continue;
		}
		if (oci_slice_starts(line, "-----BEGIN PGP SIGNATURE"))
			break;
		bool escaped = oci_slice_starts(line, "- ");

		oci_buf_add(plain, line.p + (escaped ? 2 : 0), line.len - (escaped ? 2 : 0));
		oci_buf_addc(plain, '\n');
	}
}

const struct oci_release_file *oci_release_find(const struct oci_release *r, const char *path)
{
	for (size_t i = 0; i < r->files.n; i++)
		if (oci_streq(r->files.v[i].path, path))
			return &r->files.v[i];
	return NULL;
}

int oci_release_check_age(const struct oci_release *r, const char *what, int64_t now, struct oci_err **err)
{
	if (!r->valid_until || now <= r->valid_until)
		return 0;
	auto_free char *until = oci_date_rfc2822(r->valid_until);

	return oci_fail(
		err, OCI_BADINPUT,
		"%s: expired: Valid-Until %s; the mirror is stale, or say check_valid_until: false in the description",
		what, until);
}

void oci_release_clear(struct oci_release *r)
{
	forget_files(r);
	free(r->files.v);
	free(r->origin);
	free(r->label);
	free(r->suite);
	free(r->codename);
	oci_strs_clear(&r->architectures);
	oci_strs_clear(&r->components);
	*r = (struct oci_release){ 0 };
}
