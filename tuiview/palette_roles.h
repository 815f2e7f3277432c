/* SPDX-License-Identifier: MIT
 *
 * What each role's colour is made of; for palette.c alone.
 */
#ifndef TUIVIEW_PALETTE_ROLES_H
#define TUIVIEW_PALETTE_ROLES_H

#include "tuiview/theme.h"

enum source {
	S1, S2, S3, S4, S5, S6,		/* the theme's slots */
	NEUTRAL, GREY,			/* text and hints, tinted by slot 2 */
	GREEN, AMBER, RED		/* what means the same in all themes */
};

enum ground {
	ON_SCREEN, ON_BAR, ON_SELECTED, ON_HEADER, ON_POPUP, ON_CHOICE,
	ON_INPUT, ON_CURSOR, ON_PAUSED, ON_ALERT, GROUND_COUNT
};

/* Contrast times ten: WCAG 2.2 1.4.3 for text, 1.4.11 for the rest. */
enum { TEXT = 45, LINE = 30, STRONG = 85 };

struct recipe {
	const char *name;
	enum source source;
	unsigned calm;		/* percent of NEUTRAL mixed in */
	enum ground ground;
	unsigned contrast;
	unsigned attributes, mono;
};

extern const struct recipe recipes[ROLE_COUNT];

#endif
