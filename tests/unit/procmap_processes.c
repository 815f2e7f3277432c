/* SPDX-License-Identifier: MIT
 *
 * The table of processes at its bound: who was asked for lately stays, and
 * the id of one that is forgotten never stands for another.
 *
 * uses: procmap/processes.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/processes.h"

enum { MANY = PROCESSES_MAX + 20000, DEAR = 77 };

static int failures;

static void
check(bool good, const char *what)
{
	if (good)
		return;
	printf("procmap_processes: %s\n", what);
	failures++;
}

static uint32_t
add(struct processes *p, uint32_t pid)
{
	struct proc_info info = { .pid = pid, .start = 1000 + pid, .uid = 5 };
	snprintf(info.name, sizeof(info.name), "name%u", (unsigned)(pid % 9));
	snprintf(info.exe, sizeof(info.exe), "/bin/%u", (unsigned)pid);
	return processes_add(p, &info);
}

static void
learns_what_is_new(struct processes *p)
{
	struct proc_info more = { .pid = 3, .start = 1003, .uid = -1,
		.unit = "a.service" };
	uint32_t id = add(p, 3);
	check(processes_add(p, &more) == id, "one process, one id");
	const struct process *s = processes_get(p, id);
	check(s != NULL && s->uid == 5 && strcmp(s->name, "name3") == 0 &&
	    strcmp(s->unit, "a.service") == 0, "what is not told stays");
	check(strcmp(s->exe, "/bin/3") == 0, "so does an executable");
	more.exe_untold = true;
	processes_add(p, &more);
	check(strcmp(processes_get(p, id)->exe, "") == 0,
	    "but that of the program before does not");
	more.within = 1;
	check(processes_add(p, &more) != id, "one tick, two processes");
}

/* Texts are kept once: what one process has no longer stays another's. */
static void
shares_texts(void)
{
	struct processes *p = processes_new();
	uint32_t ids[3];
	for (uint32_t i = 0; i < 3; i++) {
		struct proc_info info = { .pid = i + 1, .start = 1 };
		strcpy(info.unit, i < 2 ? "shared.service" : "fourth.service");
		ids[i] = processes_add(p, &info);
	}
	for (uint32_t i = 0; i < 2; i++) {
		struct proc_info news = { .pid = i == 0 ? 1 : 3, .start = 1,
			.uid = -1 };
		strcpy(news.unit, i == 0 ? "another.service" : "newest.service");
		processes_add(p, &news);
		check(strcmp(processes_get(p, ids[1])->unit,
		    "shared.service") == 0, "a shared text stays");
	}
	check(strcmp(processes_get(p, ids[0])->unit, "another.service") == 0 &&
	    strcmp(processes_get(p, ids[2])->unit, "newest.service") == 0,
	    "a text is replaced");
	processes_free(p);
}

int
main(void)
{
	static uint32_t ids[MANY];
	struct processes *p = processes_new();
	size_t known = 0;
	learns_what_is_new(p);
	for (uint32_t i = 0; i < MANY; i++) {
		ids[i] = add(p, i + 10);
		check(ids[i] != 0, "an id is never 0");
		if (i % 8 == 0)
			processes_age(p);
		check(i < DEAR || processes_get(p, ids[DEAR]) != NULL,
		    "who is asked for stays");
	}
	for (uint32_t i = 0; i < MANY; i++) {
		const struct process *s = processes_get(p, ids[i]);
		known += s != NULL;
		check(s == NULL || (s->pid == i + 10 &&
		    atoi(s->exe + 5) == (int)(i + 10)), "an id is its own");
		check((s != NULL) == (processes_find(p, i + 10, 1010 + i, 0) ==
		    ids[i]), "who is known is found");
	}
	check(known >= PROCESSES_MAX - 64 && known <= PROCESSES_MAX,
	    "the table is full");
	check(processes_get(p, ids[0]) == NULL, "the first is forgotten");
	processes_free(p);
	shares_texts();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
