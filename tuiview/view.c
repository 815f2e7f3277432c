/* SPDX-License-Identifier: MIT
 *
 * The screen, part by part.
 */
#include "tuiview/view.h"

#include <stdio.h>
#include <string.h>

#include "tuiview/labels.h"
#include "tuiview/popups.h"
#include "tuiview/scale.h"
#include "tuiview/segments.h"

const enum role view_rate_roles[WINDOWS] = { ROLE_RATE_2S, ROLE_RATE_10S,
	ROLE_RATE_40S };

int
view_window(const struct app *app)
{
	return rows_window((enum pref_sort)prefs_choice(app->prefs,
	    PREF_SORT));
}

enum bar_look
view_look(const struct app *app)
{
	if (!prefs_bool(app->prefs, PREF_SHOW_BARS))
		return LOOK_NONE;
	int style = prefs_choice(app->prefs, PREF_BAR_STYLE);
	/* Without colours only signs make a bar that leaves text alone. */
	if (app->depth == COLOUR_MONO && style <= BAR_SOLID)
		return app->ascii ? LOOK_ASCII : LOOK_THIN;
	return (enum bar_look)style;
}

/* How far a recording has come: " · 1:05". */
static void
position_text(const struct app *app, char *text, size_t size)
{
	double elapsed = app->flows->elapsed;
	unsigned s = elapsed >= 0 && elapsed < 1e9 ? (unsigned)elapsed : 0;
	if (s >= 3600)
		snprintf(text, size, " · %u:%02u:%02u", s / 3600,
		    s / 60 % 60, s % 60);
	else
		snprintf(text, size, " · %u:%02u", s / 60, s % 60);
}

static void
border(struct grid *g, const struct app *app)
{
	char title[120], state[40], where[40] = "";
	enum role role = app_flashes(app) ? ROLE_ALERT : app->paused ?
	    ROLE_DIM : ROLE_BORDER;
	enum role title_role = ROLE_TITLE;
	struct rect all = { 0, 0, app->cols, app->rows };
	grid_frame(g, all, role);
	state_text(app, state, sizeof(state));
	snprintf(title, sizeof(title), " ▶▶▶ IFTOPRS ◀◀◀ ");
	enum condition c = app_condition(app);
	if (app->paused || c != CONDITION_LIVE) {
		if (c == CONDITION_REPLAY)
			position_text(app, where, sizeof(where));
		snprintf(title, sizeof(title), " ▶▶▶ IFTOPRS · %s%s ◀◀◀ ",
		    c == CONDITION_ENDED ? "END OF STREAM" : state, where);
		title_role = c == CONDITION_ENDED || c == CONDITION_STALLED ||
		    c == CONDITION_DOWN ? ROLE_ERROR : ROLE_WARN;
	}
	grid_text(g, (app->cols - text_width(title)) / 2, 0, title_role,
	    title);
}

static void
too_small(struct grid *g, const struct app *app)
{
	char text[80];
	int n = snprintf(text, sizeof(text), "%dx%d needed, this is %dx%d",
	    LAYOUT_COLS_MIN, LAYOUT_ROWS_MIN, app->cols, app->rows);
	if (n > app->cols)
		*strchr(text, ',') = '\0';
	int x = (app->cols - text_width(text)) / 2;
	grid_field(g, x > 0 ? x : 0, app->rows / 2, app->cols, ROLE_WARN,
	    text);
}

static void
put_scale(struct grid *g, struct rect r, const struct app *app)
{
	struct scale s;
	double at[SCALE_TICKS];
	char labels[SCALE_TICKS][FORMAT_TEXT];
	scale_of(app, &s);
	int count = scale_ticks(&s, at, labels);
	grid_line(g, r.x, r.y + 1, r.w, ROLE_RULER);
	grid_text(g, r.x, r.y + 1, ROLE_RULER, "└");
	for (int i = 0; i < count; i++) {
		int x = r.x + (int)(at[i] * r.w + 0.5);
		int w = text_width(labels[i]);
		int label = x - w / 2;
		if (x > r.x + r.w - 1)
			x = r.x + r.w - 1;
		if (label + w > r.x + r.w)
			label = r.x + r.w - w;
		if (label < r.x)
			label = r.x;
		grid_text(g, label, r.y, ROLE_SCALE, labels[i]);
		grid_text(g, x, r.y + 1, ROLE_RULER, "┴");
	}
}

static void
total_row(struct grid *g, struct rect r, int y, const struct app *app,
    const char *label, enum role role, uint64_t total, uint64_t peak,
    const uint64_t rates[WINDOWS])
{
	struct flow_columns c;
	struct scale s;
	char text[FORMAT_TEXT];
	layout_flow_columns(app, r.w, &c);
	scale_of(app, &s);
	/* Closer together where the rates leave little room. */
	bool tight = c.rate[0] < 37;
	int cum = tight ? 7 : 8, last = tight ? 19 : 22;
	grid_text(g, r.x, y, role, label);
	grid_text(g, r.x + cum, y, ROLE_LABEL, "cum:");
	label_total(app, total, text);
	grid_right(g, r.x + cum + 4, y, tight ? 7 : 8, ROLE_TOTAL, text);
	grid_text(g, r.x + last, y, ROLE_LABEL, "peak:");
	label_rate(app, peak, text);
	grid_right(g, r.x + last + 5, y, tight ? 7 : 8, ROLE_PEAK, text);
	if (c.rate[0] - 7 > 36 && role == ROLE_SENT)
		grid_text(g, r.x + c.rate[0] - 7, y, ROLE_LABEL, "rates:");
	for (int i = 0; i < WINDOWS; i++) {
		label_rate(app, rates[i], text);
		grid_right(g, r.x + c.rate[i], y, RATE_WIDTH,
		    view_rate_roles[i], text);
		/* Rows of flows have no headings: these stand for them. */
		hit_add(&g->hits, r.x + c.rate[i], y, RATE_WIDTH, 1,
		    HIT_COLUMN, i);
	}
	hit_add(&g->hits, r.x + 8, y, 12, 1, HIT_COLUMN, SORT_TOTAL);
	grid_bar(g, r.x, y, r.w, scale_cells(&s, rates[view_window(app)],
	    r.w), view_look(app));
}

static void
put_totals(struct grid *g, struct rect r, const struct app *app)
{
	struct figures n = { .total_sent = 0 };
	uint64_t peak = 0, both[WINDOWS];
	if (app->flows != NULL)
		app_totals(app, (enum format_unit)prefs_choice(app->prefs,
		    PREF_UNITS), &n, &peak);
	for (int i = 0; i < WINDOWS; i++)
		both[i] = n.sent[i] + n.recv[i];
	total_row(g, r, r.y, app, "TX:", ROLE_SENT, n.total_sent,
	    n.peak_sent, n.sent);
	total_row(g, r, r.y + 1, app, "RX:", ROLE_RECEIVED, n.total_recv,
	    n.peak_recv, n.recv);
	total_row(g, r, r.y + 2, app, "TOTAL:", ROLE_LABEL,
	    n.total_sent + n.total_recv, peak, both);
}

static void
put_header(struct grid *g, const struct layout *l, const struct app *app)
{
	const struct header *h = &l->header_parts;
	(void)app;
	grid_fill(g, l->header, ROLE_HEADER);
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		int x = l->header.x + h->parts[i].x;
		int y = l->header.y + h->parts[i].y;
		int w = h->parts[i].w;
		grid_text(g, x, y, h->parts[i].role, h->parts[i].text);
		/* The gap to both sides belongs to the segment, but for the
		 * bar between. */
		int reach = h->gap > 1;
		hit_add(&g->hits, x - reach, y, w + 2 * reach, 1, HIT_SEGMENT,
		    i);
		if (i + 1 < SEGMENT_COUNT &&
		    h->parts[i + 1].y == h->parts[i].y)
			grid_text(g, x + w + reach, y, ROLE_HEADER, "│");
	}
}

static void
put_status(struct grid *g, struct rect area, const struct app *app)
{
	static const enum role roles[] = { ROLE_POPUP, ROLE_HEADER_WARN,
		ROLE_PAUSED };
	char text[APP_STATUS + 4], cut[APP_STATUS + 4];
	if (app->status[0] == '\0')
		return;
	snprintf(text, sizeof(text), " %s ", app->status);
	text_elide(text, area.w - 2, app->ascii, cut, sizeof(cut));
	grid_text(g, area.x + (area.w - text_width(cut)) / 2,
	    area.y + area.h - 1, roles[app->status_level], cut);
}

void
view_draw(struct grid *g, const struct app *app)
{
	struct layout l;
	grid_clear(g, app->cols, app->rows);
	g->ascii = app->ascii;
	layout_of(app, &l);
	if (l.too_small) {
		too_small(g, app);
		return;
	}
	if (l.border)
		border(g, app);
	put_scale(g, l.scale, app);
	grid_clip(g, &l.area);
	if (app->flows == NULL || app->model.count == 0)
		view_empty(g, l.area, app);
	if (app->flows != NULL && app->view != VIEW_FLOWS)
		view_groups(g, l.area, app);
	else if (app->flows != NULL)
		view_flows(g, l.area, app);
	grid_clip(g, NULL);
	view_banner(g, l.banner, app);
	put_totals(g, l.totals, app);
	if (l.header.h > 0)
		put_header(g, &l, app);
	if (popup_is_prompt(app_popup(app)))
		view_prompt(g, l.tabs, app);
	else
		view_tabs(g, l.tabs, app);
	view_popups(g, &l, app);
	/* Above popups: what they did wrong is said here, too. */
	put_status(g, l.area, app);
}
