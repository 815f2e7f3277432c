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

#endif
