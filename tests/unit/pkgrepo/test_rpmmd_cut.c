#include "pkgrepo/rpmmd_cut.h"

#include <criterion/criterion.h>
#include <string.h>

static bool keep(void *ctx, const char *key)
{
	return *key && strstr(ctx, key);
}

static const char *const units[] = { "group", NULL }, *const lists[] = { "packagelist", NULL };

static int cut(struct oci_rpm_cut *c, const char *text, const char *wanted, struct oci_err **err)
{
	const struct oci_rpm_cut_rules rules = { .root = "comps",
						 .units = units,
						 .lists = lists,
						 .item = "packagereq",
						 .keep = keep,
						 .ctx = (void *)wanted };

	return oci_rpm_cut_read(c, &rules, "comps.xml", oci_slice(text), err);
}

Test(rpmmd_cut, keeps_what_is_wanted_as_it_is_written)
{
	static const char text[] =
		"<?xml version=\"1.0\"?>\n<!DOCTYPE comps PUBLIC \"-//x//DTD\" \"comps.dtd\">\n<comps>\n  <group>\n    "
		"<id>a</id>\n    <name>A &amp; B</name>\n"
		"    <packagelist>\n      <packagereq type=\"default\">one</packagereq>\n"
		"      <packagereq>two</packagereq>\n      <packagereq/>\n    </packagelist>\n  </group>\n"
		"  <group>\n    <id>b</id>\n    <packagelist><packagereq>two</packagereq></packagelist>\n"
		"  </group>\n  <other><packagereq>one</packagereq></other>\n</comps>";
	auto_rpm_cut struct oci_rpm_cut c = { 0 };
	auto_buf struct oci_buf out = { 0 };

	cr_assert_eq(cut(&c, text, "one,three", NULL), 0);
	oci_rpm_cut_print(&c, &out);
	cr_expect_str_eq(oci_buf_text(&out),
			 "  <group>\n    <id>a</id>\n    <name>A &amp; B</name>\n    <packagelist>\n"
			 "      <packagereq type=\"default\">one</packagereq>\n    </packagelist>\n  </group>\n");
}

Test(rpmmd_cut, joins_what_two_documents_say_of_one_unit)
{
	auto_rpm_cut struct oci_rpm_cut c = { 0 };
	auto_buf struct oci_buf out = { 0 };

	cr_assert_eq(cut(&c,
			 "<comps><group><id>a</id><packagelist><packagereq>one</packagereq></packagelist><x/></group></"
			 "comps>",
			 "one,two", NULL),
		     0);
	cr_assert_eq(
		cut(&c,
		    "<comps><group><packagelist><packagereq>one</packagereq><packagereq>two</packagereq></packagelist>"
		    "<id>a</id></group></comps>",
		    "one,two", NULL),
		0);
	oci_rpm_cut_print(&c, &out);
	cr_expect_str_eq(oci_buf_text(&out), "  <group><id>a</id><packagelist><packagereq>one</packagereq>\n"
					     "      <packagereq>two</packagereq></packagelist><x/></group>\n");
}

Test(rpmmd_cut, says_what_is_wrong_and_where)
{
	static const char *const bad[][2] = { { "<updates/>", "comps.xml:1:1: <updates> where <comps> is wanted" },
					      { "<comps><group>", "comps.xml:1:" },
					      { "<!DOCTYPE a [<!ENTITY b \"c\">]><comps/>",
						"a DOCTYPE with declarations" } };

	for (size_t i = 0; i < OCI_COUNT(bad); i++) {
		auto_rpm_cut struct oci_rpm_cut c = { 0 };
		auto_err struct oci_err *err = NULL;

		cr_expect_eq(cut(&c, bad[i][0], "", &err), -1);
		cr_expect_not_null(strstr(oci_err_text(err), bad[i][1]), "%s", oci_err_text(err));
	}
}
