/* SPDX-License-Identifier: MIT
 *
 * The selected row, and which rows are in sight.
 */
#include "tuiview/app.h"

void
app_keep_visible(struct app *app)
{
	enum pref_view v = app->view;
	long count = (long)app->model.count;
	int height = app_area_height(app);
	if (app->flows == NULL || app->model.view != v || count == 0) {
		app->top[v] = 0;
		return;
	}
	long at = rows_find(&app->model, app->selected[v]);
	int lines = app_row_lines(app);
	long fit = height / lines > 0 ? height / lines : 1;
	/* No empty space below while there are rows above. */
	long last = count - fit + (at >= 0 && height % lines == 0);
	if (last < 0)
		last = 0;
	if (app->top[v] > last)
		app->top[v] = last;
	if (app->top[v] < 0)
		app->top[v] = 0;
	if (at < 0)
		return;
	if (at < app->top[v])
		app->top[v] = at;
	/* The selected row and its sparkline fit whole. */
	long room = (height - lines - 1) / lines;
	if (room < 0)
		room = 0;
	if (at > app->top[v] + room)
		app->top[v] = at - room;
}

void
app_select(struct app *app, long place)
{
	enum pref_view v = app->view;
	long count = (long)app->model.count;
	if (app->flows == NULL || count == 0 || app->model.view != v)
		return;
	if (place < 0)
		place = 0;
	if (place >= count)
		place = count - 1;
	app->place[v] = place;
	app->selected[v] = rows_at(&app->model, (size_t)place)->key;
	app->dirty = true;
	app_keep_visible(app);
}

void
app_move(struct app *app, long by)
{
	enum pref_view v = app->view;
	app_prepare(app);
	/* The first step selects what is on top. */
	if (app->selected[v] == 0) {
		app_select(app, by == 1 || by == -1 ? app->top[v] :
		    app->top[v] + by);
		return;
	}
	app_select(app, app->place[v] + by);
}
