#include "pkgrepo/cache.h"

#include "archive/inflate.h"
#include "base/outfile.h"
#include "base/path.h"
#include "digest/verify.h"

#include <stdlib.h>

int oci_repo_cache_dir(char **out, struct oci_err **err)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	auto_free char *dir = NULL;

	if (xdg && *xdg)
		dir = oci_path_join(xdg, "kubecrate/metadata");
	else
		dir = oci_path_join(home && *home ? home : "/root", ".cache/kubecrate/metadata");
	if (oci_path_mkdirs(dir, err) < 0)
		return oci_fail_in(err, "cache; set XDG_CACHE_HOME to a folder that can be written");
	*out = oci_steal(&dir);
	return 0;
}

char *oci_repo_cache_path(const char *dir, const struct oci_digest *digest)
{
	const char *hex = OCI_HEX(digest);

	return oci_printf("%s/%.2s/%s", dir, hex, hex);
}

/* Copy, and refuse what goes on for too long before it fills the disk. */
static int copy_capped(struct oci_reader *r, struct oci_outfile *f, const struct oci_repo_unpack *u,
		       struct oci_err **err)
{
	auto_free char *chunk = oci_realloc(NULL, 1, 256 * 1024);
	uint64_t total = 0;
	ssize_t n;

	while ((n = oci_reader_read(r, chunk, 256 * 1024, err)) > 0) {
		total += (uint64_t)n;
		if (total > u->max)
			return oci_fail(err, OCI_BADINPUT, "%s: unpacks to more than %llu bytes", u->what,
					(unsigned long long)u->max);
		if (oci_outfile_write(f, chunk, (size_t)n, err) < 0)
			return -1;
	}
	return n < 0 ? -1 : 0;
}

int oci_repo_cache_unpack(const struct oci_repo_unpack *u, struct oci_err **err)
{
	auto_outfile struct oci_outfile *f = NULL;
	struct oci_reader packed, plain;

	if (oci_path_mkdirs_for(u->path, err) < 0 || oci_reader_of_path(&packed, u->packed, err) < 0 ||
	    oci_inflate_reader(packed, u->what, &plain, NULL, err) < 0)
		return -1;
	auto_reader struct oci_reader r =
		oci_verify_reader(plain, &(struct oci_expect){ .what = u->what, .digest = u->digest, .size = u->size });

	if (oci_outfile_open(&f, u->path, err) < 0 || copy_capped(&r, f, u, err) < 0)
		return -1;
	return oci_outfile_commit(f, err);
}
