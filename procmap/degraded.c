/* SPDX-License-Identifier: MIT
 *
 * Telling what is missing.
 */
#include "procmap/degraded.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
tell(struct degraded *d, const char *text)
{
	if (d->told)
		warnx("%s", text);
	else
		buf_printf(&d->untold, "%s\n", text);
}

static void
append(struct degraded *d, const char *text)
{
	size_t len = strlen(d->line);
	snprintf(d->line + len, sizeof(d->line) - len, "%s%s",
	    len > 0 ? "; " : "", text);
}

/* A problem that was in the line comes back with the next poll. */
void
degraded_note(struct degraded *d, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	d->line[d->lasting] = '\0';
	if (strstr(d->line, text) != NULL)
		return;
	tell(d, text);
	append(d, text);
	d->lasting = strlen(d->line);
}

void
degraded_poll(struct degraded *d, const char *problem)
{
	d->line[d->lasting] = '\0';
	if (problem[0] == '\0')
		return;
	if (strcmp(d->problem, problem) != 0)
		tell(d, problem);
	snprintf(d->problem, sizeof(d->problem), "%s", problem);
	append(d, problem);
}

void
degraded_speak(struct degraded *d)
{
	d->told = true;
	if (d->untold.len == 0)
		return;
	buf_text(&d->untold);	/* for its NUL */
	char *state, *line = strtok_r(d->untold.data, "\n", &state);
	for (; line != NULL; line = strtok_r(NULL, "\n", &state))
		warnx("%s", line);
	buf_done(&d->untold);
}

void
degraded_done(struct degraded *d)
{
	buf_done(&d->untold);
}
