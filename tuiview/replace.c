/* SPDX-License-Identifier: MIT
 *
 * Temporary file, fsync, rename, fsync of the directory.
 */
#include "tuiview/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/xalloc.h"

/* The directory a path is in. */
static char *
directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return xstrdup(".");
	char *directory = xstrdup(path);
	directory[slash == path ? 1 : slash - path] = '\0';
	return directory;
}

static bool
lies_within(const char *path, const char *directory)
{
	char *real = realpath(directory, NULL);
	size_t len = real == NULL ? 0 : strlen(real);
	bool within = real != NULL && strncmp(path, real, len) == 0 &&
	    (path[len] == '/' || len == 1);
	free(real);
	return within;
}

char *
replace_target(const char *path, const char *within, char **why)
{
	struct stat link, file;
	*why = NULL;
	if (lstat(path, &link) == -1) {
		if (errno == ENOENT)
			return xstrdup(path);
		*why = xasprintf("%s: %s", path, strerror(errno));
		return NULL;
	}
	if (S_ISREG(link.st_mode))
		return xstrdup(path);
	if (!S_ISLNK(link.st_mode)) {
		*why = xasprintf("%s is not a regular file", path);
		return NULL;
	}
	char *target = realpath(path, NULL);
	if (target == NULL || stat(target, &file) == -1)
		*why = xasprintf("%s is a symbolic link to nothing: %s", path,
		    strerror(errno));
	else if (link.st_uid != geteuid() || file.st_uid != geteuid())
		*why = xasprintf("%s is a symbolic link to %s, and not both "
		    "are yours", path, target);
	else if (!S_ISREG(file.st_mode))
		*why = xasprintf("%s is not a regular file", target);
	else if (within != NULL && !lies_within(target, within))
		*why = xasprintf("%s is a symbolic link out of %s, to %s",
		    path, within, target);
	if (*why == NULL)
		return target;
	free(target);
	return NULL;
}

/* Give the new file the old one's owner and mode. */
static bool
look_alike(int fd, const char *target, mode_t mode)
{
	struct stat old;
	if (stat(target, &old) == -1)
		return fchmod(fd, mode) == 0;
	if (access(target, W_OK) == -1)
		return false;
	if (fchown(fd, old.st_uid, old.st_gid) == -1 &&
	    (old.st_uid != geteuid() || errno != EPERM))
		return false;
	return fchmod(fd, old.st_mode & 07777) == 0;
}

static void
sync_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return;
	/* The file is complete either way. */
	(void)fsync(fd);
	close(fd);
}

bool
replace_file(const char *target, const void *bytes, size_t len, mode_t mode,
    char **why)
{
	char *directory = directory_of(target);
	char *temporary = xasprintf("%s/.iftoprs.XXXXXX", directory);
	const char *what = temporary;
	int fd = mkstemp(temporary);
	bool good = false;
	*why = NULL;
	if (fd == -1)
		goto out;
	what = target;
	good = look_alike(fd, target, mode) && io_write_all(fd, bytes, len) &&
	    fsync(fd) == 0;
	int saved = errno;
	if (close(fd) == -1 && good) {
		good = false;
		saved = errno;
	}
	errno = saved;
	if (good)
		good = rename(temporary, target) == 0;
	if (!good) {
		saved = errno;
		unlink(temporary);
		errno = saved;
	} else {
		sync_directory(directory);
	}
out:
	if (!good)
		*why = xasprintf("cannot write %s: %s", what,
		    strerror(errno));
	free(temporary);
	free(directory);
	return good;
}

int
replace_lock(const char *target, int ms)
{
	enum { STEP = 10 };
	char *directory = directory_of(target);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(directory);
	if (fd == -1)
		return -1;
	while (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		/* A file system without locks is no reason not to save. */
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fd;
		if ((ms -= STEP) < 0) {
			close(fd);
			errno = EWOULDBLOCK;
			return -1;
		}
		nanosleep(&(struct timespec){ 0, STEP * 1000000 }, NULL);
	}
	return fd;
}
