/* Leaks on purpose: proves that the sanitizer and valgrind runs see leaks. */
#include <stdlib.h>
#include <string.h>

static void *volatile lost;

int main(void)
{
	lost = malloc(4711);
	if (!lost)
		return 1;
	memset(lost, 1, 4711);
	lost = NULL;
	return 0;
}
