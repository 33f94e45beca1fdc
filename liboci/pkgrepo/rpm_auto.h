/* librpm's handles, released at the end of the scope. */
#ifndef OCI_PKGREPO_RPM_AUTO_H
#define OCI_PKGREPO_RPM_AUTO_H

#include "base/auto.h"

#include <rpm/rpmlib.h>
#include <rpm/rpmts.h>

static inline void oci_rpm_fd_close(FD_t *fd)
{
	if (*fd)
		Fclose(*fd);
}

static inline void oci_rpm_header_free(Header *h)
{
	headerFree(*h);
}

static inline void oci_rpm_ts_free(rpmts *ts)
{
	rpmtsFree(*ts);
}

#define auto_rpm_fd OCI_AUTO(oci_rpm_fd_close)
#define auto_rpm_header OCI_AUTO(oci_rpm_header_free)
#define auto_rpm_ts OCI_AUTO(oci_rpm_ts_free)

#endif
