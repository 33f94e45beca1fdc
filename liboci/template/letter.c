#include "template/letter.h"

#include "base/utf8.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t table;

static void open_table(void)
{
	table = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL);
	if (!table)
		table = newlocale(LC_CTYPE_MASK, "C", NULL);
}

/* The C library's own table, whatever the user's language; where it is missing, only ASCII has letters. */
static locale_t letters(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, open_table);
	return table;
}

bool oci_letter_is_alpha(uint32_t code)
{
	return iswalpha_l(code, letters()) && !iswdigit_l(code, letters());
}

bool oci_letter_is_alnum(uint32_t code)
{
	return iswalnum_l(code, letters());
}

bool oci_letter_is_upper(uint32_t code)
{
	return iswupper_l(code, letters());
}

bool oci_letter_is_lower(uint32_t code)
{
	return iswlower_l(code, letters());
}

void oci_letter_add_upper(struct oci_buf *out, uint32_t code)
{
	/* The one common letter whose upper case is two. */
	if (code == 0xDF)
		oci_buf_adds(out, "SS");
	else
		oci_utf8_add(out, towupper_l(code, letters()));
}

void oci_letter_add_lower(struct oci_buf *out, uint32_t code)
{
	oci_utf8_add(out, towlower_l(code, letters()));
}

void oci_letters_lower(struct oci_slice text, struct oci_buf *out)
{
	for (const char *p = text.p, *end = text.p + text.len; p < end;)
		oci_letter_add_lower(out, oci_utf8_next(&p, end));
}
