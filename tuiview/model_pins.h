/* SPDX-License-Identifier: MIT
 *
 * Which rows are pinned, told from the pins as the settings have them.
 */
#ifndef TUIVIEW_MODEL_PINS_H
#define TUIVIEW_MODEL_PINS_H

#include "tuiview/model_rows.h"

enum { PINS = 256 };

/* The pins taken apart, which is done once a build. */
struct pins {
	size_t count;
	struct pin {
		const char *src, *dst;	/* the host part has no NUL */
		size_t src_len, dst_len;
		unsigned src_port, dst_port;	/* 0: any */
		const char *whole_src, *whole_dst;
	} list[PINS];
};

/* Those of the view; they point into the settings. */
void pins_read(struct pins *, const struct rows_how *);

/* Is one of them of this flow, or of the row it stands for? */
bool pins_hold(const struct pins *, const struct rows_how *,
    const struct flow *);

#endif
