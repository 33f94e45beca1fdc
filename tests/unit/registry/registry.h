/* Debian's docker-registry for one test. */
#ifndef TESTS_UNIT_REGISTRY_REGISTRY_H
#define TESTS_UNIT_REGISTRY_REGISTRY_H

#include "base/buf.h"

#include <sys/types.h>

struct registry {
	pid_t pid;
	char *dir;
	char *host; /* "127.0.0.1:PORT" */
};

/* more: YAML behind what every registry here has ("auth: …"), or NULL; tls: "certificate: C, key: K", or NULL. */
void registry_start(struct registry *r, const char *more, const char *tls);
void registry_stop(struct registry *r);
char *registry_file(const struct registry *r, const char *name); /* a path in its folder; the caller's to free */

#define auto_registry OCI_AUTO(registry_stop)

#endif
