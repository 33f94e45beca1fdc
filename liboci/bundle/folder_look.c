#include "bundle/folder_look.h"

#include "archive/deflate.h"
#include "base/path.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define SAMPLE (32 * 1024)
#define WORTH_IT 70 /* percent: packing that leaves more costs more than it saves */

/* Leave out samples that are nearer to the one before than they need be for all bytes so far. */
static void thin_out(struct oci_folder_look *l)
{
	uint64_t step = l->passed / OCI_FOLDER_SAMPLES;
	size_t kept = 0;

	l->next = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (l->samples[i].at < l->next) {
			free(l->samples[i].path);
			continue;
		}
		l->next = l->samples[i].at + step;
		l->samples[kept++] = l->samples[i];
	}
	l->n = kept;
}

void oci_folder_look_at(struct oci_folder_look *l, const struct oci_folder_item *item)
{
	l->passed += item->size;
	if (item->type != OCI_TAR_FILE || item->size == 0 || l->passed < l->next)
		return;
	if (l->n == OCI_COUNT(l->samples))
		thin_out(l);
	if (l->passed >= l->next)
		l->samples[l->n++] = (struct oci_folder_sample){ oci_strdup(item->path), item->size, l->passed };
}

/* Percent that quick packing leaves of one sample; a file that cannot be read will be found out later. */
static unsigned try_packing(const struct oci_folder_sample *s, const char *dir, char *buf)
{
	auto_free char *file = oci_path_join(dir, s->path);
	auto_fd int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : pread(fd, buf, SAMPLE, (off_t)(s->size > SAMPLE ? (s->size - SAMPLE) / 2 : 0));

	return n > 0 ? oci_deflate_estimate(buf, (size_t)n) : 100;
}

enum oci_compression oci_folder_look_end(struct oci_folder_look *l, const char *dir)
{
	auto_free char *buf = oci_realloc(NULL, SAMPLE, 1);
	uint64_t sum = 0;

	thin_out(l);
	for (size_t i = 0; i < l->n; i++)
		sum += try_packing(&l->samples[i], dir, buf);
	return l->n && sum / l->n < WORTH_IT ? OCI_GZIP : OCI_PLAIN;
}

void oci_folder_look_clear(struct oci_folder_look *l)
{
	while (l->n > 0)
		free(l->samples[--l->n].path);
}
