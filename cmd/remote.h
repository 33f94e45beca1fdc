/* The option rows of every tool that speaks with registries: its settings hold a struct oci_remote named remote. */
#ifndef REMOTE_H
#define REMOTE_H

#include "cli/opt.h"

#define REMOTE_OPTS(settings)                                                                                          \
	OCI_STRS(0, "mirror", "HOST=URL", settings, remote.mirrors, "send requests for HOST to URL; names stay"),      \
		OCI_STRS(0, "plain-http", "HOST", settings, remote.plain_http, "speak http to HOST"),                  \
		OCI_STR(0, "ca", "FILE", settings, remote.ca, "trust the authorities in this PEM file, too"),          \
		OCI_STRS(0, "insecure", "HOST", settings, remote.insecure, "do not check the certificate of HOST"),    \
		OCI_STR(0, "authfile", "FILE", settings, remote.authfile,                                              \
			"logins, instead of those of docker and podman"),                                              \
		OCI_INT('j', "jobs", "N", settings, remote.jobs, "keep at most N transfers running (8)")

#endif
