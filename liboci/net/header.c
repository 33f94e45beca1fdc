#include "net/header.h"

#include <curl/curl.h>
#include <strings.h>

bool oci_header_retry_after(const char *value, int64_t now, uint64_t *seconds)
{
	struct oci_slice s = oci_slice_trim(oci_slice(value));

	if (oci_slice_u64(s, seconds))
		return true;
	/* a number that does not fit, or a negative one, is no date either, though curl might see one in it */
	if (!s.len || (s.p[0] >= '0' && s.p[0] <= '9') || s.p[0] == '-')
		return false;
	time_t when = curl_getdate(value, NULL);

	if (when < 0)
		return false;
	*seconds = when > now ? (uint64_t)(when - now) : 0;
	return true;
}

bool oci_header_content_range(const char *value, struct oci_content_range *out)
{
	struct oci_slice s = oci_slice_trim(oci_slice(value)), range, total, first, last;
	struct oci_content_range r = { 0 };

	if (s.len < 6 || strncasecmp(s.p, "bytes ", 6) != 0)
		return false;
	if (!oci_slice_cut((struct oci_slice){ s.p + 6, s.len - 6 }, '/', &range, &total))
		return false;
	range = oci_slice_trim(range);
	total = oci_slice_trim(total);
	r.total_known = !oci_slice_eq(total, "*");
	if (r.total_known && !oci_slice_u64(total, &r.total))
		return false;
	r.sent = !oci_slice_eq(range, "*");
	if (r.sent && (!oci_slice_cut(range, '-', &first, &last) || !oci_slice_u64(first, &r.first) ||
		       !oci_slice_u64(last, &r.last) || r.last < r.first))
		return false;
	if (r.sent && r.total_known && r.last >= r.total)
		return false;
	*out = r;
	return true;
}

bool oci_header_is_type(const char *value, const char *type)
{
	struct oci_slice head, rest;

	if (!value)
		return false;
	oci_slice_cut(oci_slice(value), ';', &head, &rest);
	head = oci_slice_trim(head);
	return head.len == strlen(type) && strncasecmp(head.p, type, head.len) == 0;
}
