/* SPDX-License-Identifier: MIT
 *
 * Listing the descriptors of a process, /proc/PID/fd.
 */
#include "procmap/scan_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/num.h"
#include "lib/xalloc.h"

enum { SOCKETS_EACH = 1 << 20 };	/* of one process; more are not seen */

static void
note_socket(struct scan_process *p, uint32_t inode)
{
	if (p->count == SOCKETS_EACH)
		return;
	if (p->count == p->size) {
		p->size = p->size != 0 ? p->size * 2 : 8;
		p->sockets = xreallocarray(p->sockets, p->size,
		    sizeof(*p->sockets));
	}
	p->sockets[p->count++] = inode;
}

static DIR *
open_directory(int proc, const char *path)
{
	int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	if (dir == NULL && fd != -1)
		close(fd);
	return dir;
}

/* "socket:[12345]"; false where it is anything else. */
static bool
note_target(struct scan_process *p, const char *target)
{
	size_t n = strcspn(target, "]");
	char digits[24];
	uint64_t inode;
	if (strncmp(target, "socket:[", 8) != 0 || target[n] != ']' ||
	    n - 8 >= sizeof(digits))
		return false;
	memcpy(digits, target + 8, n - 8);
	digits[n - 8] = '\0';
	if (num_unsigned(digits, 1, UINT32_MAX, &inode))
		note_socket(p, (uint32_t)inode);
	return true;
}

/* What is registered with a ring of io_uring(7) needs no descriptor besides:
 * "   12: socket:[12345]" in what is told of the ring's. */
static void
list_ring(int proc, const char *path, const char *number,
    struct scan_process *p)
{
	char name[320], *line = NULL;
	size_t size = 0;
	snprintf(name, sizeof(name), "%sinfo/%s", path, number);
	int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	FILE *file = fd != -1 ? fdopen(fd, "r") : NULL;
	if (file == NULL && fd != -1)
		close(fd);
	while (file != NULL && getline(&line, &size, file) != -1) {
		const char *at = line + strspn(line, " ");
		at += strspn(at, "0123456789");
		if (strncmp(at, ": ", 2) == 0 && note_target(p, at + 2))
			p->apart = true;
	}
	free(line);
	if (file != NULL)
		fclose(file);
}

/* What descriptors are of.  How many there are; -1 with errno. */
static int
list_descriptors(int proc, const char *path, struct scan_process *p,
    bool rings)
{
	char target[64];
	struct dirent *entry;
	int count = 0;
	DIR *dir = open_directory(proc, path);
	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target,
		    sizeof(target) - 1);
		target[n > 0 ? n : 0] = '\0';
		if (!note_target(p, target) && rings &&
		    strcmp(target, "anon_inode:[io_uring]") == 0)
			list_ring(proc, path, entry->d_name, p);
	}
	closedir(dir);
	return count;
}

/* Threads may have descriptors of their own, clone(2).  Where the kernel does
 * not tell that they are not those of the first one they are taken for them. */
static bool
has_its_own(uint32_t process, uint32_t thread)
{
	return syscall(SYS_kcmp, process, thread, KCMP_FILES, 0, 0) > 0;
}

/* The descriptors of other threads than the first one: of all that have some
 * of their own or, where the first one has ended, of any that has them. */
static void
list_threads(int proc, struct scan_process *p, bool ended)
{
	char path[64];
	struct dirent *entry;
	bool found = false;
	snprintf(path, sizeof(path), "%u/task", p->pid);
	DIR *dir = open_directory(proc, path);
	while (dir != NULL && !(ended && found) &&
	    (entry = readdir(dir)) != NULL) {
		uint64_t thread;
		if (!num_unsigned(entry->d_name, 1, UINT32_MAX, &thread) ||
		    thread == p->pid ||
		    (!ended && !has_its_own(p->pid, (uint32_t)thread)))
			continue;
		snprintf(path, sizeof(path), "%u/task/%u/fd", p->pid,
		    (uint32_t)thread);
		int count = list_descriptors(proc, path, p, true);
		found = found || !ended || count > 0;
	}
	if (dir != NULL)
		closedir(dir);
	if (ended)
		p->by_thread = found;
	else
		p->apart = p->apart || found;
}

void
scan_list_sockets(int proc, struct scan_process *p, bool all)
{
	char path[32];
	all = all || p->apart;
	p->apart = false;
	p->count = 0;
	p->identified = false;
	snprintf(path, sizeof(path), "%u/fd", p->pid);
	int count = list_descriptors(proc, path, p, all);
	p->readable = count != -1 || errno == ENOENT;
	p->by_thread = false;
	if (count == 0 || (count > 0 && all))
		list_threads(proc, p, count == 0);
}
