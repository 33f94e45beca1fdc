/* From what is asked for to the packages that fulfil it. */
#ifndef OCI_PKGREPO_APT_SOLVE_H
#define OCI_PKGREPO_APT_SOLVE_H

#include "pkgrepo/apt_pool.h"
#include "pkgrepo/wants.h"

/* One thing asked for. */
struct oci_apt_ask {
	char *text, *where; /* for messages */
	Id solvable;	    /* this very package, or */
	Id relation;	    /* anything that fulfils this */
};

struct oci_apt_asks {
	struct oci_apt_ask *v;
	size_t n, cap;
};

/* Load what the wants can reach into p, make p ready and turn the wants into asks. What cannot be found is an error
 * that lists all of it, nearest names included. with_essential adds every Essential package. */
int oci_apt_asks_make(struct oci_apt_pool *p, const struct oci_wants *wants, bool with_essential,
		      struct oci_apt_asks *out, struct oci_err **err);
void oci_apt_asks_clear(struct oci_apt_asks *asks);
#define auto_apt_asks OCI_AUTO(oci_apt_asks_clear)

/* Solve all asks together; those that cannot stand beside the others are solved apart, and `apart` (may be NULL) says
 * which and why. What cannot be had at all is an error in words, all of it at once. *chosen: solvables, base system
 * left out, sorted by name; the caller's to queue_free. */
int oci_apt_solve(struct oci_apt_pool *p, const struct oci_apt_asks *asks, Queue *chosen, struct oci_strs *apart,
		  struct oci_err **err);

/* The shortest chain from an ask to a package among the chosen ones: "curl -> libcurl4 -> libssl3"; NULL when it is not
 * among them. The caller's to free. */
char *oci_apt_why(struct oci_apt_pool *p, const struct oci_apt_asks *asks, const Queue *chosen, const char *package);

#endif
