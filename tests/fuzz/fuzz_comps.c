/* comps.xml: any bytes give an error or groups that can be asked for. */
#include "base/stream.h"
#include "pkgrepo/rpmmd_comps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	auto_err struct oci_err *err = NULL;
	auto_rpm_comps struct oci_rpm_comps comps = { 0 };
	auto_strs struct oci_strs members = { 0 };
	struct oci_reader r = oci_reader_of_memory(data, n);

	if (oci_rpm_comps_read(&comps, &r, "fuzz", n, &err) == 0 && comps.groups.n)
		oci_rpm_comps_members(&comps, comps.groups.v[0].id, &members);
	oci_reader_close(&r);
	return 0;
}
