#include "template/arena.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)64 * 1024)
#define ALIGN 16

struct oci_arena_chunk {
	struct oci_arena_chunk *next;
	size_t used, size;
	_Alignas(ALIGN) char data[];
};

static struct oci_arena_chunk *chunk_new(size_t n)
{
	size_t size = n > CHUNK ? n : CHUNK;
	struct oci_arena_chunk *c = oci_calloc(1, sizeof(*c) + size);

	c->size = size;
	return c;
}

void *oci_arena_alloc(struct oci_arena *a, size_t n)
{
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (!a->head || a->head->size - a->head->used < n) {
		struct oci_arena_chunk *c = chunk_new(n);

		/* A big piece goes behind the chunk that still has room. */
		if (a->head && n > CHUNK / 4) {
			c->next = a->head->next;
			a->head->next = c;
		} else {
			c->next = a->head;
			a->head = c;
		}
		c->used = n;
		a->total += n;
		return c->data;
	}
	void *p = a->head->data + a->head->used;

	a->head->used += n;
	a->total += n;
	return p;
}

char *oci_arena_strndup(struct oci_arena *a, const char *s, size_t n)
{
	char *copy = oci_arena_alloc(a, n + 1);

	if (n)
		memcpy(copy, s, n);
	return copy;
}

void oci_arena_clear(struct oci_arena *a)
{
	while (a->head) {
		struct oci_arena_chunk *next = a->head->next;

		free(a->head);
		a->head = next;
	}
	*a = (struct oci_arena){ 0 };
}
