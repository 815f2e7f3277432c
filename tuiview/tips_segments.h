/* SPDX-License-Identifier: MIT
 *
 * The lines of each segment's tooltip, and what their makers share.  Only
 * for tips*.c.
 */
#ifndef TUIVIEW_TIPS_SEGMENTS_H
#define TUIVIEW_TIPS_SEGMENTS_H

#include "tuiview/tips.h"

/* What the stream tells: tips_stream.c */
void tip_interface(const struct app *, struct tip *);
void tip_flows(const struct app *, struct tip *);
void tip_clock(const struct app *, struct tip *);
void tip_refresh(const struct app *, struct tip *);
void tip_state(const struct app *, struct tip *);
void tip_losses(const struct app *, struct tip *);
void tip_alert(const struct app *, struct tip *);

/* How the screen is set: tips_screen.c */
void tip_program(const struct app *, struct tip *);
void tip_view(const struct app *, struct tip *);
void tip_sort(const struct app *, struct tip *);
void tip_units(const struct app *, struct tip *);
void tip_theme(const struct app *, struct tip *);
void tip_filter(const struct app *, struct tip *);
void tip_help(const struct app *, struct tip *);

/* "on" or "off". */
const char *tip_on_off(bool);

/* An action's keys; good until the fourth call after. */
const char *tip_keys(enum action);

/* A line that says where a setting comes from. */
void tip_origin(const struct app *, enum pref, struct tip *);

#endif
