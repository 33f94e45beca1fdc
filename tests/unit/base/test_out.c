#include "base/out.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct caught {
	char *data, *notes;
	size_t data_len, notes_len;
	struct oci_out out;
};

static void begin(struct caught *c)
{
	c->out.data = open_memstream(&c->data, &c->data_len);
	c->out.notes = open_memstream(&c->notes, &c->notes_len);
}

static void end(struct caught *c)
{
	fclose(c->out.data);
	fclose(c->out.notes);
}

static void drop(struct caught *c)
{
	free(c->data);
	free(c->notes);
}

Test(out, writes_records_with_tabs)
{
	OCI_AUTO(drop) struct caught c = { 0 };

	begin(&c);
	oci_say(&c.out, OCI_TEXT("name", "a\tb"), OCI_NUM("bytes", 12));
	end(&c);
	cr_expect_str_eq(c.data, "a\\tb\t12\n");
}

Test(out, writes_records_as_json_lines)
{
	OCI_AUTO(drop) struct caught c = { .out.json = true };

	begin(&c);
	oci_say(&c.out, OCI_TEXT("name", "a\"\n\\"), OCI_NUM("bytes", 12));
	end(&c);
	cr_expect_str_eq(c.data, "{\"name\":\"a\\\"\\u000a\\\\\",\"bytes\":12}\n");
}

Test(out, json_lines_are_utf8_whatever_a_text_holds)
{
	OCI_AUTO(drop) struct caught c = { .out.json = true };

	begin(&c);
	oci_say(&c.out, OCI_TEXT("name", "\xc3\xa9|\xff|\xc3|\xed\xa0\x80|\x7f"));
	end(&c);
	cr_expect_str_eq(c.data, "{\"name\":\"\xc3\xa9|\\ufffd|\\ufffd|\\ufffd\\ufffd\\ufffd|\x7f\"}\n");
}

Test(out, notes_hold_nothing_that_a_terminal_obeys)
{
	OCI_AUTO(drop) struct caught c = { 0 };

	begin(&c);
	oci_note(&c.out, "%s", "\xc3\xa9 a\tb\nc \x1b[2J \r \xc2\x9b \x7f \xff");
	end(&c);
	cr_expect_str_eq(c.notes, "\xc3\xa9 a\tb\nc \\x1b[2J \\x0d \\xc2\\x9b \\x7f \\xff\n");
}

Test(out, quiet_leaves_notes_out)
{
	OCI_AUTO(drop) struct caught c = { .out.level = -1 };

	begin(&c);
	oci_warn(&c.out, "never seen");
	end(&c);
	cr_expect_str_eq(c.notes, "");
}

Test(out, lists_failures_once_more_at_the_end)
{
	OCI_AUTO(drop) struct caught c = { 0 };
	auto_failures struct oci_failures f = { 0 };
	auto_err struct oci_err *one = NULL, *two = NULL, *err = NULL;

	begin(&c);
	oci_fail(&one, OCI_FAILED, "a: gone");
	oci_fail(&two, OCI_FAILED, "b: gone");
	oci_failures_add_take(&f, &c.out, &one);
	oci_failures_add_take(&f, &c.out, &two);
	end(&c);
	cr_expect_eq(oci_failures_end(&f, 5, &err), -1);
	cr_expect_str_eq(oci_err_text(err), "2 of 5 failed:\n  a: gone\n  b: gone");
	cr_expect_str_eq(c.notes, "failed: a: gone\nfailed: b: gone\n");
}

Test(out, prints_bytes_for_people)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = { { 0, "0 bytes" },
		      { 999, "999 bytes" },
		      { 1500, "1.5 kB" },
		      { 999999, "1.0 MB" },
		      { 80000000, "80.0 MB" } };

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *text = oci_bytes_text(cases[i].bytes);

		cr_expect_str_eq(text, cases[i].text);
	}
}
