/* A server of tests/lib for one test, and a folder of its own. */
#ifndef TESTS_UNIT_NET_SERVER_H
#define TESTS_UNIT_NET_SERVER_H

#include "base/buf.h"
#include "base/slice.h"

#include <sys/types.h>

struct server {
	pid_t pid;
	unsigned port;
	char *dir; /* files to serve, and the log: removed at the end */
	char *log;
};

/* Starts `python3 tests/lib/SCRIPT DIR/served DIR/log`. */
void server_start(struct server *s, const char *script);
void server_start_with(struct server *s, const char *script, const char *const *more); /* NULL-terminated arguments */
void server_stop(struct server *s);
char *server_url(const struct server *s, const char *path);  /* http://127.0.0.1:PORT/path */
char *server_file(const struct server *s, const char *name); /* a path outside what is served */

/* Put n bytes, which a seed decides, into what is served. */
void server_put(const struct server *s, const char *name, size_t n, unsigned seed, struct oci_buf *copy);
size_t server_logged(const struct server *s, const char *text); /* log lines that hold text */

#define auto_server OCI_AUTO(server_stop)

#endif
