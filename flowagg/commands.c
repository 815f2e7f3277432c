/* SPDX-License-Identifier: MIT
 *
 * Text commands: interval, top, sort, by, alert, reset.
 */
#include "flowagg/commands.h"

#include <stdio.h>
#include <string.h>

#include "lib/num.h"

bool
commands_interval(const char *text, uint64_t *ns)
{
	double seconds;
	if (!num_decimal(text, 0.2, 3600, &seconds))
		return false;
	/* Whole milliseconds: what is shown is then exact. */
	*ns = (uint64_t)(seconds * 1000 + 0.5) * NS_PER_MS;
	return true;
}

static bool
set_interval(struct aggregate *a, const char *argument)
{
	uint64_t ns;
	if (!commands_interval(argument, &ns))
		return false;
	aggregate_set_interval(a, ns);
	return true;
}

static bool
set_top(struct aggregate *a, const char *argument)
{
	uint64_t top;
	if (!num_unsigned(argument, 0, UINT32_MAX, &top))
		return false;
	a->settings.top = (uint32_t)top;
	return true;
}

static bool
set_sort(struct aggregate *a, const char *argument)
{
	return rank_parse(argument, &a->settings.sort);
}

static bool
set_by(struct aggregate *a, const char *argument)
{
	enum group by;
	if (!group_parse(argument, &by))
		return false;
	aggregate_set_by(a, by);
	return true;
}

static bool
set_alert(struct aggregate *a, const char *argument)
{
	struct alert_rule rule;
	if (strcmp(argument, "off") == 0) {
		alerts_off(&a->alerts);
		aggregate_watch(a);
		return true;
	}
	if (!alert_parse(argument, &rule) ||
	    !alerts_add_rule(&a->alerts, &rule))
		return false;
	aggregate_watch(a);
	return true;
}

static bool
reset(struct aggregate *a, const char *argument)
{
	if (*argument != '\0')
		return false;
	aggregate_reset(a);
	return true;
}

static const struct command {
	const char *word;
	bool (*run)(struct aggregate *, const char *argument);
	const char *expected;
} commands[] = {
	{ "interval", set_interval, "seconds from 0.2 to 3600" },
	{ "top", set_top, "a number of rows, 0 for all" },
	{ "sort", set_sort, "2s, 10s, 40s, total, src or dst" },
	{ "by", set_by, "flow, hosts, src-port, dst-port, local, remote, "
	    "service, protocol or interface" },
	{ "alert", set_alert, "RATE[:both|sent|recv|total], at most 16, "
	    "or off" },
	{ "reset", reset, "nothing behind it" },
};

void
commands_run(struct aggregate *a, const char *word, const char *argument)
{
	char text[256];
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].word, word) != 0)
			continue;
		bool good = commands[i].run(a, argument);
		if (good)
			snprintf(text, sizeof(text), "%s%s%.100s", word,
			    *argument != '\0' ? " " : "", argument);
		else
			snprintf(text, sizeof(text), "%s %.100s: refused, "
			    "expected %s", word, argument,
			    commands[i].expected);
		aggregate_event(a, good ? "info" : "error", "flowagg", text);
		return;
	}
	snprintf(text, sizeof(text), "unknown command '%.100s'; known: "
	    "interval, top, sort, by, alert, reset", word);
	aggregate_event(a, "error", "flowagg", text);
}
