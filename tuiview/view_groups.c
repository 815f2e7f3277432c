/* SPDX-License-Identifier: MIT
 *
 * Processes, hosts, services, publishers: a heading and a line a row; and
 * what stands there when there are no rows.
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/labels.h"
#include "tuiview/scale.h"
#include "tuiview/segments.h"
#include "tuiview/view.h"

static bool
is_sorted_by(const struct app *app, enum pref_sort sort)
{
	int now = prefs_choice(app->prefs, PREF_SORT);
	return now == (int)sort || (sort == SORT_SOURCE && now >= SORT_SOURCE);
}

static void
title(struct grid *g, int x, int y, int w, const struct app *app,
    enum pref_sort sort, bool is_sorted, const char *text)
{
	char full[32];
	bool up = prefs_bool(app->prefs, PREF_REVERSE) !=
	    (sort >= SORT_SOURCE);
	snprintf(full, sizeof(full), "%s%s", text, is_sorted ?
	    (up ? "▲" : "▼") : "");
	enum role role = is_sorted ? ROLE_COLUMN_SORTED : ROLE_COLUMN;
	if (sort >= SORT_SOURCE)
		grid_text(g, x, y, role, full);
	else
		grid_right(g, x, y, w, role, full);
	hit_add(&g->hits, x, y, w, 1, HIT_COLUMN, (int)sort);
}

static void
heading(struct grid *g, struct rect r, const struct app *app,
    const struct group_columns *c)
{
	static const char *const names[] = { "", "PROCESS", "HOST",
		"SERVICE", "PUBLISHER" };
	char text[16];
	int line = prefs_choice(app->prefs, PREF_LINE_MODE);
	/* The order is by what the lines show. */
	bool sent = line != LINE_RECEIVED, recv = line != LINE_SENT;
	title(g, r.x + 2, r.y, c->name_w, app, SORT_SOURCE,
	    is_sorted_by(app, SORT_SOURCE), names[app->view]);
	grid_right(g, r.x + c->flows, r.y, c->flows_w, ROLE_COLUMN,
	    app->view == VIEW_PUBLISHERS ? "PROCS" : "FLOWS");
	for (int i = 0; i < WINDOWS; i++) {
		if (c->sent[i] == 0)
			continue;
		enum pref_sort sort = (enum pref_sort)i;
		bool is_sorted = is_sorted_by(app, sort);
		snprintf(text, sizeof(text), "TX %s",
		    sort_name(sort, app->view));
		title(g, r.x + c->sent[i], r.y, RATE_WIDTH, app, sort,
		    is_sorted && sent, text);
		snprintf(text, sizeof(text), "RX %s",
		    sort_name(sort, app->view));
		title(g, r.x + c->recv[i], r.y, RATE_WIDTH, app, sort,
		    is_sorted && recv, text);
	}
	if (c->total_sent > 0) {
		bool is_sorted = is_sorted_by(app, SORT_TOTAL);
		title(g, r.x + c->total_sent, r.y, TOTAL_WIDTH, app,
		    SORT_TOTAL, is_sorted && sent, "TX sum");
		title(g, r.x + c->total_recv, r.y, TOTAL_WIDTH, app,
		    SORT_TOTAL, is_sorted && recv, "RX sum");
	}
}

static void
group_row(struct grid *g, struct rect r, int y, const struct app *app,
    const struct group_columns *c, const struct row *row)
{
	char text[FORMAT_TEXT], name[ROWS_NAME];
	label_group(app, row, name);
	view_marks(g, r.x, y, row, app);
	grid_field(g, r.x + 2, y, c->name_w, name[0] == '(' ? ROLE_DIM :
	    app->view == VIEW_PROCESSES ? ROLE_PROCESS : ROLE_HOST, name);
	snprintf(text, sizeof(text), "%u", app->view == VIEW_PUBLISHERS ?
	    row->members : row->flows);
	grid_right(g, r.x + c->flows, y, c->flows_w, ROLE_TEXT, text);
	for (int i = 0; i < WINDOWS; i++) {
		if (c->sent[i] == 0)
			continue;
		label_row_rate(app, row, row->n.sent[i], text);
		grid_right(g, r.x + c->sent[i], y, RATE_WIDTH,
		    view_rate_roles[i], text);
		label_row_rate(app, row, row->n.recv[i], text);
		grid_right(g, r.x + c->recv[i], y, RATE_WIDTH,
		    view_rate_roles[i], text);
	}
	if (c->total_sent > 0) {
		label_total(app, row->n.total_sent, text);
		grid_right(g, r.x + c->total_sent, y, TOTAL_WIDTH, ROLE_TOTAL,
		    text);
		label_total(app, row->n.total_recv, text);
		grid_right(g, r.x + c->total_recv, y, TOTAL_WIDTH, ROLE_TOTAL,
		    text);
	}
}

void
view_groups(struct grid *g, struct rect r, const struct app *app)
{
	struct group_columns c;
	struct scale s;
	enum pref_line line = (enum pref_line)prefs_choice(app->prefs,
	    PREF_LINE_MODE);
	int window = view_window(app);
	layout_group_columns(app, r.w, &c);
	scale_of(app, &s);
	heading(g, r, app, &c);
	int y = r.y + 1;
	for (size_t i = (size_t)app->top[app->view]; i < app->model.count &&
	    y < r.y + r.h; i++) {
		const struct row *row = rows_at(&app->model, i);
		int height = app_row_height(app, row);
		view_ground(g, r, y, row, app);
		group_row(g, r, y, app, &c, row);
		grid_bar(g, r.x, y, r.w, scale_cells(&s,
		    rows_rate(row, line, window), r.w),
		    view_row_look(app, row));
		hit_add(&g->hits, r.x, y, r.w, height, HIT_ROW, (int)i);
		if (height > 1)
			view_spark(g, r, y + 1, row, app);
		y += height;
	}
}

static void
centred(struct grid *g, struct rect r, int line, enum role role,
    const char *text)
{
	char cut[300];
	text_elide(text, r.w - 2, g->ascii, cut, sizeof(cut));
	grid_text(g, r.x + (r.w - text_width(cut)) / 2, r.y + r.h / 2 - 1 +
	    line, role, cut);
}

void
view_empty(struct grid *g, struct rect r, const struct app *app)
{
	const struct flows *f = app->flows;
	char text[600];
	if (f == NULL) {
		centred(g, r, 0, ROLE_TEXT, "waiting for the first snapshot");
	} else if (app->model.all > 0 && app->filter.count > 0) {
		snprintf(text, sizeof(text), "no row matches the filter %s",
		    app->filter.text);
		centred(g, r, 0, ROLE_TEXT, text);
		centred(g, r, 1, ROLE_DIM, "0 clears it; totals below are of "
		    "everything");
	} else if (strcmp(f->state, "down") == 0 && !app->feed.ended) {
		snprintf(text, sizeof(text), "%s%s", app->down_text[0] !=
		    '\0' ? app->down_text : f->interfaces,
		    app->down_text[0] != '\0' ? "" : " is down");
		centred(g, r, 0, ROLE_ERROR, text);
		centred(g, r, 1, ROLE_DIM, app_moves_capture(app) ?
		    "the capture comes back by itself; i chooses another "
		    "interface" : "the capture comes back by itself");
	} else if (app->feed.ended) {
		centred(g, r, 0, ROLE_TEXT, f->live ? "end of the stream" :
		    "end of the capture");
	} else if (app_drilled(app)) {
		snprintf(text, sizeof(text), "no flow of %s any more",
		    app->drill.name);
		centred(g, r, 0, ROLE_TEXT, text);
		centred(g, r, 1, ROLE_DIM, "Esc goes back");
	} else if (flows_known(f) == 0) {
		/* Those that came have been idle for long: not the first. */
		snprintf(text, sizeof(text), "%s on %s%s%s", f->packets > 0 ?
		    "nothing flows now" : "waiting for the first packets",
		    f->interfaces, f->filter[0] != '\0' ? ", filter " : "",
		    f->filter);
		centred(g, r, 0, ROLE_TEXT, text);
		if (!app_moves_capture(app))
			return;
		centred(g, r, 1, ROLE_DIM, f->filter[0] != '\0' ?
		    "E edits the capture filter, i chooses the interface" :
		    "i chooses another interface");
	}
}
