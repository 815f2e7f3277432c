/* SPDX-License-Identifier: MIT
 *
 * Regions from the outside in; columns from the right, since rates never
 * give way.
 */
#include "tuiview/layout.h"

#include "tuiview/labels.h"
#include "tuiview/text.h"

enum { PIN = 2, ARROW = 5, GAP = 1 };
enum { END_MAX = 60 };

/* A row that says what must not be overlooked; it hides no other. */
static bool
has_banner(const struct app *app)
{
	enum condition c = app_condition(app);
	return app->paused || c == CONDITION_STALLED || c == CONDITION_DOWN ||
	    c == CONDITION_ENDED;
}

void
layout_of(const struct app *app, struct layout *l)
{
	*l = (struct layout){ .too_small = app->cols < LAYOUT_COLS_MIN ||
		app->rows < LAYOUT_ROWS_MIN };
	/* A low screen spends no rows on its edge. */
	l->border = prefs_bool(app->prefs, PREF_SHOW_BORDER) &&
	    app->rows >= 18;
	l->inner = l->border ?
	    (struct rect){ 1, 1, app->cols - 2, app->rows - 2 } :
	    (struct rect){ 0, 0, app->cols, app->rows };
	struct rect in = l->inner;
	if (prefs_bool(app->prefs, PREF_SHOW_HEADER))
		segments_fit(app, in.w, &l->header_parts);
	int header = l->header_parts.rows;
	int bottom = in.y + in.h;
	l->header = (struct rect){ in.x, bottom - header, in.w, header };
	l->totals = (struct rect){ in.x, l->header.y - 3, in.w, 3 };
	l->tabs = (struct rect){ in.x, l->totals.y - 1, in.w, 1 };
	l->scale = (struct rect){ in.x, in.y, in.w, 2 };
	int banner = has_banner(app);
	l->banner = (struct rect){ in.x, l->tabs.y - banner, in.w, banner };
	l->area = (struct rect){ in.x, in.y + 2, in.w,
		l->banner.y - in.y - 2 };
}

static void
at_least(int *widest, int w)
{
	if (w > *widest)
		*widest = w;
}

/* One end gets more than its half, of what nobody has and what the other one
 * does not want. */
static void
widen(int *w, int want, int *other, int other_wants, int unused)
{
	int more = want - *w, left = *other - other_wants;
	if (more <= 0)
		return;
	unused = unused < more ? unused : more;
	more -= unused;
	left = left > more ? more : left < 0 ? 0 : left;
	*w += unused + left;
	*other -= left;
}

/* Half for each end, but where that cuts one off. */
static void
share_names(struct flow_columns *c, int names, const struct ends_width *want)
{
	c->src_w = c->dst_w = names / 2 < END_MAX ? names / 2 : END_MAX;
	widen(&c->dst_w, want->dst, &c->src_w, want->src, names - c->src_w -
	    c->dst_w);
	widen(&c->src_w, want->src, &c->dst_w, want->dst, names - c->src_w -
	    c->dst_w);
}

void
layout_flow_columns(const struct app *app, int width, struct flow_columns *c)
{
	bool process = prefs_bool(app->prefs, PREF_SHOW_PROCESSES);
	bool total = prefs_bool(app->prefs, PREF_SHOW_CUMULATIVE);
	bool two = prefs_choice(app->prefs, PREF_LINE_MODE) == LINE_TWO;
	int rates = WINDOWS * (RATE_WIDTH + GAP);
	int room = width - PIN - ARROW - rates - GAP;
	*c = (struct flow_columns){ .process_below = process && two &&
		width < 110 };
	int want_process = process && !c->process_below ?
	    (width >= 150 ? 28 : 20) : 0;
	int want_total = total ? TOTAL_WIDTH + GAP : 0;
	/* Names want 23 cells each: an IPv4 address with its port. */
	while (want_process > 9 && room - want_process - want_total < 46)
		want_process--;
	if (room - want_process - want_total < 32 && want_process > 0)
		want_process = 0;
	if (room - want_process - want_total < 32)
		want_total = 0;
	const struct ends_width *now = &app->widest;
	struct ends_width want = app->widest_before;
	at_least(&want.src, now->src);
	at_least(&want.dst, now->dst);
	c->src = PIN;
	share_names(c, room - want_process - want_total, &want);
	c->arrow = c->src + c->src_w;
	c->dst = c->arrow + ARROW;
	int right = width - GAP;
	for (int i = WINDOWS - 1; i >= 0; i--) {
		right -= RATE_WIDTH;
		c->rate[i] = right;
		right -= GAP;
	}
	if (want_total > 0) {
		right -= TOTAL_WIDTH;
		c->total = right;
		right -= GAP;
	}
	if (want_process > 0) {
		c->process_w = want_process - GAP;
		c->process = right - c->process_w;
	}
}

void
layout_widen(const struct app *app, struct ends_width *widest)
{
	struct layout l;
	struct flow_columns c;
	char text[LABEL];
	if (app->flows == NULL || app->model.view != VIEW_FLOWS)
		return;
	layout_of(app, &l);
	layout_flow_columns(app, l.area.w, &c);
	size_t at = (size_t)app->top[VIEW_FLOWS];
	for (int y = 0; y < l.area.h && at < app->model.count; at++) {
		const struct row *row = rows_at(&app->model, at);
		label_end(app, row, true, text);
		at_least(&widest->src, text_width(text));
		label_end(app, row, false, text);
		at_least(&widest->dst, text_width(text));
		if (c.process_below) {
			label_process(row, LABEL, text);
			at_least(&widest->src, PROCESS_INDENT +
			    text_width(text));
		}
		y += app_row_height(app, row);
	}
}

void
layout_group_columns(const struct app *app, int width,
    struct group_columns *c)
{
	enum { COUNT = 7, NAME_MIN = 20 };
	enum pref_sort sort = (enum pref_sort)prefs_choice(app->prefs,
	    PREF_SORT);
	bool shown[WINDOWS] = { true, true, true };
	bool totals = prefs_bool(app->prefs, PREF_SHOW_CUMULATIVE);
	/* The windows not sorted by go first, the longest before. */
	static const int order[] = { 2, 0, 1 };
	int pair = 2 * (RATE_WIDTH + GAP);
	int used = PIN + COUNT + GAP + (totals ? 2 * (TOTAL_WIDTH + GAP) : 0) +
	    WINDOWS * pair;
	for (int i = 0; i < WINDOWS && width - used < NAME_MIN; i++) {
		int w = order[i];
		if (w == rows_window(sort))
			continue;
		shown[w] = false;
		used -= pair;
	}
	*c = (struct group_columns){ .name_w = width - used };
	if (c->name_w > 70)
		c->name_w = 70;
	int at = width - GAP;
	if (totals) {
		c->total_recv = at -= TOTAL_WIDTH;
		at -= GAP;
		c->total_sent = at -= TOTAL_WIDTH;
		at -= GAP;
	}
	for (int i = WINDOWS - 1; i >= 0; i--) {
		if (!shown[i])
			continue;
		c->recv[i] = at -= RATE_WIDTH;
		at -= GAP;
		c->sent[i] = at -= RATE_WIDTH;
		at -= GAP;
	}
	c->flows_w = COUNT - GAP;
	c->flows = at - c->flows_w;
}
