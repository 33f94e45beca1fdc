#include "pkgrepo/wants_wrong.h"

#include <stdarg.h>

void oci_wants_wrong_add(struct oci_wants_wrong *wrong, const struct oci_want *w, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	auto_free char *text = oci_vprintf(fmt, ap);

	va_end(ap);
	oci_buf_addf(&wrong->lines, "\n  %s: %s: %s", w->where, w->text, text);
	wrong->n++;
}

void oci_wants_wrong_name(struct oci_wants_wrong *wrong, const struct oci_want *w, const char *near)
{
	oci_wants_wrong_add(wrong, w, "no such package for this CPU%s%s", *near ? "; near it: " : "", near);
}

void oci_wants_wrong_cpu(struct oci_wants_wrong *wrong, const struct oci_want *w)
{
	oci_wants_wrong_add(wrong, w, "is for a CPU that is not made here; see --arch");
}

void oci_wants_wrong_lock(struct oci_wants_wrong *wrong, const struct oci_want *w)
{
	oci_wants_wrong_add(wrong, w, "is not in the lock; run once without --locked");
}

int oci_wants_wrong_end(struct oci_wants_wrong *wrong, struct oci_err **err)
{
	int rc = 0;

	if (wrong->n)
		rc = oci_fail(err, OCI_NOTFOUND, "%zu not found:%s", wrong->n, oci_buf_text(&wrong->lines));
	oci_buf_clear(&wrong->lines);
	*wrong = (struct oci_wants_wrong){ 0 };
	return rc;
}
