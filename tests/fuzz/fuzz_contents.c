/* Contents lists: which package holds a path. */
#include "base/out.h"
#include "pkgrepo/apt_paths.h"
#include "pkgrepo/wants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_apt_paths struct oci_apt_paths paths = { 0 };
	auto_wants struct oci_wants wants = { 0 };
	auto_reader struct oci_reader r = oci_reader_of_memory(data, size);
	static const struct oci_out silent;

	oci_wants_add(&wants, "/usr/bin/nc", "fuzz");
	oci_wants_add(&wants, "/usr/share/a b", "fuzz");
	oci_apt_paths_want(&paths, &wants);
	if (oci_apt_paths_read(&paths, &r, "Contents", NULL) == 0)
		oci_apt_paths_settle(&paths, &silent);
	return 0;
}
