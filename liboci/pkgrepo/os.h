/* OS descriptions (lists/os/NAME.yaml): a system's release, and where its packages come from. */
#ifndef OCI_PKGREPO_OS_H
#define OCI_PKGREPO_OS_H

#include "base/err.h"
#include "base/vec.h"

enum oci_os_family { OCI_OS_APT, OCI_OS_YUM };

/* What vouches for a repository's metadata. */
enum oci_os_verify {
	OCI_VERIFY_SIGNED,   /* InRelease, Release.gpg, repomd.xml.asc */
	OCI_VERIFY_METALINK, /* the hash of repomd.xml in the metalink, fetched over https */
	OCI_VERIFY_PACKAGES, /* nothing: each rpm's own signature is checked instead */
};

struct oci_os_repo {
	char *id;
	char *url, *flat;		       /* apt: the archive; "./" and the like for a flat one */
	struct oci_strs suites, components;    /* apt */
	char *baseurl, *mirrorlist, *metalink; /* yum */
	struct oci_strs keys;		       /* paths of key files, armoured or binary; or OCI_KEY_TEXT… */
	struct oci_strs arches;		       /* empty: all of the OS */
	struct oci_strs modules;	       /* yum: "name:stream" */
	struct oci_strs exclude;	       /* globs of package names */
	struct oci_strs include;	       /* yum: likewise, nothing else is taken; empty: all */
	char *verify_text;
	enum oci_os_verify verify;
	int64_t priority;	/* apt: pin, 500 when absent; yum: cost-like, 99 when absent; 0 here: absent */
	int64_t cost;		/* yum: among equals of one priority the least goes first; 0: 1000, as in dnf */
	bool module_hotfixes;	/* yum: modules hide nothing of it */
	bool trusted;		/* unsigned on purpose */
	bool disabled;		/* an add-on: taken when named behind a plus */
	bool unsigned_packages; /* yum: only repomd.xml is signed */
	bool any_age;		/* Valid-Until is not looked at: an archive that is no longer maintained */
	unsigned line;
};

struct oci_os {
	char *file; /* where it was read */
	char *name, *family_text, *distribution, *release, *codename;
	char *output;	   /* below -o; "." when absent */
	char *layout;	   /* "flat" or NULL */
	char *compression; /* yum: of the metadata, "zstd" or "gzip"; NULL: gzip, which every release reads */
	char *client;	   /* base name of the client files; the name when absent */
	char *note;	   /* for people: "untested: …" */
	enum oci_os_family family;
	struct oci_strs arches;
	OCI_VEC(struct oci_os_repo) repos;
};

/* Read a description; errors name file, line and column. Paths of keys are made relative to the file's folder. */
int oci_os_load(const char *path, struct oci_os *out, struct oci_err **err);
int oci_os_parse(const char *path, const char *text, size_t n, struct oci_os *out, struct oci_err **err);

/* What the user typed behind --os: a name of lists/os, the path of a description or of a folder of .repo files, or
 * "host" (this machine's own sources); then "+ID" for each add-on to switch on. */
int oci_os_find(const char *what, struct oci_os *out, struct oci_err **err);

/* "amd64" of "x86_64" for apt and the other way round for yum; NULL when neither family has it. */
const char *oci_os_arch(enum oci_os_family family, const char *name);
void oci_os_arches(struct oci_strs *out); /* every CPU, in apt's words */
/* As oci_os_arch, and an error when the OS is not made for it. */
int oci_os_need_arch(const struct oci_os *os, const char *name, const char **out, struct oci_err **err);

/* Fill $releasever, $release, $codename, $arch and $basearch in; the caller's to free. */
char *oci_os_expand(const struct oci_os *os, const char *arch, const char *text);

void oci_os_clear(struct oci_os *os);
#define auto_os OCI_AUTO(oci_os_clear)

#endif
