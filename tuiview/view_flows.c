/* SPDX-License-Identifier: MIT
 *
 * The rows of flows, in four line modes.
 */
#include "tuiview/view.h"

#include <stdio.h>
#include <string.h>

#include "tuiview/labels.h"
#include "tuiview/scale.h"
#include "tuiview/text.h"

/* Everything a line of a row needs. */
struct painter {
	struct grid *g;
	struct rect r;
	const struct app *app;
	struct flow_columns c;
	struct scale scale;
	int window;		/* the one bars show */
};

void
view_ground(struct grid *g, struct rect r, int y, const struct row *row,
    const struct app *app)
{
	if (row->key == app->selected[app->view])
		grid_ground(g, r.x, y, r.w, GROUND_SELECTED);
	else if (row->alerting && (app_flashes(app) ||
	    app->now >= app->flash_until))
		grid_ground(g, r.x, y, r.w, GROUND_ALERT);
}

void
view_marks(struct grid *g, int x, int y, const struct row *row,
    const struct app *app)
{
	bool selected = row->key == app->selected[app->view];
	bool ended = row->flow->ended;	/* and no other of the row lives */
	bool star = row->pinned && !(selected && row->alerting);
	if (star)
		grid_text(g, x, y, ROLE_PIN, "★");
	if (row->alerting)
		grid_text(g, x + star, y, ROLE_ERROR, "!");
	else if (ended && !(star && selected))
		grid_text(g, x + star, y, ROLE_DIM, "×");
	/* Neither mark is left to colour alone. */
	if (selected)
		grid_text(g, x + 1, y, ROLE_SELECTED, "▸");
}

enum bar_look
view_row_look(const struct app *app, const struct row *row)
{
	enum bar_look look = view_look(app);
	/* The selected row keeps its own ground; its bar runs along its
	 * foot. */
	if (row->key == app->selected[app->view] && look <= LOOK_SOLID)
		return LOOK_THIN;
	return look;
}

static void
bar(const struct painter *p, int y, const struct row *row, uint64_t rate)
{
	grid_bar(p->g, p->r.x, y, p->r.w,
	    scale_cells(&p->scale, rate, p->r.w),
	    view_row_look(p->app, row));
}

static void
figures(const struct painter *p, int y, const struct row *row, uint64_t total,
    const uint64_t rates[WINDOWS])
{
	char text[FORMAT_TEXT];
	if (p->c.total > 0) {
		label_total(p->app, total, text);
		grid_right(p->g, p->r.x + p->c.total, y, TOTAL_WIDTH,
		    ROLE_TOTAL, text);
	}
	for (int i = 0; i < WINDOWS; i++) {
		label_row_rate(p->app, row, rates[i], text);
		grid_right(p->g, p->r.x + p->c.rate[i], y, RATE_WIDTH,
		    view_rate_roles[i], text);
	}
}

static void
process(const struct painter *p, int y, const struct row *row)
{
	char text[LABEL];
	const struct flow_columns *c = &p->c;
	if (c->process_below) {
		int w = c->src_w - PROCESS_INDENT;
		label_process(row, w, text);
		grid_field(p->g, p->r.x + c->src + PROCESS_INDENT, y + 1, w,
		    ROLE_PROCESS, text);
	} else if (c->process_w > 0) {
		label_process(row, c->process_w, text);
		grid_field(p->g, p->r.x + c->process, y, c->process_w,
		    ROLE_PROCESS, text);
	}
}

static void
ends(const struct painter *p, int y, const struct row *row,
    const char *arrow)
{
	char text[LABEL];
	const struct flow_columns *c = &p->c;
	enum role role = row->flow->ended ? ROLE_DIM : ROLE_HOST;
	view_marks(p->g, p->r.x, y, row, p->app);
	label_end(p->app, row, true, text);
	grid_field(p->g, p->r.x + c->src, y, c->src_w, role, text);
	grid_text(p->g, p->r.x + c->arrow + 1, y, ROLE_ARROW, arrow);
	label_end(p->app, row, false, text);
	grid_field(p->g, p->r.x + c->dst, y, c->dst_w, role, text);
	process(p, y, row);
}

static void
one_line(const struct painter *p, int y, const struct row *row,
    enum pref_line line)
{
	static const char *const arrows[] = { "=>", "<=>", "=>", "<=" };
	uint64_t rates[WINDOWS];
	uint64_t total = line == LINE_SENT ? row->n.total_sent : line ==
	    LINE_RECEIVED ? row->n.total_recv : row->n.total_sent +
	    row->n.total_recv;
	for (int i = 0; i < WINDOWS; i++)
		rates[i] = rows_rate(row, line, i);
	ends(p, y, row, arrows[line]);
	figures(p, y, row, total, rates);
	bar(p, y, row, rates[p->window]);
}

static void
two_lines(const struct painter *p, int y, const struct row *row)
{
	ends(p, y, row, "=>");
	figures(p, y, row, row->n.total_sent, row->n.sent);
	grid_text(p->g, p->r.x + p->c.arrow + 1, y + 1, ROLE_ARROW, "<=");
	figures(p, y + 1, row, row->n.total_recv, row->n.recv);
	bar(p, y, row, row->n.sent[p->window]);
	bar(p, y + 1, row, row->n.recv[p->window]);
}

void
view_spark(struct grid *g, struct rect r, int y, const struct row *row,
    const struct app *app)
{
	struct rows_how how;
	float samples[HISTORY], top = 0;
	double seconds;
	char peak[FORMAT_TEXT], span[24] = "", text[48];
	app_how(app, &how);
	int count = rows_history(&app->model, row, &how, samples,
	    &seconds);
	grid_ground(g, r.x, y, r.w, GROUND_SELECTED);
	for (int i = 0; i < count; i++)
		if (samples[i] > top)
			top = samples[i];
	if (count == 0) {
		grid_text(g, r.x + 2, y, ROLE_DIM, "no past yet");
		return;
	}
	grid_spark(g, r.x + 2, y, ROLE_SPARK, samples, count, top);
	int tenths = seconds < 5 ? 10 : 1;
	/* Of thousands of such flows the sum is beyond any figure. */
	label_bandwidth(app, top < 0x1p63f ? (uint64_t)top : UINT64_MAX, peak);
	if (seconds > 0)
		snprintf(span, sizeof(span), "%g s, ", (double)(long)(seconds *
		    tenths + 0.5) / tenths);
	snprintf(text, sizeof(text), "%speak %s", span, peak);
	if (4 + count + (int)strlen(text) > r.w)
		snprintf(text, sizeof(text), "%s%s", span, peak);
	grid_text(g, r.x + 4 + count, y, ROLE_DIM, text);
}

void
view_flows(struct grid *g, struct rect r, const struct app *app)
{
	enum pref_line line = (enum pref_line)prefs_choice(app->prefs,
	    PREF_LINE_MODE);
	struct painter p = { .g = g, .r = r, .app = app,
		.window = view_window(app) };
	int lines = line == LINE_TWO ? 2 : 1;
	layout_flow_columns(app, r.w, &p.c);
	scale_of(app, &p.scale);
	int y = r.y;
	for (size_t i = (size_t)app->top[VIEW_FLOWS]; i < app->model.count &&
	    y < r.y + r.h; i++) {
		const struct row *row = rows_at(&app->model, i);
		int height = app_row_height(app, row);
		/* No half flows: what is received would be missing. */
		if (r.y + r.h - y < lines && y > r.y)
			break;
		for (int k = 0; k < lines; k++)
			view_ground(g, r, y + k, row, app);
		if (line == LINE_TWO)
			two_lines(&p, y, row);
		else
			one_line(&p, y, row, line);
		int shown = r.y + r.h - y < height ? r.y + r.h - y : height;
		hit_add(&g->hits, r.x, y, r.w, shown, HIT_ROW, (int)i);
		if (height > lines)
			view_spark(g, r, y + lines, row, app);
		y += height;
	}
}
