/* SPDX-License-Identifier: MIT
 *
 * dns on|off|full|global, services on|off, flush.
 */
#include "namemap/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

/* Null, or what is wrong. */
static const char *
set_dns(struct annotator *a, enum policy_level *usual, const char *argument)
{
	enum policy_level level;
	if (strcmp(argument, "on") == 0)
		level = *usual;
	else if (!policy_parse(argument, &level))
		return "dns takes on, off, global or full";
	if (level != POLICY_OFF)
		*usual = level;
	lookups_set_level(a->lookups, level);
	return NULL;
}

static const char *
set_services(struct annotator *a, const char *argument)
{
	if (strcmp(argument, "on") != 0 && strcmp(argument, "off") != 0)
		return "services takes on or off";
	a->show_services = strcmp(argument, "on") == 0;
	return NULL;
}

static const char *
flush(struct annotator *a, const char *argument)
{
	if (argument[0] != '\0')
		return "flush takes nothing";
	lookups_flush(a->lookups);
	return NULL;
}

void
commands_run(struct annotator *a, enum policy_level *usual,
    const char *word, const char *argument)
{
	const char *wrong;
	char *text;
	if (strcmp(word, "dns") == 0)
		wrong = set_dns(a, usual, argument);
	else if (strcmp(word, "services") == 0)
		wrong = set_services(a, argument);
	else if (strcmp(word, "flush") == 0)
		wrong = flush(a, argument);
	else
		wrong = "commands are dns, services and flush";
	if (wrong != NULL)
		text = xasprintf("%s %.100s: %s", word, argument, wrong);
	else if (strcmp(word, "dns") == 0)
		text = xasprintf("dns %s",
		    policy_name(lookups_level(a->lookups)));
	else if (strcmp(word, "services") == 0)
		text = xasprintf("services %s", argument);
	else
		text = xstrdup("names forgotten");
	annotator_event(a, wrong != NULL ? "error" : "info", text);
	free(text);
}
