#include "registry/link.h"

#include <criterion/criterion.h>

Test(link, finds_the_next_page)
{
	static const char *const cases[][2] = {
		{ "</v2/a/tags/list?last=x&n=2>; rel=\"next\"", "/v2/a/tags/list?last=x&n=2" },
		{ "<a>; rel=prev, <b>; title=\"x, <c>; rel=next\"; rel=next", "b" },
		{ "<a>;REL=\"last Next\"", "a" },
		{ "<a>; rel=\"nextish\"", NULL },
		{ "<a>", NULL },
		{ "<a", NULL },
		{ "<a>; rel=\"next", NULL },
		{ "a; rel=next", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < OCI_COUNT(cases); i++) {
		auto_free char *next = oci_link_next(cases[i][0]);
		cr_expect(oci_streq(next, cases[i][1]), "%s: %s", cases[i][0], next);
	}
}
