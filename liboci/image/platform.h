/* Platforms: os/architecture[/variant], normalised as containerd does (arm64 is arm64/v8, arm is arm/v7).
 * https://github.com/opencontainers/image-spec/blob/main/image-index.md#platform-variants */
#ifndef OCI_IMAGE_PLATFORM_H
#define OCI_IMAGE_PLATFORM_H

#include "base/err.h"
#include "base/vec.h"

struct oci_platform {
	char *os;
	char *architecture;
	char *variant; /* normalised: NULL for none, for arm64's v8 and for amd64's v1 */
};

struct oci_platforms {
	struct oci_platform *v;
	size_t n, cap;
	bool all; /* "all": every platform */
};

int oci_platform_parse(const char *text, struct oci_platform *out, struct oci_err **err);
/* "linux/amd64,linux/arm64" or "all", appended to out; NULL gives linux on this machine's CPU. */
int oci_platforms_parse(const char *text, struct oci_platforms *out, struct oci_err **err);

/* From the fields of an index entry or config; any may be NULL. */
void oci_platform_set(struct oci_platform *p, const char *os, const char *architecture, const char *variant);
bool oci_platform_same(const struct oci_platform *a, const struct oci_platform *b);
/* Does an image for `have` serve who wants `want`? The same, or an older variant of arm, or a variant left open by
 * want. */
bool oci_platform_serves(const struct oci_platform *have, const struct oci_platform *want);
bool oci_platforms_want(const struct oci_platforms *list, const struct oci_platform *have); /* some entry is served */
bool oci_platform_is_unknown(const struct oci_platform *p); /* unknown/unknown: attestations */
const char *oci_platform_text(const struct oci_platform *p, char *buf, size_t n);
void oci_platform_copy(struct oci_platform *to, const struct oci_platform *from);
void oci_platform_clear(struct oci_platform *p);
void oci_platforms_clear(struct oci_platforms *list);

#define OCI_PLATFORM(p) oci_platform_text((p), (char[96]){ 0 }, 96)
#define auto_platform OCI_AUTO(oci_platform_clear)
#define auto_platforms OCI_AUTO(oci_platforms_clear)

#endif
