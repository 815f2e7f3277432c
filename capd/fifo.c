/* SPDX-License-Identifier: MIT
 *
 * Opening the FIFO of --control.
 */
#include "capd/fifo.h"

#include <err.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/invoker.h"

/* It belongs to the user behind sudo, like the programs of theirs that will
 * write to it. */
static bool
give_to_invoker(int fd)
{
	struct invoker i;
	struct stat st;
	return !invoker_find(&i) || fstat(fd, &st) == -1 || st.st_uid != 0 ||
	    fchown(fd, i.uid, i.gid) == 0;
}

bool
fifo_open(struct control *control, const char *path)
{
	control->fd = -1;
	if (path == NULL)
		return true;
	if (control_open(control, path) && give_to_invoker(control->fd))
		return true;
	if (errno == ENOTSUP)
		warnx("--control: %s is no FIFO", path);
	else
		warn("%s", path);
	return false;
}
