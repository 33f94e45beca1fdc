#include "ops/chosen.h"

#include "base/list.h"

#define NAMES_SHOWN 5

int oci_chosen_load(struct oci_chosen *c, const struct oci_strs *lists, char *const *operands, struct oci_err **err)
{
	const struct oci_list_args args = { lists->v, lists->n, operands, "names" };
	auto_list struct oci_list list = { 0 };

	c->some = lists->n || (operands && *operands);
	if (c->some && oci_list_gather(&list, &args, err) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		auto_ref struct oci_ref ref = { 0 };
		auto_free char *where = oci_list_where(&list.v[i]);
		struct oci_slice rest = oci_slice(list.v[i].text), word = { 0 };

		oci_slice_word(&rest, &word);
		if (oci_ref_parse_slice(word, &ref, err) < 0)
			return oci_fail_in(err, "%s", where);
		auto_free char *name = oci_ref_name(&ref);

		oci_map_add(&c->names, name, NULL);
	}
	return 0;
}

bool oci_chosen_has(const struct oci_chosen *c, const char *name)
{
	return !c->some || oci_map_has(&c->names, name);
}

int oci_chosen_absent(const char *name, const struct oci_layout *layouts, size_t n, struct oci_err **err)
{
	auto_buf struct oci_buf have = { 0 };
	size_t shown = 0;

	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < layouts[k].by_name.n; i++, shown++)
			if (shown < NAMES_SHOWN)
				oci_buf_addf(&have, "%s%s", shown ? ", " : "", layouts[k].by_name.items[i].key);
	return oci_fail(err, OCI_NOTFOUND, "%s: not in %s%s; it has %s%s", name, layouts[0].dir,
			n > 1 ? " and the other layouts" : "", shown ? have.data : "no names",
			shown > NAMES_SHOWN ? ", …" : "");
}

void oci_chosen_clear(struct oci_chosen *c)
{
	oci_map_clear(&c->names);
}
