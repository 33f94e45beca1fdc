/* YAML 1.1 documents as trees, through libyaml. Anchors, aliases and merge keys (<<) are resolved. */
#ifndef OCI_BASE_YAML_H
#define OCI_BASE_YAML_H

#include "base/err.h"

enum oci_yaml_kind { OCI_YAML_SCALAR, OCI_YAML_MAP, OCI_YAML_SEQ };

struct oci_yaml {
	enum oci_yaml_kind kind;
	unsigned line, column; /* from 1 */
	char *text;	       /* of a scalar: its value, NUL-terminated */
	size_t len;
	bool plain;		 /* a scalar without quotes, | or >: true, 1.5 and null are typed only here */
	char *tag;		 /* as written ("!unsafe", "tag:yaml.org,2002:str"), or NULL */
	struct oci_yaml **items; /* of a sequence: n values; of a map: n pairs, key at 2*i, value at 2*i+1 */
	size_t n;
	size_t weight; /* nodes below and this one, aliases counted each time */
};

struct oci_yaml_doc;

/* Parse one document. Duplicate keys, more than one document, nesting over 256 levels, aliases that would make the tree
 * larger than a million nodes, bytes that are not UTF-8 and whatever libyaml refuses (tabs as indent) are errors that
 * name `what`, line and column. The tree belongs to *out. */
int oci_yaml_parse(const char *what, const void *data, size_t n, struct oci_yaml_doc **out, struct oci_err **err);
int oci_yaml_load(const char *path, size_t max, struct oci_yaml_doc **out, struct oci_err **err);

const struct oci_yaml *oci_yaml_root(const struct oci_yaml_doc *doc); /* NULL for an empty document */
const char *oci_yaml_what(const struct oci_yaml_doc *doc);
const struct oci_yaml *oci_yaml_get(const struct oci_yaml *map,
				    const char *key);		       /* NULL when absent or map is no map */
const char *oci_yaml_str(const struct oci_yaml *map, const char *key); /* NULL when absent or no scalar */
bool oci_yaml_is_null(const struct oci_yaml *node);		       /* a plain "", "~", "null", or no node at all */

/* "WHAT:LINE:COLUMN: ": an error about one node. */
int oci_yaml_fail(const struct oci_yaml_doc *doc, const struct oci_yaml *at, struct oci_err **err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
#ifdef __clang_analyzer__ /* as in base/err.h */
#define oci_yaml_fail(...) (oci_yaml_fail(__VA_ARGS__), -1)
#endif

void oci_yaml_free(struct oci_yaml_doc *doc);
void oci_yaml_freep(struct oci_yaml_doc **doc);

#define auto_yaml OCI_AUTO(oci_yaml_freep)

#endif
