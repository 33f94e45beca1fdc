/* INI inventories: whatever stands in them, every variable that came of it renders or is refused. */
#include "listgen/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void render(void *ctx, const char *name)
{
	auto_err struct oci_err *err = NULL;
	const struct oci_val *v;

	oci_tmpl_var(oci_vars_engine(ctx), name, &v, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_vars struct oci_vars *v = oci_vars_new();
	auto_free char *text = oci_strndup((const char *)data, n);

	if (oci_inventory_add_ini(v, "fuzz", oci_slice(text), NULL) == 0)
		oci_vars_each(v, render, v);
	return 0;
}
