#include "pkgrepo/rpmmd_repomd.h"

#include "base/path.h"
#include "digest/verify.h"
#include "pkgrepo/rpmmd_xml.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct oci_repomd *md;
	struct oci_repomd_data *data; /* the one at hand */
	enum oci_algorithm algorithm; /* of the checksum at hand */
};

static void data_clear(struct oci_repomd_data *d)
{
	free(d->type);
	free(d->href);
}

void oci_repomd_clear(struct oci_repomd *md)
{
	for (size_t i = 0; i < md->data.n; i++)
		data_clear(&md->data.v[i]);
	free(md->data.v);
	*md = (struct oci_repomd){ 0 };
}

const struct oci_repomd_data *oci_repomd_find(const struct oci_repomd *md, const char *type)
{
	for (size_t i = 0; i < md->data.n; i++)
		if (oci_streq(md->data.v[i].type, type))
			return &md->data.v[i];
	return NULL;
}

static void start_data(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *type = oci_xml_att(atts, "type");

	if (!type)
		oci_xml_fail(x, "a data element without a type");
	r->data = oci_vec_push(&r->md->data);
	*r->data = (struct oci_repomd_data){ .type = oci_strdup(type ? type : ""),
					     .size = OCI_SIZE_UNKNOWN,
					     .plain_size = OCI_SIZE_UNKNOWN };
}

static void start_location(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *href = oci_xml_att(atts, "href");

	if (!href || !oci_path_is_local(href)) {
		oci_xml_fail(x, "location \"%s\" leaves the repository", href ? href : "");
		return;
	}
	if (oci_xml_att(atts, "xml:base"))
		oci_xml_fail(x, "metadata with an xml:base of its own");
	free(r->data->href);
	r->data->href = oci_strdup(href);
}

static void start_checksum(struct reading *r, struct oci_xml *x, const char **atts)
{
	const char *type = oci_xml_att(atts, "type");

	if (oci_streq(type, "sha256"))
		r->algorithm = OCI_SHA256;
	else if (oci_streq(type, "sha512"))
		r->algorithm = OCI_SHA512;
	else
		r->algorithm = OCI_NO_DIGEST;
	oci_xml_gather(x);
}

static void on_start(void *ctx, struct oci_xml *x, const char *name, const char **atts)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	if (depth == 1 && strcmp(name, "repomd") != 0)
		oci_xml_fail(x, "<%s> where <repomd> is wanted", name);
	else if (depth == 2 && strcmp(name, "data") == 0)
		start_data(r, x, atts);
	else if (depth != 3 || !r->data)
		return;
	else if (strcmp(name, "location") == 0)
		start_location(r, x, atts);
	else if (strcmp(name, "checksum") == 0 || strcmp(name, "open-checksum") == 0)
		start_checksum(r, x, atts);
	else if (strcmp(name, "size") == 0 || strcmp(name, "open-size") == 0)
		oci_xml_gather(x);
}

static void end_checksum(struct reading *r, struct oci_xml *x, struct oci_digest *to)
{
	auto_err struct oci_err *why = NULL;
	struct oci_slice text = oci_xml_text(x);

	if (r->algorithm != OCI_NO_DIGEST && oci_digest_parse_hex(r->algorithm, text, to, &why) < 0)
		oci_xml_fail(x, "%s", oci_err_text(why));
}

static void end_size(struct oci_xml *x, uint64_t *to)
{
	struct oci_slice text = oci_xml_text(x);

	if (!oci_slice_u64(text, to))
		oci_xml_fail(x, "size \"%.*s\" is not a number", (int)(text.len < 40 ? text.len : 40), text.p);
}

static void end_data(struct reading *r, struct oci_xml *x)
{
	if (!r->data->href)
		oci_xml_fail(x, "%s: no location", r->data->type);
	else if (r->data->digest.algorithm == OCI_NO_DIGEST)
		oci_xml_fail(x, "%s: neither a sha256 nor a sha512 checksum", r->data->type);
	r->data = NULL;
}

static void on_end(void *ctx, struct oci_xml *x, const char *name)
{
	struct reading *r = ctx;
	unsigned depth = oci_xml_depth(x);

	if (depth == 2 && r->data)
		end_data(r, x);
	if (depth != 3 || !r->data)
		return;
	if (strcmp(name, "checksum") == 0)
		end_checksum(r, x, &r->data->digest);
	else if (strcmp(name, "open-checksum") == 0)
		end_checksum(r, x, &r->data->plain);
	else if (strcmp(name, "size") == 0)
		end_size(x, &r->data->size);
	else if (strcmp(name, "open-size") == 0)
		end_size(x, &r->data->plain_size);
}

int oci_repomd_parse(const char *what, const char *text, size_t n, struct oci_repomd *out, struct oci_err **err)
{
	static const struct oci_xml_events events = { on_start, on_end };
	auto_repomd struct oci_repomd md = { 0 };
	struct reading r = { .md = &md };

	if (oci_xml_parse(what, (struct oci_slice){ text, n }, &events, &r, err) < 0)
		return -1;
	if (!oci_repomd_find(&md, "primary"))
		return oci_fail(err, OCI_BADINPUT, "%s: no primary", what);
	*out = md;
	md = (struct oci_repomd){ 0 };
	return 0;
}
