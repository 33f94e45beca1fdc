/* Runs a fuzz target over the files named on the command line: a corpus without a fuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (16u << 20)

/* Hands over a copy of just the right size, so that a sanitizer sees a read behind its end. */
static void feed(FILE *f, uint8_t *room)
{
	size_t n = fread(room, 1, INPUT_MAX, f);
	uint8_t *exact = malloc(n ? n : 1);

	if (!exact)
		abort();
	memcpy(exact, room, n);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

static int replay(const char *path, uint8_t *room)
{
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		return -1;
	}
	feed(f, room);
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	uint8_t *room = malloc(INPUT_MAX);
	int bad = !room;

	for (int i = 1; i < argc && !bad; i++)
		bad = replay(argv[i], room) < 0;
	free(room);
	if (!bad)
		printf("ok replay %s: %d inputs\n", argv[0], argc - 1);
	return bad;
}
