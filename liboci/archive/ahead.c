#include "archive/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK (256 * 1024)
#define CHUNKS 4

struct chunk {
	char *data;
	size_t len;
};

/* A ring: the thread fills chunks[filled % CHUNKS], the reader empties chunks[emptied % CHUNKS]. */
struct ahead {
	struct oci_reader from;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct chunk chunks[CHUNKS];
	size_t filled, emptied;
	size_t at;	/* how far the reader is in its chunk */
	bool ended;	/* the thread is done: with err, or at the end */
	bool abandoned; /* the reader is closed */
	struct oci_err *err;
};

/* Wait for room; NULL when nobody reads any more. */
static struct chunk *next_free(struct ahead *a)
{
	struct chunk *c = NULL;

	pthread_mutex_lock(&a->lock);
	while (!a->abandoned && a->filled - a->emptied == CHUNKS)
		pthread_cond_wait(&a->changed, &a->lock);
	if (!a->abandoned)
		c = &a->chunks[a->filled % CHUNKS];
	pthread_mutex_unlock(&a->lock);
	return c;
}

static void hand_over(struct ahead *a, bool ended, struct oci_err *err)
{
	pthread_mutex_lock(&a->lock);
	if (ended)
		a->ended = true;
	else
		a->filled++;
	a->err = err;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static void *fill(void *ctx)
{
	struct ahead *a = ctx;
	struct chunk *c;

	while ((c = next_free(a)) != NULL) {
		struct oci_err *err = NULL;
		ssize_t n = oci_reader_fill(&a->from, c->data, CHUNK, &err);

		c->len = n > 0 ? (size_t)n : 0;
		if (n > 0)
			hand_over(a, false, NULL);
		if (n < CHUNK) {
			hand_over(a, true, err);
			return NULL;
		}
	}
	return NULL;
}

/* Wait for bytes; false at the end. */
static bool next_filled(struct ahead *a)
{
	pthread_mutex_lock(&a->lock);
	while (a->filled == a->emptied && !a->ended)
		pthread_cond_wait(&a->changed, &a->lock);
	bool some = a->filled != a->emptied;

	pthread_mutex_unlock(&a->lock);
	return some;
}

static void emptied(struct ahead *a)
{
	a->at = 0;
	pthread_mutex_lock(&a->lock);
	a->emptied++;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static ssize_t ahead_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct ahead *a = ctx;

	if (!next_filled(a)) {
		if (!a->err)
			return 0;
		struct oci_err *copy = oci_err_dup(a->err);

		return oci_fail_with(err, &copy);
	}
	struct chunk *c = &a->chunks[a->emptied % CHUNKS];

	if (n > c->len - a->at)
		n = c->len - a->at;
	memcpy(buf, c->data + a->at, n);
	a->at += n;
	if (a->at == c->len)
		emptied(a);
	return (ssize_t)n;
}

static void free_ahead(struct ahead *a)
{
	for (size_t i = 0; i < CHUNKS; i++)
		free(a->chunks[i].data);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->changed);
	oci_err_clear(&a->err);
	free(a);
}

static void ahead_close(void *ctx)
{
	struct ahead *a = ctx;

	pthread_mutex_lock(&a->lock);
	a->abandoned = true;
	pthread_cond_signal(&a->changed);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	oci_reader_close(&a->from);
	free_ahead(a);
}

struct oci_reader oci_ahead_reader(struct oci_reader from_take)
{
	struct ahead *a = oci_calloc(1, sizeof(*a));

	a->from = from_take;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	for (size_t i = 0; i < CHUNKS; i++)
		a->chunks[i].data = oci_realloc(NULL, CHUNK, 1);
	if (pthread_create(&a->thread, NULL, fill, a) != 0) {
		free_ahead(a);
		return from_take;
	}
	return (struct oci_reader){ ahead_read, ahead_close, a };
}
