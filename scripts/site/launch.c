// Starts a program with the loader and the libraries that lie beside it, so that it runs on any Linux, older C
// libraries included. Linked statically; every name in bin/ is a link to it:
//	bin/NAME -> ../libexec/launch, libexec/NAME (the program), lib/ (loader and libraries)
// What the program itself runs (gpgv) is the node's own, else the one in libexec/.
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#if defined(__x86_64__)
#define LOADER "ld-linux-x86-64.so.2"
#elif defined(__aarch64__)
#define LOADER "ld-linux-aarch64.so.1"
#else
#error "no loader known for this CPU"
#endif

// The loader's own arguments stand before the program's.
#define FRONT 6

// The kernel tells the path it was asked to run, so /proc need not be mounted.
static int find_home(char *home, const char **name)
{
	const char *self = (const char *)getauxval(AT_EXECFN);

	if (!self || !realpath(self, home)) {
		fprintf(stderr, "launch: cannot find where this program lies\n");
		return -1;
	}
	*name = basename(self);
	*strrchr(home, '/') = 0; // launch
	char *slash = strrchr(home, '/');
	if (!slash || strcmp(slash, "/libexec")) {
		fprintf(stderr, "%s: it was copied out of its folder; link to it instead\n", *name);
		return -1;
	}
	*slash = 0;
	return 0;
}

static int add_to_path(const char *home, const char *name)
{
	const char *path = getenv("PATH");
	char *more = NULL;

	if (asprintf(&more, "%s:%s/libexec", path && *path ? path : "/usr/bin:/bin", home) < 0 ||
	    setenv("PATH", more, 1) < 0) {
		fprintf(stderr, "%s: out of memory\n", name);
		return -1;
	}
	free(more);
	return 0;
}

int main(int argc, char **argv)
{
	char home[PATH_MAX], loader[PATH_MAX + 64], libraries[PATH_MAX + 64], program[2 * PATH_MAX];
	const char *name;

	if (find_home(home, &name) < 0 || add_to_path(home, name) < 0)
		return 1;
	snprintf(loader, sizeof(loader), "%s/lib/" LOADER, home);
	snprintf(libraries, sizeof(libraries), "%s/lib", home);
	snprintf(program, sizeof(program), "%s/libexec/%s", home, name);
	char *front[] = { loader, "--library-path", libraries, "--argv0", argc > 0 ? argv[0] : program, program };
	char **args = calloc((size_t)argc + FRONT + 1, sizeof(*args));
	if (!args) {
		fprintf(stderr, "%s: out of memory\n", name);
		return 1;
	}
	memcpy(args, front, sizeof(front));
	if (argc > 1)
		memcpy(args + FRONT, argv + 1, (size_t)(argc - 1) * sizeof(*args));
	execv(loader, args);
	perror(loader);
	free(args);
	return 1;
}
