#include "base/slice.h"

#include <criterion/criterion.h>

Test(slice, one_without_an_address_is_an_empty_one)
{
	struct oci_slice none = { 0 }, head, rest, word;

	cr_expect_not(oci_slice_word(&none, &word));
	cr_expect_not_null(word.p);
	cr_expect_not_null(none.p);
	cr_expect_not(oci_slice_cut((struct oci_slice){ 0 }, '=', &head, &rest));
	cr_expect_not_null(head.p);
	cr_expect_not_null(rest.p);
	cr_expect_not_null(oci_slice_trim((struct oci_slice){ 0 }).p);
}
