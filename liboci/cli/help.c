#include "cli/help.h"

#include "base/auto.h"

#include <string.h>

#define HELP_COLUMN 28
#define HELP_WIDTH 100

const struct oci_opt oci_common_opts[] = {
	{ 'q', "quiet", NULL, OCI_OPT_FLAG, 0, "say nothing but errors" },
	{ 'v', "verbose", NULL, OCI_OPT_FLAG, 0, "say more" },
	{ 0, "json", NULL, OCI_OPT_FLAG, 0, "write records as JSON lines" },
	{ 'j', "jobs", "N", OCI_OPT_INT, 0, "taken as by every tool; this one transfers nothing" },
	{ 0, "progress", "MODE", OCI_OPT_STR, 0, "auto (bars on a terminal), plain (a line an item) or none" },
	{ 'h', "help", NULL, OCI_OPT_FLAG, 0, "show this help" },
	{ 0, "version", NULL, OCI_OPT_FLAG, 0, "show the version" },
	{ 0 },
};

/* A tool's own row of that letter says more than the common one. */
static bool is_shadowed(const struct oci_opt *o, const struct oci_opt *own)
{
	for (; own && own->name; own++)
		if (o->letter && own->letter == o->letter)
			return true;
	return false;
}

static const char *repeats(const struct oci_opt *o)
{
	return o->kind == OCI_OPT_STRS ? " (repeatable)" : "";
}

/* Breaks at blanks; what has none stays whole. */
static void print_wrapped(const char *text, FILE *to)
{
	int at = HELP_COLUMN;

	for (const char *word = text; *word;) {
		int n = (int)strcspn(word, " ");

		if (at > HELP_COLUMN && at + 1 + n > HELP_WIDTH) {
			fprintf(to, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		}
		at += fprintf(to, "%s%.*s", at > HELP_COLUMN ? " " : "", n, word);
		word += n + strspn(word + n, " ");
	}
	fputc('\n', to);
}

static void print_rows(const struct oci_opt *o, const struct oci_opt *own, FILE *to)
{
	for (; o->name; o++) {
		if (is_shadowed(o, own))
			continue;
		char letter[8] = "    ";
		int n;

		if (o->letter)
			snprintf(letter, sizeof(letter), "-%c, ", o->letter);
		n = fprintf(to, "  %s--%s%s%s", letter, o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		if (n >= HELP_COLUMN) {
			fputc('\n', to);
			n = 0;
		}
		auto_free char *text = oci_printf("%s%s", o->help, repeats(o));

		fprintf(to, "%*s", HELP_COLUMN - n, "");
		print_wrapped(text, to);
	}
}

void oci_help_print(const struct oci_cli *cli, FILE *to)
{
	for (const char *const *u = cli->usage; *u; u++)
		fprintf(to, "%s %s %s\n", u == cli->usage ? "usage:" : "      ", cli->name, *u);
	fprintf(to, "%s\n\n", cli->about);
	print_rows(cli->opts, NULL, to);
	print_rows(oci_common_opts, cli->opts, to);
	fprintf(to, "\nmanual page: man %s\n", cli->name);
}

/* roff takes a dash for a hyphen and a leading dot for a request. */
static void print_roff(const char *text, FILE *to)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", to);
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			fputc(*text, to);
	}
	fputc('\n', to);
}

static void man_rows(const struct oci_opt *o, const struct oci_opt *own, FILE *to)
{
	for (; o->name; o++) {
		if (is_shadowed(o, own))
			continue;
		fputs(".It", to);
		if (o->letter)
			fprintf(to, " Fl %c ,", o->letter);
		fprintf(to, " Fl \\-%s", o->name);
		if (o->arg)
			fprintf(to, " Ar %s", o->arg);
		fputc('\n', to);
		auto_free char *text = oci_printf("%s%s", o->help, repeats(o));

		print_roff(text, to);
	}
}

void oci_help_man(const struct oci_cli *cli, FILE *to)
{
	fputs(".Bl -tag -width Ds\n", to);
	man_rows(cli->opts, NULL, to);
	man_rows(oci_common_opts, cli->opts, to);
	fputs(".El\n", to);
}
