/* SPDX-License-Identifier: MIT
 *
 * /proc/PID/cmdline, read by a thread into a small table.
 */
#include "procmap/cmdline.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/errands.h"
#include "procmap/proc_file.h"
#include "procmap/text.h"

enum { WAYS = 4 };
enum { RECHECK = 10000000 };	/* us: it may have changed by exec */

struct slot {
	uint32_t pid;		/* 0: free */
	uint64_t start;
	int64_t used, asked;	/* when, us since boot */
	char *text;		/* ours; null: not known */
	/* While `busy` the thread's, with pid and start, then ours again. */
	atomic_bool busy;
	char *fresh;
};

struct cmdlines {
	struct errands *errands;
	struct slot slots[CMDLINES_MAX];
};

static void
read_line(uint32_t pid, uint64_t start, char line[CMDLINE_SIZE])
{
	char text[CMDLINE_SIZE + 1];
	line[0] = '\0';
	size_t n = proc_file_read("/proc", pid, "cmdline", text,
	    sizeof(text));
	while (n > 0 && text[n - 1] == '\0')
		n--;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	if (proc_is_running(pid, start))
		text_clean(line, CMDLINE_SIZE, text, n);
}

static void
look_up(void *item)
{
	struct slot *s = item;
	char line[CMDLINE_SIZE];
	read_line(s->pid, s->start, line);
	s->fresh = line[0] != '\0' ? xstrdup(line) : NULL;
	atomic_store(&s->busy, false);
}

struct cmdlines *
cmdlines_new(void)
{
	struct cmdlines *c = xcalloc(1, sizeof(*c));
	c->errands = errands_new(look_up);
	return c;
}

static void
clear(struct slot *s)
{
	free(s->text);
	free(s->fresh);
	*s = (struct slot){ .asked = INT64_MIN / 2 };
}

bool
cmdlines_stop(struct cmdlines *c, int milliseconds)
{
	if (!errands_stop(c->errands, milliseconds))
		return false;
	for (size_t i = 0; i < CMDLINES_MAX; i++)
		clear(&c->slots[i]);
	free(c);
	return true;
}

/* Its slot, or the one of its set that is to be taken; null while the thread
 * has all of them. */
static struct slot *
find(struct cmdlines *c, uint32_t pid, uint64_t start)
{
	uint64_t h = (pid + start * 0x9e3779b97f4a7c15U) *
	    0xff51afd7ed558ccdU;
	struct slot *set = &c->slots[(h >> 40) % (CMDLINES_MAX / WAYS) *
	    WAYS], *oldest = NULL;
	for (struct slot *s = set; s < set + WAYS; s++) {
		if (s->pid == pid && s->start == start)
			return s;
		if (!atomic_load(&s->busy) &&
		    (oldest == NULL || s->used < oldest->used))
			oldest = s;
	}
	if (oldest != NULL) {
		clear(oldest);
		oldest->pid = pid;
		oldest->start = start;
	}
	return oldest;
}

const char *
cmdlines_get(struct cmdlines *c, uint32_t pid, uint64_t start)
{
	int64_t now = clock_boot_us();
	/* Without its start a pid may be any process's. */
	struct slot *s = pid != 0 && start != 0 ? find(c, pid, start) : NULL;
	if (s == NULL)
		return "";
	s->used = now;
	if (!atomic_load(&s->busy)) {
		if (s->fresh != NULL) {
			free(s->text);
			s->text = s->fresh;
			s->fresh = NULL;
		}
		if (now - s->asked > RECHECK) {
			s->asked = now;
			atomic_store(&s->busy, true);
			if (!errands_give(c->errands, s))
				atomic_store(&s->busy, false);
		}
	}
	return s->text != NULL ? s->text : "";
}
