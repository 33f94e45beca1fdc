/* A hash map from bytes to a pointer: open addressing, keys copied into the map, order of insertion kept. */
#ifndef OCI_BASE_MAP_H
#define OCI_BASE_MAP_H

#include "base/auto.h"

struct oci_map_item {
	char *key; /* NUL-terminated behind its len bytes */
	size_t len;
	void *value;
};

struct oci_map {
	struct oci_map_item *items; /* in order of insertion: iterate over items[0..n) */
	size_t n, cap;
	uint32_t *slots; /* index + 1 into items, 0 is free */
	size_t n_slots;
	uint64_t seed; /* of this map, so that nobody can send keys which all collide */
};

void *oci_map_get(const struct oci_map *m, const char *key); /* NULL when absent */
void *oci_map_get_n(const struct oci_map *m, const char *key, size_t len);
bool oci_map_has(const struct oci_map *m, const char *key);

/* Where key's value stands, added as NULL when it was absent; valid until the next add. */
void **oci_map_at(struct oci_map *m, const char *key);
void **oci_map_at_n(struct oci_map *m, const char *key, size_t len);

bool oci_map_add(struct oci_map *m, const char *key, void *value); /* false, and unchanged, when key is there */
void oci_map_clear(struct oci_map *m);				   /* values are the caller's */
void oci_map_clear_with(struct oci_map *m, void (*free_value)(void *));

#define auto_map OCI_AUTO(oci_map_clear)

#endif
