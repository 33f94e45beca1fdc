/* --verify: a run believes the blobs of its layout by name and size; this reads them once more. */
#include "ops/fetch_int.h"

#include "bundle/hash_files.h"
#include "digest/verify.h"

#include <stdlib.h>

struct checking {
	OCI_VEC(struct fetch_part *) parts;
	OCI_VEC(struct oci_hash_file) files;
	struct oci_strs paths; /* of files, from the layout's folder */
};

/* Each part once. What the plan has read was checked by that. */
static int add_part(void *ctx, struct fetch_part *part, struct oci_err **err)
{
	struct checking *c = ctx;

	(void)err;
	if (!part->have || part->loaded || part->counted)
		return 0;
	part->counted = true;
	*oci_vec_push(&c->parts) = part;
	oci_strs_add_take(&c->paths, oci_printf("blobs/%s/%s", oci_digest_algorithm(&part->desc.digest),
						OCI_HEX(&part->desc.digest)));
	return 0;
}

static void gather(struct fetch_plan *p, struct checking *c)
{
	for (size_t i = 0; i < p->items.n; i++)
		if (!p->items.v[i]->err)
			fetch_walk(p, p->items.v[i], add_part, c, NULL);
	for (size_t i = 0; i < c->parts.n; i++) {
		c->parts.v[i]->counted = false;
		*oci_vec_push(&c->files) = (struct oci_hash_file){ .path = c->paths.v[i],
								   .algorithm = c->parts.v[i]->desc.digest.algorithm };
	}
}

static bool compare(struct fetch_plan *p, struct fetch_part *part, struct oci_hash_file *f)
{
	const struct oci_expect expect = { f->path, part->desc.digest, part->desc.size };

	if (!f->err && oci_verify(&expect, &f->digest, f->size, &f->err) == 0)
		return true;
	fetch_part_drop(p, part, f->err);
	oci_err_clear(&f->err);
	return false;
}

void fetch_verify(struct fetch_plan *p)
{
	struct checking c = { 0 };
	size_t damaged = 0;
	uint64_t bytes = 0;

	gather(p, &c);
	if (c.files.n)
		oci_hash_files(p->layout.dir, c.files.v, c.files.n, 0, p->out);
	for (size_t i = 0; i < c.files.n; i++) {
		bytes += c.files.v[i].size;
		damaged += !compare(p, c.parts.v[i], &c.files.v[i]);
	}
	auto_free char *text = oci_bytes_text(bytes);

	oci_note(p->out, "%s: %zu blobs (%s) read again, %zu damaged", p->what->output, c.files.n, text, damaged);
	free(c.parts.v);
	free(c.files.v);
	oci_strs_clear(&c.paths);
}
