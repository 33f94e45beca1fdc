#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

void *oci_vec_grow(void **v, size_t *n, size_t *cap, size_t size)
{
	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 8;
		*v = oci_realloc(*v, *cap, size);
	}
	char *slot = (char *)*v + *n * size;

	memset(slot, 0, size);
	(*n)++;
	return slot;
}

void oci_strs_add(struct oci_strs *s, const char *text)
{
	oci_strs_add_take(s, oci_strdup(text));
}

void oci_strs_add_take(struct oci_strs *s, char *text)
{
	*oci_vec_push(s) = text;
}

bool oci_strs_has(const struct oci_strs *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i], text) == 0)
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void oci_strs_sort(struct oci_strs *s)
{
	if (s->n > 1)
		qsort(s->v, s->n, sizeof(s->v[0]), by_bytes);
}

void oci_strs_clear(struct oci_strs *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	*s = (struct oci_strs){ 0 };
}
