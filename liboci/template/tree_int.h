/* The syntax tree of a template. Nodes live in an arena and borrow from the template's text. */
#ifndef OCI_TEMPLATE_TREE_INT_H
#define OCI_TEMPLATE_TREE_INT_H

#include "template/value.h"

enum oci_node_kind {
	OCI_NODE_CONST,	  /* value */
	OCI_NODE_NAME,	  /* name */
	OCI_NODE_LIST,	  /* kids */
	OCI_NODE_TUPLE,	  /* kids */
	OCI_NODE_MAP,	  /* kids: key, value, key, value… */
	OCI_NODE_COND,	  /* kids: then, condition, else (NULL: none) */
	OCI_NODE_AND,	  /* kids: left, right */
	OCI_NODE_OR,	  /* kids: left, right */
	OCI_NODE_NOT,	  /* kids[0] */
	OCI_NODE_SIGN,	  /* name: + or -; kids[0] */
	OCI_NODE_BINARY,  /* name: the operator; kids: left, right */
	OCI_NODE_CONCAT,  /* kids */
	OCI_NODE_COMPARE, /* kids; names[i] stands between kids[i] and kids[i + 1]; "not in" is one name */
	OCI_NODE_ATTR,	  /* kids[0].name */
	OCI_NODE_ITEM,	  /* kids[0][kids[1]] */
	OCI_NODE_SLICE,	  /* kids: start, stop, step, each may be NULL */
	OCI_NODE_CALL,	  /* kids[0](arguments) */
	OCI_NODE_FILTER,  /* kids[0] | name(arguments); kids[0] is NULL in a {% filter %} block */
	OCI_NODE_TEST,	  /* kids[0] is name(arguments) */

	OCI_NODE_BODY,	  /* kids, one after the other */
	OCI_NODE_TEXT,	  /* name: the text */
	OCI_NODE_PRINT,	  /* {{ kids[0] }} */
	OCI_NODE_IF,	  /* kids: condition, body, else (NULL, a body or another if) */
	OCI_NODE_FOR,	  /* kids: target, list, condition (or NULL), body, else (or NULL) */
	OCI_NODE_SET,	  /* kids: target, value */
	OCI_NODE_CAPTURE, /* {% set x %}…{% endset %}; kids: target, body, filter (or NULL) */
	OCI_NODE_WITH,	  /* kids: target, value, target, value…, body */
	OCI_NODE_APPLY,	  /* {% filter %}; kids: filter, body */
};

struct oci_node {
	enum oci_node_kind kind;
	size_t at; /* offset in the template */
	struct oci_slice name;
	const struct oci_val *value;
	struct oci_node **kids;
	size_t n;
	/* CALL, FILTER, TEST: names[i] is the keyword of kids[i]; empty, "*" or "**" */
	struct oci_slice *names;
	struct oci_slice mark; /* PRINT, IF, FOR, SET: the text of the whole mark, for messages */
};

struct oci_parse {
	struct oci_arena *arena;
	struct oci_slice text;
	bool keep_backslashes; /* inside {{ }}: a backslash stands for itself, as in Ansible's variables */
	size_t *at;	       /* of an error */
};

int oci_parse_template(const struct oci_parse *p, struct oci_node **out, struct oci_err **err);

#endif
