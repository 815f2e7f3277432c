/* SPDX-License-Identifier: MIT
 *
 * Popups: what each does with keys and clicks.  One row a popup in
 * popups.c; how they look is in view_popup.c.
 */
#ifndef TUIVIEW_POPUPS_H
#define TUIVIEW_POPUPS_H

#include "tuiview/app.h"

/* Give an event to the popup on top.  True: it was taken (all are, but by
 * tips, which close and let keys through). */
bool popups_event(struct app *, const struct event *);

/* A row of the top popup's list was clicked. */
void popups_choose(struct app *, int place);

/* The wheel over a popup. */
void popups_scroll(struct app *, int by);

/* Is it a prompt in the tab line rather than a box? */
bool popup_is_prompt(enum popup);

/* All themes, built-in ones first; null past the last. */
const struct theme *themes_at(const struct prefs *, int place, bool *custom);
int themes_count(const struct prefs *);

#endif
