/* Draws progress on stderr: one line that is redrawn on a terminal, a line per finished item elsewhere. */
#ifndef OCI_CLI_TTY_H
#define OCI_CLI_TTY_H

#include "base/out.h"

/* mode: "auto", "plain" or "none"; -1 for any other. Fills out->progress, and out->notes so that notes do not tear the
 * bar. */
int oci_tty_start(struct oci_out *out, const char *mode);
void oci_tty_end(void); /* wipe the bar; safe without a start */

#endif
