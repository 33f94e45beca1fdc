/* Option tables: one row holds letter, name, argument, target and help text. --help and the manual page come from them.
 */
#ifndef OCI_CLI_OPT_H
#define OCI_CLI_OPT_H

#include "base/out.h"
#include "base/vec.h"

enum oci_opt_kind { OCI_OPT_FLAG, OCI_OPT_STR, OCI_OPT_INT, OCI_OPT_STRS };

struct oci_opt {
	int letter;	  /* 0: only the long name */
	const char *name; /* NULL ends the table */
	const char *arg;  /* what --help calls its argument; NULL for a flag */
	enum oci_opt_kind kind;
	size_t offset; /* of its target in the settings */
	const char *help;
};

/* Targets: bool, const char * (borrowed from argv), int (1 and up), struct oci_strs (repeatable, copies). */
#define OCI_FLAG(letter, name, settings, field, help)                                                                  \
	{                                                                                                              \
		letter, name, NULL, OCI_OPT_FLAG, offsetof(struct settings, field), help                               \
	}
#define OCI_STR(letter, name, arg, settings, field, help)                                                              \
	{                                                                                                              \
		letter, name, arg, OCI_OPT_STR, offsetof(struct settings, field), help                                 \
	}
#define OCI_INT(letter, name, arg, settings, field, help)                                                              \
	{                                                                                                              \
		letter, name, arg, OCI_OPT_INT, offsetof(struct settings, field), help                                 \
	}
#define OCI_STRS(letter, name, arg, settings, field, help)                                                             \
	{                                                                                                              \
		letter, name, arg, OCI_OPT_STRS, offsetof(struct settings, field), help                                \
	}

struct oci_cli {
	const char *name;
	const char *const *usage; /* one string a form, without the name; NULL-terminated */
	const char *about;	  /* one line on what it does */
	const struct oci_opt *opts;
	size_t out; /* offsetof(settings, out), a struct oci_out: filled from -q, -v, --json and --progress */
};

/* Parse the command line into settings. --help and --version print and exit 0; wrong usage says so in two lines and
 * exits 2. Afterwards *argv holds the *argc operands, NULL-terminated. Sets up out's streams and progress. */
void oci_cli_parse(const struct oci_cli *cli, int *argc, char ***argv, void *settings);

/* The end of main: close progress, flush stdout, print the error chain once. Gives the exit status. */
int oci_cli_end(const struct oci_cli *cli, int rc, const struct oci_err *err);

/* Wrong usage found after parsing: "NAME: text" and a hint, then exit status 2. */
_Noreturn void oci_cli_usage(const struct oci_cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
