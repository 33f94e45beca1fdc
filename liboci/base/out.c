#include "base/out.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <stdarg.h>
#include <stdlib.h>

static void add_plain(struct oci_buf *b, const char *text)
{
	for (; *text; text++) {
		if (*text == '\t' || *text == '\n')
			oci_buf_adds(b, *text == '\t' ? "\\t" : "\\n");
		else
			oci_buf_addc(b, *text);
	}
}

static void add_json(struct oci_buf *b, const char *text)
{
	oci_buf_addc(b, '"');
	for (size_t n; *text; text += n ? n : 1) {
		n = oci_utf8_whole(text);
		if (n == 0)
			oci_buf_adds(b, "\\ufffd");
		else if (*text == '"' || *text == '\\')
			oci_buf_addf(b, "\\%c", *text);
		else if (n == 1 && *text < 0x20)
			oci_buf_addf(b, "\\u%04x", (unsigned)*text);
		else
			oci_buf_add(b, text, n);
	}
	oci_buf_addc(b, '"');
}

static void add_field(struct oci_buf *b, const struct oci_field *f, bool json)
{
	if (json) {
		add_json(b, f->name);
		oci_buf_addc(b, ':');
	}
	if (!f->text)
		oci_buf_addf(b, "%llu", (unsigned long long)f->number);
	else if (json)
		add_json(b, f->text);
	else
		add_plain(b, f->text);
}

void oci_record(const struct oci_out *out, const struct oci_field *fields, size_t n)
{
	auto_buf struct oci_buf b = { 0 };

	if (!out->data)
		return;
	if (out->json)
		oci_buf_addc(&b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			oci_buf_addc(&b, out->json ? ',' : '\t');
		add_field(&b, &fields[i], out->json);
	}
	oci_buf_adds(&b, out->json ? "}\n" : "\n");
	fwrite(b.data, 1, b.len, out->data);
}

/* C0 and C1 controls but tab and newline, and delete */
static bool is_control(const char *p, size_t n)
{
	unsigned char c = (unsigned char)*p;

	return n == 0 || (n == 1 && c < 0x20 && c != '\t' && c != '\n') || c == 0x7f ||
	       (n == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0);
}

char *oci_shown(const char *text)
{
	struct oci_buf b = { 0 };

	for (size_t n; *text; text += n ? n : 1) {
		n = oci_utf8_whole(text);
		if (is_control(text, n))
			for (size_t i = 0; i < (n ? n : 1); i++)
				oci_buf_addf(&b, "\\x%02x", (unsigned char)text[i]);
		else
			oci_buf_add(&b, text, n);
	}
	return oci_buf_take(&b);
}

__attribute__((format(printf, 4, 0))) static void speak(const struct oci_out *out, int level, const char *mark,
							const char *fmt, va_list ap)
{
	if (!out->notes || out->level < level)
		return;
	auto_free char *text = oci_vprintf(fmt, ap);
	auto_free char *shown = oci_shown(text);

	fprintf(out->notes, "%s%s\n", mark, shown);
	fflush(out->notes);
}

#define SPEAK(out, level, mark, fmt)                                                                                   \
	do {                                                                                                           \
		va_list ap;                                                                                            \
		va_start(ap, fmt);                                                                                     \
		speak((out), (level), (mark), (fmt), ap);                                                              \
		va_end(ap);                                                                                            \
	} while (0)

void oci_warn(const struct oci_out *out, const char *fmt, ...)
{
	SPEAK(out, 0, "warning: ", fmt);
}

void oci_note(const struct oci_out *out, const char *fmt, ...)
{
	SPEAK(out, 0, "", fmt);
}

void oci_debug(const struct oci_out *out, const char *fmt, ...)
{
	SPEAK(out, 1, "", fmt);
}

static void emit(const struct oci_out *out, const struct oci_event *ev)
{
	if (out->progress.event)
		out->progress.event(out->progress.ctx, ev);
}

void oci_progress(const struct oci_out *out, enum oci_event_kind kind, const char *name, uint64_t bytes,
		  const char *note)
{
	emit(out, &(struct oci_event){ .kind = kind, .name = name, .bytes = bytes, .note = note });
}

void oci_progress_plan(const struct oci_out *out, uint64_t items, uint64_t bytes)
{
	emit(out, &(struct oci_event){ .kind = OCI_EVENT_PLAN, .name = "", .items = items, .bytes = bytes });
}

void oci_failures_add_take(struct oci_failures *f, const struct oci_out *out, struct oci_err **err)
{
	oci_note(out, "failed: %s", oci_err_text(*err));
	*oci_vec_push(f) = oci_steal(err);
}

int oci_failures_end(struct oci_failures *f, size_t total, struct oci_err **err)
{
	auto_buf struct oci_buf b = { 0 };

	if (f->n == 0)
		return 0;
	if (f->n == 1 && total <= 1)
		return oci_fail(err, oci_err_code(f->v[0]), "%s", oci_err_text(f->v[0]));
	/* several things of one item may fail */
	if (f->n > total)
		oci_buf_addf(&b, "%zu things failed:", f->n);
	else
		oci_buf_addf(&b, "%zu of %zu failed:", f->n, total);
	for (size_t i = 0; i < f->n; i++)
		oci_buf_addf(&b, "\n  %s", oci_err_text(f->v[i]));
	return oci_fail(err, OCI_FAILED, "%s", b.data);
}

void oci_failures_clear(struct oci_failures *f)
{
	for (size_t i = 0; i < f->n; i++)
		oci_err_free(f->v[i]);
	free(f->v);
	*f = (struct oci_failures){ 0 };
}

char *oci_bytes_text(uint64_t bytes)
{
	static const char *const unit[] = { "kB", "MB", "GB", "TB", "PB" };
	double value = (double)bytes / 1000;
	size_t i = 0;

	if (bytes < 1000)
		return oci_printf("%llu bytes", (unsigned long long)bytes);
	for (; value >= 999.95 && i + 1 < OCI_COUNT(unit); i++)
		value /= 1000;
	return oci_printf("%.1f %s", value, unit[i]);
}
