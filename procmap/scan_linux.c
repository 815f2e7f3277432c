/* SPDX-License-Identifier: MIT
 *
 * Walking /proc.
 */
#include "procmap/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/num.h"
#include "lib/xalloc.h"
#include "procmap/proc_file.h"
#include "procmap/scan_list.h"
#include "procmap/text.h"

enum { KEEP = 16384, SPARE = 512 };	/* descriptors of ours */

/* How many descriptors may stay open, with all that we may have. */
static size_t
room_for_descriptors(void)
{
	struct rlimit many;
	if (getrlimit(RLIMIT_NOFILE, &many) == -1)
		return 0;
	rlim_t most = many.rlim_max < KEEP + SPARE ? many.rlim_max :
	    KEEP + SPARE;
	if (many.rlim_cur < most) {
		rlim_t before = many.rlim_cur;
		many.rlim_cur = most;
		if (setrlimit(RLIMIT_NOFILE, &many) == -1)
			many.rlim_cur = before;
	}
	return many.rlim_cur > SPARE ? (size_t)many.rlim_cur - SPARE : 0;
}

bool
scan_in_first_namespace(void)
{
	static const ino_t first = 0xeffffffc;	/* fixed in the kernel */
	struct stat st;
	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == first;
}

void
scan_init(struct scan *s, const char *root)
{
	struct stat st;
	*s = (struct scan){ .root = root };
	/* The size is the number of descriptors since Linux 6.2, 0 before;
	 * we have some. */
	s->counted = stat("/proc/self/fd", &st) == 0 && st.st_size > 0;
	s->keep = room_for_descriptors();
	s->in_first_namespace = scan_in_first_namespace();
}

static void
let_go(struct scan *s, struct scan_process *p)
{
	if (p->fd == -1)
		return;
	close(p->fd);
	p->fd = -1;
	s->kept--;
}

static void
free_process(struct scan *s, struct scan_process *p)
{
	let_go(s, p);
	free(p->sockets);
	free(p);
}

void
scan_done(struct scan *s)
{
	for (size_t i = 0; i < s->count; i++)
		free_process(s, s->list[i]);
	free(s->list);
	*s = (struct scan){ 0 };
}

/* The id of a cgroup is the inode of its directory. */
static uint64_t
cgroup_id(const char *path)
{
	static const char *const mounts[] = { "/sys/fs/cgroup/unified",
		"/sys/fs/cgroup" };
	char full[PROC_EXE + 64];
	struct stat st;
	if (strcmp(path, "/") == 0 || path[0] != '/')
		return 0;
	for (size_t i = 0; i < 2; i++) {
		snprintf(full, sizeof(full), "%s%s", mounts[i], path);
		if (stat(full, &st) == 0)
			return st.st_ino;
	}
	return 0;
}

bool
scan_read_process(const char *root, uint32_t pid, struct proc_info *info,
    uint64_t *cgroup)
{
	char text[4096], path[PROC_EXE];
	struct stat_text stat_;
	size_t n = proc_file_read(root, pid, "stat", text, sizeof(text));
	if (n == 0 || !text_stat(text, n, &stat_))
		return false;
	*info = (struct proc_info){ .pid = pid, .start = stat_.start };
	n = proc_file_read(root, pid, "status", text, sizeof(text));
	info->uid = text_status_uid(text, n);
	n = proc_file_read(root, pid, "cgroup", text, sizeof(text));
	text_cgroup(text, n, info->unit, info->container);
	if (cgroup != NULL && text_cgroup_path(text, n, path,
	    sizeof(path)) > 0)
		*cgroup = cgroup_id(path);
	snprintf(path, sizeof(path), "%s/%u/exe", root, pid);
	ssize_t len = readlink(path, text, sizeof(text) - 1);
	if (len > 0)
		text_exe(info->exe, text, (size_t)len);
	info->exe_untold = len > 0 && info->exe[0] == '\0';
	text_name(info->name, stat_.comm, info->exe);
	return true;
}

void
scan_identify(struct scan *s, struct scan_process *p)
{
	if (p->identified)
		return;
	p->identified = scan_read_process(s->root, p->pid, &p->info,
	    &p->cgroup);
}

static int
by_pid(const void *left, const void *right)
{
	const struct scan_process *a = *(struct scan_process *const *)left;
	const struct scan_process *b = *(struct scan_process *const *)right;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static struct scan_process *
find(struct scan *s, size_t sorted, uint32_t pid)
{
	struct scan_process wanted = { .pid = pid }, *key = &wanted;
	struct scan_process **at = sorted == 0 ? NULL : bsearch(&key, s->list,
	    sorted, sizeof(struct scan_process *), by_pid);
	return at != NULL ? *at : NULL;
}

static struct scan_process *
add(struct scan *s, uint32_t pid)
{
	if (s->count == s->size) {
		s->size = s->size != 0 ? s->size * 2 : 256;
		s->list = xreallocarray(s->list, s->size, sizeof(*s->list));
	}
	struct scan_process *p = xcalloc(1, sizeof(*p));
	p->pid = pid;
	p->fd = -1;
	s->list[s->count++] = p;
	return p;
}

/* How its descriptors stand.  Through one of ours that takes a fifth of the
 * time; where it is another process by now, that one tells nothing. */
static bool
look_at(struct scan *s, int proc, struct scan_process *p, struct stat *st)
{
	char path[32];
	if (p->fd != -1) {
		if (fstat(p->fd, st) == 0)
			return true;
		let_go(s, p);
	}
	snprintf(path, sizeof(path), "%u/fd", p->pid);
	if (s->kept < s->keep) {
		p->fd = openat(proc, path, O_PATH | O_CLOEXEC);
		s->kept += p->fd != -1;
	}
	return p->fd != -1 ? fstat(p->fd, st) == 0 :
	    fstatat(proc, path, st, 0) == 0;
}

static void
visit(struct scan *s, int proc, size_t sorted, uint32_t pid, bool all)
{
	struct stat st;
	struct scan_process *p = find(s, sorted, pid);
	bool fresh = p == NULL;
	if (p == NULL)
		p = add(s, pid);
	p->seen = look_at(s, proc, p, &st);
	if (!p->seen) {
		s->hidden = s->hidden || errno == EPERM || errno == EACCES;
		return;
	}
	int64_t changed = st.st_ctim.tv_sec * 1000000000LL +
	    st.st_ctim.tv_nsec;
	if (fresh || all || !s->counted || p->by_thread || p->apart ||
	    p->inode != st.st_ino ||
	    p->changed != changed || p->descriptors != (uint64_t)st.st_size)
		scan_list_sockets(proc, p, all);
	p->inode = st.st_ino;
	p->changed = changed;
	p->descriptors = (uint64_t)st.st_size;
	s->complete = s->complete && p->readable;
}

static void
forget_gone(struct scan *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (s->list[i]->seen)
			s->list[kept++] = s->list[i];
		else
			free_process(s, s->list[i]);
	}
	s->count = kept;
	if (kept > 0)
		qsort(s->list, kept, sizeof(*s->list), by_pid);
}

bool
scan_run(struct scan *s, bool all)
{
	struct dirent *entry;
	DIR *dir = opendir(s->root);
	if (dir == NULL)
		return false;
	size_t sorted = s->count;
	bool first = false;
	s->complete = true;
	s->hidden = false;
	for (size_t i = 0; i < sorted; i++)
		s->list[i]->seen = false;
	while ((entry = readdir(dir)) != NULL) {
		uint64_t pid;
		if (!num_unsigned(entry->d_name, 1, UINT32_MAX, &pid))
			continue;
		visit(s, dirfd(dir), sorted, (uint32_t)pid, all);
		first = first || pid == 1;
	}
	closedir(dir);
	/* Where that one is hidden (hidepid, proc(5)) others are. */
	s->hidden = s->hidden || !first || !s->in_first_namespace;
	s->complete = s->complete && !s->hidden;
	forget_gone(s);
	return true;
}

void
scan_holders(struct scan *s, size_t most)
{
	int proc = open(s->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc == -1)
		return;
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i]->count > 0 && s->list[i]->descriptors <= most)
			scan_list_sockets(proc, s->list[i], false);
	close(proc);
}
