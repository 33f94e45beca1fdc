/* XML documents of rpm-md repositories, read as a stream: elements by their written names, and where they stand. */
#ifndef OCI_PKGREPO_RPMMD_XML_H
#define OCI_PKGREPO_RPMMD_XML_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/stream.h"

struct oci_xml;

/* atts: name, value, name, value, …, NULL; they live until the call returns. */
struct oci_xml_events {
	void (*start)(void *ctx, struct oci_xml *x, const char *name, const char **atts);
	void (*end)(void *ctx, struct oci_xml *x, const char *name);
};

/* Read a document to its end; max: more bytes are an error (a bomb). A DOCTYPE with declarations is refused, and so is
 * anything but UTF-8: places are counted in bytes. Errors name what, line and column. */
int oci_xml_read(struct oci_reader *r, const char *what, uint64_t max, const struct oci_xml_events *events, void *ctx,
		 struct oci_err **err);
int oci_xml_parse(const char *what, struct oci_slice text, const struct oci_xml_events *events, void *ctx,
		  struct oci_err **err);

/* From an event: stop with an error that names the place. The first one counts. */
void oci_xml_fail(struct oci_xml *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* From a start event: gather the text from here on, at most 1 MiB; the end event takes it with oci_xml_text. */
void oci_xml_gather(struct oci_xml *x);
/* What was gathered, without blanks around it; until the next event. Gathering ends. */
struct oci_slice oci_xml_text(struct oci_xml *x);

uint64_t oci_xml_at(const struct oci_xml *x);	   /* bytes in front of the tag of this event */
uint64_t oci_xml_tag_len(const struct oci_xml *x); /* and its length */
unsigned oci_xml_depth(const struct oci_xml *x);   /* of the element of this event; 1 is the root */

const char *oci_xml_att(const char **atts, const char *name); /* NULL when absent */

/* Text in an attribute or an element: & < > " and control characters written as references. */
void oci_xml_escape(struct oci_buf *out, struct oci_slice text);

#endif
