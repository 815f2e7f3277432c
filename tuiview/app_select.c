/* SPDX-License-Identifier: MIT
 *
 * The selected row, and which rows are in sight.
 */
#include "tuiview/app.h"

#include <string.h>

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

/* The flow of the selected row that was meant: the one that was its busiest
 * when it was chosen, or is now; null: none of them is there. */
static const struct flow *
meant_flow(const struct app *app, const struct rows_how *how)
{
	const struct flows *flows = app->model.flows;
	const struct flow *meant = NULL;
	uint64_t most = 0;
	for (size_t i = 0; flows != NULL && i < flows->count; i++) {
		const struct flow *f = &flows->list[i];
		uint64_t rate = f->n.sent[SORT_10S] + f->n.recv[SORT_10S];
		if (rows_key(f, how) != app->selected[VIEW_FLOWS])
			continue;
		if (f->id != 0 && f->id == app->selected_flow)
			return f;
		if (meant == NULL || rate > most) {
			meant = f;
			most = rate;
		}
	}
	return meant;
}

void
app_select_again(struct app *app, const struct rows_how *how)
{
	struct rows_how before = app->flows_how;
	if (how->view != VIEW_FLOWS)
		return;
	app->flows_how = *how;
	if (app->selected[VIEW_FLOWS] == 0 ||
	    (how->aggregate == before.aggregate &&
	    how->src_ports == before.src_ports &&
	    how->dst_ports == before.dst_ports))
		return;
	const struct flow *f = meant_flow(app, &before);
	if (f != NULL)
		app->selected[VIEW_FLOWS] = rows_key(f, how);
}

static bool
same_ends(const struct flow *a, const struct flow *b)
{
	return a->proto == b->proto && a->src_port == b->src_port &&
	    a->dst_port == b->dst_port && a->icmp_id == b->icmp_id &&
	    strcmp(a->src, b->src) == 0 && strcmp(a->dst, b->dst) == 0;
}

void
app_select_anew(struct app *app, const struct flows *flows)
{
	app_prepare(app);
	const struct rows_how *how = &app->flows_how;
	uint64_t key = app->selected[VIEW_FLOWS];
	const struct flow *f = key != 0 ? meant_flow(app, how) : NULL;
	/* Keys of merged rows are made of what they have in common. */
	bool merged = how->aggregate != AGGREGATE_NONE || !how->src_ports ||
	    !how->dst_ports;
	app->selected[VIEW_FLOWS] = merged ? key : 0;
	app->selected_flow = 0;
	for (size_t i = 0; f != NULL && i < flows->count; i++) {
		if (!same_ends(&flows->list[i], f))
			continue;
		app->selected[VIEW_FLOWS] = rows_key(&flows->list[i], how);
		app->selected_flow = flows->list[i].id;
		break;
	}
	if (app->view == VIEW_FLOWS && app->tip_row == key)
		app->tip_row = app->selected[VIEW_FLOWS];
	app->click_key = 0;
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
	const struct row *row = rows_at(&app->model, (size_t)place);
	app->selected[v] = row->key;
	if (v == VIEW_FLOWS)
		app->selected_flow = row->flow->id;
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
