/* Races on purpose: proves that the thread sanitizer's run sees races. */
#include <pthread.h>
#include <stddef.h>

static int shared;

static void *add(void *unused)
{
	(void)unused;
	for (int i = 0; i < 100000; i++)
		shared++;
	return NULL;
}

int main(void)
{
	pthread_t other;

	if (pthread_create(&other, NULL, add, NULL))
		return 1;
	add(NULL);
	pthread_join(other, NULL);
	return shared == 0;
}
