#include "ops/to_registry_int.h"

#include "ops/input.h"

#include <stdlib.h>
#include <string.h>

static int open_layouts(struct tr_plan *p, const struct oci_strs *inputs, struct oci_err **err)
{
	p->layouts = oci_calloc(inputs->n, sizeof(*p->layouts));
	for (; p->n_layouts < inputs->n; p->n_layouts++)
		if (oci_input_open(inputs->v[p->n_layouts], &p->layouts[p->n_layouts], err) < 0)
			return -1;
	return 0;
}

static int set_target(struct tr_job *job, const struct tr_plan *p, const char *prefix, const struct oci_ref *name,
		      struct oci_err **err)
{
	if (name->digest.algorithm != OCI_NO_DIGEST && !oci_digest_same(&name->digest, &job->digest))
		return oci_fail(err, OCI_BADDIGEST, "%s: stands for %s in the layout", job->name,
				OCI_DIGEST(&job->digest));
	if (oci_rename_target(p->map, name, &job->target, err) < 0)
		return -1;
	oci_input_repository(job->parts.v[0].entry, name, &job->target);
	if (!prefix)
		return 0;
	size_t n = strlen(prefix);
	char *repository = oci_printf("%s%s%s", prefix, prefix[n - 1] == '/' ? "" : "/", job->target.repository);

	free(job->target.repository);
	job->target.repository = repository;
	return 0;
}

/* What a name tells about being there for another image's sake: a bare digest, or a tag made from the subject's. */
static bool may_refer(const struct oci_ref *name, struct oci_digest *subject)
{
	auto_free char *tag = oci_strdup(name->tag);
	char *dot = tag ? strchr(tag, '.') : NULL;

	if (dot)
		*dot = '\0';
	return !tag || oci_fallback_subject(tag, subject);
}

/* The subject that an entry's own document names; false: none, or it cannot be read. */
static bool read_subject(const struct tr_part *part, struct oci_digest *subject)
{
	auto_buf struct oci_buf bytes = { 0 };
	auto_manifest struct oci_manifest m = { 0 };

	if (oci_blobs_read(part->layout->blobs, part->entry, OCI_MANIFEST_MAX, &bytes, NULL) < 0 ||
	    oci_manifest_parse("", bytes.data, bytes.len, part->entry->media_type, &m, NULL) < 0 || !m.subject)
		return false;
	*subject = m.subject->digest;
	return true;
}

static struct tr_job *new_job(struct tr_plan *p, const struct tr_part *part)
{
	struct tr_job *job = oci_calloc(1, sizeof(*job));

	job->digest = part->entry->digest;
	*oci_vec_push(&job->parts) = *part;
	*oci_vec_push(&p->jobs) = job;
	return job;
}

static void add_nameless(struct tr_plan *p, const struct tr_part *part, const struct oci_to_registry *what,
			 struct oci_failures *failures)
{
	struct oci_digest subject;
	struct oci_err *e = NULL;

	if (read_subject(part, &subject)) {
		struct tr_job *job = new_job(p, part);

		job->waits = true;
		job->subject = subject;
	} else if (!p->chosen.some) {
		oci_fail(&e, OCI_BADINPUT,
			 "%s: index.json: %s has no name, so it has no place in a registry; "
			 "write it into the layout again under a name (skopeo copy SOURCE oci:%s:NAME)",
			 part->layout->dir, OCI_DIGEST(&part->entry->digest), part->layout->dir);
		oci_failures_add_take(failures, &what->out, &e);
	}
}

static int join(struct tr_job *job, const struct tr_part *part, struct oci_err **err)
{
	if (!oci_digest_same(&job->digest, &part->entry->digest))
		return oci_fail(err, OCI_CONFLICT, "%s: is %s in %s and %s in %s; keep one of them", job->name,
				OCI_DIGEST(&job->digest), job->parts.v[0].layout->dir, OCI_DIGEST(&part->entry->digest),
				part->layout->dir);
	*oci_vec_push(&job->parts) = *part;
	return 0;
}

static int add_named(struct tr_plan *p, const struct tr_part *part, const struct oci_ref *ref,
		     const struct oci_to_registry *what, struct oci_err **err)
{
	auto_free char *name = oci_ref_name(ref);
	struct tr_job *job = oci_map_get(&p->by_name, name);
	bool waits = !oci_chosen_has(&p->chosen, name);
	struct oci_digest subject = { 0 };

	if (job)
		return join(job, part, err);
	if (waits && (!may_refer(ref, &subject) || (!ref->tag && !read_subject(part, &subject))))
		return 0;
	job = new_job(p, part);
	job->name = oci_strdup(name);
	job->waits = waits;
	job->subject = subject;
	oci_map_add(&p->by_name, name, job);
	return set_target(job, p, what->prefix, ref, err);
}

static int add_entries(struct tr_plan *p, const struct oci_layout *l, const struct oci_to_registry *what,
		       struct oci_failures *failures, struct oci_err **err)
{
	for (size_t i = 0; i < l->entries.n; i++) {
		const struct tr_part part = { l, &l->entries.v[i] };
		auto_ref struct oci_ref ref = { 0 };
		auto_err struct oci_err *e = NULL;

		if (oci_layout_ref(part.entry, &ref, &e) == 0) {
			if (add_named(p, &part, &ref, what, err) < 0)
				return -1;
		} else if (oci_err_code(e) == OCI_NOTFOUND) {
			add_nameless(p, &part, what, failures);
		} else if (!p->chosen.some) {
			oci_fail_in(&e, "%s: index.json", l->dir);
			oci_failures_add_take(failures, &what->out, &e);
		}
	}
	return 0;
}

/* Two names of one run must not claim one tag with different digests. */
static int check_meeting(const struct tr_plan *p, struct oci_err **err)
{
	auto_map struct oci_map tags = { 0 };

	for (size_t i = 0; i < p->jobs.n; i++) {
		struct tr_job *job = p->jobs.v[i];

		if (!job->name || !job->target.tag)
			continue;
		auto_free char *place = oci_printf("%s:%s", job->target.repository, job->target.tag);
		const struct tr_job *first = oci_map_get(&tags, place);

		if (first && !oci_digest_same(&first->digest, &job->digest))
			return oci_fail(err, OCI_CONFLICT,
					"%s and %s would both be %s in the store, with different digests; rename one "
					"with --map "
					"or leave it out",
					first->name, job->name, place);
		oci_map_add(&tags, place, job);
	}
	return 0;
}

static void fail_absent(const struct tr_plan *p, const struct oci_to_registry *what, struct oci_failures *failures)
{
	for (size_t i = 0; i < p->chosen.names.n; i++) {
		const char *name = p->chosen.names.items[i].key;
		struct oci_err *e = NULL;

		if (oci_map_has(&p->by_name, name))
			continue;
		oci_chosen_absent(name, p->layouts, p->n_layouts, &e);
		oci_failures_add_take(failures, &what->out, &e);
	}
}

int tr_plan_make(struct tr_plan *p, const struct oci_to_registry *what, struct oci_failures *failures,
		 struct oci_err **err)
{
	p->filtered = what->platform != NULL;
	if (oci_platforms_parse(what->platform ? what->platform : "all", &p->platforms, err) < 0 ||
	    (what->map && oci_rename_load(what->map, &p->map, err) < 0) ||
	    oci_chosen_load(&p->chosen, &what->lists, what->names, err) < 0 || open_layouts(p, &what->inputs, err) < 0)
		return -1;
	for (size_t i = 0; i < p->n_layouts; i++)
		if (add_entries(p, &p->layouts[i], what, failures, err) < 0)
			return -1;
	fail_absent(p, what, failures);
	return check_meeting(p, err);
}

void tr_plan_clear(struct tr_plan *p)
{
	for (size_t i = 0; i < p->jobs.n; i++) {
		free(p->jobs.v[i]->name);
		free(p->jobs.v[i]->parts.v);
		oci_ref_clear(&p->jobs.v[i]->target);
		free(p->jobs.v[i]);
	}
	free(p->jobs.v);
	oci_map_clear(&p->by_name);
	for (size_t i = 0; i < p->n_layouts; i++)
		oci_layout_close(&p->layouts[i]);
	free(p->layouts);
	oci_platforms_clear(&p->platforms);
	oci_rename_free(p->map);
	oci_chosen_clear(&p->chosen);
	*p = (struct tr_plan){ 0 };
}
