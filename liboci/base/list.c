#include "base/list.h"

#include "base/file.h"
#include "base/slice.h"
#include "base/vec.h"

#include <stdlib.h>
#include <unistd.h>

#define LIST_MAX (64u << 20)
#define LINE_MAX_BYTES (64u << 10)

static struct oci_slice without_comment(struct oci_slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] == '#' && (i == 0 || line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
			line.len = i;
	return oci_slice_trim(line);
}

int oci_list_parse(struct oci_list *list, const char *file, const char *text, size_t n, struct oci_err **err)
{
	struct oci_slice rest = { text, n }, line;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		rest.p += 3, rest.len -= 3;
	for (unsigned number = 1; oci_slice_line(&rest, &line); number++) {
		if (line.len > LINE_MAX_BYTES)
			return oci_fail(err, OCI_BADINPUT, "%s:%u: line longer than 64 KiB", file, number);
		if (line.len && memchr(line.p, '\0', line.len))
			return oci_fail(err, OCI_BADINPUT, "%s:%u: not a text file (NUL byte)", file, number);
		line = without_comment(line);
		if (line.len)
			*oci_vec_push(list) = (struct oci_list_line){ oci_slice_dup(line), oci_strdup(file), number };
	}
	return 0;
}

int oci_list_load(struct oci_list *list, const char *path, struct oci_err **err)
{
	auto_buf struct oci_buf text = { 0 };

	if (oci_file_read(path, LIST_MAX, &text, err) < 0)
		return -1;
	return oci_list_parse(list, oci_streq(path, "-") ? "stdin" : path, oci_buf_text(&text), text.len, err);
}

void oci_list_add(struct oci_list *list, const char *operand)
{
	*oci_vec_push(list) = (struct oci_list_line){ oci_strdup(operand), oci_strdup("argument"), 0 };
}

int oci_list_gather(struct oci_list *list, const struct oci_list_args *args, struct oci_err **err)
{
	if (!args->n_files && !(args->operands && args->operands[0])) {
		if (isatty(STDIN_FILENO))
			return oci_fail(err, OCI_USAGE, "no %s given: name them, or give -f FILE, or a list on stdin",
					args->what);
		return oci_list_load(list, "-", err);
	}
	for (size_t i = 0; i < args->n_files; i++)
		if (oci_list_load(list, args->files[i], err) < 0)
			return -1;
	for (char *const *o = args->operands; o && *o; o++) {
		if (!oci_streq(*o, "-"))
			oci_list_add(list, *o);
		else if (oci_list_load(list, "-", err) < 0)
			return -1;
	}
	return 0;
}

char *oci_list_where(const struct oci_list_line *l)
{
	return l->line ? oci_printf("%s:%u", l->file, l->line) : oci_strdup(l->file);
}

void oci_list_clear(struct oci_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].text);
		free(list->v[i].file);
	}
	free(list->v);
	*list = (struct oci_list){ 0 };
}
