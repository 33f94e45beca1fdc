#include "base/map.h"
#include "base/vec.h"

#include <criterion/criterion.h>

Test(map, keeps_a_thousand_keys_in_order)
{
	auto_map struct oci_map m = { 0 };

	for (size_t i = 1; i <= 1000; i++) {
		auto_free char *key = oci_printf("key-%zu", i);

		cr_assert(oci_map_add(&m, key, (void *)i));
	}
	cr_expect_not(oci_map_add(&m, "key-7", NULL));
	cr_expect_eq((size_t)oci_map_get(&m, "key-1000"), 1000);
	cr_expect_null(oci_map_get(&m, "key-1001"));
	cr_expect_str_eq(m.items[41].key, "key-42");
}

Test(vec, sorts_strings_by_bytes)
{
	auto_strs struct oci_strs s = { 0 };

	oci_strs_add(&s, "b");
	oci_strs_add(&s, "B");
	oci_strs_add(&s, "a");
	oci_strs_sort(&s);
	cr_expect_str_eq(s.v[0], "B");
	cr_expect_str_eq(s.v[2], "b");
	cr_expect(oci_strs_has(&s, "a"));
}
