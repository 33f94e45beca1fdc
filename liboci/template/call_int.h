/* Filters, tests, methods and functions: rows of name, parameters and function, and the binding of arguments to them.
 */
#ifndef OCI_TEMPLATE_CALL_INT_H
#define OCI_TEMPLATE_CALL_INT_H

#include "template/tmpl_int.h"

#define OCI_CALL_PARAMS 8

/* Arguments as they were given: names[i] is a keyword or empty. */
struct oci_args {
	const struct oci_val *const *v;
	const struct oci_slice *names;
	size_t n;
};

/* Arguments bound to parameters. */
struct oci_call {
	struct oci_tmpl *t;
	const char *name;
	const struct oci_val *self;		     /* a filter's input, a method's object */
	const struct oci_val *args[OCI_CALL_PARAMS]; /* by parameter; NULL where none was given */
	struct oci_args rest;			     /* what a row with "*" takes beyond its parameters, keywords too */
};

typedef int oci_builtin_fn(const struct oci_call *c, const struct oci_val **out, struct oci_err **err);

struct oci_builtin {
	const char *name; /* NULL ends a table */
	oci_builtin_fn *fn;
	const char *params; /* names separated by blanks; "*" at the end takes the rest */
	unsigned need;	    /* so many of them must be given */
	bool undef;	    /* undefined values are fine as input and arguments */
};

extern const struct oci_builtin oci_filters_text[], oci_filters_list[], oci_filters_set[], oci_filters_pick[],
	oci_filters_map[], oci_filters_number[], oci_filters_data[], oci_filters_regex[], oci_filters_case[],
	oci_filters_url[], oci_filters_hash[];
extern const struct oci_builtin oci_tests_kind[], oci_tests_case[], oci_tests_value[];
extern const struct oci_builtin oci_methods_str[], oci_methods_case[], oci_methods_split[], oci_methods_list[],
	oci_methods_map[], oci_methods_int[], oci_methods_list_change[], oci_methods_map_change[];
extern const struct oci_builtin oci_functions[];

const struct oci_builtin *oci_filter_find(struct oci_slice name); /* NULL when there is none */
const struct oci_builtin *oci_test_find(struct oci_slice name);
const struct oci_builtin *oci_method_find(const struct oci_val *on, const char *name);
const struct oci_val *oci_global_find(struct oci_tmpl *t, const char *name);

int oci_call_builtin(struct oci_tmpl *t, const struct oci_builtin *b, const struct oci_val *self,
		     const struct oci_args *args, const struct oci_val **out, struct oci_err **err);
/* By name, as map() and select() call them. */
int oci_call_filter(struct oci_tmpl *t, struct oci_slice name, const struct oci_val *self, const struct oci_args *args,
		    const struct oci_val **out, struct oci_err **err);
int oci_call_test(struct oci_tmpl *t, struct oci_slice name, const struct oci_val *self, const struct oci_args *args,
		  bool *out, struct oci_err **err);
int oci_call_func(struct oci_tmpl *t, const struct oci_val *func, const struct oci_args *args,
		  const struct oci_val **out, struct oci_err **err);

/* Parameters with a default. The second group fails when the argument has another type. */
bool oci_arg_truth(const struct oci_call *c, size_t i, bool absent);
int oci_arg_int(const struct oci_call *c, size_t i, int64_t absent, int64_t *out, struct oci_err **err);
int oci_arg_text(const struct oci_call *c, size_t i, const char *absent, struct oci_slice *out, struct oci_err **err);

/* A list or dictionary that is new may be changed by the template that is being rendered. */
void oci_val_made(struct oci_tmpl *t, const struct oci_val *v);

/* What a value prints as, in the arena; and a result made of a buffer's text. */
struct oci_slice oci_text_of(struct oci_tmpl *t, const struct oci_val *v);
int oci_give(const struct oci_call *c, const struct oci_buf *b, const struct oci_val **out, struct oci_err **err);
int oci_give_native(const struct oci_call *c, struct oci_slice text, const struct oci_val **out); /* stays a text */
int oci_give_list(const struct oci_call *c, const struct oci_vals *vs, const struct oci_val **out,
		  struct oci_err **err);

#endif
