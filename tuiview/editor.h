/* SPDX-License-Identifier: MIT
 *
 * The theme editor: six colours, each changed by steps or typed as a number
 * (#rrggbb, or 0 to 255 of the 256 colours), shown on the screen at once.
 */
#ifndef TUIVIEW_EDITOR_H
#define TUIVIEW_EDITOR_H

#include "tuiview/app.h"

/* Start from the theme in force. */
void editor_open(struct app *);

/* Go to another of the six. */
void editor_slot(struct app *, int by);

/* What the six are for. */
const char *editor_slot_name(int slot);

#endif
