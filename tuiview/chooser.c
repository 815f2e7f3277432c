/* SPDX-License-Identifier: MIT
 *
 * Choosing from a list.
 */
#include "tuiview/chooser.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tuiview/editor.h"
#include "tuiview/popups.h"

int
themes_count(const struct prefs *prefs)
{
	int count = (int)theme_count;
	while (prefs_custom_theme(prefs, (size_t)count - theme_count) != NULL)
		count++;
	return count;
}

const struct theme *
themes_at(const struct prefs *prefs, int place, bool *custom)
{
	*custom = place >= (int)theme_count;
	return *custom ? prefs_custom_theme(prefs, (size_t)place -
	    theme_count) : &themes[place];
}

int
chooser_top(const struct chooser *c, int rows)
{
	int top = c->at - rows / 2;
	if (top > c->count - rows)
		top = c->count - rows;
	return top < 0 ? 0 : top;
}

void
chooser_open(struct app *app, enum popup popup)
{
	bool custom;
	app->chooser = (struct chooser){ .at = 0 };
	line_set(&app->chooser.search, "");
	if (popup == POPUP_INTERFACES) {
		app->wants.list_interfaces = true;
		app->interfaces.count = 0;
		app->interfaces.error[0] = '\0';
		return;
	}
	if (popup == POPUP_EDITOR) {
		editor_open(app);
		return;
	}
	app->chooser.count = themes_count(app->prefs);
	for (int i = 0; i < app->chooser.count; i++)
		if (themes_at(app->prefs, i, &custom) ==
		    prefs_theme(app->prefs))
			app->chooser.at = i;
}

static void
preview(struct app *app)
{
	bool custom;
	if (app_popup(app) != POPUP_THEMES)
		return;
	app->preview = themes_at(app->prefs, app->chooser.at, &custom);
	app_theme_changed(app);
}

void
chooser_move(struct app *app, int by)
{
	struct chooser *c = &app->chooser;
	if (app_popup(app) == POPUP_EDITOR) {
		editor_slot(app, by);
		return;
	}
	if (c->count == 0)
		return;
	c->at = ((c->at + by) % c->count + c->count) % c->count;
	preview(app);
}

static const char *
name_at(const struct app *app, int place)
{
	bool custom;
	if (app_popup(app) == POPUP_INTERFACES)
		return app->interfaces.list[place].name;
	return themes_at(app->prefs, place, &custom)->name;
}

void
chooser_search(struct app *app)
{
	struct chooser *c = &app->chooser;
	c->missed = false;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < c->count; i++) {
			const char *name = name_at(app, i);
			/* A name that starts so comes first. */
			if (pass == 0 ? strncasecmp(name, c->search.text,
			    c->search.len) == 0 : strcasestr(name,
			    c->search.text) != NULL) {
				c->at = i;
				preview(app);
				return;
			}
		}
	c->missed = true;
}

/* Keys that all lists share; false when it was none of them. */
static bool
list_event(struct app *app, const struct event *e)
{
	struct chooser *c = &app->chooser;
	if (e->kind == EVENT_KEY) {
		switch (e->key) {
		case KEY_DOWN: chooser_move(app, 1); return true;
		case KEY_UP: chooser_move(app, -1); return true;
		case KEY_PAGE_DOWN: case KEY_CTRL('d'):
			chooser_move(app, c->at + 8 < c->count ? 8 :
			    c->count - 1 - c->at);
			return true;
		case KEY_PAGE_UP: case KEY_CTRL('u'):
			chooser_move(app, c->at > 8 ? -8 : -c->at);
			return true;
		case KEY_HOME: chooser_move(app, -c->at); return true;
		case KEY_END:
			chooser_move(app, c->count - 1 - c->at);
			return true;
		default: break;
		}
		/* Letters move until a search has begun. */
		if (!c->searching && (e->key == 'j' || e->key == 'k')) {
			chooser_move(app, e->key == 'j' ? 1 : -1);
			return true;
		}
		if (!c->searching && e->key == '/') {
			c->searching = true;
			return true;
		}
	}
	if (line_event(&c->search, e, NULL, NULL) == LINE_CHANGED) {
		c->searching = true;
		chooser_search(app);
		return true;
	}
	return false;
}

/* Escape ends a search first; false when there is none. */
static bool
end_search(struct app *app)
{
	struct chooser *c = &app->chooser;
	if (!c->searching)
		return false;
	c->searching = c->missed = false;
	line_set(&c->search, "");
	return true;
}

static void
close_themes(struct app *app, bool keep)
{
	bool custom;
	const struct theme *t = themes_at(app->prefs, app->chooser.at,
	    &custom);
	app_popup_close(app);
	app->preview = NULL;
	if (keep && t != NULL && prefs_set_theme(app->prefs, t->id)) {
		app->wants.save = true;
		app_say(app, STATUS_INFO, "theme: %s",
		    prefs_theme(app->prefs)->name);
	}
	app_theme_changed(app);
}

static void
delete_theme(struct app *app)
{
	bool custom;
	const struct theme *t = themes_at(app->prefs, app->chooser.at,
	    &custom);
	char name[THEME_NAME];
	if (!custom) {
		app_say(app, STATUS_WARN, "a built-in theme stays");
		return;
	}
	snprintf(name, sizeof(name), "%s", t->name);
	app->preview = NULL;
	prefs_custom_theme_remove(app->prefs, name);
	app->wants.save = true;
	app->chooser.count = themes_count(app->prefs);
	if (app->chooser.at >= app->chooser.count)
		app->chooser.at = app->chooser.count - 1;
	preview(app);
	app_say(app, STATUS_INFO, "theme %s deleted", name);
}

static void
rename_theme(struct app *app)
{
	bool custom;
	const struct theme *t = themes_at(app->prefs, app->chooser.at,
	    &custom);
	if (!custom) {
		app_say(app, STATUS_WARN, "a built-in theme keeps its name; "
		    "C makes one of your own from it");
		return;
	}
	snprintf(app->edited_name, sizeof(app->edited_name), "%s", t->name);
	app->renaming = true;
	line_set(&app->line, t->name);
	app_popup_open(app, POPUP_NAME);
}

void
chooser_themes_event(struct app *app, const struct event *e)
{
	if (e->kind == EVENT_KEY)
		switch (e->key) {
		case KEY_ENTER: close_themes(app, true); return;
		case KEY_ESCAPE:
			if (!end_search(app))
				close_themes(app, false);
			return;
		case KEY_DELETE: delete_theme(app); return;
		case KEY_CTRL('r'): rename_theme(app); return;
		case KEY_CTRL('n'): case KEY_CTRL('p'):
			chooser_move(app, e->key == KEY_CTRL('n') ? 1 : -1);
			return;
		default: break;
		}
	list_event(app, e);
}

static void
choose_interface(struct app *app)
{
	if (app->chooser.at >= app->interfaces.count)
		return;
	const struct interface *i = &app->interfaces.list[app->chooser.at];
	app_popup_close(app);
	if (app->flows != NULL && !app->flows->live) {
		app_say(app, STATUS_ERROR, "a file is replayed: there is no "
		    "capture to move");
		return;
	}
	if (!app->has_capd) {
		app_say(app, STATUS_ERROR, "this stream's capture cannot "
		    "move: it stays on %s", app->flows != NULL ?
		    app->flows->interfaces : "what it has");
		return;
	}
	/* The header keeps telling where the capture is, not where we wish
	 * it to be: the next snapshots say so. */
	app_order(app, "capd", "interface %s", i->name);
	snprintf(app->asked_interface, sizeof(app->asked_interface), "%s",
	    i->name);
	app->interface_asked = true;
	app_say(app, STATUS_INFO, "moving the capture to %s", i->name);
}

void
chooser_interfaces_event(struct app *app, const struct event *e)
{
	if (e->kind == EVENT_KEY && e->key == KEY_ENTER) {
		choose_interface(app);
		return;
	}
	if (e->kind == EVENT_KEY && e->key == KEY_ESCAPE) {
		if (!end_search(app))
			app_popup_close(app);
		return;
	}
	list_event(app, e);
}

void
chooser_choose(struct app *app, int place)
{
	if (app_popup(app) == POPUP_EDITOR) {
		editor_slot(app, place - app->editor_slot);
		return;
	}
	if (place < 0 || place >= app->chooser.count)
		return;
	app->chooser.at = place;
	preview(app);
	if (app_popup(app) == POPUP_THEMES)
		close_themes(app, true);
	else
		choose_interface(app);
}
