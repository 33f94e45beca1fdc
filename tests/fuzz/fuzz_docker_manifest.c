/* Any bytes as the manifest.json of a docker archive with one config and one layer in it. */
#include "archive/tar_write.h"
#include "base/file.h"
#include "transport/source.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(struct oci_tar_write *tar, const char *path, const void *data, size_t n)
{
	const struct oci_tar_entry e = { .type = OCI_TAR_FILE, .path = path, .mode = 0644, .size = n };

	oci_tar_write_entry(tar, &e, NULL);
	oci_tar_write_data(tar, data, n, NULL);
}

static int write_fd(void *fd, const void *data, size_t n, struct oci_err **err)
{
	return oci_file_write_fd(*(int *)fd, "fuzz", data, n, err);
}

static void write_archive(int fd, const uint8_t *data, size_t size)
{
	static const char config[] = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"diff_ids\":[\"sha256:"
				     "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03\"]}}";
	struct oci_writer to = { write_fd, NULL, NULL, &fd };
	auto_tar_write struct oci_tar_write *tar = oci_tar_write_new(&to);

	add(tar, "manifest.json", data, size);
	add(tar, "c.json", config, sizeof(config) - 1);
	add(tar, "l.tar", "hello\n", 6);
	oci_tar_write_end(tar, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_fd int fd = memfd_create("fuzz", MFD_CLOEXEC);
	auto_free char *spec = oci_printf("docker-archive:/proc/self/fd/%d", fd);
	auto_source struct oci_source src = { 0 };
	auto_ref struct oci_ref ref = { 0 };
	struct oci_need need = { .ref = &ref };
	struct oci_out out = { 0 };

	if (fd < 0)
		return 0;
	write_archive(fd, data, size);
	if (oci_source_open(spec, &out, &src, NULL) < 0)
		return 0;
	oci_ref_parse("a:1", &ref, NULL);
	oci_source_manifests(&src, &need, 1);
	oci_need_clear(&need);
	return 0;
}
