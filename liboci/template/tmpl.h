/* Jinja2 as Ansible evaluates it in variable files: lazy variables that name each other in any order. */
#ifndef OCI_TEMPLATE_TMPL_H
#define OCI_TEMPLATE_TMPL_H

#include "base/buf.h"
#include "template/value.h"

struct oci_tmpl;

/* Where names get their values. find gives the raw value (its templates not rendered), or NULL when there is no such
 * name; values must live as long as the engine. */
struct oci_tmpl_vars {
	int (*find)(void *ctx, const char *name, const struct oci_val **out, struct oci_err **err);
	void *ctx;
};

/* Values are in the engine's arena and live as long as it. */
struct oci_tmpl *oci_tmpl_new(const struct oci_tmpl_vars *vars);
struct oci_arena *oci_tmpl_arena(struct oci_tmpl *t);
void oci_tmpl_freep(struct oci_tmpl **t);
/* A variable, rendered whole, once. No such name, or a value that needs one, is OCI_NOTFOUND; a construct that we do
 * not know is OCI_UNSUPPORTED. Errors name file, line, column, variable and expression. */
int oci_tmpl_var(struct oci_tmpl *t, const char *name, const struct oci_val **out, struct oci_err **err);

/* A raw value, rendered whole, as Ansible renders a variable: a text that looks like a list, a dictionary, True or
 * False becomes one; a backslash in a text inside {{ }} stands for itself. */
int oci_tmpl_value(struct oci_tmpl *t, const struct oci_val *raw, const struct oci_val **out, struct oci_err **err);

/* A template that is no variable's value (a file, a line of one): backslashes are Jinja's escapes, the result is text.
 */
int oci_tmpl_text(struct oci_tmpl *t, struct oci_slice text, const struct oci_origin *origin, struct oci_buf *out,
		  struct oci_err **err);

#endif
