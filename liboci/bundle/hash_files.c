#include "bundle/hash_files.h"

#include "digest/hasher.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS_MAX 8

struct work {
	int dir;
	struct oci_hash_file *v;
	size_t n, next, failed;
	const struct oci_out *out;
	pthread_mutex_t lock;
};

static int hash_one(const struct work *w, struct oci_hash_file *f)
{
	/* A FIFO would wait for a writer: O_NONBLOCK opens it at once, and the next check refuses it. */
	auto_fd int fd = openat(w->dir, f->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return oci_fail_errno(&f->err, "%s", f->path);
	if (!S_ISREG(st.st_mode))
		return oci_fail(&f->err, OCI_BADINPUT, "%s: not a file", f->path);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return oci_hash_fd(f->algorithm ? f->algorithm : OCI_SHA256, fd, f->path, &f->digest, &f->size, &f->err);
}

static struct oci_hash_file *next(struct work *w, const struct oci_hash_file *done)
{
	struct oci_hash_file *f = NULL;

	pthread_mutex_lock(&w->lock);
	if (done) {
		w->failed += done->err != NULL;
		oci_progress(w->out, OCI_EVENT_BYTES, "files", done->size, NULL);
	}
	if (w->next < w->n)
		f = &w->v[w->next++];
	pthread_mutex_unlock(&w->lock);
	return f;
}

static void *work(void *ctx)
{
	struct work *w = ctx;
	struct oci_hash_file *f = NULL;

	while ((f = next(w, f)) != NULL)
		hash_one(w, f);
	return NULL;
}

/* One for each CPU: with fewer, hashing would be slower than a good disk. */
static size_t threads_wanted(int jobs)
{
	long n = jobs > 0 ? jobs : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (size_t)n;
}

size_t oci_hash_files(const char *dir, struct oci_hash_file *v, size_t n, int jobs, const struct oci_out *out)
{
	struct work w = { .dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), .v = v, .n = n, .out = out };
	pthread_t helpers[THREADS_MAX - 1];
	size_t started = 0, wanted = threads_wanted(jobs) - 1;

	pthread_mutex_init(&w.lock, NULL);
	while (started < wanted && pthread_create(&helpers[started], NULL, work, &w) == 0)
		started++;
	work(&w);
	while (started > 0)
		pthread_join(helpers[--started], NULL);
	pthread_mutex_destroy(&w.lock);
	oci_auto_close(&w.dir);
	return w.failed;
}
