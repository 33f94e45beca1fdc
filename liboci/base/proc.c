#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { IN, OUT, ERR, STREAMS };

struct pipes {
	int ours[STREAMS], theirs[STREAMS];
};

static void pipes_close(struct pipes *p)
{
	for (int i = 0; i < STREAMS; i++) {
		oci_auto_close(&p->ours[i]);
		oci_auto_close(&p->theirs[i]);
	}
}

static int pipes_open(struct pipes *p)
{
	for (int i = 0; i < STREAMS; i++) {
		int fd[2];

		if (pipe2(fd, O_CLOEXEC) < 0)
			return -1;
		p->ours[i] = fd[i == IN];
		p->theirs[i] = fd[i != IN];
		if (fcntl(p->ours[i], F_SETFL, O_NONBLOCK) < 0)
			return -1;
	}
	return 0;
}

static char **environment(const char *const *more)
{
	size_t n = 0, m = 0;

	while (environ[n])
		n++;
	while (more && more[m])
		m++;
	char **env = oci_calloc(n + m + 1, sizeof(*env));

	/* ours first: getenv takes the first of two */
	for (size_t i = 0; i < m; i++)
		env[i] = (char *)(uintptr_t)more[i];
	memcpy(env + m, environ, n * sizeof(*env));
	return env;
}

static int spawn(const struct oci_proc *p, const struct pipes *pipes, pid_t *pid)
{
	auto_free char **env = environment(p->env);
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t broken_pipe;

	/* a tool that ignores SIGPIPE hands that on; the child gets the usual behaviour back */
	sigemptyset(&broken_pipe);
	sigaddset(&broken_pipe, SIGPIPE);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &broken_pipe);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&fa);
	for (int i = 0; i < STREAMS; i++)
		posix_spawn_file_actions_adddup2(&fa, pipes->theirs[i], i);
	int rc = posix_spawnp(pid, p->argv[0], &fa, &attr, (char *const *)(uintptr_t)p->argv, env);

	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* write, but where nobody reads any more it fails and is no signal that ends us: a caller need not ignore SIGPIPE. */
static ssize_t write_unsignalled(int fd, const void *data, size_t n)
{
	const struct timespec now = { 0, 0 };
	sigset_t broken_pipe, before, pending;

	sigemptyset(&broken_pipe);
	sigaddset(&broken_pipe, SIGPIPE);
	sigpending(&pending);
	pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
	ssize_t done = write(fd, data, n);
	int why = errno;

	if (done < 0 && why == EPIPE && !sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&broken_pipe, NULL, &now) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = why;
	return done;
}

static void feed(const struct oci_proc *p, int *fd, size_t *fed)
{
	ssize_t n = write_unsignalled(*fd, (const char *)p->input + *fed, p->input_len - *fed);

	if (n > 0)
		*fed += (size_t)n;
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || *fed == p->input_len)
		oci_auto_close(fd);
}

/* 0 or -1 for more than max; the descriptor is closed at its end. */
static int drain(struct oci_buf *into, int *fd, size_t max)
{
	char chunk[16384];
	ssize_t n = read(*fd, chunk, sizeof(chunk));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		oci_auto_close(fd);
	if (n <= 0 || !into)
		return 0;
	if (into->len + (size_t)n > max)
		return -1;
	oci_buf_add(into, chunk, (size_t)n);
	return 0;
}

static int converse(const struct oci_proc *p, struct pipes *pipes)
{
	size_t fed = 0, max = p->max_output ? p->max_output : 16u << 20;

	if (!p->input_len)
		oci_auto_close(&pipes->ours[IN]);
	while (pipes->ours[IN] >= 0 || pipes->ours[OUT] >= 0 || pipes->ours[ERR] >= 0) {
		struct pollfd fds[STREAMS] = { { pipes->ours[IN], POLLOUT, 0 },
					       { pipes->ours[OUT], POLLIN, 0 },
					       { pipes->ours[ERR], POLLIN, 0 } };

		if (poll(fds, STREAMS, -1) < 0 && errno != EINTR)
			return -1;
		if (fds[IN].revents)
			feed(p, &pipes->ours[IN], &fed);
		if (fds[OUT].revents && drain(p->output, &pipes->ours[OUT], max) < 0)
			return -1;
		if (fds[ERR].revents && drain(p->errors, &pipes->ours[ERR], max) < 0)
			return -1;
	}
	return 0;
}

int oci_proc_run(const struct oci_proc *p, int *status, struct oci_err **err)
{
	OCI_AUTO(pipes_close) struct pipes pipes = { { -1, -1, -1 }, { -1, -1, -1 } };
	pid_t pid;
	int raw, rc;

	if (pipes_open(&pipes) < 0)
		return oci_fail_errno(err, "cannot start %s", p->argv[0]);
	if ((errno = spawn(p, &pipes, &pid)))
		return oci_fail_errno(err, "cannot start %s", p->argv[0]);
	for (int i = 0; i < STREAMS; i++)
		oci_auto_close(&pipes.theirs[i]);
	rc = converse(p, &pipes);
	if (rc < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &raw, 0) < 0)
		if (errno != EINTR)
			return oci_fail_errno(err, "%s", p->argv[0]);
	if (rc < 0)
		return oci_fail(err, OCI_BADINPUT, "%s: says more than expected", p->argv[0]);
	/* POSIX lets a child whose exec failed end with 127 instead of posix_spawn saying so */
	if (WIFEXITED(raw) && WEXITSTATUS(raw) == 127) {
		errno = ENOENT;
		return oci_fail_errno(err, "cannot start %s", p->argv[0]);
	}
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
	return 0;
}
