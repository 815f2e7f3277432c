/* SPDX-License-Identifier: MIT
 *
 * Control commands.  What is wrong is refused with an event and changes
 * nothing; what looks right is tried by a fresh child.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capd/keeper.h"
#include "capd/source_live.h"
#include "lib/num.h"
#include "lib/xalloc.h"

static bool
set_filter(struct keeper *k, const char *text, char why[TALK_TEXT])
{
	free(k->wanted.filter);
	k->wanted.filter = xstrdup(text);
	if (*text == '\0')
		snprintf(k->change, sizeof(k->change), "no filter");
	else
		snprintf(k->change, sizeof(k->change), "filter \"%.300s\"",
		    text);
	/* A new child tries it out: names in it can take long to look up. */
	return k->current.pid != 0 || source_live_check(text, k->linktypes,
	    k->settings.count, k->settings.snaplen, why);
}

static bool
set_interface(struct keeper *k, const char *name, char why[TALK_TEXT])
{
	snprintf(k->change, sizeof(k->change), "interface %.100s", name);
	if (strcmp(name, IFACES_ANY) != 0 && (!ifaces_read(&k->ifaces) ||
	    ifaces_find(&k->ifaces, name) == NULL)) {
		char *names = ifaces_names(&k->ifaces);
		snprintf(why, TALK_TEXT, "there is none; there are: %.400s",
		    names);
		free(names);
		return false;
	}
	k->wanted.count = 1;
	snprintf(k->wanted.names[0], SOURCE_NAME, "%s", name);
	return true;
}

static bool
set_promiscuous(struct keeper *k, const char *text, char why[TALK_TEXT])
{
	k->wanted.promiscuous = strcmp(text, "on") == 0;
	snprintf(k->change, sizeof(k->change), "promiscuous %.100s", text);
	snprintf(why, TALK_TEXT, "expected on or off");
	return k->wanted.promiscuous || strcmp(text, "off") == 0;
}

static bool
set_snaplen(struct keeper *k, const char *text, char why[TALK_TEXT])
{
	uint64_t n = 0;
	bool good = num_unsigned(text, CAPD_SNAPLEN_MIN,
	    CAPD_SNAPLEN_MAX, &n);
	k->wanted.snaplen = (uint32_t)n;
	snprintf(k->change, sizeof(k->change), "snaplen %.100s", text);
	snprintf(why, TALK_TEXT, "expected a number from %d to %d",
	    CAPD_SNAPLEN_MIN, CAPD_SNAPLEN_MAX);
	return good;
}

static const struct {
	const char *word;
	bool (*set)(struct keeper *, const char *argument,
	    char why[TALK_TEXT]);
	bool other_interface;
} commands[] = {
	{ "filter", set_filter, false },
	{ "interface", set_interface, true },
	{ "promiscuous", set_promiscuous, false },
	{ "snaplen", set_snaplen, false },
};

void
keeper_command(struct keeper *k)
{
	enum { COUNT = sizeof(commands) / sizeof(*commands) };
	char *word, *argument, why[TALK_TEXT] = "";
	size_t n = 0;
	if (!control_next(&k->control, &word, &argument))
		return;
	while (n < COUNT && strcmp(word, commands[n].word) != 0)
		n++;
	if (n == COUNT) {
		keeper_say(k, LEVEL_ERROR, "unknown command \"%.100s\"; there "
		    "are filter, interface, promiscuous and snaplen", word);
		return;
	}
	settings_copy(&k->wanted, &k->settings);
	if (!commands[n].set(k, argument, why)) {
		keeper_say(k, LEVEL_ERROR, "%s refused: %s; all stays as it "
		    "was", k->change, why);
		return;
	}
	if (k->current.pid != 0 || commands[n].other_interface) {
		keeper_spawn(k, WHY_COMMAND, false);
		return;
	}
	/* Nothing is open: the next attempt will be with it. */
	settings_copy(&k->settings, &k->wanted);
	keeper_describe(k);
	keeper_say(k, LEVEL_INFO, "%s", k->change);
}
