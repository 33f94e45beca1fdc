#include "pkgrepo/rpmmd_lists.h"

#include "pkgrepo/rpmmd_xml.h"

#include <string.h>

#define MAX_ELEMENT ((size_t)256 << 20)

/* A copy of the bytes that may still belong to a wanted element. */
struct window {
	struct oci_reader *from;
	struct oci_buf bytes;
	uint64_t at; /* of bytes.data[0] in the document */
};

struct reading {
	const char *root;
	const struct oci_rpm_list_events *events;
	void *ctx;
	struct window window;
	uint64_t begin; /* of the package at hand */
	bool wanted, in_file;
};

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	r->in_file = false;
	if (depth == 1 && strcmp(name, r->root) != 0)
		oci_xml_fail(x, "<%s> where <%s> is wanted", name, r->root);
	if (depth == 2) {
		const char *pkgid = oci_xml_att(atts, "pkgid");

		r->wanted = pkgid && strcmp(name, "package") == 0 && r->events->package(r->ctx, pkgid);
		r->begin = oci_xml_at(x);
	}
	if (depth == 3 && r->wanted && r->events->file && strcmp(name, "file") == 0) {
		r->in_file = true;
		oci_xml_gather(x);
	}
}

static void give_element(struct reading *r, struct oci_xml *x)
{
	uint64_t end = oci_xml_at(x) + oci_xml_tag_len(x);
	const struct window *w = &r->window;

	if (r->begin < w->at || end > w->at + w->bytes.len)
		oci_xml_fail(x, "an element that is too long");
	else
		r->events->element(r->ctx,
				   (struct oci_slice){ w->bytes.data + (r->begin - w->at), (size_t)(end - r->begin) });
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;

	(void)name;
	if (r->in_file) {
		r->in_file = false;
		r->events->file(r->ctx, oci_xml_text(x));
	}
	if (oci_xml_depth(x) != 2)
		return;
	if (r->wanted && r->events->element)
		give_element(r, x);
	r->wanted = false;
	r->begin = oci_xml_at(x); /* what stands before is done with */
}

/* Bytes in front of the package at hand are let go; a wanted one is kept from its start. */
static ssize_t window_read(void *ctx, void *buf, size_t n, struct oci_err **err)
{
	struct reading *r = ctx;
	struct window *w = &r->window;
	ssize_t got = oci_reader_read(w->from, buf, n, err);
	size_t drop = r->begin > w->at ? (size_t)(r->begin - w->at) : 0;

	if (!r->events->element || got <= 0)
		return got;
	if (drop > w->bytes.len)
		drop = w->bytes.len;
	/* moving what is kept for each chunk costs nothing while elements are smaller than chunks */
	memmove(w->bytes.data, w->bytes.data + drop, w->bytes.len - drop);
	w->bytes.len -= drop;
	w->at += drop;
	if (w->bytes.len + (size_t)got > MAX_ELEMENT)
		return oci_fail(err, OCI_BADINPUT, "an element of more than %zu bytes", MAX_ELEMENT);
	oci_buf_add(&w->bytes, buf, (size_t)got);
	return got;
}

int oci_rpm_list_read(struct oci_reader *from, const char *what, const char *root, uint64_t max,
		      const struct oci_rpm_list_events *list_events, void *ctx, struct oci_err **err)
{
	static const struct oci_xml_events events = { on_start, on_end };
	struct reading r = { .root = root, .events = list_events, .ctx = ctx, .window = { .from = from } };
	struct oci_reader through = { .read = window_read, .ctx = &r };

	oci_buf_reserve(&r.window.bytes, 1);
	int rc = oci_xml_read(&through, what, max, &events, &r, err);

	oci_buf_clear(&r.window.bytes);
	return rc;
}
