/* SPDX-License-Identifier: MIT
 *
 * Tooltips of the fourteen segments: the table, and what they share.
 */
#include "tuiview/tips.h"

#include <stdarg.h>
#include <stdio.h>

#include "tuiview/segments.h"
#include "tuiview/text.h"
#include "tuiview/tips_segments.h"

void
tip_line(struct tip *t, const char *label, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	if (t->count == TIP_LINES)
		return;
	struct tip_line *l = &t->lines[t->count++];
	snprintf(l->label, sizeof(l->label), "%s", label);
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	text_drop_half(text);
	text_elide(text, TIP_WIDTH, false, l->value, sizeof(l->value));
}

const char *
tip_on_off(bool on)
{
	return on ? "on" : "off";
}

const char *
tip_keys(enum action action)
{
	static _Thread_local char names[4][KEY_NAMES];
	static _Thread_local unsigned next;
	char *text = names[next++ % 4];
	key_names(action, text);
	return text;
}

void
tip_origin(const struct app *app, enum pref pref, struct tip *t)
{
	switch (prefs_origin(app->prefs, pref)) {
	case PREF_FROM_DEFAULT:
		tip_line(t, "set by", "nobody: the default");
		break;
	case PREF_FROM_FILE:
		tip_line(t, "set by", "line %zu of the settings",
		    prefs_line(app->prefs, pref));
		break;
	case PREF_FROM_OVERRIDE:
		tip_line(t, "set by", "the command line: not stored");
		break;
	case PREF_FROM_USER:
		tip_line(t, "set by", "you, on the screen: stored");
		break;
	}
}

void
tip_segment(const struct app *app, enum segment s, struct tip *t)
{
	static void (*const makers[SEGMENT_COUNT])(const struct app *,
	    struct tip *) = { tip_program, tip_interface, tip_view, tip_flows,
		tip_clock, tip_sort, tip_refresh, tip_units, tip_theme,
		tip_state, tip_losses, tip_alert, tip_filter, tip_help };
	*t = (struct tip){ .count = 0 };
	snprintf(t->title, sizeof(t->title), "%s", segment_name(s));
	makers[s](app, t);
}
