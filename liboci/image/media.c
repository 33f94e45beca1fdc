#include "image/media.h"

#include "base/slice.h"

const char oci_media_accept[] =
	OCI_MEDIA_INDEX ", " OCI_MEDIA_DOCKER_LIST ", " OCI_MEDIA_MANIFEST ", " OCI_MEDIA_DOCKER_MANIFEST;

static const struct {
	const char *type;
	enum oci_media_kind kind;
} documents[] = {
	{ OCI_MEDIA_INDEX, OCI_KIND_INDEX },
	{ OCI_MEDIA_DOCKER_LIST, OCI_KIND_INDEX },
	{ OCI_MEDIA_MANIFEST, OCI_KIND_MANIFEST },
	{ OCI_MEDIA_DOCKER_MANIFEST, OCI_KIND_MANIFEST },
	{ "application/vnd.docker.distribution.manifest.v1+json", OCI_KIND_SCHEMA1 },
	{ "application/vnd.docker.distribution.manifest.v1+prettyjws", OCI_KIND_SCHEMA1 },
	{ "application/vnd.oci.artifact.manifest.v1+json", OCI_KIND_ARTIFACT },
};

static struct oci_slice bare(const char *media_type)
{
	struct oci_slice head, rest;

	oci_slice_cut(oci_slice(media_type), ';', &head, &rest);
	return oci_slice_trim(head);
}

enum oci_media_kind oci_media_kind(const char *media_type)
{
	for (size_t i = 0; media_type && i < OCI_COUNT(documents); i++)
		if (oci_slice_eq(bare(media_type), documents[i].type))
			return documents[i].kind;
	return OCI_KIND_OTHER;
}

bool oci_media_is_document(const char *media_type)
{
	return oci_media_kind(media_type) != OCI_KIND_OTHER;
}

bool oci_media_is_image_config(const char *media_type)
{
	return media_type &&
	       (oci_streq(media_type, OCI_MEDIA_CONFIG) || oci_streq(media_type, OCI_MEDIA_DOCKER_CONFIG));
}

static bool compression_of(const char *suffix, enum oci_compression *out)
{
	static const char *const names[][2] = { { "", "" }, { "+gzip", ".gzip" }, { "+zstd", ".zstd" } };

	for (int i = OCI_PLAIN; i <= OCI_ZSTD; i++)
		if (oci_streq(suffix, names[i][0]) || oci_streq(suffix, names[i][1])) {
			*out = (enum oci_compression)i;
			return true;
		}
	return false;
}

bool oci_media_layer(const char *media_type, struct oci_layer_type *out)
{
	static const struct {
		const char *prefix;
		bool foreign, docker;
	} families[] = {
		{ "application/vnd.oci.image.layer.nondistributable.v1.tar", true, false },
		{ OCI_MEDIA_LAYER, false, false },
		{ "application/vnd.docker.image.rootfs.foreign.diff.tar", true, true },
		{ OCI_MEDIA_DOCKER_LAYER, false, true },
	};

	for (size_t i = 0; media_type && i < OCI_COUNT(families); i++) {
		if (!oci_starts(media_type, families[i].prefix))
			continue;
		auto_free char *suffix = oci_strdup(media_type + strlen(families[i].prefix));
		char *encrypted = strstr(suffix, "+encrypted");

		if (encrypted)
			*encrypted = '\0';
		*out = (struct oci_layer_type){ .foreign = families[i].foreign,
						.docker = families[i].docker,
						.encrypted = encrypted != NULL };
		return compression_of(suffix, &out->compression);
	}
	return false;
}

const char *oci_media_layer_type(enum oci_compression compression)
{
	static const char *const types[] = { OCI_MEDIA_LAYER, OCI_MEDIA_LAYER_GZIP, OCI_MEDIA_LAYER_ZSTD };

	return types[compression];
}
