/* SPDX-License-Identifier: MIT
 *
 * A file is the same while its identity, size and times are.
 */
#include "namemap/stamp.h"

bool
stamp_update(struct stamp *s, const char *path)
{
	struct stat new = { 0 }, old = s->st;
	if (stat(path, &new) == -1)
		new = (struct stat){ 0 };
	s->st = new;
	return new.st_dev != old.st_dev || new.st_ino != old.st_ino ||
	    new.st_size != old.st_size ||
	    new.st_mtim.tv_sec != old.st_mtim.tv_sec ||
	    new.st_mtim.tv_nsec != old.st_mtim.tv_nsec ||
	    new.st_ctim.tv_sec != old.st_ctim.tv_sec ||
	    new.st_ctim.tv_nsec != old.st_ctim.tv_nsec;
}
