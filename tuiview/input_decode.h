/* SPDX-License-Identifier: MIT
 *
 * Bytes from a terminal to events: keys, mouse reports (SGR, 1006) and
 * bracketed paste.  Knows no terminal and no time: whoever reads the bytes
 * says when an Escape has waited long enough to be the key itself.
 */
#ifndef TUIVIEW_INPUT_DECODE_H
#define TUIVIEW_INPUT_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tuiview/input_keys.h"

enum event_kind { EVENT_KEY, EVENT_PASTE, EVENT_MOUSE };

enum mouse_what { MOUSE_LEFT, MOUSE_MIDDLE, MOUSE_RIGHT, MOUSE_RELEASE,
	MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN, MOUSE_MOVE, MOUSE_DRAG };

struct event {
	enum event_kind kind;
	uint32_t key;		/* also the characters of a paste */
	enum mouse_what mouse;
	int x, y;		/* cells from 0 */
};

enum { DECODE_PENDING = 64 };

struct decoder {
	unsigned char bytes[DECODE_PENDING];	/* not understood yet */
	size_t len;
	bool pasting;
	bool tab_turns;		/* a Tab behind an Escape is Shift-Tab */
};

/* What became of a byte: nothing yet, an event, or the event of those before
 * it, which were whole: then it is to be given again. */
enum decoded { DECODED_NOTHING, DECODED_EVENT, DECODED_AGAIN };

enum decoded decode_byte(struct decoder *, unsigned char byte,
    struct event *);

/* Does an Escape wait, maybe with the first byte of a sequence?  More than
 * that is no key, and waits for its rest however long it takes. */
bool decode_waits(const struct decoder *);

/* No more came: what waits is a key by itself.  Call until false. */
bool decode_timeout(struct decoder *, struct event *);

#endif
