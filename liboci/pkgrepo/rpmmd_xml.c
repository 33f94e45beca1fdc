#include "pkgrepo/rpmmd_xml.h"

#include <expat.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_TEXT ((size_t)1 << 20)
#define MAX_DEPTH 64
#define CHUNK (256 * 1024)

struct oci_xml {
	XML_Parser parser;
	const char *what;
	const struct oci_xml_events *events;
	void *ctx;
	unsigned depth;
	struct oci_buf text;
	struct oci_err *err;
};

static void XMLCALL on_text(void *arg, const char *s, int n)
{
	struct oci_xml *x = arg;

	if (x->text.len + (size_t)n > MAX_TEXT)
		oci_xml_fail(x, "a text of more than %zu bytes", MAX_TEXT);
	else
		oci_buf_add(&x->text, s, (size_t)n);
}

static void XMLCALL on_start(void *arg, const char *name, const char **atts)
{
	struct oci_xml *x = arg;

	if (x->err)
		return;
	if (++x->depth > MAX_DEPTH)
		oci_xml_fail(x, "more than %d elements inside one another", MAX_DEPTH);
	else
		x->events->start(x->ctx, x, name, atts);
}

static void XMLCALL on_end(void *arg, const char *name)
{
	struct oci_xml *x = arg;

	if (x->err)
		return;
	if (x->events->end)
		x->events->end(x->ctx, x, name);
	x->depth--;
}

/* Entities of its own could make a small document a huge one. A name and an address, as comps.xml has them, do no harm:
 * nothing is fetched. */
static void XMLCALL on_doctype(void *arg, const char *name, const char *sysid, const char *pubid, int internal)
{
	(void)name;
	(void)sysid;
	(void)pubid;
	if (internal)
		oci_xml_fail(arg, "a DOCTYPE with declarations, which no repository has");
}

static void begin(struct oci_xml *x)
{
	x->parser = XML_ParserCreate("UTF-8");
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
}

static void end(struct oci_xml *x)
{
	XML_ParserFree(x->parser);
	oci_buf_clear(&x->text);
}

void oci_xml_fail(struct oci_xml *x, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (x->err)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	oci_fail(&x->err, OCI_BADINPUT, "%s:%lu:%lu: %s", x->what, XML_GetCurrentLineNumber(x->parser),
		 XML_GetCurrentColumnNumber(x->parser) + 1, text);
	XML_StopParser(x->parser, XML_FALSE);
}

static int finish_chunk(struct oci_xml *x, enum XML_Status status, struct oci_err **err)
{
	if (!x->err && status != XML_STATUS_OK)
		oci_fail(&x->err, OCI_BADINPUT, "%s:%lu:%lu: %s", x->what, XML_GetCurrentLineNumber(x->parser),
			 XML_GetCurrentColumnNumber(x->parser) + 1, XML_ErrorString(XML_GetErrorCode(x->parser)));
	return x->err ? oci_fail_with(err, &x->err) : 0;
}

static int feed_all(struct oci_xml *x, struct oci_reader *r, uint64_t max, struct oci_err **err)
{
	uint64_t total = 0;
	ssize_t n;

	do {
		void *room = XML_GetBuffer(x->parser, CHUNK);

		n = room ? oci_reader_read(r, room, CHUNK, err) : oci_fail(err, OCI_FAILED, "out of memory");
		if (n < 0)
			return -1;
		total += (uint64_t)n;
		if (total > max)
			return oci_fail(err, OCI_BADINPUT, "%s: unpacks to more than %llu bytes", x->what,
					(unsigned long long)max);
		if (finish_chunk(x, XML_ParseBuffer(x->parser, (int)n, n == 0), err) < 0)
			return -1;
	} while (n > 0);
	return 0;
}

int oci_xml_read(struct oci_reader *r, const char *what, uint64_t max, const struct oci_xml_events *events, void *ctx,
		 struct oci_err **err)
{
	struct oci_xml x = { .what = what, .events = events, .ctx = ctx };

	begin(&x);
	int rc = feed_all(&x, r, max, err);

	end(&x);
	return rc;
}

int oci_xml_parse(const char *what, struct oci_slice text, const struct oci_xml_events *events, void *ctx,
		  struct oci_err **err)
{
	struct oci_reader r = oci_reader_of_memory(text.p, text.len);
	int rc = oci_xml_read(&r, what, text.len, events, ctx, err);

	oci_reader_close(&r);
	return rc;
}

void oci_xml_gather(struct oci_xml *x)
{
	oci_buf_reset(&x->text);
	XML_SetCharacterDataHandler(x->parser, on_text);
}

struct oci_slice oci_xml_text(struct oci_xml *x)
{
	struct oci_slice s = { oci_buf_text(&x->text), x->text.len };

	XML_SetCharacterDataHandler(x->parser, NULL);
	while (s.len && strchr(" \t\r\n", s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len && strchr(" \t\r\n", s.p[s.len - 1]))
		s.len--;
	return s;
}

uint64_t oci_xml_at(const struct oci_xml *x)
{
	return (uint64_t)XML_GetCurrentByteIndex(x->parser);
}

uint64_t oci_xml_tag_len(const struct oci_xml *x)
{
	return (uint64_t)XML_GetCurrentByteCount(x->parser);
}

unsigned oci_xml_depth(const struct oci_xml *x)
{
	return x->depth;
}

const char *oci_xml_att(const char **atts, const char *name)
{
	for (; *atts; atts += 2)
		if (strcmp(atts[0], name) == 0)
			return atts[1];
	return NULL;
}

void oci_xml_escape(struct oci_buf *out, struct oci_slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (strchr("&<>\"'", c) || (c < 0x20 && strchr("\t\r\n", c)))
			oci_buf_addf(out, "&#%u;", c);
		else
			oci_buf_addc(out, (char)c);
	}
}
