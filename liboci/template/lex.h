/* Templates as tokens: text, the marks {{ }} and {% %}, and what stands inside them. */
#ifndef OCI_TEMPLATE_LEX_H
#define OCI_TEMPLATE_LEX_H

#include "base/err.h"
#include "base/slice.h"
#include "base/vec.h"

enum oci_tok_kind {
	OCI_TOK_END,
	OCI_TOK_TEXT,	   /* between marks; s is what is left of it after trimming */
	OCI_TOK_VAR_BEGIN, /* {{ */
	OCI_TOK_VAR_END,
	OCI_TOK_BLOCK_BEGIN, /* {% */
	OCI_TOK_BLOCK_END,
	OCI_TOK_NAME,
	OCI_TOK_INT,
	OCI_TOK_FLOAT,
	OCI_TOK_STR, /* s is what stands between the quotes, escapes not undone */
	OCI_TOK_OP,  /* s is the operator */
};

struct oci_tok {
	enum oci_tok_kind kind;
	struct oci_slice s;
	size_t at; /* offset in the template */
};

struct oci_toks {
	struct oci_tok *v;
	size_t n, cap;
};

/* Cut a template. On failure *at is the offset that the error is about. The tokens borrow from text. */
int oci_lex(struct oci_slice text, struct oci_toks *out, size_t *at, struct oci_err **err);

#endif
