/* --help for people and the OPTIONS part of the manual page, both from the option table. */
#ifndef OCI_CLI_HELP_H
#define OCI_CLI_HELP_H

#include "cli/opt.h"

extern const struct oci_opt oci_common_opts[]; /* what every tool has, behind its own rows */

void oci_help_print(const struct oci_cli *cli, FILE *to);
void oci_help_man(const struct oci_cli *cli, FILE *to); /* mdoc, for scripts/make-man */

#endif
