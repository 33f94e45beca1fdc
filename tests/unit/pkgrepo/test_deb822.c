#include "pkgrepo/deb822.h"

#include <criterion/criterion.h>

static const char text[] =
	"\n\nPackage: a\nDescription: one\n two\n .\n three\n# comment\nDepends: b,\n c\n\n \nPackage: d\n";

Test(deb822, cuts_stanzas_at_blank_lines)
{
	struct oci_slice rest = oci_slice(text), stanza;

	cr_assert(oci_stanza_next(&rest, &stanza));
	cr_expect(oci_slice_eq(oci_stanza_get(stanza, "package"), "a"));
	cr_assert(oci_stanza_next(&rest, &stanza));
	cr_expect(oci_slice_eq(oci_stanza_get(stanza, "Package"), "d"));
	cr_expect_not(oci_stanza_next(&rest, &stanza));
}

Test(deb822, joins_continuation_lines)
{
	struct oci_slice rest = oci_slice(text), stanza;

	cr_assert(oci_stanza_next(&rest, &stanza));
	cr_expect(oci_slice_eq(oci_stanza_get(stanza, "Description"), "one\n two\n .\n three"));
	cr_expect(oci_slice_eq(oci_stanza_get(stanza, "Depends"), "b,\n c"));
	cr_expect_eq(oci_stanza_get(stanza, "Absent").len, 0);
}

Test(deb822, fields_give_every_byte_back)
{
	static const char stanza_text[] = "A: 1\nB:\n 2\nC: 3";
	struct oci_slice stanza = oci_slice(stanza_text);
	struct oci_field822 f;
	size_t total = 0;

	while (oci_stanza_field(&stanza, &f))
		total += f.whole.len;
	cr_expect_eq(total, sizeof(stanza_text) - 1);
}

Test(deb822, a_line_without_colon_has_no_name)
{
	struct oci_slice stanza = oci_slice("nonsense\n");
	struct oci_field822 f;

	cr_assert(oci_stanza_field(&stanza, &f));
	cr_expect_eq(f.name.len, 0);
	cr_expect(oci_slice_eq(f.value, "nonsense"));
}
