/* A clock that never jumps. */
#ifndef OCI_BASE_CLOCK_H
#define OCI_BASE_CLOCK_H

#include <stdint.h>

int64_t oci_clock_ms(void); /* since some moment in the past */

#endif
