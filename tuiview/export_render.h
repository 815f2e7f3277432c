/* SPDX-License-Identifier: MIT
 *
 * The three ways to write an export.  Used by the export files alone.
 */
#ifndef TUIVIEW_EXPORT_RENDER_H
#define TUIVIEW_EXPORT_RENDER_H

#include "tuiview/export.h"

void export_add_text(const struct export_table *, struct buf *);
void export_add_csv(const struct export_table *, struct buf *);
void export_add_json(const struct export_table *, struct buf *);

/* Append a text with what would steer a terminal shown as a dot; returns
 * its width in cells. */
size_t export_add_shown(struct buf *, const char *text, size_t len);

#endif
