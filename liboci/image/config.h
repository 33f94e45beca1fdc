/* Image configs: https://github.com/opencontainers/image-spec/blob/main/config.md */
#ifndef OCI_IMAGE_CONFIG_H
#define OCI_IMAGE_CONFIG_H

#include "image/desc.h"

#define OCI_CONFIG_MAX (16u << 20)

struct oci_history {
	char *created, *created_by, *comment, *author; /* NULL for none */
	bool empty_layer;
};

struct oci_config {
	bool has_platform;	      /* both os and architecture are there */
	struct oci_platform platform; /* with has_platform */
	struct {
		struct oci_digest *v;
		size_t n, cap;
	} diff_ids; /* of the layers, bottom first */
	struct {
		struct oci_history *v;
		size_t n, cap;
	} history;
	struct oci_pairs labels;
};

int oci_config_parse(const char *what, const void *data, size_t n, struct oci_config *out, struct oci_err **err);

/* Print a config with only what this struct holds, created being an RFC 3339 time: same struct, same bytes. */
void oci_config_print(const struct oci_config *c, const char *created, struct oci_buf *out);
void oci_config_clear(struct oci_config *c);

#define auto_config OCI_AUTO(oci_config_clear)

#endif
