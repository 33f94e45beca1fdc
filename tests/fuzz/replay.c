/* Runs a fuzz target over the files named on the command line: a corpus without a fuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(16u << 20);

	if (!f || !data) {
		perror(path);
		return -1;
	}
	size_t n = fread(data, 1, 16u << 20, f);
	/* a copy of just the right size, so that a sanitizer sees a read behind its end */
	uint8_t *exact = malloc(n ? n : 1);

	for (size_t i = 0; i < n; i++)
		exact[i] = data[i];
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	free(data);
	fclose(f);
	return 0;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			return 1;
	printf("%s: %d inputs replayed\n", argv[0], argc - 1);
	return 0;
}
