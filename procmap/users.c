/* SPDX-License-Identifier: MIT
 *
 * uid to name: a small open table, filled from /etc/passwd first, then by a
 * thread that may wait for whatever getpwuid(3) is configured to ask.
 */
#include "procmap/users.h"

#include <pwd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/errands.h"
#include "procmap/text.h"

enum { SLOTS = USERS_MAX * 2 };
enum { AGAIN = 15000000 };	/* us, where nobody could tell */

struct user {
	uint32_t uid;
	bool taken, asked;
	int64_t when;		/* it was asked for last */
	atomic_bool untold;	/* nobody could tell whether there is one */
	atomic_bool known;	/* name is set and stays */
	char name[USER_NAME];
};

struct users {
	struct user slots[SLOTS];
	size_t count;
	struct errands *errands;
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
	char *line = NULL;
	size_t size = 0;
	if (file == NULL)
		return;
	while (getline(&line, &size, file) > 0) {
		char *rest = line;
		const char *name = strsep(&rest, ":");
		uint64_t uid;
		strsep(&rest, ":");
		const char *number = strsep(&rest, ":");
		if (rest == NULL || !num_unsigned(number, 0, UINT32_MAX, &uid))
			continue;
		struct user *s = add(u, (uint32_t)uid);
		if (s != NULL && !s->known)
			set_name(s, name);
	}
	free(line);
	fclose(file);
}

static void
look_up(void *item)
{
	struct user *s = item;
	struct passwd entry, *found = NULL;
	char text[16384];
	if (getpwuid_r(s->uid, &entry, text, sizeof(text), &found) != 0)
		atomic_store(&s->untold, true);
	else if (found != NULL)
		set_name(s, found->pw_name);
}

struct users *
users_new(void)
{
	struct users *u = xcalloc(1, sizeof(*u));
	read_passwd(u);
	u->errands = errands_new(look_up);
	return u;
}

bool
users_stop(struct users *u, int milliseconds)
{
	if (!errands_stop(u->errands, milliseconds))
		return false;
	free(u);
	return true;
}

const char *
users_name(struct users *u, uint32_t uid)
{
	struct user *s = add(u, uid);
	if (s == NULL)
		return "";
	if (atomic_load(&s->known))
		return s->name;
	int64_t now = clock_boot_us();
	if (s->asked && atomic_load(&s->untold) && now - s->when > AGAIN) {
		atomic_store(&s->untold, false);
		s->asked = false;
	}
	if (!s->asked) {
		s->when = now;
		s->asked = errands_give(u->errands, s);
	}
	return "";
}
