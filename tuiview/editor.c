/* SPDX-License-Identifier: MIT
 *
 * Editing a theme, and naming it.
 */
#include "tuiview/editor.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/chooser.h"
#include "tuiview/colour.h"
#include "tuiview/popups.h"

const char *
editor_slot_name(int slot)
{
	static const char *const names[THEME_COLOURS] = { "labels, titles",
		"hosts, 2 s", "processes", "10 s, peaks", "arrows, 40 s",
		"bars, lines" };
	return names[slot];
}

static void
show(struct app *app)
{
	app->edited_theme = (struct theme){ .id = "edited",
		.name = "edited", .mood = "" };
	memcpy(app->edited_theme.colours, app->edited, sizeof(app->edited));
	app->preview = &app->edited_theme;
	app_theme_changed(app);
}

void
editor_open(struct app *app)
{
	const struct theme *t = prefs_theme(app->prefs);
	memcpy(app->edited, t->colours, sizeof(app->edited));
	snprintf(app->edited_name, sizeof(app->edited_name), "%s",
	    theme_find(t->id) == NULL ? t->name : "");
	app->editor_slot = app->editor_channel = 0;
	app->editor_digits[0] = '\0';
	show(app);
}

void
editor_slot(struct app *app, int by)
{
	app->editor_slot = ((app->editor_slot + by) % THEME_COLOURS +
	    THEME_COLOURS) % THEME_COLOURS;
	app->editor_digits[0] = '\0';
	app->dirty = true;
}

static void
change(struct app *app, int by)
{
	uint32_t *colour = &app->edited[app->editor_slot];
	int shift = 16 - 8 * app->editor_channel;
	int value = (int)(*colour >> shift & 0xff) + by;
	if (value < 0)
		value = 0;
	if (value > 255)
		value = 255;
	*colour = (*colour & ~(0xffu << shift)) | (uint32_t)value << shift;
	app->editor_digits[0] = '\0';
	show(app);
}

/* Digits gather until they make a colour. */
static void
digit(struct app *app, char c)
{
	char *d = app->editor_digits;
	size_t len = strlen(d);
	bool hex = d[0] == '#' || c == '#';
	if (c == '#' || len + 1 >= sizeof(app->editor_digits) ||
	    (!hex && len >= 3))
		len = 0;
	d[len++] = c;
	d[len] = '\0';
	if (hex && len == 7) {
		app->edited[app->editor_slot] = (uint32_t)strtoul(d + 1,
		    NULL, 16);
		d[0] = '\0';
	} else if (!hex && strtoul(d, NULL, 10) <= 255) {
		app->edited[app->editor_slot] = colour_xterm(
		    (int)strtoul(d, NULL, 10));
	} else if (!hex) {
		d[0] = '\0';
	}
	show(app);
}

static void
close_editor(struct app *app)
{
	app_popup_close(app);
	app->preview = NULL;
	app_theme_changed(app);
}

void
chooser_editor_event(struct app *app, const struct event *e)
{
	if (e->kind != EVENT_KEY)
		return;
	uint32_t key = e->key;
	bool typing = app->editor_digits[0] == '#';
	if (key == '#' || (key < 0x80 && isdigit((int)key)) ||
	    (typing && key < 0x80 && isxdigit((int)key))) {
		digit(app, (char)key);
		return;
	}
	switch (key) {
	case 'j': case KEY_DOWN: editor_slot(app, 1); break;
	case 'k': case KEY_UP: editor_slot(app, -1); break;
	case 'l': case KEY_RIGHT: change(app, 1); break;
	case 'h': case KEY_LEFT: change(app, -1); break;
	case 'L': change(app, 16); break;
	case 'H': change(app, -16); break;
	case KEY_TAB:
		app->editor_channel = (app->editor_channel + 1) % 3;
		break;
	case KEY_BACKTAB:
		app->editor_channel = (app->editor_channel + 2) % 3;
		break;
	case 's': case KEY_ENTER:
		app->renaming = false;
		line_set(&app->line, app->edited_name);
		app_popup_open(app, POPUP_NAME);
		break;
	case 'q': case KEY_ESCAPE: close_editor(app); break;
	default: break;
	}
}

static void
finish_name(struct app *app)
{
	char name[LINE_TEXT];
	line_trimmed(&app->line, name);
	if (app->renaming && strcmp(name, app->edited_name) == 0) {
		app_popup_close(app);
		return;
	}
	/* A preview may point at a theme that is about to move; one that gets
	 * another name stays. */
	if (!app->renaming)
		app->preview = NULL;
	bool done = app->renaming ? prefs_custom_theme_rename(app->prefs,
	    app->edited_name, name) : prefs_custom_theme_store(app->prefs,
	    name, app->edited) && prefs_set_theme(app->prefs, name);
	if (!done) {
		if (!app->renaming)
			show(app);
		app_say(app, STATUS_ERROR, "\"%s\" cannot be a theme's name: "
		    "empty, too long, or taken", name);
		return;
	}
	app_popup_close(app);
	if (!app->renaming)
		app_popup_close(app);
	else
		app->chooser.count = themes_count(app->prefs);
	app->wants.save = true;
	app_theme_changed(app);
	app_say(app, STATUS_INFO, app->renaming ? "renamed to %s" :
	    "theme %s saved", name);
}

void
chooser_name_event(struct app *app, const struct event *e)
{
	if (e->kind == EVENT_KEY && e->key == KEY_ENTER)
		finish_name(app);
	else if (e->kind == EVENT_KEY && e->key == KEY_ESCAPE)
		app_popup_close(app);
	else
		line_event(&app->line, e, NULL, NULL);
}
