#include "base/map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* FNV-1a from the map's own seed. */
static uint64_t hash(const struct oci_map *m, const char *key, size_t len)
{
	uint64_t h = m->seed;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)key[i]) * 1099511628211ULL;
	return h ^ (h >> 32);
}

static uint32_t *find_slot(const struct oci_map *m, const char *key, size_t len)
{
	size_t mask = m->n_slots - 1;

	for (size_t i = hash(m, key, len) & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &m->slots[i];

		if (!*slot)
			return slot;
		const struct oci_map_item *it = &m->items[*slot - 1];

		if (it->len == len && memcmp(it->key, key, len) == 0)
			return slot;
	}
}

static void grow(struct oci_map *m)
{
	if (!m->seed && getrandom(&m->seed, sizeof(m->seed), 0) != sizeof(m->seed))
		m->seed = 14695981039346656037ULL;
	free(m->slots);
	m->n_slots = m->n_slots ? m->n_slots * 2 : 16;
	m->slots = oci_calloc(m->n_slots, sizeof(*m->slots));
	m->cap = m->n_slots / 2;
	m->items = oci_realloc(m->items, m->cap, sizeof(*m->items));
	for (size_t i = 0; i < m->n; i++)
		*find_slot(m, m->items[i].key, m->items[i].len) = (uint32_t)(i + 1);
}

void *oci_map_get_n(const struct oci_map *m, const char *key, size_t len)
{
	if (!m->n)
		return NULL;
	uint32_t *slot = find_slot(m, key, len);

	return *slot ? m->items[*slot - 1].value : NULL;
}

void *oci_map_get(const struct oci_map *m, const char *key)
{
	return oci_map_get_n(m, key, strlen(key));
}

bool oci_map_has(const struct oci_map *m, const char *key)
{
	return m->n && *find_slot(m, key, strlen(key));
}

void **oci_map_at_n(struct oci_map *m, const char *key, size_t len)
{
	if (m->n == m->cap)
		grow(m);
	uint32_t *slot = find_slot(m, key, len);

	if (!*slot) {
		struct oci_map_item *it = &m->items[m->n++];

		*it = (struct oci_map_item){ .key = oci_realloc(NULL, len + 1, 1), .len = len };
		memcpy(it->key, key, len);
		it->key[len] = '\0';
		*slot = (uint32_t)m->n;
	}
	return &m->items[*slot - 1].value;
}

void **oci_map_at(struct oci_map *m, const char *key)
{
	return oci_map_at_n(m, key, strlen(key));
}

bool oci_map_add(struct oci_map *m, const char *key, void *value)
{
	if (oci_map_has(m, key))
		return false;
	*oci_map_at(m, key) = value;
	return true;
}

void oci_map_clear_with(struct oci_map *m, void (*free_value)(void *))
{
	for (size_t i = 0; i < m->n; i++) {
		if (free_value)
			free_value(m->items[i].value);
		free(m->items[i].key);
	}
	free(m->items);
	free(m->slots);
	*m = (struct oci_map){ 0 };
}

void oci_map_clear(struct oci_map *m)
{
	oci_map_clear_with(m, NULL);
}
