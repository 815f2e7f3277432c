/* SPDX-License-Identifier: MIT
 *
 * The choosers of themes and interfaces, and the theme editor: lists that
 * scroll, take typing to search, and show at once what a choice would do.
 */
#ifndef TUIVIEW_CHOOSER_H
#define TUIVIEW_CHOOSER_H

#include "tuiview/app.h"

void chooser_open(struct app *, enum popup);

/* Move the highlight; it wraps. */
void chooser_move(struct app *, int by);

/* To the next place whose name holds what was typed: again, when the list
 * comes later than that. */
void chooser_search(struct app *);

/* Choose that place for good, as Enter does. */
void chooser_choose(struct app *, int place);

void chooser_themes_event(struct app *, const struct event *);
void chooser_interfaces_event(struct app *, const struct event *);
void chooser_editor_event(struct app *, const struct event *);
void chooser_name_event(struct app *, const struct event *);

/* The first visible place when `rows` fit, so that the highlight is seen. */
int chooser_top(const struct chooser *, int rows);

#endif
