#include "storage/tree.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *oci_tree_blob(char *buf, const struct oci_digest *d)
{
	const char *hex = OCI_HEX(d);

	snprintf(buf, OCI_TREE_PATH, "blobs/%s/%.2s/%s", oci_digest_algorithm(d), hex, hex);
	return buf;
}

const char *oci_tree_layer(char *buf, const struct oci_digest *d)
{
	snprintf(buf, OCI_TREE_PATH, "_layers/%s/%s", oci_digest_algorithm(d), OCI_HEX(d));
	return buf;
}

const char *oci_tree_revision(char *buf, const struct oci_digest *d)
{
	snprintf(buf, OCI_TREE_PATH, "_manifests/revisions/%s/%s", oci_digest_algorithm(d), OCI_HEX(d));
	return buf;
}

const char *oci_tree_current(char *buf, const char *tag)
{
	snprintf(buf, OCI_TREE_PATH, "_manifests/tags/%s/current", tag);
	return buf;
}

const char *oci_tree_index(char *buf, const char *tag, const struct oci_digest *d)
{
	snprintf(buf, OCI_TREE_PATH, "_manifests/tags/%s/index/%s/%s", tag, oci_digest_algorithm(d), OCI_HEX(d));
	return buf;
}

bool oci_tree_link_read(int fd, const char *in, struct oci_digest *out)
{
	char path[OCI_TREE_PATH + 16], text[OCI_DIGEST_TEXT];

	snprintf(path, sizeof(path), "%s/link", in);
	auto_fd int link = openat(fd, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = link < 0 ? -1 : read(link, text, sizeof(text));

	return n > 0 && oci_digest_parse(oci_slice_trim((struct oci_slice){ text, (size_t)n }), out, NULL) == 0;
}

int oci_tree_link_write(int fd, const char *in, const struct oci_digest *d, struct oci_err **err)
{
	char path[OCI_TREE_PATH + 16], aside[OCI_TREE_PATH + 16], text[OCI_DIGEST_TEXT];

	snprintf(path, sizeof(path), "%s/link", in);
	snprintf(aside, sizeof(aside), "%s/link.partial", in);
	auto_fd int link = openat(fd, aside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (link < 0)
		return oci_fail_errno(err, "cannot write %s", path);
	oci_digest_text(d, text);
	if (oci_file_write_fd(link, path, text, strlen(text), err) < 0)
		return -1;
	return renameat(fd, aside, fd, path) < 0 ? oci_fail_errno(err, "cannot write %s", path) : 0;
}

int oci_tree_mkdir(int fd, const char *path, bool *made, struct oci_err **err)
{
	*made = mkdirat(fd, path, 0755) == 0;
	if (*made || errno == EEXIST)
		return 0;
	const char *slash = strrchr(path, '/');

	if (errno != ENOENT || !slash)
		return oci_fail_errno(err, "cannot make folder %s", path);
	auto_free char *parent = oci_strndup(path, (size_t)(slash - path));

	if (oci_tree_mkdir(fd, parent, made, err) < 0)
		return -1;
	*made = mkdirat(fd, path, 0755) == 0;
	return *made || errno == EEXIST ? 0 : oci_fail_errno(err, "cannot make folder %s", path);
}
