/* delay HOST PORT MILLISECONDS: a TCP proxy on 127.0.0.1 that makes every round trip so much longer; prints its port.
 * Bytes go on half a round trip after they came, however many are under way. Two threads move each direction, so that
 * the proxy takes next to nothing of what is measured. */
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 256, SLOT_BYTES = 64 << 10 };

/* What has come in at one end and not gone out at the other; a slot of 0 bytes ends it. */
struct pump {
	int from, to;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned head, tail;
	struct {
		int64_t due;
		ssize_t n;
		char bytes[SLOT_BYTES];
	} slot[SLOTS];
};

static const struct addrinfo *upstream;
static int64_t half; /* of a round trip, nanoseconds */

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(int64_t due)
{
	struct timespec t = { .tv_sec = due / 1000000000, .tv_nsec = due % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL)) {
	}
}

static void *take(void *arg)
{
	struct pump *p = arg;
	ssize_t n;

	do {
		pthread_mutex_lock(&p->lock);
		while (p->head - p->tail == SLOTS)
			pthread_cond_wait(&p->changed, &p->lock);
		pthread_mutex_unlock(&p->lock);
		n = read(p->from, p->slot[p->head % SLOTS].bytes, SLOT_BYTES);
		p->slot[p->head % SLOTS].n = n;
		p->slot[p->head % SLOTS].due = now() + half;
		pthread_mutex_lock(&p->lock);
		p->head++;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->lock);
	} while (n > 0);
	return NULL;
}

static int send_all(int fd, const char *bytes, ssize_t n)
{
	for (ssize_t done = 0, w; done < n; done += w) {
		w = send(fd, bytes + done, (size_t)(n - done), MSG_NOSIGNAL);
		if (w <= 0)
			return -1;
	}
	return 0;
}

static void give(struct pump *p)
{
	for (;;) {
		pthread_mutex_lock(&p->lock);
		while (p->head == p->tail)
			pthread_cond_wait(&p->changed, &p->lock);
		pthread_mutex_unlock(&p->lock);
		sleep_until(p->slot[p->tail % SLOTS].due);
		if (p->slot[p->tail % SLOTS].n <= 0)
			break;
		if (send_all(p->to, p->slot[p->tail % SLOTS].bytes, p->slot[p->tail % SLOTS].n)) {
			shutdown(p->from, SHUT_RD);
			p->to = -1;
		}
		pthread_mutex_lock(&p->lock);
		p->tail++;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->lock);
	}
	shutdown(p->to, SHUT_WR);
}

static void *pump_run(void *arg)
{
	struct pump *p = arg;
	pthread_t taker;

	if (pthread_create(&taker, NULL, take, p))
		exit(1);
	give(p);
	pthread_join(taker, NULL);
	return NULL;
}

static struct pump *pump_new(int from, int to)
{
	struct pump *p = calloc(1, sizeof(*p));

	if (!p)
		exit(1);
	p->from = from;
	p->to = to;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	return p;
}

/* A connection takes a round trip to be there. */
static void *serve(void *arg)
{
	int here = (int)(intptr_t)arg, there = socket(upstream->ai_family, SOCK_STREAM, 0);
	struct pump *out = pump_new(here, there), *back = pump_new(there, here);
	pthread_t sender;

	sleep_until(now() + 2 * half);
	if (!connect(there, upstream->ai_addr, upstream->ai_addrlen)) {
		if (pthread_create(&sender, NULL, pump_run, out))
			exit(1);
		pump_run(back);
		pthread_join(sender, NULL);
	}
	close(here);
	close(there);
	free(out);
	free(back);
	return NULL;
}

static int listen_here(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&at, size) || listen(fd, 256) || getsockname(fd, (struct sockaddr *)&at, &size))
		exit(1);
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return fd;
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
	int fd;

	if (argc != 4 || getaddrinfo(argv[1], argv[2], &hints, &found))
		return 2;
	upstream = found;
	half = atoll(argv[3]) * 500000;
	fd = listen_here();
	for (;;) {
		int client = accept(fd, NULL, NULL);
		pthread_t server;

		if (client < 0 || pthread_create(&server, NULL, serve, (void *)(intptr_t)client))
			return 1;
		pthread_detach(server);
	}
}
