#include "net/retry_int.h"

#include "base/clock.h"

#include <sys/random.h>

#define LONGEST_MS 30000

int64_t retry_pause(uint32_t base_ms, uint32_t failed)
{
	int64_t pause = base_ms;
	uint32_t chance = 0;

	for (uint32_t i = 1; i < failed && pause < LONGEST_MS; i++)
		pause *= 2;
	if (pause > LONGEST_MS)
		pause = LONGEST_MS;
	if (getrandom(&chance, sizeof(chance), GRND_NONBLOCK) < 0)
		chance = (uint32_t)oci_clock_ms();
	/* never nothing: that means giving up */
	return pause / 2 + 1 + (int64_t)(chance % (uint32_t)(pause / 2 + 1));
}
