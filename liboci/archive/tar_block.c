#include "archive/tar_block.h"

_Static_assert(sizeof(struct oci_tar_block) == OCI_TAR_BLOCK_SIZE, "a header is one block");

unsigned oci_tar_block_sum(const struct oci_tar_block *b)
{
	const unsigned char *p = (const unsigned char *)b;
	const size_t at = offsetof(struct oci_tar_block, checksum);
	unsigned sum = 0;

	for (size_t i = 0; i < sizeof(*b); i++)
		sum += i >= at && i < at + sizeof(b->checksum) ? ' ' : p[i];
	return sum;
}

bool oci_tar_block_is_good(const struct oci_tar_block *b)
{
	uint64_t want;

	return oci_tar_number_parse(b->checksum, sizeof(b->checksum), &want) && want == oci_tar_block_sum(b);
}

char *oci_tar_block_name(const struct oci_tar_block *b)
{
	auto_free char *name = oci_strndup(b->name, sizeof(b->name));

	if (memcmp(b->magic, "ustar", 6) != 0 || !*b->prefix)
		return oci_steal(&name);
	auto_free char *prefix = oci_strndup(b->prefix, sizeof(b->prefix));

	return oci_printf("%s/%s", prefix, name);
}

char *oci_tar_block_link(const struct oci_tar_block *b)
{
	return oci_strndup(b->link, sizeof(b->link));
}

bool oci_tar_number_parse(const char *field, size_t n, uint64_t *out)
{
	const unsigned char *p = (const unsigned char *)field;
	size_t i = 0;

	*out = 0;
	if (p[0] == 0x80) {
		for (i = 1; i < n; i++) {
			if (*out >> 55)
				return false;
			*out = *out << 8 | p[i];
		}
		return true;
	}
	while (i < n && p[i] == ' ')
		i++;
	for (; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		*out = *out * 8 + (p[i] - '0');
	return i == n || p[i] == '\0' || p[i] == ' ';
}

bool oci_pax_next(struct oci_slice *rest, struct oci_slice *key, struct oci_slice *value)
{
	struct oci_slice length, pair;
	uint64_t n;

	if (!oci_slice_cut(*rest, ' ', &length, &pair) || !oci_slice_u64(length, &n) || n > rest->len ||
	    n < length.len + 2 || rest->p[n - 1] != '\n')
		return false;
	pair.len = (size_t)n - length.len - 2;
	*rest = (struct oci_slice){ rest->p + n, rest->len - (size_t)n };
	return oci_slice_cut(pair, '=', key, value);
}
