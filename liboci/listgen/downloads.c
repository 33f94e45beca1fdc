#include "listgen/downloads.h"

#include "template/print.h"

#include <ctype.h>
#include <stdlib.h>

/* "{{ kubelet_download_url }}" names one variable and nothing else. */
static char *only_name(const struct oci_val *v)
{
	struct oci_slice s = { v->text, v->len };

	if (v->kind != OCI_VAL_STR || s.len < 5 || !oci_slice_starts(s, "{{") || !oci_ends(v->text, "}}"))
		return NULL;
	s = oci_slice_trim((struct oci_slice){ s.p + 2, s.len - 4 });
	for (size_t i = 0; i < s.len; i++)
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '_')
			return NULL;
	return s.len ? oci_slice_dup(s) : NULL;
}

static void add_squeezed(struct oci_buf *b, const struct oci_val *v)
{
	for (size_t i = 0; i < v->len; i++)
		if (v->text[i] != ' ' && v->text[i] != '"')
			oci_buf_addc(b, v->text[i]);
}

static char *image_of(const struct oci_val *map)
{
	const struct oci_val *repo = oci_val_member(map, "repo"), *tag = oci_val_member(map, "tag");
	struct oci_buf b = { 0 };

	if (!repo || !tag || repo->kind != OCI_VAL_STR || tag->kind != OCI_VAL_STR)
		return NULL;
	add_squeezed(&b, repo);
	oci_buf_addc(&b, ':');
	add_squeezed(&b, tag);
	return oci_buf_take(&b);
}

int oci_downloads_load(struct oci_downloads *d, struct oci_vars *vars, struct oci_err **err)
{
	struct oci_err *e = NULL;
	const struct oci_val *all = oci_vars_raw(vars, "downloads", &e);

	if (!all && e)
		return oci_fail_with(err, &e);
	if (!all || all->kind != OCI_VAL_MAP)
		return oci_fail(err, OCI_NOTFOUND,
				"no dictionary `downloads` among the variables: nothing tells what is enabled");
	for (size_t i = 0; i < all->len; i++) {
		const struct oci_val *key = all->items[2 * i], *map = all->items[2 * i + 1],
				     *url = oci_val_member(map, "url");

		if (key->kind != OCI_VAL_STR || map->kind != OCI_VAL_MAP)
			return oci_fail(err, OCI_BADINPUT, "downloads: its entries must be dictionaries");
		*oci_vec_push(d) =
			(struct oci_download){ key->text, map, url ? only_name(url) : NULL, image_of(map), false };
	}
	return 0;
}

void oci_downloads_clear(struct oci_downloads *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].url_var);
		free(d->v[i].image);
	}
	free(d->v);
	*d = (struct oci_downloads){ 0 };
}

static int rendered(struct oci_vars *vars, const struct oci_download *d, const char *key, const struct oci_val **out,
		    struct oci_err **err)
{
	const struct oci_val *raw = oci_val_member(d->map, key);

	*out = NULL;
	return raw ? oci_tmpl_value(oci_vars_engine(vars), raw, out, err) : 0;
}

/* What we do not know may stand in an entry that nobody wants; all else that fails here fails in kubespray, too. */
static int check_one(struct oci_vars *vars, const struct oci_download *d, struct oci_err **err)
{
	const struct oci_val *v;

	for (size_t i = 0; i < d->map->len; i++) {
		struct oci_err *e = NULL;

		if (oci_tmpl_value(oci_vars_engine(vars), d->map->items[2 * i + 1], &v, &e) == 0)
			continue;
		if (oci_err_code(e) != OCI_UNSUPPORTED) {
			oci_fail_with(err, &e);
			return oci_fail_in(err, "downloads.%s", d->name);
		}
		oci_err_free(e);
	}
	return 0;
}

int oci_downloads_check(const struct oci_downloads *d, struct oci_vars *vars, struct oci_err **err)
{
	for (size_t i = 0; i < d->n; i++)
		if (check_one(vars, &d->v[i], err) < 0)
			return -1;
	return 0;
}

/* A condition holds as in Ansible's `when`: any text but the empty one does, also "no". */
int oci_download_flag(struct oci_vars *vars, const struct oci_download *d, const char *key, bool *out,
		      struct oci_err **err)
{
	const struct oci_val *v;

	if (rendered(vars, d, key, &v, err) < 0)
		return -1;
	*out = v && oci_val_truth(v);
	return 0;
}

int oci_download_text(struct oci_vars *vars, const struct oci_download *d, const char *key, char **out,
		      struct oci_err **err)
{
	const struct oci_val *v;
	struct oci_buf b = { 0 };

	if (rendered(vars, d, key, &v, err) < 0)
		return -1;
	if (v && v->kind != OCI_VAL_NONE)
		oci_val_print(v, &b);
	*out = oci_buf_take(&b);
	return 0;
}

int oci_download_checksum(struct oci_vars *vars, const struct oci_download *d, char **out, struct oci_err **err)
{
	auto_free char *text = NULL;
	bool named = oci_val_member(d->map, "checksum") != NULL;

	*out = NULL;
	if (oci_download_text(vars, d, named ? "checksum" : "sha256", &text, err) < 0)
		return -1;
	const char *colon = strchr(text, ':'), *hex = colon ? colon + 1 : text;

	/* "0" says that there is no such build, an empty one that none is known. */
	if (!*hex || oci_streq(hex, "0"))
		return 0;
	*out = colon ? oci_steal(&text) : oci_printf("%s:%s", strlen(hex) == 128 ? "sha512" : "sha256", hex);
	return 0;
}
