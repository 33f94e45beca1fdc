#include "base/date.h"

#include "base/slice.h"

#include <stdlib.h>
#include <time.h>

int oci_date_source(int64_t *seconds, struct oci_err **err)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	uint64_t value = 0;

	if (text && *text && (!oci_slice_u64(oci_slice(text), &value) || value > 253402300799))
		return oci_fail(err, OCI_BADINPUT, "SOURCE_DATE_EPOCH: \"%s\" is not a number of seconds", text);
	*seconds = (int64_t)value;
	return 0;
}

char *oci_date_rfc3339(int64_t seconds)
{
	time_t t = seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	return oci_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
			  tm.tm_min, tm.tm_sec);
}

char *oci_date_rfc2822(int64_t seconds)
{
	/* Not strftime: its names follow the locale. */
	static const char day[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char month[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	return oci_printf("%s, %02d %s %04d %02d:%02d:%02d UTC", day[tm.tm_wday], tm.tm_mday, month[tm.tm_mon],
			  tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
