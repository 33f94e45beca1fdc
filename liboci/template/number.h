/* Numbers as Python reads and prints them. */
#ifndef OCI_TEMPLATE_NUMBER_H
#define OCI_TEMPLATE_NUMBER_H

#include "base/buf.h"
#include "base/slice.h"

/* As int(text, base) and float(text): outer blanks and single underscores between digits are fine. False when it is
 * none, or does not fit 64 bits. base 0 goes by the prefix (0x, 0o, 0b). */
bool oci_number_int(struct oci_slice text, int base, int64_t *out);
bool oci_number_float(struct oci_slice text, double *out);

void oci_number_print(double f, struct oci_buf *out); /* the shortest text that reads back as f, as repr() */

#endif
