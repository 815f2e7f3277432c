/* SPDX-License-Identifier: MIT
 *
 * Drawing: the state into cells.  Each part gets its rectangle, decides
 * nothing, changes nothing, and notes what can be clicked.
 */
#ifndef TUIVIEW_VIEW_H
#define TUIVIEW_VIEW_H

#include "tuiview/app.h"
#include "tuiview/grid.h"
#include "tuiview/layout.h"

/* The whole screen; call app_prepare() before. */
void view_draw(struct grid *, const struct app *);

void view_flows(struct grid *, struct rect, const struct app *);
void view_groups(struct grid *, struct rect, const struct app *);
void view_empty(struct grid *, struct rect, const struct app *);
void view_tabs(struct grid *, struct rect, const struct app *);
/* How many rows there are without the filter; among the flows those that the
 * stream has summed up count, too. */
unsigned long long view_all_rows(const struct app *);
void view_prompt(struct grid *, struct rect, const struct app *);
void view_banner(struct grid *, struct rect, const struct app *);

/* The sparkline of the selected row, on its own line. */
void view_spark(struct grid *, struct rect, int y, const struct row *,
    const struct app *);

/* The ground of a row: selected, alerting or none. */
void view_ground(struct grid *, struct rect, int y, const struct row *,
    const struct app *);

/* What a row is, in two cells: pinned, above the threshold, ended, selected.
 * Of three, the cross gives way, or else the star. */
void view_marks(struct grid *, int x, int y, const struct row *,
    const struct app *);

/* Popups over everything. */
void view_popups(struct grid *, const struct layout *, const struct app *);
void view_help(struct grid *, struct rect, const struct app *);
void view_themes(struct grid *, struct rect, const struct app *);
void view_interfaces(struct grid *, struct rect, const struct app *);
void view_editor(struct grid *, struct rect, const struct app *);
void view_tip(struct grid *, struct rect, const struct app *, enum popup);

/* A popup's box of `w` by `h` cells in the middle (or at x, y when they are
 * not -1), with title and hint in its frame; returns its inside. */
struct rect view_box(struct grid *, struct rect screen, int x, int y, int w,
    int h, const char *title, const char *hint);

/* The colours of the three windows, and the window that bars show. */
extern const enum role view_rate_roles[WINDOWS];
int view_window(const struct app *);

/* The look of bars as chosen. */
enum bar_look view_look(const struct app *);
enum bar_look view_row_look(const struct app *, const struct row *);

#endif
