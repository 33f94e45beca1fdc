#include "cli/tty.h"

#include "base/utf8.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define REDRAW_NS 100000000 /* ten times a second */
#define BAR_WIDTH 24

/* The one terminal of the process. */
static struct {
	pthread_mutex_t lock;
	bool bars;  /* draw; else plain lines */
	bool shown; /* a bar stands on the line */
	uint64_t bytes, bytes_total, items, items_total;
	struct timespec began, drawn;
	char name[256]; /* of the item that moved last */
	FILE *notes;
} tty = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int64_t ns_since(const struct timespec *then)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - then->tv_sec) * 1000000000LL + (now.tv_nsec - then->tv_nsec);
}

static void wipe(void)
{
	if (tty.shown)
		fputs("\r\033[K", stderr);
	tty.shown = false;
}

static int columns(void)
{
	struct winsize w;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col ? w.ws_col : 80;
}

static void draw(void)
{
	auto_free char *done = oci_bytes_text(tty.bytes), *total = oci_bytes_text(tty.bytes_total);
	double seconds = (double)ns_since(&tty.began) / 1e9;
	auto_free char *speed = oci_bytes_text(seconds > 0 ? (uint64_t)((double)tty.bytes / seconds) : 0);
	uint64_t part = tty.bytes_total ? tty.bytes * BAR_WIDTH / tty.bytes_total : 0;
	auto_free char *name = oci_shown(tty.name);
	int filled = part > BAR_WIDTH ? BAR_WIDTH : (int)part;
	auto_free char *line = oci_printf("[%.*s%*s] %s of %s  %s/s  %llu/%llu  %s", filled,
					  "========================", BAR_WIDTH - filled, "", done, total, speed,
					  (unsigned long long)tty.items, (unsigned long long)tty.items_total, name);

	wipe();
	fwrite(line, 1, oci_utf8_at(line, strlen(line), (size_t)columns() - 1), stderr);
	fflush(stderr);
	tty.shown = true;
	clock_gettime(CLOCK_MONOTONIC, &tty.drawn);
}

static void note_item(const struct oci_event *ev)
{
	if (ev->kind == OCI_EVENT_PLAN) {
		tty.items_total = ev->items;
		tty.bytes_total = ev->bytes;
		clock_gettime(CLOCK_MONOTONIC, &tty.began);
		return;
	}
	if (ev->name)
		snprintf(tty.name, sizeof(tty.name), "%s", ev->name);
	if (ev->kind == OCI_EVENT_BYTES)
		tty.bytes += ev->bytes;
	if (ev->kind == OCI_EVENT_END)
		tty.items++;
}

static void print_item(const struct oci_event *ev)
{
	auto_free char *name = oci_shown(ev->name);

	fprintf(stderr, "%s%s%s\n", name, ev->note ? ": " : "", ev->note ? ev->note : "");
}

static void on_event(void *ctx, const struct oci_event *ev)
{
	(void)ctx;
	pthread_mutex_lock(&tty.lock);
	note_item(ev);
	if (tty.bars && (ev->kind == OCI_EVENT_END || ns_since(&tty.drawn) > REDRAW_NS))
		draw();
	else if (!tty.bars && ev->kind == OCI_EVENT_END)
		print_item(ev);
	pthread_mutex_unlock(&tty.lock);
}

static ssize_t write_note(void *cookie, const char *data, size_t n)
{
	(void)cookie;
	pthread_mutex_lock(&tty.lock);
	wipe();
	size_t done = fwrite(data, 1, n, stderr);

	pthread_mutex_unlock(&tty.lock);
	return (ssize_t)done;
}

/* It cannot take a line back. */
static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return term && oci_streq(term, "dumb");
}

int oci_tty_start(struct oci_out *out, const char *mode)
{
	bool is_auto = oci_streq(mode, "auto"), none = oci_streq(mode, "none");

	if (!is_auto && !none && !oci_streq(mode, "plain"))
		return -1;
	if (none || out->level < 0)
		return 0;
	tty.bars = is_auto && isatty(STDERR_FILENO) && !is_dumb();
	clock_gettime(CLOCK_MONOTONIC, &tty.began);
	out->progress.event = on_event;
	if (tty.bars) {
		tty.notes = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = write_note });
		if (tty.notes)
			out->notes = tty.notes;
	}
	return 0;
}

void oci_tty_end(void)
{
	wipe();
	oci_auto_fclose(&tty.notes);
}
