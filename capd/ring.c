/* SPDX-License-Identifier: MIT
 *
 * Opening the files of -w.
 */
#include "capd/ring.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/invoker.h"
#include "lib/xalloc.h"

static char *
name_of(const struct ring *r, unsigned number)
{
	if (!r->rotates || (r->files == 0 && number == 0))
		return xstrdup(r->path);
	int width = 1;
	for (unsigned most = r->files > 0 ? r->files - 1 : 0; most >= 10;
	    most /= 10)
		width++;
	return xasprintf("%s%0*u", r->path, width, number);
}

static bool
open_number(struct ring *r, unsigned number, char **name)
{
	struct invoker i;
	*name = name_of(r, number);
	int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd != -1 && invoker_find(&i) && fchown(fd, i.uid, i.gid) == -1) {
		close(fd);
		return false;
	}
	if (fd == -1)
		fd = open(*name, O_WRONLY | O_CLOEXEC |
		    (r->keeps ? 0 : O_TRUNC));
	if (fd == -1)
		return false;
	if (r->fd != -1)
		close(r->fd);
	r->fd = fd;
	r->number = number;
	free(*name);
	*name = NULL;
	return true;
}

bool
ring_open(struct ring *r, char **name)
{
	r->fd = -1;
	return open_number(r, 0, name);
}

bool
ring_next(struct ring *r, char **name)
{
	unsigned next = r->number + 1;
	return open_number(r, r->files > 0 ? next % r->files : next, name);
}

bool
ring_mend(const struct ring *r, unsigned long long bytes)
{
	struct stat st;
	if (r->fd == -1 || fstat(r->fd, &st) == -1 || !S_ISREG(st.st_mode))
		return true;
	if ((unsigned long long)st.st_size <= bytes)
		return st.st_size > 0;
	return ftruncate(r->fd, (off_t)bytes) == 0 &&
	    lseek(r->fd, 0, SEEK_END) != -1;
}
