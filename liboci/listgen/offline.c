#include "listgen/offline.h"

#include "base/slice.h"
#include "listgen/scan.h"

struct printing {
	struct oci_vars *vars;
	struct oci_buf *yaml;
	struct oci_err **err;
	int rc;
};

/* A double-quoted scalar. */
static void add_quoted(struct oci_buf *b, const char *text)
{
	oci_buf_addc(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			oci_buf_addc(b, '\\');
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

/* registry_host is given; these are the hosts that images come from, under the names that the release has for them. */
static bool is_registry_variable(const char *name, const struct oci_val *v)
{
	struct oci_slice s;

	if (!oci_ends(name, "_image_repo") || v->kind != OCI_VAL_STR || v->raw)
		return false;
	s = (struct oci_slice){ v->text, v->len };
	return memchr(s.p, '.', s.len) != NULL;
}

static void add_registry(void *ctx, const char *name)
{
	struct printing *p = ctx;
	const struct oci_val *v;

	if (p->rc < 0 || oci_vars_is_extra(p->vars, name) || !oci_ends(name, "_image_repo"))
		return;
	v = oci_vars_raw(p->vars, name, p->err);
	if (v && is_registry_variable(name, v))
		add_variable(p->yaml, name, "{{ registry_host }}");
}

/* The base addresses that newer releases put before every download: github_url: https://github.com. */
static bool is_base_variable(const char *name, const struct oci_val *v)
{
	return oci_ends(name, "_url") && !oci_ends(name, "_download_url") && v->kind == OCI_VAL_STR && !v->raw &&
	       (oci_starts(v->text, "https://") || oci_starts(v->text, "http://")) && !strchr(v->text + 8, '/');
}

static bool is_used(const struct oci_scan *scan, const char *name)
{
	for (size_t i = 0; i < scan->n; i++) {
		size_t n = strlen(name);
		const char *at = scan->v[i].text;

		if (oci_starts(at, "{{") && (at += 2 + strspn(at + 2, " ")) && strncmp(at, name, n) == 0 &&
		    strchr(" }", at[n]))
			return true;
	}
	return false;
}

/* The template behind the base: "{{ github_url }}/a/b" or "https://github.com/a/b" becomes "{{ files_repo
 * }}/github.com/a/b". */
static int add_download(const struct oci_scan *scan, size_t i, struct oci_vars *vars, struct oci_buf *yaml,
			struct oci_err **err)
{
	const struct oci_scan_line *l = &scan->v[i];
	auto_free char *host = NULL, *name = NULL, *value = NULL;
	const char *rest = l->text;

	if (oci_starts(rest, "{{")) {
		const char *end = strstr(rest, "}}");
		struct oci_slice inside = { rest + 2, end ? (size_t)(end - rest) - 2 : 0 };

		name = oci_slice_dup(oci_slice_trim(inside));
		const struct oci_val *base = end ? oci_vars_raw(vars, name, err) : NULL;

		if (!base || !is_base_variable(name, base))
			return 0;
		host = oci_strdup(strstr(base->text, "://") + 3);
		rest = end + 2;
	} else if (strstr(rest, "://")) {
		rest = strstr(rest, "://") + 3;
		host = oci_strdup("");
	} else {
		return 0;
	}
	value = oci_printf("{{ files_repo }}/%s%s", host, rest);
	add_variable(yaml, l->variable, value);
	return 0;
}

static int add_downloads(struct oci_vars *vars, struct oci_buf *yaml, struct oci_err **err)
{
	auto_scan struct oci_scan scan = { 0 };

	if (!oci_vars_source(vars, "downloads", &scan.file, &scan.bytes))
		return oci_fail(err, OCI_NOTFOUND, "no dictionary `downloads` among the variables");
	oci_scan_files(&scan);
	for (size_t i = 0; i < scan.n; i++)
		if (add_download(&scan, i, vars, yaml, err) < 0)
			return -1;
	return 0;
}

struct base {
	struct printing p;
	struct oci_scan scan;
};

static void add_base(void *ctx, const char *name)
{
	struct base *b = ctx;
	const struct oci_val *v;

	if (!oci_ends(name, "_url") || oci_vars_is_extra(b->p.vars, name))
		return;
	v = oci_vars_raw(b->p.vars, name, b->p.err);
	if (!v || !is_base_variable(name, v) || !is_used(&b->scan, name))
		return;
	auto_free char *value = oci_printf("{{ files_repo }}/%s", strstr(v->text, "://") + 3);

	add_variable(b->p.yaml, name, value);
}

static void add_bases(struct oci_vars *vars, struct oci_buf *yaml, struct oci_err **err)
{
	struct base b = { .p = { vars, yaml, err, 0 } };

	if (!oci_vars_source(vars, "downloads", &b.scan.file, &b.scan.bytes))
		return;
	oci_scan_files(&b.scan);
	oci_vars_each(vars, add_base, &b);
	oci_scan_clear(&b.scan);
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
	struct printing p = { vars, yaml, err, 0 };

	while (oci_ends(files, "/"))
		files[strlen(files) - 1] = '\0';
	auto_free char *repos = repos_of(site, files);

	oci_buf_adds(yaml, "---\n# Points kubespray at the servers of this site. Made by list-gen offline-vars.\n");
	add_variable(yaml, "files_repo", files);
	add_variable(yaml, "registry_host", site->registry);
	oci_buf_adds(yaml, "\n# Images.\n");
	oci_vars_each(vars, add_registry, &p);
	oci_buf_adds(yaml, "\n# Files.\n");
	add_bases(vars, yaml, err);
	if (add_downloads(vars, yaml, err) < 0)
		return -1;
	add_repositories(yaml, repos);
	return 0;
}
