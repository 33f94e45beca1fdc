#include "server.h"

#include "base/file.h"
#include "base/path.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void server_start(struct server *s, const char *script)
{
	server_start_with(s, script, (const char *const[]){ NULL });
}

static void run(struct server *s, const char *path, const char *served, const char *const *more)
{
	const char *argv[16] = { "python3", path, served, s->log };

	for (size_t i = 0; i < OCI_COUNT(argv) - 5 && more[i]; i++)
		argv[4 + i] = more[i];
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

void server_start_with(struct server *s, const char *script, const char *const *more)
{
	auto_free char *path = oci_printf("tests/lib/%s", script), *served = NULL;
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX", port[32] = "";
	int out[2];

	cr_assert_not_null(mkdtemp(tmpl));
	s->dir = oci_strdup(tmpl);
	s->log = oci_path_join(tmpl, "log");
	served = oci_path_join(tmpl, "served");
	cr_assert_eq(oci_path_mkdirs(served, NULL), 0);
	cr_assert_eq(pipe(out), 0);
	s->pid = fork();
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		run(s, path, served, more);
	}
	close(out[1]);
	cr_assert_gt(read(out[0], port, sizeof(port) - 1), 0);
	close(out[0]);
	s->port = (unsigned)strtoul(port, NULL, 10);
}

void server_stop(struct server *s)
{
	if (s->pid > 0) {
		kill(s->pid, SIGKILL);
		waitpid(s->pid, NULL, 0);
	}
	oci_path_remove_tree(s->dir, NULL);
	free(s->dir);
	free(s->log);
}

char *server_url(const struct server *s, const char *path)
{
	return oci_printf("http://127.0.0.1:%u/%s", s->port, path);
}

char *server_file(const struct server *s, const char *name)
{
	return oci_path_join(s->dir, name);
}

void server_put(const struct server *s, const char *name, size_t n, unsigned seed, struct oci_buf *copy)
{
	auto_free char *path = oci_printf("%s/served/%s", s->dir, name);
	auto_buf struct oci_buf mine = { 0 };
	struct oci_buf *b = copy ? copy : &mine;

	oci_buf_reserve(b, n);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245u + 12345u;
		oci_buf_addc(b, (char)(seed >> 16));
	}
	cr_assert_eq(oci_file_replace(path, oci_buf_text(b), b->len, NULL), 0);
}

size_t server_logged(const struct server *s, const char *text)
{
	auto_buf struct oci_buf log = { 0 };
	struct oci_slice rest, line;
	size_t n = 0;

	if (!oci_path_exists(s->log))
		return 0;
	cr_assert_eq(oci_file_read(s->log, 1u << 24, &log, NULL), 0);
	rest = (struct oci_slice){ log.data, log.len };
	while (oci_slice_line(&rest, &line)) {
		auto_free char *one = oci_slice_dup(line);
		n += strstr(one, text) != NULL;
	}
	return n;
}
