/* SPDX-License-Identifier: MIT
 *
 * Actions of the main view: to the part that carries them out.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/app.h"
#include "tuiview/labels.h"
#include "tuiview/model_pins.h"

static void
changed(struct app *app)
{
	app->rows_stale = app->dirty = true;
}

static void
pin(struct app *app)
{
	const struct row *row = app_selected(app);
	struct rows_how how;
	if (row == NULL) {
		app_say(app, STATUS_WARN, "select a row first (j, k)");
		return;
	}
	app_how(app, &how);
	bool on = pins_toggle(app->prefs, &how, row);
	app->wants.save = true;
	app_say(app, STATUS_INFO, !on ? "no longer pinned" :
	    app->view == VIEW_PROCESSES ? "★ pinned, and all of that name" :
	    "★ pinned");
	changed(app);
}

static void
copy(struct app *app)
{
	const struct row *row = app_selected(app);
	char text[512];
	if (row == NULL) {
		app_say(app, STATUS_WARN, "select a row first (j, k)");
		return;
	}
	label_copy(app, row, text, sizeof(text));
	free(app->wants.copy);
	app->wants.copy = xstrdup(text);
}

static void
change_view(struct app *app, int step_by)
{
	app->view = (enum pref_view)(((int)app->view + step_by + VIEWS) %
	    VIEWS);
	prefs_set_choice(app->prefs, PREF_VIEW, (int)app->view);
	app->wants.save = true;
	changed(app);
}

/* Into a group's flows, or a flow's details. */
static void
enter(struct app *app)
{
	const struct row *row = app_selected(app);
	if (row == NULL) {
		app_move(app, 1);
		return;
	}
	if (app->view == VIEW_FLOWS) {
		app_popup_open(app, POPUP_DETAILS);
		return;
	}
	app->drill = (struct drill){ .view = app->view, .key = row->key };
	label_group(app, row, app->drill.name);
	app->view = VIEW_FLOWS;
	app->selected[VIEW_FLOWS] = 0;
	app->place[VIEW_FLOWS] = app->top[VIEW_FLOWS] = 0;
	changed(app);
}

static void
back(struct app *app)
{
	app_prepare(app);
	/* To deselect what is not to be seen would look like nothing. */
	bool shown = app_selected(app) != NULL;
	app->selected[app->view] = 0;
	if (!shown && app_drilled(app)) {
		app->view = app->drill.view;
		app->drill.view = VIEW_FLOWS;
	}
	changed(app);
}

static void
first_row(struct app *app, bool last)
{
	app_prepare(app);
	app_select(app, last ? (long)app->model.count - 1 : 0);
}

static long
page(const struct app *app)
{
	int rows = app_area_height(app) / app_row_lines(app);
	return rows > 1 ? rows - 1 : 1;
}

static bool
move(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_DOWN: app_move(app, 1); return true;
	case ACTION_UP: app_move(app, -1); return true;
	case ACTION_HALF_DOWN: app_move(app, (page(app) + 1) / 2); return true;
	case ACTION_HALF_UP: app_move(app, -(page(app) + 1) / 2); return true;
	case ACTION_PAGE_DOWN: app_move(app, page(app)); return true;
	case ACTION_PAGE_UP: app_move(app, -page(app)); return true;
	case ACTION_FIRST: first_row(app, false); return true;
	case ACTION_LAST: first_row(app, true); return true;
	default: return false;
	}
}

/* What has no room in a line would be cut off, and then asked for. */
static bool
can_edit(struct app *app, enum popup popup)
{
	enum { CHARACTER = 4 };
	if (popup != POPUP_BPF || app->flows == NULL ||
	    strlen(app->flows->filter) < FLOWS_FILTER - CHARACTER)
		return true;
	app_say(app, STATUS_WARN, "the capture filter is too long to be "
	    "edited here");
	return false;
}

static bool
open_popup(struct app *app, enum action action)
{
	static const struct { enum action action; enum popup popup; }
	    table[] = {
		{ ACTION_HELP, POPUP_HELP },
		{ ACTION_THEMES, POPUP_THEMES },
		{ ACTION_THEME_EDITOR, POPUP_EDITOR },
		{ ACTION_INTERFACES, POPUP_INTERFACES },
		{ ACTION_FILTER, POPUP_FILTER },
		{ ACTION_EDIT_BPF, POPUP_BPF },
		{ ACTION_ALERT, POPUP_ALERT },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].action == action) {
			if (can_edit(app, table[i].popup))
				app_popup_open(app, table[i].popup);
			return true;
		}
	return false;
}

static bool
leave_or_ask(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_QUIT:
		app->wants.save = app->wants.quit = true;
		return true;
	case ACTION_QUIT_UNSAVED: app->wants.quit = true; return true;
	case ACTION_SUSPEND: app->wants.suspend = true; return true;
	case ACTION_REPAINT: app->wants.repaint = true; return true;
	case ACTION_EXPORT: app->wants.export = true; return true;
	case ACTION_RECORD: app->wants.record = true; return true;
	default: return false;
	}
}

void
app_do(struct app *app, enum action action)
{
	app->dirty = true;
	if (app_set(app, action) || app_play(app, action) ||
	    move(app, action) || open_popup(app, action) ||
	    leave_or_ask(app, action))
		return;
	switch (action) {
	case ACTION_NEXT_VIEW: change_view(app, 1); break;
	case ACTION_PREVIOUS_VIEW: change_view(app, -1); break;
	case ACTION_ENTER: enter(app); break;
	case ACTION_BACK: back(app); break;
	case ACTION_FILTER_CLEAR:
		app_set_filter(app, "");
		app_say(app, STATUS_INFO, "filter cleared");
		break;
	case ACTION_PIN: pin(app); break;
	case ACTION_COPY: copy(app); break;
	default: break;
	}
}
