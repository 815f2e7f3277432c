/* SPDX-License-Identifier: MIT
 *
 * openat2(2), where there is one.
 */
#include "procmap/in_root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LONGEST = 4096, TRIES = 8 };

#ifdef SYS_openat2

static int
open_below(const char *root, const char *path, int flags)
{
	enum { RESOLVE_IN_ROOT = 0x10 };	/* <linux/openat2.h> */
	const struct {
		uint64_t flags, mode, resolve;
	} how = { .flags = (uint64_t)flags, .resolve = RESOLVE_IN_ROOT };
	int fd = -1, dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return -1;
	errno = EAGAIN;		/* something is being renamed */
	for (int i = 0; i < TRIES && fd == -1 && errno == EAGAIN; i++)
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
	int error = errno;
	close(dir);
	errno = error;
	return fd;
}

#else

static int
open_below(const char *root, const char *path, int flags)
{
	(void)root;
	(void)path;
	(void)flags;
	errno = ENOSYS;
	return -1;
}

#endif

int
in_root_open(const char *root, const char *path, int flags)
{
	char full[LONGEST];
	if (root[0] == '\0')
		return open(path, flags);
	int fd = open_below(root, path, flags);
	/* A sandbox may forbid the call. */
	if (fd != -1 || (errno != ENOSYS && errno != EPERM))
		return fd;
	if (snprintf(full, sizeof(full), "%s%s", root, path) >= LONGEST) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(full, flags);
}
