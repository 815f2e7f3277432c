/* SPDX-License-Identifier: MIT
 *
 * Copying.
 */
#include "procmap/rpm_copy.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io.h"
#include "procmap/in_root.h"

static bool
copy_bytes(int from, int to, size_t *room)
{
	char bytes[65536];
	ssize_t n;
	while ((n = read(from, bytes, sizeof(bytes))) > 0) {
		if ((size_t)n > *room || !io_write_all(to, bytes,
		    (size_t)n))
			return false;
		*room -= (size_t)n;
	}
	return n == 0;
}

/* What is no file, or a link, is left out. */
static bool
copy_file(int from, int to, const char *name, size_t *room)
{
	struct stat st;
	int in = openat(from, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY | O_NOFOLLOW);
	if (in == -1 || fstat(in, &st) == -1 || !S_ISREG(st.st_mode)) {
		if (in != -1)
			close(in);
		return true;
	}
	int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0600);
	bool done = out != -1 && copy_bytes(in, out, room);
	if (out != -1)
		close(out);
	close(in);
	return done;
}

static bool
copy_all(int from, const char *copy)
{
	size_t room = RPM_COPY_MAX;
	struct dirent *entry;
	int to = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = to != -1 ? fdopendir(from) : NULL;
	bool done = dir != NULL;
	if (dir == NULL)
		close(from);
	while (done && (entry = readdir(dir)) != NULL)
		done = copy_file(from, to, entry->d_name, &room);
	if (dir != NULL)
		closedir(dir);
	if (to != -1)
		close(to);
	return done;
}

bool
rpm_copy_make(const char *root, const char *directory, char *copy, size_t size)
{
	const char *where = getenv("TMPDIR");
	int n = snprintf(copy, size, "%s/procmap-rpm.XXXXXX",
	    where != NULL && where[0] == '/' ? where : "/tmp");
	int from = in_root_open(root, directory, O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	if (from == -1)
		return false;
	if (n < 0 || (size_t)n >= size || mkdtemp(copy) == NULL) {
		close(from);
		return false;
	}
	if (copy_all(from, copy))
		return true;
	rpm_copy_remove(copy);
	return false;
}

void
rpm_copy_remove(const char *copy)
{
	struct dirent *entry;
	DIR *dir = opendir(copy);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		closedir(dir);
	rmdir(copy);
}
