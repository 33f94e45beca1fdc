/* When to try again. */
#ifndef OCI_NET_RETRY_INT_H
#define OCI_NET_RETRY_INT_H

#include <stdint.h>

/* The pause before try number `failed` + 1: base doubled each time, at most 30 s, between half and all of it by chance.
 */
int64_t retry_pause(uint32_t base_ms, uint32_t failed);

#endif
