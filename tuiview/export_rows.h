/* SPDX-License-Identifier: MIT
 *
 * The rows of the screen, handed to the exporter.
 */
#ifndef TUIVIEW_EXPORT_ROWS_H
#define TUIVIEW_EXPORT_ROWS_H

#include "tuiview/app.h"

/* Write the rows of the view and say where, or why not. */
void export_rows(struct app *);

#endif
