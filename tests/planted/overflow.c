/* Adds past INT_MAX on purpose: proves that the undefined-behaviour sanitizer is on. */
#include <limits.h>

int main(int argc, char **argv)
{
	volatile int big = INT_MAX;

	(void)argv;
	big += argc;
	return 0;
}
