/* The lines that kubespray's generator cuts out of the variable file's text, before anything is rendered.
 * Its sed and grep (contrib/offline/generate_list.sh) look at lines, not at YAML, so we do. */
#ifndef OCI_LISTGEN_SCAN_H
#define OCI_LISTGEN_SCAN_H

#include "base/slice.h"
#include "listgen/downloads.h"

struct oci_scan_line {
	char *text;	/* the template */
	char *variable; /* that holds it, or the names that it joins */
	unsigned line, column;
	bool always; /* no entry of `downloads`: the control plane's images */
};

struct oci_scan {
	struct oci_scan_line *v;
	size_t n, cap;
	const char *file;
	struct oci_slice bytes;
};

void oci_scan_files(struct oci_scan *scan); /* file and bytes are set */
void oci_scan_images(struct oci_scan *scan);
void oci_scan_clear(struct oci_scan *scan);
#define auto_scan OCI_AUTO(oci_scan_clear)

/* The next item behind `after` (NULL: the first) that a line is about. */
struct oci_download *oci_scan_item(const struct oci_scan_line *l, const struct oci_downloads *items,
				   struct oci_download *after);

#endif
