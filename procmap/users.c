/* SPDX-License-Identifier: MIT
 *
 * uid to name: a small open table, filled from /etc/passwd first, then by a
 * thread that may wait for whatever getpwuid(3) is configured to ask.
 */
#include "procmap/users.h"

#include <pthread.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/text.h"

enum { SLOTS = USERS_MAX * 2 };

struct user {
	uint32_t uid;
	bool taken;
	atomic_bool known;	/* name is set and stays */
	char name[USER_NAME];
};

struct users {
	struct user slots[SLOTS];
	size_t count;
	int asks[2];		/* uids for the thread */
};

/* The slot of a uid, taken or free; null when the table is full. */
static struct user *
find(struct users *u, uint32_t uid)
{
	size_t at = uid * 2654435761U % SLOTS;
	for (size_t i = 0; i < SLOTS; i++) {
		struct user *s = &u->slots[(at + i) % SLOTS];
		if (!s->taken || s->uid == uid)
			return s->taken || u->count < USERS_MAX ? s : NULL;
	}
	return NULL;
}

static struct user *
add(struct users *u, uint32_t uid)
{
	struct user *s = find(u, uid);
	if (s != NULL && !s->taken) {
		s->taken = true;
		s->uid = uid;
		u->count++;
	}
	return s;
}

static void
set_name(struct user *s, const char *name)
{
	text_clean(s->name, sizeof(s->name), name, strlen(name));
	atomic_store(&s->known, true);
}

static void
read_passwd(struct users *u)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *p;
	if (file == NULL)
		return;
	while ((p = fgetpwent(file)) != NULL) {
		struct user *s = add(u, p->pw_uid);
		if (s != NULL && !s->known)
			set_name(s, p->pw_name);
	}
	fclose(file);
}

static void *
work(void *argument)
{
	struct users *u = argument;
	struct user *s;
	while (read(u->asks[0], &s, sizeof(s)) == (ssize_t)sizeof(s)) {
		struct passwd entry, *found = NULL;
		char text[16384];
		if (getpwuid_r(s->uid, &entry, text, sizeof(text),
		    &found) == 0 && found != NULL)
			set_name(s, found->pw_name);
	}
	return NULL;
}

struct users *
users_new(void)
{
	struct users *u = xcalloc(1, sizeof(*u));
	pthread_t thread;
	read_passwd(u);
	if (pipe(u->asks) == -1 ||
	    pthread_create(&thread, NULL, work, u) != 0) {
		u->asks[1] = -1;
		return u;
	}
	pthread_detach(thread);
	return u;
}

const char *
users_name(struct users *u, uint32_t uid)
{
	struct user *s = find(u, uid);
	if (s == NULL)
		return "";
	if (!s->taken) {
		s = add(u, uid);
		/* Less than PIPE_BUF, and never more than USERS_MAX of them,
		 * which a pipe takes without waiting. */
		if (u->asks[1] != -1 &&
		    write(u->asks[1], &s, sizeof(s)) == -1)
			return "";
	}
	return atomic_load(&s->known) ? s->name : "";
}
