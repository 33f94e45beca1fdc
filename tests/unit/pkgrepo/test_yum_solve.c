/* Requests on small pools of rpm packages. */
#include "pkgrepo/rpmmd_primary.h"
#include "pkgrepo/solve.h"
#include "pkgrepo/yum_int.h"
#include "pkgrepo/yum_modules.h"
#include "pkgrepo/yum_solve.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* "NAME EVR ARCH [KIND DEP]…", a line each; DEP without blanks, "c>=2" is a version. */
static void add_line(struct oci_buf *out, char *line)
{
	char *name = strsep(&line, " "), *evr = strsep(&line, " "), *arch = strsep(&line, " ");
	char *rel = strchr(evr, '-');

	*rel++ = '\0';
	oci_buf_addf(out,
		     "<package><name>%s</name><arch>%s</arch><version epoch=\"0\" ver=\"%s\" rel=\"%s\"/><checksum "
		     "type=\"sha256\">" HEX "</checksum><size package=\"1\"/><location href=\"%s.rpm\"/><format>",
		     name, arch, evr, rel, name);
	while (line) {
		char *kind = strsep(&line, " "), *dep = strsep(&line, " "), *sign = dep ? strstr(dep, ">=") : NULL;

		if (strcmp(kind, "file") == 0) {
			oci_buf_addf(out, "<file>%s</file>", dep);
			continue;
		}
		if (sign)
			*sign = '\0';
		for (char *c = dep; *c; c++)
			*c = *c == '_' ? ' ' : *c;
		oci_buf_addf(out, "<rpm:%s><rpm:entry name=\"%s\"", kind, dep);
		if (sign)
			oci_buf_addf(out, " flags=\"GE\" epoch=\"0\" ver=\"%s\"", sign + 2);
		oci_buf_addf(out, "/></rpm:%s>", kind);
	}
	oci_buf_adds(out, "</format></package>");
}

static void fill_from(struct oci_yum_pool *p, const struct oci_os_repo *repo, const char *lines)
{
	struct oci_buf b = { 0 };
	auto_free char *copy = oci_strdup(lines);
	char *rest = copy, *line;

	oci_buf_adds(&b, OCI_PRIMARY_ROOT ">");
	while ((line = strsep(&rest, "\n")))
		if (*line)
			add_line(&b, line);
	oci_buf_adds(&b, "</metadata>");
	struct oci_yum_source s = { .what = oci_strdup("test"), .repo = repo, .text = oci_buf_take(&b) };

	cr_assert_eq(oci_yum_pool_add(p, &s, NULL), 0);
}

static void fill(struct oci_yum_pool *p, const char *lines)
{
	fill_from(p, NULL, lines);
}

/* What can be chosen. */
static char *left(struct oci_yum_pool *p)
{
	struct oci_buf b = { 0 };

	oci_yum_pool_ready(p);
	OCI_YUM_EACH(p, id)
	oci_buf_addf(&b, "%s%s", b.len ? " " : "", pool_solvid2str(p->pool, id));
	oci_buf_adds(&b, "");
	return oci_buf_take(&b);
}

/* Names of the closure, with CPU; or the error. */
static char *solve(const char *lines, const char *wants_text, bool recommends)
{
	auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", recommends);
	auto_asks struct oci_asks asks = { 0 };
	auto_wants struct oci_wants wants = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_free char *copy = oci_strdup(wants_text);
	auto_map struct oci_map paths = { 0 };
	char *rest = copy, *want;
	struct oci_buf b = { 0 };
	struct oci_solve question;
	auto_queue Queue chosen;

	queue_init(&chosen);
	fill(p, lines);
	oci_yum_pool_ready(p);
	while ((want = strsep(&rest, " ")))
		oci_wants_add(&wants, want, "test");
	if (oci_yum_asks_make(p, &wants, NULL, &paths, &asks, &err) < 0 ||
	    (question = oci_yum_question(p, &asks), oci_solve_all(&question, &chosen, NULL, &err)) < 0)
		return oci_strdup(oci_err_text(err));
	for (int i = 0; i < chosen.count; i++)
		oci_buf_addf(&b, "%s%s", i ? " " : "", pool_solvid2str(p->pool, chosen.elements[i]));
	return oci_buf_take(&b);
}

static const char packages[] = "app 1-1 x86_64 requires lib>=2 requires /usr/bin/tool\n"
			       "lib 1-1 x86_64\nlib 2-1 x86_64\nlib 2-1 i686 provides lib32\nuse32 1-1 noarch requires "
			       "lib32\nlib 3-1 aarch64\n"
			       "tool 1-1 noarch file /usr/bin/tool\n"
			       "old 1-1 noarch\nnew 2-1 noarch obsoletes old\n"
			       "rich 1-1 noarch requires (tool_or_none)\n"
			       "left 1-1 noarch conflicts right\nright 1-1 noarch\n"
			       "broken 1-1 noarch requires gone>=5\n"
			       "soft 1-1 noarch recommends tool\n"
			       "web-a 1-1 noarch provides web\n";

Test(yum_solve, takes_what_dnf_would)
{
	static const char *const cases[][2] = {
		{ "app", "app-1-1.x86_64 lib-2-1.x86_64 tool-1-1.noarch" },
		{ "lib", "lib-2-1.x86_64" },
		{ "lib.i686", "lib-2-1.i686" },
		{ "lib-1-1", "lib-1-1.x86_64" },
		{ "lib-1*", "lib-1-1.x86_64" },
		{ "lib-01-1", "lib-1-1.x86_64" },
		{ "lib-0:1", "lib-1-1.x86_64" },
		{ "lib.*", "lib-2-1.i686 lib-2-1.x86_64" },
		{ "old.noarch", "old-1-1.noarch" },
		{ "old.*", "new-2-1.noarch" },
		{ "lib.i686 lib", "lib-2-1.i686" },
		{ "use32", "lib-2-1.i686 lib-2-1.x86_64 use32-1-1.noarch" },
		{ "old", "new-2-1.noarch" },
		{ "rich", "rich-1-1.noarch tool-1-1.noarch" },
		{ "/usr/bin/tool", "tool-1-1.noarch" },
		{ "/usr/bin/t*", "tool-1-1.noarch" },
		{ "web", "web-a-1-1.noarch" },
		{ "we?", "web-a-1-1.noarch" },
		{ "lib3*", "lib-2-1.i686" },
		{ "soft", "soft-1-1.noarch" },
		{ "left right", "left-1-1.noarch right-1-1.noarch" },
		{ "too* web-?", "tool-1-1.noarch web-a-1-1.noarch" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *got = solve(packages, cases[i][0], false);

		cr_expect_str_eq(got, cases[i][1], "%s: %s", cases[i][0], got);
	}
}

Test(yum_solve, recommends_when_asked)
{
	auto_free char *got = solve(packages, "soft", true);

	cr_expect_str_eq(got, "soft-1-1.noarch tool-1-1.noarch");
}

Test(yum_solve, says_what_is_missing)
{
	static const char *const bad[][2] = {
		{ "apq libb",
		  "2 not found:\n  test: apq: no such package for this CPU; near it: app\n  test: libb: no" },
		{ "broken app",
		  "1 of 2 cannot be installed:\n  test: broken cannot be installed:\n    nothing provides gone >= "
		  "5 needed by broken-1-1.noarch" },
		{ "/usr/bin/gone", "test: /usr/bin/gone: no package has this file" },
		{ "@core", "test: @core: no such group (no repository has groups)" },
	};

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_free char *got = solve(packages, bad[i][0], false);

		cr_expect_not_null(strstr(got, bad[i][1]), "%s: %s", bad[i][0], got);
	}
}

static const char modules[] =
	"---\ndocument: modulemd\nversion: 2\ndata:\n  name: web\n  stream: 1.10\n  artifacts:\n    rpms: "
	"[web-0:1-1.x86_64, web-0:1-1.src]\n...\n"
	"---\ndocument: modulemd\nversion: 2\ndata:\n  name: web\n  stream: \"2\"\n  artifacts:\n    rpms: "
	"[web-0:2-1.x86_64]\n...\n"
	"---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: web\n  stream: 1.10\n...\n";

/* The versions of web that a description leaves: of the default stream, of the one it names, none outside. */
Test(yum_modules, leave_one_stream_of_each)
{
	static const char *const cases[][2] = { { NULL, "1-1" }, { "web:2", "2-1" }, { "web:1.10", "1-1" } };

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", false);
		auto_rpm_modules struct oci_rpm_modules m = { 0 };
		auto_os struct oci_os os = { 0 };

		fill(p, "web 1-1 x86_64\nweb 2-1 x86_64\nweb 3-1 x86_64\nother 1-1 x86_64\n");
		if (cases[i][0])
			oci_strs_add(&oci_vec_push(&os.repos)->modules, cases[i][0]);
		cr_assert_eq(oci_rpm_modules_parse(&m, "M", modules, sizeof(modules) - 1, NULL), 0);
		cr_assert_eq(oci_yum_modules_apply(p, &m, &os, NULL), 0);
		auto_free char *want = oci_printf("web-%s.x86_64 other-1-1.x86_64", cases[i][1]), *got = left(p);

		cr_expect_str_eq(got, want);
	}
}

Test(yum_modules, name_a_stream_that_is_not_there)
{
	auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", false);
	auto_rpm_modules struct oci_rpm_modules m = { 0 };
	auto_err struct oci_err *err = NULL;
	auto_os struct oci_os os = { 0 };
	struct oci_os_repo *r = oci_vec_push(&os.repos);

	r->id = oci_strdup("up");
	oci_strs_add(&r->modules, "web:9");
	cr_assert_eq(oci_rpm_modules_parse(&m, "M", modules, sizeof(modules) - 1, NULL), 0);
	cr_expect_eq(oci_yum_modules_apply(p, &m, &os, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "up: modules: web:9: no such stream; of web there are 1.10, 2");
}

#define STREAM(module, stream, requires, artifact)                                                                     \
	"---\ndocument: modulemd\nversion: 2\ndata:\n  name: " module "\n  stream: \"" stream                          \
	"\"\n  dependencies: [{requires: {platform: [el9]" requires "}}]\n  artifacts: {rpms: [\"" artifact            \
								    "\"]}\n...\n"
#define DEFAULT(module, stream)                                                                                        \
	"---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: " module ", stream: \"" stream "\"}\n...\n"

static const char builds[] = STREAM("lib", "1", "", "lib-0:1-1.noarch") STREAM("lib", "2", "", "lib-0:2-1.noarch")
	DEFAULT("lib", "1") STREAM("use", "1", ", lib: ['1']", "use-0:1-1.noarch")
		STREAM("use", "1", ", lib: ['2']", "use-0:1-2.noarch") DEFAULT("use", "1")
			STREAM("top", "1", ", lib: ['2']", "top-0:1-1.noarch")
				STREAM("lost", "1", ", nowhere: []", "lost-0:1-1.noarch") DEFAULT("lost", "1");

/* A stream may be built against several streams of another: the build that goes with the one in use is taken. */
Test(yum_modules, take_the_build_that_goes_with_the_other_streams)
{
	static const char *const cases[][2] = {
		{ "lib:1", "lib-1-1.noarch use-1-1.noarch" },
		{ "lib:2", "lib-2-1.noarch use-1-2.noarch" },
		{ "lib:2 top:1", "lib-2-1.noarch use-1-2.noarch top-1-1.noarch" },
		{ "top:1", "up: modules: top:1: requires lib:2, but lib:1 is in use; say which in modules, too" },
		{ "lost:1", "up: modules: lost:1: requires nowhere:*, which no repository has" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", false);
		auto_rpm_modules struct oci_rpm_modules m = { 0 };
		auto_err struct oci_err *err = NULL;
		auto_os struct oci_os os = { 0 };
		struct oci_os_repo *up = oci_vec_push(&os.repos);
		struct oci_slice rest = oci_slice(cases[i][0]), word;

		up->id = oci_strdup("up");
		while (oci_slice_word(&rest, &word))
			oci_strs_add_take(&up->modules, oci_slice_dup(word));
		fill(p, "lib 1-1 noarch\nlib 2-1 noarch\nuse 1-1 noarch\nuse 1-2 noarch\ntop 1-1 noarch\nlost 1-1 "
			"noarch\n");
		cr_assert_eq(oci_rpm_modules_parse(&m, "M", builds, sizeof(builds) - 1, NULL), 0);
		int rc = oci_yum_modules_apply(p, &m, &os, &err);
		auto_free char *got = rc < 0 ? oci_strdup(oci_err_text(err)) : left(p);

		cr_expect_str_eq(got, cases[i][1]);
	}
}

/* Whoever provides a module's name makes way for it, unless its repository is said to mend modules. */
Test(yum_modules, hide_what_provides_their_names)
{
	for (int hotfixes = 0; hotfixes < 2; hotfixes++) {
		auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", false);
		auto_rpm_modules struct oci_rpm_modules m = { 0 };
		auto_os struct oci_os os = { 0 };
		struct oci_os_repo *repo = oci_vec_push(&os.repos);

		repo->module_hotfixes = hotfixes;
		fill(p, "web 1.10-1 x86_64\nweb 1-1 x86_64\n");
		fill_from(p, repo, "web 4-1 x86_64\nother 1-1 noarch provides web>=5\nfree 1-1 noarch requires web\n");
		cr_assert_eq(oci_rpm_modules_parse(&m, "M", modules, sizeof(modules) - 1, NULL), 0);
		cr_assert_eq(oci_yum_modules_apply(p, &m, &os, NULL), 0);
		auto_free char *got = left(p);

		cr_expect_str_eq(got, hotfixes ? "web-1-1.x86_64 web-4-1.x86_64 other-1-1.noarch free-1-1.noarch"
					       : "web-1-1.x86_64 free-1-1.noarch");
	}
}

/* A pattern means what it means in a list: "kernel-*" spares kernel itself while there is a kernel-devel anywhere. */
Test(yum_exclude, reads_patterns_among_all_repositories)
{
	static const char *const cases[][3] = {
		{ "kernel-*", NULL, "kernel-1-1.noarch app-2-1.noarch kernel-devel-1-1.noarch" },
		{ "*.noarch", NULL, "kernel-devel-1-1.noarch" },
		{ "kernel-1-1.noarch", NULL, "app-2-1.noarch kernel-devel-1-1.noarch" },
		{ NULL, "app-2*", "app-2-1.noarch kernel-devel-1-1.noarch" },
		{ "app", "*", "kernel-1-1.noarch kernel-devel-1-1.noarch" },
		{ NULL, "nothing", "kernel-devel-1-1.noarch" },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_yum_pool struct oci_yum_pool *p = oci_yum_pool_new("x86_64", false);
		auto_os struct oci_os os = { 0 };
		struct oci_os_repo *repo = oci_vec_push(&os.repos);

		if (cases[i][0])
			oci_strs_add(&repo->exclude, cases[i][0]);
		if (cases[i][1])
			oci_strs_add(&repo->include, cases[i][1]);
		fill_from(p, repo, "kernel 1-1 noarch\napp 2-1 noarch\n");
		fill(p, "kernel-devel 1-1 noarch\n");
		oci_yum_exclude(p);
		auto_free char *got = left(p);

		cr_expect_str_eq(got, cases[i][2], "%zu: %s", i, got);
	}
}
