/* YAML documents; the whole tree is walked so that a sanitizer sees each node. */
#include "base/yaml.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct oci_yaml *node)
{
	size_t sum = node->kind == OCI_YAML_SCALAR ? strlen(node->text) : 0;
	size_t n = node->kind == OCI_YAML_MAP ? 2 * node->n : node->n;

	for (size_t i = 0; i < n; i++)
		sum += walk(node->items[i]);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_yaml struct oci_yaml_doc *doc = NULL;
	auto_err struct oci_err *err = NULL;

	if (oci_yaml_parse("fuzz", data, size, &doc, &err) == 0 && oci_yaml_root(doc))
		walk(oci_yaml_root(doc));
	return 0;
}
