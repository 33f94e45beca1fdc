/* Where the data files lie that come with the tools. */
#ifndef OCI_BASE_SHARE_H
#define OCI_BASE_SHARE_H

#include "base/auto.h"

/* The folder lists/: $KUBECRATE_LISTS, else ../share/kubecrate/lists beside the program's folder (installed), else
 * ../../lists (built in a checkout), else that of the PREFIX it was built for. The caller's to free. */
char *oci_share_lists(void);

#endif
