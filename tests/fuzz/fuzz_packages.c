/* Packages files: index, then relations of everything that the first name reaches, then the solver. */
#include "pkgrepo/apt_solve.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_apt_index struct oci_apt_index ix = { 0 };
	struct oci_apt_file f = {
		.what = oci_strdup("Packages"), .base = oci_strdup(""), .pin = 500, .text = { (const char *)data, size }
	};

	if (oci_apt_index_add(&ix, &f, "amd64", NULL) < 0 || !ix.pkgs.n || ix.pkgs.n > 500)
		return 0;
	auto_apt_pool struct oci_apt_pool *p = oci_apt_pool_new(&ix, "amd64", true);
	auto_asks struct oci_asks asks = { 0 };
	auto_wants struct oci_wants wants = { 0 };
	auto_free char *name = oci_slice_dup(ix.pkgs.v[0].name);
	auto_queue Queue chosen;

	queue_init(&chosen);
	oci_wants_add(&wants, name, "fuzz");
	if (oci_apt_asks_make(p, &wants, true, &asks, NULL) < 0)
		return 0;
	const struct oci_solve question = oci_apt_question(p, &asks);

	oci_solve_all(&question, &chosen, NULL, NULL);
	return 0;
}
