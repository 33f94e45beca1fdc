/* The floor under oci-to-registry: makes the folders, links and files of a list, by folder descriptors and with one
 * sync at the end, and does nothing else. The list, from stdin: "R FOLDER" what follows is below it, "D PATH", "L FROM
 * PATH", "F PATH TEXT", "T D PATH" a folder below the top whatever R was. */
#define _GNU_SOURCE

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int die(const char *what)
{
	perror(what);
	exit(1);
}

int main(int argc, char **argv)
{
	char kind, a[4096], b[4096];
	int top = argc == 2 && mkdir(argv[1], 0755) == 0 ? open(argv[1], O_RDONLY | O_DIRECTORY) : -1, in = top, fd;

	if (top < 0)
		die("bare-store FOLDER");
	while (scanf(" %c %4095s", &kind, a) == 2) {
		if (kind == 'R') {
			if (in != top)
				close(in);
			if ((in = openat(top, a, O_RDONLY | O_DIRECTORY)) < 0)
				die(a);
		} else if (kind == 'T') {
			if (scanf("%4095s", a) != 1 || mkdirat(top, a, 0755) < 0)
				die(a);
		} else if (kind == 'D') {
			if (mkdirat(in, a, 0755) < 0)
				die(a);
		} else if (scanf(" %4095s", b) != 1) {
			die("list");
		} else if (kind == 'L') {
			if (linkat(AT_FDCWD, a, in, b, 0) < 0)
				die(b);
		} else {
			fd = openat(in, a, O_WRONLY | O_CREAT | O_EXCL, 0644);
			if (fd < 0 || write(fd, b, strlen(b)) < 0 || close(fd) < 0)
				die(a);
		}
	}
	return syncfs(top) < 0 ? die("syncfs") : 0;
}
