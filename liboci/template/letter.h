/* Letters of all alphabets, by code point: upper and lower case as Python's str has them. */
#ifndef OCI_TEMPLATE_LETTER_H
#define OCI_TEMPLATE_LETTER_H

#include "base/buf.h"
#include "base/slice.h"

bool oci_letter_is_alpha(uint32_t code);
bool oci_letter_is_alnum(uint32_t code);
bool oci_letter_is_upper(uint32_t code);
bool oci_letter_is_lower(uint32_t code);
void oci_letter_add_upper(struct oci_buf *out, uint32_t code);
void oci_letter_add_lower(struct oci_buf *out, uint32_t code);
void oci_letters_lower(struct oci_slice text, struct oci_buf *out);

#endif
