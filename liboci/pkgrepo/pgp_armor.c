/* ASCII armour: base64 between BEGIN and END lines. https://www.rfc-editor.org/rfc/rfc9580#section-6 */
#include "base/file.h"
#include "base/vec.h"
#include "pkgrepo/pgp.h"

#include <string.h>

#define MAX_KEY_FILE ((size_t)16 << 20)

static int digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

struct decoder {
	struct oci_buf *out;
	unsigned bits, value;
	bool ended;
};

static int decode_line(struct decoder *d, struct oci_slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		int v = digit(line.p[i]);

		if (line.p[i] == '=')
			d->ended = true;
		else if (v < 0 || d->ended)
			return -1;
		else {
			d->value = (d->value << 6 | (unsigned)v) & 0xffffff;
			d->bits += 6;
		}
		if (d->bits >= 8) {
			d->bits -= 8;
			oci_buf_addc(d->out, (char)(d->value >> d->bits & 0xff));
		}
	}
	return 0;
}

static bool is_edge(struct oci_slice line, const char *word)
{
	return oci_slice_starts(line, "-----") && memmem(line.p, line.len, word, strlen(word));
}

/* One block, behind its BEGIN line. */
static int decode_block(const char *what, struct oci_slice *rest, struct oci_buf *out, struct oci_err **err)
{
	struct decoder d = { .out = out };
	struct oci_slice line;
	bool headers = true;

	while (oci_slice_line(rest, &line)) {
		line = oci_slice_trim(line);
		if (is_edge(line, "END PGP"))
			return 0;
		if (headers && (line.len == 0 || memchr(line.p, ':', line.len))) {
			headers = line.len != 0;
			continue;
		}
		headers = false;
		if (line.len == 5 && *line.p == '=')
			continue; /* the checksum; the signature is what protects */
		if (decode_line(&d, line) < 0)
			break;
	}
	return oci_fail(err, OCI_BADINPUT, "%s: damaged armour", what);
}

int oci_pgp_dearmor(const char *what, struct oci_slice text, struct oci_buf *out, struct oci_err **err)
{
	struct oci_slice rest = text, line;
	bool found = false;

	if (text.len && (*text.p & 0x80)) {
		oci_buf_add(out, text.p, text.len);
		return 0;
	}
	while (oci_slice_line(&rest, &line)) {
		if (!is_edge(line, "BEGIN PGP"))
			continue;
		found = true;
		if (decode_block(what, &rest, out, err) < 0)
			return -1;
	}
	if (!found)
		return oci_fail(err, OCI_BADINPUT, "%s: holds no OpenPGP data", what);
	return 0;
}

int oci_pgp_keyring(const struct oci_strs *keys, struct oci_buf *out, struct oci_err **err)
{
	for (size_t i = 0; i < keys->n; i++) {
		auto_buf struct oci_buf text = { 0 };
		bool inner = oci_starts(keys->v[i], OCI_KEY_TEXT);

		if (inner)
			oci_buf_adds(&text, keys->v[i]);
		else if (oci_file_read(keys->v[i], MAX_KEY_FILE, &text, err) < 0)
			return oci_fail_in(err, "key");
		if (oci_pgp_dearmor(inner ? "key" : keys->v[i], (struct oci_slice){ oci_buf_text(&text), text.len },
				    out, err) < 0)
			return -1;
	}
	return 0;
}
