/* SPDX-License-Identifier: MIT
 *
 * Which rows are pinned, told from the pins as the settings have them.
 */
#ifndef TUIVIEW_MODEL_PINS_H
#define TUIVIEW_MODEL_PINS_H

#include "tuiview/model_rows.h"

enum { PINS = 256 };

/* One end of a pin; the host has no NUL. */
struct pin_end {
	const char *host;
	size_t len;
	unsigned port;			/* 0: any */
	struct addr addr;		/* of the host, if it is one */
};

/* The pins taken apart, which is done once a build. */
struct pins {
	size_t count;
	struct pin {
		struct pin_end src, dst;
		const char *protocol;	/* no NUL, either */
		size_t protocol_len;	/* 0: any */
		long icmp_id;		/* or one of those below */
		const char *whole_src, *whole_dst;
	} list[PINS];
};

enum { PIN_ANY_ID = -1, PIN_NO_ID = -2 };

/* Those of the view; they point into the settings. */
void pins_read(struct pins *, const struct rows_how *);

/* Is one of them of this flow, or of the row it stands for? */
bool pins_hold(const struct pins *, const struct rows_how *,
    const struct flow *);

/* Pin a row that is not pinned, or take away what pins it.  Is it now? */
bool pins_toggle(struct prefs *, const struct rows_how *,
    const struct row *);

#endif
