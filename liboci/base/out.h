/* Where a tool speaks: records on stdout, notes for people on stderr, progress events. One struct inside the settings,
 * so that a test reads all of it from memory. */
#ifndef OCI_BASE_OUT_H
#define OCI_BASE_OUT_H

#include "base/err.h"

enum oci_event_kind {
	OCI_EVENT_PLAN,	 /* what is to do: items and bytes in total are known */
	OCI_EVENT_BEGIN, /* an item begins */
	OCI_EVENT_BYTES, /* bytes of an item arrived or were written */
	OCI_EVENT_END,	 /* an item is done */
};

/* Progress of named items; a drawer keys them by name. */
struct oci_event {
	enum oci_event_kind kind;
	const char *name; /* what people call it: a reference, a URL, a path */
	uint64_t bytes;	  /* PLAN: in total; BEGIN: of the item, 0 unknown; BYTES: since the last event */
	uint64_t items;	  /* PLAN: in total */
	const char *note; /* END: how it went ("new", "kept", …), else NULL */
};

struct oci_progress {
	void (*event)(void *ctx, const struct oci_event *ev);
	void *ctx;
};

struct oci_out {
	FILE *data;  /* stdout; NULL is nowhere */
	FILE *notes; /* stderr; NULL is nowhere */
	int level;   /* -1 errors only (-q), 0 normal, 1 more (-v) */
	bool json;   /* records as JSON lines */
	struct oci_progress progress;
};

/* One field of a record: a name for JSON and a text, or a number when text is NULL. */
struct oci_field {
	const char *name;
	const char *text;
	uint64_t number;
};

#define OCI_TEXT(name, text) ((struct oci_field){ (name), (text), 0 })
#define OCI_NUM(name, number) ((struct oci_field){ (name), NULL, (number) })

/* Write one record: the fields separated by tabs, or one JSON object a line. Tabs and newlines inside a text are
 * escaped; in JSON a byte that is not UTF-8 becomes U+FFFD. */
void oci_record(const struct oci_out *out, const struct oci_field *fields, size_t n);
#define oci_say(out, ...)                                                                                              \
	oci_record((out), (struct oci_field[]){ __VA_ARGS__ },                                                         \
		   sizeof((struct oci_field[]){ __VA_ARGS__ }) / sizeof(struct oci_field))

void oci_warn(const struct oci_out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));  /* unless -q */
void oci_note(const struct oci_out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));  /* unless -q */
void oci_debug(const struct oci_out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* with -v */

void oci_progress(const struct oci_out *out, enum oci_event_kind kind, const char *name, uint64_t bytes,
		  const char *note);
void oci_progress_plan(const struct oci_out *out, uint64_t items, uint64_t bytes);

/* Failures of a tool that works through a list and keeps going: remembered now, listed at the end. */
struct oci_failures {
	struct oci_err **v;
	size_t n, cap;
};

void oci_failures_add_take(struct oci_failures *f, const struct oci_out *out,
			   struct oci_err **err); /* noted at once, too */
/* 0 without failures; else -1 with *err summing up "N of TOTAL failed:" and a line for each. */
int oci_failures_end(struct oci_failures *f, size_t total, struct oci_err **err);
void oci_failures_clear(struct oci_failures *f);

/* Text from a server or a file for somebody's terminal: controls but tab and newline, and what is not UTF-8, as \xHH.
 * The caller's to free. */
char *oci_shown(const char *text);
char *oci_bytes_text(uint64_t bytes); /* "1.5 MB" in powers of 1000; the caller's to free */

#define auto_failures OCI_AUTO(oci_failures_clear)

#endif
