/* Entries for one CPU ("curl:arm64", "glibc.i686") in a run for several. */
#ifndef OCI_PKGREPO_WANT_CPU_H
#define OCI_PKGREPO_WANT_CPU_H

#include "base/vec.h"
#include "pkgrepo/os.h"

enum oci_want_cpu {
	OCI_CPU_NONE, /* the word is no CPU: it belongs to the name */
	OCI_CPU_OURS,
	OCI_CPU_ANOTHERS, /* of the same run */
	OCI_CPU_NOBODYS	  /* none that the run is for */
};

/* Whose turn is an entry with this word behind its name? cpu is the one at work, all those of the run (in anybody's
 * words; may be NULL). */
enum oci_want_cpu oci_want_cpu(enum oci_os_family family, const char *word, const char *cpu,
			       const struct oci_strs *all);

/* Is it the turn of this local package? 1: yes; 0: another CPU of the same run has it; -1: it would be left out in
 * silence. */
int oci_want_cpu_local(enum oci_os_family family, const char *path, const char *word, const char *cpu,
		       const struct oci_strs *all, struct oci_err **err);

#endif
