/* Growing arrays. A vector is a struct of its own element type:  OCI_VEC(struct oci_ref) refs = {0}; */
#ifndef OCI_BASE_VEC_H
#define OCI_BASE_VEC_H

#include "base/auto.h"

#define OCI_VEC(type)                                                                                                  \
	struct {                                                                                                       \
		type *v;                                                                                               \
		size_t n, cap;                                                                                         \
	}

/* Append one zeroed element and give its address, valid until the next push. */
#define oci_vec_push(vec)                                                                                              \
	((__typeof__((vec)->v))oci_vec_grow((void **)&(vec)->v, &(vec)->n, &(vec)->cap, sizeof(*(vec)->v)))

void *oci_vec_grow(void **v, size_t *n, size_t *cap, size_t size);

/* A vector of strings that it owns. */
struct oci_strs {
	char **v;
	size_t n, cap;
};

void oci_strs_add(struct oci_strs *s, const char *text); /* a copy is kept */
void oci_strs_add_take(struct oci_strs *s, char *text);
bool oci_strs_has(const struct oci_strs *s, const char *text);
void oci_strs_sort(struct oci_strs *s); /* by bytes */
void oci_strs_clear(struct oci_strs *s);

#define auto_strs OCI_AUTO(oci_strs_clear)

#endif
