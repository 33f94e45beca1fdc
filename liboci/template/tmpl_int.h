/* The engine's inside: limits, scopes, places of errors. */
#ifndef OCI_TEMPLATE_TMPL_INT_H
#define OCI_TEMPLATE_TMPL_INT_H

#include "base/map.h"
#include "template/tmpl.h"
#include "template/tree_int.h"

/* Hostile input meets these: levels of evaluation, evaluated nodes, bytes in the arena, bytes of one text. */
#define OCI_TMPL_DEPTH 500
#define OCI_TMPL_STEPS 5000000
#define OCI_TMPL_MEMORY ((size_t)256 << 20)
#define OCI_TMPL_TEXT ((size_t)16 << 20)

struct oci_scope {
	struct oci_map vars; /* name -> const struct oci_val * */
	struct oci_scope *up;
};

/* The template that is being rendered. */
struct oci_frame {
	struct oci_slice text;
	const struct oci_origin *origin; /* may be NULL */
	struct oci_slice mark;		 /* the {{ }} or {% %} that is being evaluated */
	const struct oci_frame *up;
	unsigned serial; /* no two renderings have the same */
};

struct oci_tmpl {
	struct oci_arena arena;
	struct oci_tmpl_vars vars;
	struct oci_map cache; /* name -> struct var */
	OCI_VEC(struct oci_map *) spaces;
	struct oci_strs busy; /* variables that are being rendered, outermost first */
	struct oci_scope *scope;
	struct oci_frame *frame;
	unsigned depth;
	size_t pieces; /* texts and values printed so far by the template that is being rendered */
	bool native;   /* the last of them was a text made on purpose, see oci_val.native */
	uint64_t steps;
	unsigned serials;      /* renderings so far */
	uint64_t added_levels; /* of nesting, by methods that change values */
	bool placed;	       /* the error on its way names its place already */
};

/* Count work; past a limit it is an error. */
int oci_tmpl_step(struct oci_tmpl *t, struct oci_err **err);
int oci_tmpl_spend(struct oci_tmpl *t, uint64_t steps, struct oci_err **err);
int oci_tmpl_room(struct oci_tmpl *t, uint64_t bytes, struct oci_err **err); /* before a text or list grows that far */
int oci_tmpl_down(struct oci_tmpl *t, struct oci_err **err);		 /* one level deeper; undone by t->depth-- */
int oci_tmpl_place(struct oci_tmpl *t, size_t at, struct oci_err **err); /* add where it happened; gives -1 */

/* Use an undefined value: its error. */
int oci_tmpl_use(struct oci_tmpl *t, const struct oci_val *v, struct oci_err **err);

#ifdef __clang_analyzer__ /* as in base/err.h */
#define oci_tmpl_place(...) (oci_tmpl_place(__VA_ARGS__), -1)
#define oci_tmpl_use(...) (oci_tmpl_use(__VA_ARGS__), -1)
#endif

/* The value of a name: scopes, variables, functions; else an undefined one. */
int oci_tmpl_name(struct oci_tmpl *t, struct oci_slice name, const struct oci_val **out, struct oci_err **err);
int oci_tmpl_lookup(struct oci_tmpl *t, const char *name, const struct oci_val **out, struct oci_err **err);
bool oci_tmpl_has(struct oci_tmpl *t, const char *name);

int oci_eval(struct oci_tmpl *t, const struct oci_node *n, const struct oci_val **out, struct oci_err **err);
int oci_eval_truth(struct oci_tmpl *t, const struct oci_node *n, bool *out, struct oci_err **err);
int oci_truth(struct oci_tmpl *t, const struct oci_val *v, bool *out, struct oci_err **err);
int oci_render(struct oci_tmpl *t, const struct oci_node *body, struct oci_buf *out, struct oci_err **err);
int oci_render_finish(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val **out, struct oci_err **err);

/* Operators and access. */
int oci_op_binary(struct oci_tmpl *t, struct oci_slice op, const struct oci_val *a, const struct oci_val *b,
		  const struct oci_val **out, struct oci_err **err);
int oci_op_compare(struct oci_tmpl *t, struct oci_slice op, const struct oci_val *a, const struct oci_val *b, bool *out,
		   struct oci_err **err);
int oci_op_contains(struct oci_tmpl *t, const struct oci_val *in, const struct oci_val *what, bool *out,
		    struct oci_err **err);
int oci_get_attr(struct oci_tmpl *t, const struct oci_val *v, struct oci_slice name, const struct oci_val **out,
		 struct oci_err **err);
int oci_get_item(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *key, const struct oci_val **out,
		 struct oci_err **err);
int oci_get_slice(struct oci_tmpl *t, const struct oci_val *v, const struct oci_val *const parts[3],
		  const struct oci_val **out, struct oci_err **err);
/* The items of a list, the characters of a text, the keys of a map. */
int oci_iterate(struct oci_tmpl *t, const struct oci_val *v, struct oci_vals *out, struct oci_err **err);

#endif
