#include "base/paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { CHUNK_NODES = 512, TEXT_BLOCK = 65536 };

/* The value stands behind it. */
struct node {
	const char *name;
	uint32_t parent, id;
};

static size_t stride(const struct oci_paths *p)
{
	return sizeof(struct node) + (p->value_size + 7) / 8 * 8;
}

static struct node *node_at(const struct oci_paths *p, uint32_t id)
{
	return (struct node *)(void *)(p->chunks[id / CHUNK_NODES] + id % CHUNK_NODES * stride(p));
}

static const struct node *node_of(const void *value)
{
	return (const struct node *)value - 1;
}

/* FNV-1a from the tree's own seed. */
static uint64_t hash(const struct oci_paths *p, uint32_t parent, const char *name, size_t len)
{
	uint64_t h = (p->seed ^ parent) * 1099511628211ULL;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 1099511628211ULL;
	return h ^ (h >> 32);
}

static uint32_t *find_slot(const struct oci_paths *p, uint32_t parent, const char *name, size_t len)
{
	size_t mask = p->n_slots - 1;

	for (size_t i = hash(p, parent, name, len) & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &p->slots[i];

		if (!*slot)
			return slot;
		const struct node *node = node_at(p, *slot);

		if (node->parent == parent && strncmp(node->name, name, len) == 0 && !node->name[len])
			return slot;
	}
}

static void grow_slots(struct oci_paths *p)
{
	if (!p->seed && getrandom(&p->seed, sizeof(p->seed), 0) != sizeof(p->seed))
		p->seed = 14695981039346656037ULL;
	free(p->slots);
	p->n_slots = p->n_slots ? p->n_slots * 2 : 64;
	p->slots = oci_calloc(p->n_slots, sizeof(*p->slots));
	for (uint32_t id = 1; id < p->n; id++) {
		const struct node *node = node_at(p, id);

		*find_slot(p, node->parent, node->name, strlen(node->name)) = id;
	}
}

static const char *keep_name(struct oci_paths *p, const char *name, size_t len)
{
	if (p->text_size - p->text_used <= len) {
		p->text_size = len < TEXT_BLOCK ? TEXT_BLOCK : len + 1;
		p->text_used = 0;
		p->texts = oci_realloc(p->texts, p->n_texts + 1, sizeof(*p->texts));
		p->texts[p->n_texts++] = oci_realloc(NULL, p->text_size, 1);
	}
	char *at = p->texts[p->n_texts - 1] + p->text_used;

	memcpy(at, name, len);
	at[len] = '\0';
	p->text_used += len + 1;
	return at;
}

static struct node *add_node(struct oci_paths *p, uint32_t parent, const char *name, size_t len)
{
	uint32_t id = p->n++;

	if (id % CHUNK_NODES == 0) {
		p->chunks = oci_realloc(p->chunks, id / CHUNK_NODES + 1, sizeof(*p->chunks));
		p->chunks[id / CHUNK_NODES] = oci_calloc(CHUNK_NODES, stride(p));
	}
	struct node *node = node_at(p, id);

	*node = (struct node){ keep_name(p, name, len), parent, id };
	return node;
}

/* Cut the next part off path[*at..n); false at the end. */
static bool next_part(const char *path, size_t n, size_t *at, const char **part, size_t *len)
{
	if (*at >= n)
		return false;
	const char *slash = memchr(path + *at, '/', n - *at);

	*part = path + *at;
	*len = slash ? (size_t)(slash - *part) : n - *at;
	*at += *len + 1;
	return true;
}

void *oci_paths_nearest(const struct oci_paths *p, const char *path, size_t n, bool *whole)
{
	const char *part;
	size_t at = 0, len;
	uint32_t id = 0;

	*whole = false;
	if (!p->n)
		return NULL;
	while (next_part(path, n, &at, &part, &len)) {
		uint32_t next = p->n_slots ? *find_slot(p, id, part, len) : 0;

		if (!next)
			return node_at(p, id) + 1;
		id = next;
	}
	*whole = true;
	return node_at(p, id) + 1;
}

void *oci_paths_find(const struct oci_paths *p, const char *path, size_t n)
{
	bool whole;
	void *value = oci_paths_nearest(p, path, n, &whole);

	return whole ? value : NULL;
}

void *oci_paths_at(struct oci_paths *p, const char *path, size_t n)
{
	const char *part;
	size_t at = 0, len;
	struct node *node = p->n ? node_at(p, 0) : add_node(p, 0, "", 0);

	while (next_part(path, n, &at, &part, &len)) {
		if (p->n_slots <= (size_t)p->n * 2)
			grow_slots(p);
		uint32_t *slot = find_slot(p, node->id, part, len);

		if (!*slot)
			*slot = add_node(p, node->id, part, len)->id;
		node = node_at(p, *slot);
	}
	return node + 1;
}

void *oci_paths_above(const struct oci_paths *p, const void *value)
{
	const struct node *node = node_of(value);

	return node->id ? node_at(p, node->parent) + 1 : NULL;
}

void *oci_paths_nth(const struct oci_paths *p, uint32_t i)
{
	return node_at(p, i) + 1;
}

/* Written from its end, so that no path is too deep. */
char *oci_paths_text(const struct oci_paths *p, const void *value)
{
	size_t n = 0;

	for (const struct node *node = node_of(value); node->id; node = node_at(p, node->parent))
		n += strlen(node->name) + 1;
	char *text = oci_calloc(n + !n, 1), *at = text + n - !!n;

	for (const struct node *node = node_of(value); node->id; node = node_at(p, node->parent)) {
		size_t len = strlen(node->name);

		at -= len;
		memcpy(at, node->name, len);
		if (node->parent)
			*--at = '/';
	}
	return text;
}

void oci_paths_clear(struct oci_paths *p)
{
	for (uint32_t id = 0; id < p->n; id += CHUNK_NODES)
		free(p->chunks[id / CHUNK_NODES]);
	for (size_t i = 0; i < p->n_texts; i++)
		free(p->texts[i]);
	free(p->chunks);
	free(p->texts);
	free(p->slots);
	*p = (struct oci_paths){ .value_size = p->value_size };
}
