#include "listgen/offline.h"

#include "base/slice.h"
#include "listgen/downloads.h"

#include <stdlib.h>

/* What moves: each variable that holds where a file lies, and its text as the release has it. */
struct moved {
	const char *name;
	const char *text;
};

struct printing {
	struct oci_vars *vars;
	struct oci_buf *yaml;
	struct oci_downloads items;
	OCI_VEC(struct moved) files;
};

/* A double-quoted scalar. */
static void add_quoted(struct oci_buf *b, const char *text)
{
	oci_buf_addc(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			oci_buf_addc(b, '\\');
		if (*text == '\n')
			oci_buf_adds(b, "\\n");
		else
			oci_buf_addc(b, *text);
	}
	oci_buf_addc(b, '"');
}

static void add_variable(struct oci_buf *b, const char *name, const char *value)
{
	oci_buf_addf(b, "%s: ", name);
	add_quoted(b, value);
	oci_buf_addc(b, '\n');
}

/* The text that the release itself gives a variable; a value that cannot be read is no text to move. */
static const char *text_of(struct oci_vars *vars, const char *name)
{
	auto_err struct oci_err *e = NULL;
	const struct oci_val *v = oci_vars_is_extra(vars, name) ? NULL : oci_vars_raw(vars, name, &e);

	return v && v->kind == OCI_VAL_STR ? v->text : NULL;
}

/* docker.io, or mcr.microsoft.com/k8s/csi: the host becomes the site's, the path stays. */
static void add_registry(void *ctx, const char *name)
{
	struct printing *p = ctx;
	const char *text = oci_ends(name, "_image_repo") ? text_of(p->vars, name) : NULL;
	size_t host = text ? strcspn(text, "/") : 0;

	if (!host || oci_starts(text, "{") || !memchr(text, '.', host))
		return;
	auto_free char *value = oci_printf("{{ registry_host }}%s", text + host);

	add_variable(p->yaml, name, value);
}

static bool is_file_variable(const struct oci_downloads *items, const char *name)
{
	if (oci_ends(name, "_download_url"))
		return true;
	for (size_t i = 0; i < items->n; i++)
		if (items->v[i].url_var && oci_streq(items->v[i].url_var, name))
			return true;
	return false;
}

static void collect_file(void *ctx, const char *name)
{
	struct printing *p = ctx;
	const char *text = is_file_variable(&p->items, name) ? text_of(p->vars, name) : NULL;

	if (text)
		*oci_vec_push(&p->files) = (struct moved){ name, text };
}

/* "{{ github_url }}/a/b" begins with github_url: the rest of the text; NULL when it begins otherwise. */
static const char *behind_name(const char *text, const char *name)
{
	size_t n = strlen(name);

	if (!oci_starts(text, "{{"))
		return NULL;
	text += 2 + strspn(text + 2, " ");
	if (strncmp(text, name, n) != 0)
		return NULL;
	text += n + strspn(text + n, " ");
	return oci_starts(text, "}}") ? text + 2 : NULL;
}

static const char *behind_scheme(const char *text)
{
	return oci_starts(text, "https://") ? text + 8 : oci_starts(text, "http://") ? text + 7 : NULL;
}

/* The addresses that newer releases put before every download: github_url: https://github.com. */
static const char *base_of(struct oci_vars *vars, const char *name)
{
	const char *text = oci_ends(name, "_url") ? text_of(vars, name) : NULL;

	return text && !strchr(text, '{') ? behind_scheme(text) : NULL;
}

static void add_base(void *ctx, const char *name)
{
	struct printing *p = ctx;
	const char *base = is_file_variable(&p->items, name) ? NULL : base_of(p->vars, name);
	bool used = false;

	for (size_t i = 0; base && !used && i < p->files.n; i++)
		used = behind_name(p->files.v[i].text, name) != NULL;
	if (!used)
		return;
	auto_free char *value = oci_printf("{{ files_repo }}/%s", base);

	add_variable(p->yaml, name, value);
}

/* Every address outside of {{ }} and {% %} comes to lie below files_repo. */
static char *moved_text(const char *text)
{
	struct oci_buf b = { 0 };

	while (*text) {
		const char *end = oci_starts(text, "{{")   ? strstr(text, "}}")
				  : oci_starts(text, "{%") ? strstr(text, "%}")
							   : NULL;
		const char *rest = behind_scheme(text);

		if (rest)
			oci_buf_adds(&b, "{{ files_repo }}/");
		else
			oci_buf_add(&b, text, (size_t)((rest = end ? end + 2 : text + 1) - text));
		text = rest;
	}
	return oci_buf_take(&b);
}

/* "{{ github_url }}/a/b" and "https://github.com/a/b" become "{{ files_repo }}/github.com/a/b". */
static void add_download(struct printing *p, const struct moved *file)
{
	const char *end = oci_starts(file->text, "{{") ? strstr(file->text, "}}") : NULL;
	struct oci_slice inside = { file->text + 2, end ? (size_t)(end - file->text) - 2 : 0 };
	auto_free char *name = end ? oci_slice_dup(oci_slice_trim(inside)) : NULL;
	const char *base = name ? base_of(p->vars, name) : NULL;
	auto_free char *value = base ? oci_printf("{{ files_repo }}/%s%s", base, end + 2) : moved_text(file->text);

	if (!oci_streq(value, file->text))
		add_variable(p->yaml, file->name, value);
}

static int add_files(struct printing *p, struct oci_err **err)
{
	if (oci_downloads_load(&p->items, p->vars, err) < 0)
		return -1;
	oci_vars_each(p->vars, collect_file, p);
	oci_vars_each(p->vars, add_base, p);
	for (size_t i = 0; i < p->files.n; i++)
		add_download(p, &p->files.v[i]);
	return 0;
}

/* Where kubespray itself would add repositories: container engines, the extras of the RedHat family, EPEL. */
static void add_repositories(struct oci_buf *yaml, const char *url)
{
	static const char *const rows[][2] = {
		{ "docker_rh_repo_base_url", "{{ yum_repo }}/docker-ce/$releasever/$basearch" },
		{ "docker_rh_repo_gpgkey", "{{ yum_repo }}/docker-ce/gpg" },
		{ "docker_fedora_repo_base_url",
		  "{{ yum_repo }}/docker-ce/{{ ansible_distribution_major_version }}/{{ ansible_architecture }}" },
		{ "docker_fedora_repo_gpgkey", "{{ yum_repo }}/docker-ce/gpg" },
		{ "containerd_fedora_repo_base_url", "{{ yum_repo }}/containerd" },
		{ "containerd_fedora_repo_gpgkey", "{{ yum_repo }}/docker-ce/gpg" },
		{ "docker_debian_repo_base_url", "{{ debian_repo }}/docker-ce" },
		{ "docker_debian_repo_gpgkey", "{{ debian_repo }}/docker-ce/gpg" },
		{ "containerd_debian_repo_base_url", "{{ debian_repo }}/containerd" },
		{ "containerd_debian_repo_gpgkey", "{{ debian_repo }}/containerd/gpg" },
		{ "docker_ubuntu_repo_base_url", "{{ ubuntu_repo }}/docker-ce" },
		{ "docker_ubuntu_repo_gpgkey", "{{ ubuntu_repo }}/docker-ce/gpg" },
		{ "containerd_ubuntu_repo_base_url", "{{ ubuntu_repo }}/containerd" },
		{ "containerd_ubuntu_repo_gpgkey", "{{ ubuntu_repo }}/containerd/gpg" },
	};
	auto_free char *debian = oci_printf("%s/debian", url), *ubuntu = oci_printf("%s/ubuntu", url);

	oci_buf_adds(yaml, "\n# Package repositories.\n");
	add_variable(yaml, "yum_repo", url);
	add_variable(yaml, "debian_repo", debian);
	add_variable(yaml, "ubuntu_repo", ubuntu);
	oci_buf_adds(yaml, "rhel_enable_repos: false\n");
	for (size_t i = 0; i < OCI_COUNT(rows); i++)
		add_variable(yaml, rows[i][0], rows[i][1]);
}

static char *repos_of(const struct oci_offline *site, const char *files)
{
	if (site->repos_url)
		return oci_strdup(site->repos_url);
	return oci_strndup(files, strlen(files) - (oci_ends(files, "/files") ? strlen("/files") : 0));
}

int oci_offline_print(struct oci_vars *vars, const struct oci_offline *site, struct oci_buf *yaml, struct oci_err **err)
{
	auto_free char *files = oci_strdup(site->files_url);
	struct printing p = { .vars = vars, .yaml = yaml };

	while (oci_ends(files, "/"))
		files[strlen(files) - 1] = '\0';
	auto_free char *repos = repos_of(site, files);

	oci_buf_adds(yaml, "---\n# Points kubespray at the servers of this site. Made by list-gen offline-vars.\n");
	add_variable(yaml, "files_repo", files);
	add_variable(yaml, "registry_host", site->registry);
	oci_buf_adds(yaml, "\n# Images.\n");
	oci_vars_each(vars, add_registry, &p);
	oci_buf_adds(yaml, "\n# Files.\n");
	int rc = add_files(&p, err);

	oci_downloads_clear(&p.items);
	free(p.files.v);
	add_repositories(yaml, repos);
	return rc;
}
