/* SPDX-License-Identifier: MIT
 *
 * A child that closes what is not its own keeps the rest.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"

enum { LOWEST = 20, FAR = 900 };

static int
open_at(int fd)
{
	if (dup2(STDOUT_FILENO, fd) != fd) {
		perror("lib_io: dup2");
		exit(EXIT_FAILURE);
	}
	return fd;
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

int
main(void)
{
	int kept = open_at(LOWEST - 1), first = open_at(LOWEST);
	int far = open_at(FAR), status = 0;
	pid_t pid = fork();
	if (pid == 0) {
		io_close_from(LOWEST);
		_exit(is_open(kept) && !is_open(first) && !is_open(far) ?
		    EXIT_SUCCESS : EXIT_FAILURE);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1 || status != 0) {
		printf("lib_io: not all from %d on were closed, or more\n",
		    LOWEST);
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
