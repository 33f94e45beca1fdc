/* Variables from files, facts and the command line, in Ansible's order of precedence, and the engine that renders them.
 */
#ifndef OCI_LISTGEN_VARS_H
#define OCI_LISTGEN_VARS_H

#include "base/vec.h"
#include "base/yaml.h"
#include "listgen/facts.h"
#include "template/tmpl.h"

struct oci_vars;

struct oci_vars *oci_vars_new(void);
void oci_vars_freep(struct oci_vars **v);
#define auto_vars OCI_AUTO(oci_vars_freep)

/* Add what a source gives; what is added later wins. Weakest first: role defaults, group_vars, facts, role vars, -e.
 * https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html#understanding-variable-precedence */
int oci_vars_add_file(struct oci_vars *v, const char *path, struct oci_err **err);
int oci_vars_add_role(struct oci_vars *v, const char *dir, const char *kind,
		      struct oci_err **err); /* kind: defaults, vars */
void oci_vars_add_facts(struct oci_vars *v, const struct oci_facts *facts);
int oci_vars_add_extra(struct oci_vars *v, const char *text, struct oci_err **err); /* K=V…, {JSON} or @FILE */
void oci_vars_add_text(struct oci_vars *v, const char *name, const char *text);

struct oci_tmpl *oci_vars_engine(struct oci_vars *v);
bool oci_vars_has(const struct oci_vars *v, const char *name);
const struct oci_val *oci_vars_raw(struct oci_vars *v, const char *name,
				   struct oci_err **err);	    /* NULL: none, or failed */
bool oci_vars_is_extra(const struct oci_vars *v, const char *name); /* was it given by -e? */

/* Where a variable's value stands. */
struct oci_vars_place {
	const char *file; /* as it was opened, or "-e", or "facts" */
	unsigned line;	  /* 0: no file */
};

bool oci_vars_place(const struct oci_vars *v, const char *name, struct oci_vars_place *out);

/* The file, among those that were added, whose top level has this key: its bytes and its name; false when none has. */
bool oci_vars_source(const struct oci_vars *v, const char *key, const char **file, struct oci_slice *bytes);
/* Call back for each variable, in the order in which their names came first. */
void oci_vars_each(const struct oci_vars *v, void (*fn)(void *ctx, const char *name), void *ctx);

#endif
