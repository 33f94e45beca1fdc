#include "registry.h"

#include "base/file.h"
#include "base/path.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int dial(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) }, own = { 0 };
	socklen_t n = sizeof(own);
	auto_fd int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || getsockname(fd, (struct sockaddr *)&own, &n) < 0)
		return -1;
	/* while nobody listens there, the kernel may give us that very port, and we talk to ourselves */
	return own.sin_port == a.sin_port ? -1 : 0;
}

/* Below the range from which the kernel gives ports to whoever asks for any, so that none of them takes it meanwhile.
 */
static unsigned free_port(void)
{
	for (;;) {
		struct sockaddr_in a = { .sin_family = AF_INET };
		auto_fd int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		uint32_t r;

		cr_assert_eq(getrandom(&r, sizeof(r), 0), (ssize_t)sizeof(r));
		a.sin_port = htons((uint16_t)(12000 + r % 20000));
		a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		if (bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0)
			return ntohs(a.sin_port);
	}
}

char *registry_file(const struct registry *r, const char *name)
{
	return oci_path_join(r->dir, name);
}

static void serve(struct registry *r, const char *config)
{
	auto_free char *log = registry_file(r, "log");

	r->pid = fork();
	if (r->pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execlp("docker-registry", "docker-registry", "serve", config, NULL);
		_exit(127);
	}
}

void registry_start(struct registry *r, const char *more, const char *tls)
{
	char tmpl[] = "/tmp/kubecrate-test.XXXXXX";

	cr_assert_not_null(mkdtemp(tmpl));
	r->dir = oci_strdup(tmpl);
	auto_free char *config = registry_file(r, "config.yml");

	/* somebody else may take the port before the registry does: then it ends at once */
	for (int i = 0; i < 10; i++) {
		unsigned port = free_port();
		auto_buf struct oci_buf b = { 0 };

		free(r->host);
		r->host = oci_printf("127.0.0.1:%u", port);
		oci_buf_addf(
			&b,
			"version: 0.1\nlog: { level: warn }\nstorage: { filesystem: { rootdirectory: %s/store } }\n"
			"http: { addr: \"%s\"%s%s%s }\n%s\n",
			tmpl, r->host, tls ? ", tls: { " : "", tls ? tls : "", tls ? " }" : "", more ? more : "");
		cr_assert_eq(oci_file_replace(config, b.data, b.len, NULL), 0);
		serve(r, config);
		for (int k = 0; k < 500 && waitpid(r->pid, NULL, WNOHANG) == 0; k++) {
			if (dial(port) == 0)
				return;
			usleep(10000);
		}
	}
	cr_assert_fail("docker-registry does not start");
}

void registry_stop(struct registry *r)
{
	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	oci_path_remove_tree(r->dir, NULL);
	free(r->dir);
	free(r->host);
}
