/* JSON through jansson: strict, no duplicate keys, at most 2048 levels deep (jansson's own limit). */
#ifndef OCI_BASE_JSON_H
#define OCI_BASE_JSON_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* Parse bytes; errors name `what`, line and column. *out is the caller's (auto_json). */
int oci_json_parse(const char *what, const void *data, size_t n, json_t **out, struct oci_err **err);
int oci_json_load(const char *path, size_t max, json_t **out, struct oci_err **err);

/* Print without blanks and newlines, keys in the order of their insertion: same tree, same bytes. */
void oci_json_print(const json_t *root, struct oci_buf *out);
void oci_json_print_pretty(const json_t *root, struct oci_buf *out); /* two blanks of indent, a newline at the end */

/* Members of an object; NULL, -1 or false when obj is no object, or key is absent or of another type. */
const char *oci_json_str(const json_t *obj, const char *key); /* lives as long as obj */
json_t *oci_json_obj(const json_t *obj, const char *key);     /* borrowed */
json_t *oci_json_arr(const json_t *obj, const char *key);     /* borrowed */
int64_t oci_json_int(const json_t *obj, const char *key);     /* -1 when absent */

/* As oci_json_str and oci_json_int (0 and up), an absent or mistyped member being an error: "WHERE: no KEY". */
int oci_json_need_str(const json_t *obj, const char *where, const char *key, const char **out, struct oci_err **err);
int oci_json_need_int(const json_t *obj, const char *where, const char *key, int64_t *out, struct oci_err **err);

void oci_json_set_str(json_t *obj, const char *key, const char *value); /* nothing happens when value is NULL */
void oci_json_set_int(json_t *obj, const char *key, int64_t value);
void oci_json_set_take(json_t *obj, const char *key, json_t *value);
void oci_json_append_take(json_t *array, json_t *value);

void oci_json_drop(json_t **j);
#define auto_json OCI_AUTO(oci_json_drop)

#endif
