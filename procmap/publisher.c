/* SPDX-License-Identifier: MIT
 *
 * The cache of executables, and the thread that fills it.
 */
#include "procmap/publisher.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/digest.h"
#include "procmap/errands.h"
#include "procmap/in_root.h"
#include "procmap/packages.h"
#include "procmap/proc_file.h"

enum { SLOTS = PUBLISHER_MAX * 2 };
enum { RECHECK = 60000000,	/* us */
	AGAIN = 1000000 };	/* while nothing is found */

/* What was found; never changed once it is published. */
struct found {
	struct package package;
	char sha256[SHA256_TEXT];
	bool checked, verified, unreadable;
	struct found *older;	/* may be in use: it stays */
};

struct binary {
	char *key;		/* container, ':', path */
	const char *path;	/* in key */
	uint32_t pid;		/* one that runs it, */
	uint64_t start;		/* since then */
	bool contained;
	_Atomic(struct found *) found;
	atomic_bool asked;
	int64_t checked;	/* when it was asked for last */
	struct stat identity;	/* the thread's own */
};

struct publisher {
	struct binary *slots[SLOTS];
	size_t count;
	struct errands *errands;
};

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* With its process a container is out of sight; who has its PID now, or had it
 * when it was recorded, may be anywhere. */
static bool
is_out_of_sight(const struct binary *b, const char *root)
{
	struct stat st;
	return b->contained && (!proc_is_running(b->pid, b->start) ||
	    (stat(root, &st) == -1 && errno == ENOENT));
}

/* What is found now; a file of -1 is not there. */
static struct found *
look_at(const char *root, int file, const struct binary *b)
{
	char md5[MD5_TEXT];
	struct found *f = xcalloc(1, sizeof(*f));
	f->unreadable = !packages_find(root, b->path, &f->package);
	if (file != -1 && digest_fd(file, md5, f->sha256)) {
		const char *theirs = f->package.digest;
		size_t len = strlen(theirs);
		f->checked = len == 32 || len == 64;
		f->verified = f->checked && strcmp(theirs,
		    len == 32 ? md5 : f->sha256) == 0;
	} else {
		f->sha256[0] = '\0';
	}
	return f;
}

/* A regular file, or -1 and all zero. */
static int
open_file(const char *root, const char *path, struct stat *st)
{
	int fd = in_root_open(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY);
	if (fd != -1 && fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	if (fd != -1)
		close(fd);
	*st = (struct stat){ 0 };
	return -1;
}

static void
look_up(struct binary *b)
{
	char root[64] = "";
	struct stat st;
	/* A container's files and its package database are its own. */
	if (b->contained)
		snprintf(root, sizeof(root), "/proc/%u/root", b->pid);
	int file = open_file(root, b->path, &st);
	struct found *before = atomic_load(&b->found);
	struct found *f = before != NULL && same_file(&st, &b->identity) ?
	    NULL : look_at(root, file, b);
	if (file != -1)
		close(file);
	/* It may have gone meanwhile, and tells nothing of the file then. */
	if (f == NULL || is_out_of_sight(b, root)) {
		free(f);
		return;
	}
	b->identity = st;
	f->older = before;	/* it changes rarely */
	atomic_store(&b->found, f);
}

static void
work(void *item)
{
	struct binary *b = item;
	look_up(b);
	atomic_store(&b->asked, false);
}

struct publisher *
publisher_new(void)
{
	struct publisher *p = xcalloc(1, sizeof(*p));
	p->errands = errands_new(work);
	return p;
}

bool
publisher_stop(struct publisher *p, int milliseconds)
{
	if (!errands_stop(p->errands, milliseconds))
		return false;
	for (size_t i = 0; i < SLOTS; i++) {
		struct binary *b = p->slots[i];
		struct found *f = b != NULL ? atomic_load(&b->found) : NULL;
		while (f != NULL) {
			struct found *older = f->older;
			free(f);
			f = older;
		}
		if (b != NULL)
			free(b->key);
		free(b);
	}
	free(p);
	return true;
}

static struct binary *
find(struct publisher *p, const struct process *proc)
{
	char key[PROC_EXE + PROC_UNIT + 2];
	int at = snprintf(key, sizeof(key), "%s:", proc->container);
	snprintf(key + at, sizeof(key) - (size_t)at, "%s", proc->exe);
	uint32_t h = 2166136261U;
	for (const char *c = key; *c != '\0'; c++)
		h = (h ^ (unsigned char)*c) * 16777619U;
	size_t slot = h % SLOTS;
	for (; p->slots[slot] != NULL; slot = (slot + 1) % SLOTS)
		if (strcmp(p->slots[slot]->key, key) == 0)
			return p->slots[slot];
	if (p->count == PUBLISHER_MAX)
		return NULL;
	struct binary *b = xcalloc(1, sizeof(*b));
	b->key = xstrdup(key);
	b->path = b->key + at;
	b->contained = proc->container[0] != '\0';
	b->checked = INT64_MIN / 2;
	p->slots[slot] = b;
	p->count++;
	return b;
}

void
publisher_ask(struct publisher *p, const struct process *proc,
    struct publisher_answer *answer)
{
	int64_t now = clock_boot_us();
	struct binary *b = find(p, proc);
	*answer = (struct publisher_answer){ 0 };
	if (b == NULL)
		return;
	const struct found *f = atomic_load(&b->found);
	if (now - b->checked > (f != NULL ? RECHECK : AGAIN) &&
	    !atomic_load(&b->asked)) {
		b->checked = now;
		b->pid = proc->pid;
		b->start = proc->start;
		atomic_store(&b->asked, true);
		if (!errands_give(p->errands, b))
			atomic_store(&b->asked, false);
	}
	if (f == NULL)
		return;
	answer->package = f->package.name;
	answer->publisher = f->package.name[0] != '\0' ? f->package.name :
	    f->unreadable ? "" : "unpackaged";
	answer->sha256 = f->sha256;
	answer->checked = f->checked;
	answer->verified = f->verified;
}
