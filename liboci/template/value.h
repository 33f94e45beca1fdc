/* Values of variables and expressions, with Python's notions of truth, equality and order, as templates expect them.
 * They live in an arena and do not change once the template that made them is rendered. */
#ifndef OCI_TEMPLATE_VALUE_H
#define OCI_TEMPLATE_VALUE_H

#include "base/err.h"
#include "base/slice.h"
#include "base/vec.h"
#include "template/arena.h"

enum oci_val_kind {
	OCI_VAL_UNDEF, /* a name or key without a value: most uses of it are errors */
	OCI_VAL_NONE,
	OCI_VAL_BOOL,
	OCI_VAL_INT,
	OCI_VAL_FLOAT,
	OCI_VAL_STR,
	OCI_VAL_LIST,
	OCI_VAL_TUPLE,
	OCI_VAL_MAP,
	OCI_VAL_FUNC,  /* a function, or a method and what it belongs to */
	OCI_VAL_VARS,  /* all variables by name: hostvars['node'] */
	OCI_VAL_SPACE, /* namespace() */
};

/* Where a text stands, so that an error inside its template can name file, line and column. */
struct oci_origin {
	const char *file;	 /* NULL: not in a file */
	const char *name;	 /* of the variable */
	unsigned line, column;	 /* of its scalar, from 1; 0: unknown */
	struct oci_slice source; /* the file's bytes; empty: unknown */
};

struct oci_val {
	enum oci_val_kind kind;
	bool raw : 1;	 /* a text with template marks, or a collection that holds one: still to be rendered */
	bool native : 1; /* STR: made a text on purpose (string, to_json): never read back as a list or a truth value */
	bool lenient : 1; /* UNDEF of an inline if without else: prints as nothing */
	bool group : 1;	  /* TUPLE: of groupby(); its items have names, too */
	bool grown : 1;	  /* its items stand in an array with room for more */
	unsigned nest;	  /* levels of collections in this one */
	unsigned made;	  /* the rendering (its frame's serial) that made it and may still change it; 0: none */
	size_t len;	  /* bytes of a text, items of a list, pairs of a map */
	union {
		bool b;
		int64_t i;
		double f;
		const char *text;		    /* STR, NUL-terminated; UNDEF: why; FUNC: its name */
		const struct oci_val *const *items; /* LIST, TUPLE; MAP: key at 2*i, value at 2*i+1 */
		void *space;			    /* SPACE: a struct oci_map of values */
	};
	const struct oci_val *self;	 /* FUNC: the method's object, or NULL */
	const struct oci_origin *origin; /* STR: where it stands, or NULL */
};

extern const struct oci_val oci_val_none, oci_val_true, oci_val_false, oci_val_empty; /* empty: the text "" */

const struct oci_val *oci_val_bool(bool b);
const struct oci_val *oci_val_int(struct oci_arena *a, int64_t i);
const struct oci_val *oci_val_float(struct oci_arena *a, double f);
const struct oci_val *oci_val_str(struct oci_arena *a, const char *text, size_t len); /* copied */
const struct oci_val *oci_val_text(struct oci_arena *a, const char *text);	      /* copied */
const struct oci_val *oci_val_undef(struct oci_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const struct oci_val *oci_val_func(struct oci_arena *a, const char *name, const struct oci_val *self);

/* Lists and maps are gathered first. A map keeps the order of insertion; a key that comes again keeps its first place.
 */
struct oci_vals {
	const struct oci_val **v;
	size_t n, cap;
};

void oci_vals_add(struct oci_vals *vs, const struct oci_val *v);
void oci_vals_set(struct oci_vals *pairs, const struct oci_val *key, const struct oci_val *value);
void oci_vals_clear(struct oci_vals *vs);
const struct oci_val *oci_val_list(struct oci_arena *a, const struct oci_vals *vs); /* copied; vs stays the caller's */
const struct oci_val *oci_val_tuple(struct oci_arena *a, const struct oci_vals *vs);
const struct oci_val *oci_val_map(struct oci_arena *a, const struct oci_vals *pairs);

#define auto_vals OCI_AUTO(oci_vals_clear)

static inline bool oci_val_is_seq(const struct oci_val *v)
{
	return v->kind == OCI_VAL_LIST || v->kind == OCI_VAL_TUPLE;
}

static inline bool oci_val_is_num(const struct oci_val *v)
{
	return v->kind == OCI_VAL_BOOL || v->kind == OCI_VAL_INT || v->kind == OCI_VAL_FLOAT;
}

bool oci_val_is_str(const struct oci_val *v, const char *text);
int64_t oci_val_as_int(const struct oci_val *v);  /* of BOOL, INT and FLOAT; 0 for any other */
double oci_val_as_float(const struct oci_val *v); /* of BOOL, INT and FLOAT; 0 for any other */
bool oci_val_truth(const struct oci_val *v);	  /* UNDEF is false */
bool oci_val_equal(const struct oci_val *a, const struct oci_val *b);
/* *order is <0, 0 or >0; values that have no order (a text and a number) are an error. */
int oci_val_compare(const struct oci_val *a, const struct oci_val *b, int *order, struct oci_err **err);
const struct oci_val *oci_val_get(const struct oci_val *map, const struct oci_val *key); /* NULL when absent */
const struct oci_val *oci_val_member(const struct oci_val *map, const char *key);	 /* NULL when absent */
const char *oci_val_type(const struct oci_val *v); /* "str", "dict", …, for messages */

#endif
