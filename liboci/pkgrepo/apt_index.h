/* Packages files: where each stanza lies and which names it answers to. Nothing is copied, so a stanza can be written
 * out byte for byte, and dependencies are read only of what can matter (pkgrepo/apt_pool.h).
 * https://wiki.debian.org/DebianRepository/Format#A.22Packages.22_Indices */
#ifndef OCI_PKGREPO_APT_INDEX_H
#define OCI_PKGREPO_APT_INDEX_H

#include "base/err.h"
#include "base/map.h"
#include "base/slice.h"
#include "base/vec.h"

struct oci_apt_paths;
struct oci_os_repo;

/* One Packages file. */
struct oci_apt_file {
	char *what;			/* its URL, for errors */
	char *base;			/* URL that Filename continues */
	char *folder;			/* of a flat repository's list below base, "" when it is base; else NULL */
	const struct oci_os_repo *repo; /* borrowed; may be NULL */
	int pin;			/* as apt's: 500 for most, 100 and 1 for what is not automatic */
	struct oci_slice text;
	void *map;   /* munmapped when set */
	char *owned; /* freed when set */
};

enum { OCI_APT_ESSENTIAL = 1, OCI_APT_TASKED = 2, OCI_APT_LEFT_OUT = 4 /* not to be had */ };

struct oci_apt_pkg {
	struct oci_slice text; /* the stanza, up to its last newline */
	struct oci_slice name, version;
	uint32_t file;
	uint32_t flags;
};

/* One name that a stanza answers to: its own, or one it provides. */
struct oci_apt_entry {
	uint32_t pkg;
	uint32_t next; /* index + 1 of the next entry of that name; 0: none */
	bool provided;
};

struct oci_apt_index {
	OCI_VEC(struct oci_apt_file) files;
	OCI_VEC(struct oci_apt_pkg) pkgs; /* in the order of files and stanzas */
	OCI_VEC(struct oci_apt_entry) entries;
	struct oci_map names;		   /* name -> index + 1 of its newest entry */
	const struct oci_apt_paths *paths; /* which package holds what is asked for by path; borrowed, may be NULL */
};

/* Add a file's stanzas of arch (NULL: of every CPU) and of "all". The file is taken, also on failure. A stanza without
 * name or version, or with a field that is none, is an error naming file and line. */
int oci_apt_index_add(struct oci_apt_index *ix, struct oci_apt_file *file_take, const char *arch, struct oci_err **err);

/* As the above, from a path that is mapped. */
int oci_apt_file_map(struct oci_apt_file *file, const char *path, struct oci_err **err);
void oci_apt_file_clear(struct oci_apt_file *file);

/* The first entry of a name, or NULL; oci_apt_index_next goes on. */
const struct oci_apt_entry *oci_apt_index_find(const struct oci_apt_index *ix, struct oci_slice name);
const struct oci_apt_entry *oci_apt_index_next(const struct oci_apt_index *ix, const struct oci_apt_entry *e);

/* Up to three package names that look like `name`: "curl, curlftpfs"; empty when there is none. The caller's to free.
 */
char *oci_apt_index_like(const struct oci_apt_index *ix, const char *name);

void oci_apt_index_clear(struct oci_apt_index *ix);
#define auto_apt_index OCI_AUTO(oci_apt_index_clear)

#endif
