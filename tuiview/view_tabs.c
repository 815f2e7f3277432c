/* SPDX-License-Identifier: MIT
 *
 * The line between rows and totals: the views, how many rows, and what the
 * columns of figures above and below it are.
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/segments.h"
#include "tuiview/view.h"

static const char *
tab_name(int view, bool narrow)
{
	static const char *const narrow_names[] = { "Flows", "Procs", "Hosts",
		"Servs", "Pubs" };
	return narrow ? narrow_names[view] : view_name((enum pref_view)view);
}

/* Ways to say how many rows there are, the last one in the fewest cells. */
enum { BREVITIES = 4 };

/* Is a row of the snapshot one flow, or has flowagg merged them? */
static bool
is_by_flow(const struct flows *f)
{
	return f->by[0] == '\0' || strcmp(f->by, "flow") == 0;
}

/* Does the screen merge flows, by its settings? */
static bool
merges(const struct app *app)
{
	struct rows_how how;
	app_how(app, &how);
	return !how.src_ports || !how.dst_ports ||
	    how.aggregate != AGGREGATE_NONE;
}

unsigned long long
view_all_rows(const struct app *app)
{
	if (app->view != VIEW_FLOWS || app->flows == NULL || merges(app))
		return app->model.all;
	return flows_known(app->flows);
}

static const char *
rows_called(const struct app *app, bool one)
{
	static const char *const ones[VIEWS] = { "flow", "process", "host",
		"service", "publisher" };
	static const char *const many[VIEWS] = { "flows", "processes",
		"hosts", "services", "publishers" };
	/* Of the screen's own merging, or of flowagg's. */
	if (app->view == VIEW_FLOWS && (merges(app) ||
	    !is_by_flow(app->flows)))
		return one ? "row" : "rows";
	return one ? ones[app->view] : many[app->view];
}

/* What the snapshot has no room for is in no row: rows do not add up to the
 * totals then.  Where rows are flows, their number tells. */
static void
add_unlisted(const struct app *app, int brevity, char *text, size_t size)
{
	const struct flows *f = app->flows;
	unsigned long long more = flows_known(f) - f->count;
	size_t len = strlen(text);
	const char *what = !is_by_flow(f) ? more == 1 ? "row" : "rows" :
	    more == 1 ? "flow" : "flows";
	if (more == 0 || (app->view == VIEW_FLOWS && !merges(app)))
		return;
	if (brevity == 0)
		snprintf(text + len, size - len, ", %llu %s not listed",
		    more, what);
	else if (brevity < BREVITIES - 1)
		snprintf(text + len, size - len, ", +%llu %s", more, what);
	else
		snprintf(text + len, size - len, " +%llu", more);
}

static void
tab_info(const struct app *app, int brevity, char *text, size_t size)
{
	unsigned long long shown = app->model.count;
	unsigned long long all = view_all_rows(app);
	size_t len;
	text[0] = '\0';
	if (app->flows == NULL)
		return;
	if (shown == all)
		snprintf(text, size, " %llu", all);
	else
		snprintf(text, size, brevity < 2 ? " %llu of %llu" :
		    " %llu/%llu", shown, all);
	len = strlen(text);
	if (brevity < 2)
		snprintf(text + len, size - len, " %s",
		    rows_called(app, all == 1));
	add_unlisted(app, brevity, text, size);
	len = strlen(text);
	snprintf(text + len, size - len, " ");
}

enum { INFO = 20 };		/* "200 of 1234 flows" */

/* One heading in the line, the order marked. */
static void
heading(struct grid *g, int x, int y, const struct app *app,
    enum pref_sort sort, const char *name)
{
	bool sorted = prefs_choice(app->prefs, PREF_SORT) == (int)sort;
	char text[16];
	snprintf(text, sizeof(text), " %s%s", name, !sorted ? "" :
	    prefs_bool(app->prefs, PREF_REVERSE) ? "▲" : "▼");
	grid_text(g, x + RATE_WIDTH - text_width(text), y, sorted ?
	    ROLE_COLUMN_SORTED : ROLE_COLUMN, text);
	hit_add(&g->hits, x, y, RATE_WIDTH, 1, HIT_COLUMN, (int)sort);
}

/* Of the totals, and of the rows of flows, which have no line of headings of
 * their own.  Returns where these begin; the cells before `from` are taken,
 * and what comes there is not counted, or headings would come and go. */
static int
headings(struct grid *g, struct rect r, const struct app *app, int from)
{
	struct flow_columns c;
	layout_flow_columns(app, r.w, &c);
	int first = r.x + r.w;
	if (r.x + c.rate[0] < from)
		return first;
	for (int i = 0; i < WINDOWS; i++)
		heading(g, r.x + c.rate[i], r.y, app, (enum pref_sort)i,
		    sort_name((enum pref_sort)i, app->view));
	first = r.x + c.rate[0];
	if (app->view == VIEW_FLOWS && c.total > 0 &&
	    r.x + c.total >= from + INFO) {
		first = r.x + c.total;
		heading(g, first, r.y, app, SORT_TOTAL, "total");
	}
	return first;
}

void
view_tabs(struct grid *g, struct rect r, const struct app *app)
{
	bool narrow = r.w < (app_drilled(app) ? 130 : 90);
	char info[120];
	int x = r.x + 2;
	grid_line(g, r.x, r.y, r.w, ROLE_SEPARATOR);
	for (int i = 0; i < VIEWS; i++) {
		bool active = i == (int)app->view;
		const char *name = tab_name(i, narrow);
		int w = grid_printf(g, x, r.y, active ? ROLE_TAB_ACTIVE :
		    ROLE_TAB, active ? "[%s]" : " %s ", name);
		hit_add(&g->hits, x, r.y, w, 1, HIT_TAB, i);
		x += w;
	}
	x += grid_text(g, x, r.y, ROLE_TAB, " ");
	if (app_drilled(app)) {
		char name[48];
		int w = narrow ? 16 : 40;
		int left = r.x + r.w - x - text_width(" ▸  Esc ");
		text_elide(app->drill.name, w < left ? w : left, app->ascii,
		    name, sizeof(name));
		x += grid_printf(g, x, r.y, ROLE_TAB_ACTIVE, " ▸ %s ", name);
		x += grid_text(g, x, r.y, ROLE_DIM, "Esc ");
	}
	int right = headings(g, r, app, x);
	if (right == r.x + r.w)
		right -= 2;
	for (int brevity = 0; brevity < BREVITIES; brevity++) {
		tab_info(app, brevity, info, sizeof(info));
		int w = text_width(info);
		if (x + w > right)
			continue;
		grid_text(g, right - w, r.y, ROLE_LABEL, info);
		break;
	}
}
