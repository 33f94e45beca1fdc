/* One module as the user named it: "[P,P@][PREFIX=]MODULE", a folder or an image. */
#ifndef OCI_BUNDLE_MODULE_H
#define OCI_BUNDLE_MODULE_H

#include "bundle/folder.h"
#include "bundle/image.h"
#include "bundle/seal.h"

#define OCI_MODULE_ANNOTATION "io.kubecrate.module." /* and a name: what a bundle's annotations say of a module */

struct oci_module;

/* What a module gives to one platform; a folder gives the same to all of them. */
struct oci_part {
	const struct oci_module *module;
	char *name, *version;		 /* of the seal; without one the folder's or repository's name, and "0" */
	struct oci_digest digest;	 /* of the module image's manifest, or of a folder's content layer */
	const struct oci_image_part *of; /* of the image; NULL for a folder */
	struct oci_layers layers;
	const char *said; /* of a bundle's module: its version and digests, as the bundle's index has them; NULL */
	bool sealed;
	struct oci_seal seal;	 /* what stands in it; of an unsealed one as far as it was read */
	struct oci_strs deletes; /* whiteouts, of an unsealed one */
	bool rewritten;		 /* as one layer */
	bool ready;		 /* its layers are in the store, or can be taken over as they are */
};

struct oci_parts { /* of one platform, bottom first; borrowed */
	struct oci_part **v;
	size_t n, cap;
};

struct oci_module {
	char *arg, *spec;		/* all of it; only MODULE */
	char *prefix;			/* NULL: none */
	struct oci_platforms platforms; /* P,P; empty when there was no @ */
	bool is_folder;
	struct oci_image image; /* of an image */
	OCI_VEC(struct oci_part *) parts;
};

/* Take an argument apart. The digest's @ of an image's name is none of P,P@, and what exists as a path is taken whole.
 */
int oci_module_parse(const char *arg, struct oci_module *out, struct oci_err **err);
/* Look at it: read an image's index. A folder is looked at when it becomes a part. */
int oci_module_open(struct oci_module *m, const struct oci_remote *how, const struct oci_out *out,
		    struct oci_err **err);
/* Add the platforms that it names itself. */
void oci_module_platforms(const struct oci_module *m, struct oci_platforms *out);

/* Append what it gives to a platform, made when needed (manifest, config and seals of an image are read): nothing for a
 * folder that is for others only, the single modules of a bundle in which all are sealed. An image that lacks the
 * platform is an error naming both. */
int oci_module_parts(struct oci_module *m, const struct oci_platform *platform, struct oci_parts *out,
		     struct oci_err **err);
void oci_part_free(struct oci_part *p);
void oci_module_close(struct oci_module *m);

#endif
