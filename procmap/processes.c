/* SPDX-License-Identifier: MIT
 *
 * The table of processes.  Texts are shared: a thousand processes of one
 * program keep its path once.
 */
#include "procmap/processes.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

enum { STRINGS = 16384 };	/* hash chains, not a bound */

struct string {
	struct string *next;
	uint32_t references;
	char text[];
};

struct processes {
	struct process slots[PROCESSES_MAX];
	uint32_t chains[PROCESSES_MAX];	/* slot + 1 */
	struct string *strings[STRINGS];
	uint32_t last;		/* id given out last */
	uint32_t clock;
};

static const char empty[] = "";

static uint32_t
hash_text(const char *text)
{
	uint32_t h = 2166136261U;	/* FNV-1a */
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 16777619U;
	return h;
}

static const char *
keep_text(struct processes *p, const char *text)
{
	if (text[0] == '\0')
		return empty;
	struct string **at = &p->strings[hash_text(text) % STRINGS];
	for (struct string *s = *at; s != NULL; s = s->next) {
		if (strcmp(s->text, text) == 0) {
			s->references++;
			return s->text;
		}
	}
	size_t len = strlen(text) + 1;
	struct string *s = xmalloc(sizeof(*s) + len);
	memcpy(s->text, text, len);
	s->references = 1;
	s->next = *at;
	*at = s;
	return s->text;
}

static void
drop_text(struct processes *p, const char *text)
{
	if (text == NULL || text == empty)
		return;
	struct string **at = &p->strings[hash_text(text) % STRINGS];
	for (; *at != NULL; at = &(*at)->next) {
		struct string *s = *at;
		if (s->text != text)
			continue;
		if (--s->references == 0) {
			*at = s->next;
			free(s);
		}
		return;
	}
}

struct processes *
processes_new(void)
{
	struct processes *p = xcalloc(1, sizeof(*p));
	/* Touched now, not while a line waits for the first events. */
	memset(p->chains, 0, sizeof(p->chains));
	return p;
}

static void
drop_texts(struct processes *p, struct process *s)
{
	drop_text(p, s->name);
	drop_text(p, s->user);
	drop_text(p, s->exe);
	drop_text(p, s->unit);
	drop_text(p, s->container);
}

void
processes_free(struct processes *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < PROCESSES_MAX && i <= p->last; i++)
		if (p->slots[i].id != 0)
			drop_texts(p, &p->slots[i]);
	free(p);
}

static uint32_t *
chain(struct processes *p, uint32_t pid, uint64_t start)
{
	uint64_t h = (pid + start * 0x9e3779b97f4a7c15U) *
	    0xff51afd7ed558ccdU;
	return &p->chains[(h >> 40) % PROCESSES_MAX];
}

uint32_t
processes_find(const struct processes *p, uint32_t pid, uint64_t start,
    uint32_t within)
{
	uint32_t at = *chain((struct processes *)(uintptr_t)p, pid, start);
	for (; at != 0; at = p->slots[at - 1].next) {
		const struct process *s = &p->slots[at - 1];
		if (s->pid == pid && s->start == start &&
		    s->within == within)
			return s->id;
	}
	return 0;
}

static void
unlink_slot(struct processes *p, struct process *s)
{
	uint32_t *at = chain(p, s->pid, s->start);
	uint32_t number = (uint32_t)(s - p->slots) + 1;
	for (; *at != 0; at = &p->slots[*at - 1].next) {
		if (*at == number) {
			*at = s->next;
			return;
		}
	}
}

/* The slot of an id is id % PROCESSES_MAX; so a fresh id is sought whose
 * slot is free, or holds the one least lately used among the next 64. */
static struct process *
fresh(struct processes *p)
{
	struct process *best = NULL;
	uint32_t best_id = 0;
	for (uint32_t i = 1; i <= 64; i++) {
		uint32_t id = p->last + i;
		struct process *s = &p->slots[id % PROCESSES_MAX];
		if (id == 0)
			continue;
		if (s->id == 0 || best == NULL || s->used < best->used) {
			best = s;
			best_id = id;
		}
		if (s->id == 0 || s->used + 2 < p->clock)
			break;
	}
	if (best->id != 0) {
		unlink_slot(p, best);
		drop_texts(p, best);
	}
	p->last = best_id;
	*best = (struct process){ .id = best_id, .uid = -1, .name = empty,
		.user = empty, .exe = empty, .unit = empty, .container = empty };
	return best;
}

static void
set_text(struct processes *p, const char **to, const char *text)
{
	if (text[0] == '\0' || strcmp(*to, text) == 0)
		return;
	const char *kept = keep_text(p, text);
	drop_text(p, *to);
	*to = kept;
}

uint32_t
processes_add(struct processes *p, const struct proc_info *info)
{
	uint32_t id = processes_find(p, info->pid, info->start,
	    info->within);
	struct process *s;
	if (id != 0) {
		s = &p->slots[id % PROCESSES_MAX];
	} else {
		s = fresh(p);
		s->pid = info->pid;
		s->start = info->start;
		s->within = info->within;
		uint32_t *at = chain(p, s->pid, s->start);
		s->next = *at;
		*at = (uint32_t)(s - p->slots) + 1;
	}
	s->used = p->clock;
	if (info->uid >= 0)
		s->uid = info->uid;
	set_text(p, &s->name, info->name);
	set_text(p, &s->user, info->user);
	if (info->exe_untold) {		/* not that of what it ran before */
		drop_text(p, s->exe);
		s->exe = empty;
	}
	set_text(p, &s->exe, info->exe);
	set_text(p, &s->unit, info->unit);
	set_text(p, &s->container, info->container);
	return s->id;
}

const struct process *
processes_get(struct processes *p, uint32_t id)
{
	struct process *s = &p->slots[id % PROCESSES_MAX];
	if (id == 0 || s->id != id)
		return NULL;
	s->used = p->clock;
	return s;
}

void
processes_age(struct processes *p)
{
	p->clock++;
}
