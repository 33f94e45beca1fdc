/* A system's own settings: one input is its sources.list, a deb822 .sources file, a .repo file and its os-release. */
#include "base/file.h"
#include "base/path.h"
#include "pkgrepo/os.h"
#include "pkgrepo/os_host.h"

#include <fcntl.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char root[] = "/tmp/fuzz-os-host-XXXXXX";

static void drop_root(void)
{
	oci_path_remove_tree(root, NULL);
}

static void make_dirs(const char *path)
{
	auto_free char *dir = oci_path_join(root, path);

	oci_path_mkdirs(dir, NULL);
}

static void put(const char *path, const void *data, size_t n)
{
	auto_free char *file = oci_path_join(root, path);
	auto_fd int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || oci_file_write_fd(fd, file, data, n, NULL) < 0)
		abort();
}

static void begin(void)
{
	static const char release[] = "ID=rocky\nVERSION_ID=9.4\n";
	static bool begun;

	if (begun)
		return;
	begun = true;
	if (!mkdtemp(root))
		abort();
	atexit(drop_root);
	make_dirs("apt/etc/apt/sources.list.d");
	make_dirs("yum/etc/yum.repos.d");
	put("yum/etc/os-release", release, sizeof(release) - 1);
}

static void read_root(const char *name)
{
	auto_free char *path = oci_path_join(root, name);
	auto_os struct oci_os os = { 0 };

	if (oci_os_host(path, &os, NULL) == 0 && (!oci_path_is_local(os.name) || !os.repos.n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char release[] = "ID=debian\nVERSION_ID=12\n";

	begin();
	put("apt/etc/apt/sources.list", data, size);
	put("apt/etc/apt/sources.list.d/a.sources", data, size);
	put("yum/etc/yum.repos.d/a.repo", data, size);
	put("apt/etc/os-release", release, sizeof(release) - 1);
	read_root("apt");
	put("apt/etc/os-release", data, size);
	read_root("apt");
	read_root("yum");
	return 0;
}
