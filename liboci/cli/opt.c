#include "cli/opt.h"

#include "base/slice.h"
#include "cli/help.h"
#include "cli/tty.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LONG_ONLY = 256, MAX_OPTS = 64 };

struct tables {
	const struct oci_opt *rows[MAX_OPTS]; /* by getopt's value minus LONG_ONLY */
	struct option longs[MAX_OPTS + 1];
	char shorts[2 * MAX_OPTS + 2];
	int n;
};

void oci_cli_usage(const struct oci_cli *cli, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", cli->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry '%s --help'.\n", cli->name);
	exit(2);
}

static void add_rows(struct tables *t, const struct oci_opt *o)
{
	for (; o->name; o++) {
		t->rows[t->n] = o;
		t->longs[t->n] =
			(struct option){ o->name, o->arg ? required_argument : no_argument, NULL, LONG_ONLY + t->n };
		t->n++;
		if (o->letter) {
			size_t n = strlen(t->shorts);

			t->shorts[n] = (char)o->letter;
			t->shorts[n + 1] = o->arg ? ':' : '\0';
		}
	}
}

static const struct oci_opt *find_row(const struct tables *t, int value)
{
	if (value >= LONG_ONLY)
		return t->rows[value - LONG_ONLY];
	for (int i = 0; i < t->n; i++)
		if (t->rows[i]->letter == value)
			return t->rows[i];
	return NULL;
}

static int number_of(const struct oci_cli *cli, const struct oci_opt *o, const char *arg)
{
	uint64_t number;

	if (!oci_slice_u64(oci_slice(arg), &number) || number < 1 || number > INT_MAX)
		oci_cli_usage(cli, "--%s: \"%s\" is not a number from 1 up", o->name, arg);
	return (int)number;
}

static void set_own(const struct oci_cli *cli, const struct oci_opt *o, const char *arg, void *settings)
{
	void *target = (char *)settings + o->offset;

	switch (o->kind) {
	case OCI_OPT_FLAG:
		*(bool *)target = true;
		break;
	case OCI_OPT_STR:
		*(const char **)target = arg;
		break;
	case OCI_OPT_INT:
		*(int *)target = number_of(cli, o, arg);
		break;
	case OCI_OPT_STRS:
		oci_strs_add(target, arg);
		break;
	}
}

static _Noreturn void show_version(const struct oci_cli *cli)
{
	printf("%s (kubecrate) %s\n", cli->name, KUBECRATE_VERSION);
	exit(fflush(stdout) ? 1 : 0);
}

static void set_common(const struct oci_cli *cli, const struct oci_opt *o, const char *arg, struct oci_out *out,
		       const char **progress)
{
	if (oci_streq(o->name, "quiet")) {
		out->level = -1;
	} else if (oci_streq(o->name, "verbose")) {
		out->level = 1;
	} else if (oci_streq(o->name, "json")) {
		out->json = true;
	} else if (oci_streq(o->name, "progress")) {
		*progress = arg;
	} else if (oci_streq(o->name, "jobs")) {
		number_of(cli, o, arg);
	} else if (oci_streq(o->name, "help")) {
		oci_help_print(cli, stdout);
		exit(fflush(stdout) ? 1 : 0);
	} else {
		show_version(cli);
	}
}

static bool is_common(const struct oci_opt *o)
{
	for (const struct oci_opt *c = oci_common_opts; c->name; c++)
		if (c == o)
			return true;
	return false;
}

/* getopt tells a wrong letter by itself: its word may hold others. */
static _Noreturn void bad_option(const struct oci_cli *cli, int value, char **argv)
{
	const char *word = argv[optind - 1];
	bool is_letter = optopt && optopt < LONG_ONLY;

	if (value == ':' && is_letter)
		oci_cli_usage(cli, "-%c: needs an argument", optopt);
	if (value == ':')
		oci_cli_usage(cli, "%s: needs an argument", word);
	if (is_letter)
		oci_cli_usage(cli, "-%c: no such option", optopt);
	if (optopt)
		oci_cli_usage(cli, "%s: takes no argument", word);
	oci_cli_usage(cli, "%s: no such option", word);
}

void oci_cli_parse(const struct oci_cli *cli, int *argc, char ***argv, void *settings)
{
	struct tables t = { .shorts = ":" };
	struct oci_out *out = (struct oci_out *)((char *)settings + cli->out);
	const char *progress = "auto";
	int value;

	if (*argc == 2 && oci_streq((*argv)[1], "--help-man")) {
		oci_help_man(cli, stdout);
		exit(0);
	}
	if (*argc == 2 && oci_streq((*argv)[1], "--version"))
		show_version(cli); /* also where a tool has a --version V of its own */
	signal(SIGPIPE, SIG_IGN);
	out->data = stdout;
	out->notes = stderr;
	add_rows(&t, cli->opts);
	add_rows(&t, oci_common_opts);
	opterr = 0;
	while ((value = getopt_long(*argc, *argv, t.shorts, t.longs, NULL)) != -1) {
		if (value == '?' || value == ':')
			bad_option(cli, value, *argv);
		const struct oci_opt *o = find_row(&t, value);

		if (is_common(o))
			set_common(cli, o, optarg, out, &progress);
		else
			set_own(cli, o, optarg, settings);
	}
	if (oci_tty_start(out, progress) < 0)
		oci_cli_usage(cli, "--progress: \"%s\" is none of auto, plain, none", progress);
	*argc -= optind;
	*argv += optind;
}

int oci_cli_end(const struct oci_cli *cli, int rc, const struct oci_err *err)
{
	auto_free char *text = oci_shown(err ? oci_err_text(err) : "failed");
	bool lost = fflush(stdout) != 0 || ferror(stdout);

	oci_tty_end();
	if (rc < 0)
		fprintf(stderr, "%s: %s\n", cli->name, text);
	if (rc < 0 && oci_err_code(err) == OCI_USAGE)
		fprintf(stderr, "Try '%s --help'.\n", cli->name);
	if (rc >= 0 && lost)
		fprintf(stderr, "%s: cannot write to stdout\n", cli->name);
	if (rc < 0)
		return oci_err_code(err) == OCI_USAGE ? 2 : 1;
	return lost ? 1 : 0;
}
