/* SPDX-License-Identifier: MIT
 *
 * A decoder for the sequences that xterm and those like it send (ECMA-48
 * CSI and SS3; ctlseqs of xterm).
 */
#include "tuiview/input_decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"

static bool
key_event(struct event *e, uint32_t key)
{
	*e = (struct event){ .kind = EVENT_KEY, .key = key };
	return key != KEY_UNKNOWN;
}

static uint32_t
final_key(char final)
{
	switch (final) {
	case 'A': return KEY_UP;
	case 'B': return KEY_DOWN;
	case 'C': return KEY_RIGHT;
	case 'D': return KEY_LEFT;
	case 'H': return KEY_HOME;
	case 'F': return KEY_END;
	case 'Z': return KEY_BACKTAB;
	case 'M': return KEY_ENTER;
	case 'P': return KEY_F1;
	default: return KEY_UNKNOWN;
	}
}

/* The numbers' own keys, which terminals that are asked to send more than
 * plain arrows send as a VT220 does, some with Num Lock on, too. */
static uint32_t
keypad_key(char final)
{
	if (final >= 'p' && final <= 'y')
		return (uint32_t)(final - 'p' + '0');
	if (final >= 'j' && final <= 'o')
		return (uint32_t)(final - 'j' + '*');
	return final == 'X' ? '=' : final_key(final);
}

static uint32_t
numbered_key(long number)
{
	switch (number) {
	case 1: case 7: return KEY_HOME;
	case 2: return KEY_INSERT;
	case 3: return KEY_DELETE;
	case 4: case 8: return KEY_END;
	case 5: return KEY_PAGE_UP;
	case 6: return KEY_PAGE_DOWN;
	case 11: return KEY_F1;
	default: return KEY_UNKNOWN;
	}
}

/* A report of the mouse; buttons from 128 on are a mouse's extra ones. */
static bool
mouse_event(int button, int x, int y, bool released, struct event *e)
{
	if (button < 0 || button >= 128 ||
	    x < 1 || y < 1 || x > 10000 || y > 10000)
		return false;
	*e = (struct event){ .kind = EVENT_MOUSE, .x = x - 1, .y = y - 1 };
	int which = button & 3;
	if (button & 64)
		e->mouse = which == 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
	else if (button & 32)
		e->mouse = which == 3 ? MOUSE_MOVE : MOUSE_DRAG;
	else if (released || which == 3)
		e->mouse = MOUSE_RELEASE;
	else
		e->mouse = which == 0 ? MOUSE_LEFT : which == 1 ?
		    MOUSE_MIDDLE : MOUSE_RIGHT;
	return (button & 64) == 0 || which < 2;
}

/* ESC [ < button ; column ; row M or m; no more digits than fit. */
static bool
mouse_report(const char *numbers, char final, struct event *e)
{
	int button, x, y;
	return sscanf(numbers, "%9d;%9d;%9d", &button, &x, &y) == 3 &&
	    mouse_event(button, x, y, final == 'm', e);
}

/* ESC [ M and a byte for each number, 32 more than it: so terminals report
 * that do not know the form asked for. */
static bool
old_mouse_report(struct decoder *d, struct event *e)
{
	if (d->len < 6)
		return false;
	d->len = 0;
	return mouse_event(d->bytes[3] - 32, d->bytes[4] - 32,
	    d->bytes[5] - 32, false, e);
}

/* A whole CSI sequence is in the buffer. */
static bool
csi(struct decoder *d, struct event *e)
{
	char text[DECODE_PENDING + 1];
	char final = (char)d->bytes[d->len - 1];
	size_t len = d->len - 3;
	memcpy(text, d->bytes + 2, len);
	text[len] = '\0';
	d->len = 0;
	if (text[0] == '<')
		return mouse_report(text + 1, final, e);
	if (final != '~')
		return key_event(e, final_key(final));
	long number = strtol(text, NULL, 10);
	if (number == 200 || number == 201) {
		d->pasting = number == 200;
		return false;
	}
	return key_event(e, numbered_key(number));
}

static bool
character(struct decoder *d, struct event *e)
{
	uint32_t c;
	size_t n = utf8_decode((char *)d->bytes, d->len, &c);
	if (n == 0) {
		/* Wait for the rest of what may become a character. */
		if (d->bytes[0] >= 0xc2 && d->bytes[0] < 0xf5 && d->len < 4)
			return false;
		d->len = 0;
		return false;
	}
	d->len = 0;
	if (d->pasting) {
		*e = (struct event){ .kind = EVENT_PASTE, .key = c };
		return true;
	}
	return key_event(e, c == '\n' ? KEY_ENTER : c);
}

/* The byte that follows an Escape and those of its sequence. */
static bool
sequence(struct decoder *d, struct event *e)
{
	unsigned char byte = d->bytes[d->len - 1];
	if (d->len == 2)
		return false;
	if (d->bytes[1] == 'O') {
		/* Konsole's Ctrl-F3 is ESC O 5 R: no key R follows. */
		if ((byte >= '0' && byte <= '9') || byte == ';')
			return false;
		d->len = 0;
		return key_event(e, keypad_key((char)byte));
	}
	if (d->bytes[2] == 'M')
		return old_mouse_report(d, e);
	if (byte >= 0x40 && byte <= 0x7e) {
		/* The Linux console's F1 is ESC [ [ A. */
		if (d->len == 3 && byte == '[')
			return false;
		if (d->len == 4 && d->bytes[2] == '[') {
			d->len = 0;
			return key_event(e, byte == 'A' ? KEY_F1 :
			    KEY_UNKNOWN);
		}
		return csi(d, e);
	}
	if (byte < 0x20 || byte > 0x7e)
		d->len = 0;
	return false;
}

/* What waits never becomes whole: of an Escape another follows, of a character
 * what is no part of one, as from a terminal that is not UTF-8.  It takes
 * nothing with it, least of all the end of a paste. */
static bool
is_broken_off(const struct decoder *d, unsigned char byte)
{
	if (d->len == 0)
		return false;
	return d->bytes[0] == 0x1b ? d->len > 1 && byte == 0x1b :
	    byte < 0x80 || byte > 0xbf;
}

enum decoded
decode_byte(struct decoder *d, unsigned char byte, struct event *e)
{
	if (d->tab_turns && !d->pasting && d->len == 1 &&
	    d->bytes[0] == 0x1b && byte == '\t') {
		d->len = 0;
		key_event(e, KEY_BACKTAB);
		return DECODED_EVENT;
	}
	/* Keys typed fast over a slow line come together: an Escape is one,
	 * too, unless a sequence follows it.  In a paste it is nothing. */
	if (d->len == 1 && d->bytes[0] == 0x1b && byte != '[' && byte != 'O') {
		d->len = 0;
		if (!d->pasting && key_event(e, KEY_ESCAPE))
			return DECODED_AGAIN;
	}
	if (d->len == DECODE_PENDING || is_broken_off(d, byte))
		d->len = 0;
	d->bytes[d->len++] = byte;
	if (d->bytes[0] == 0x1b && d->len == 1)
		return DECODED_NOTHING;
	if (d->bytes[0] != 0x1b)
		return character(d, e) ? DECODED_EVENT : DECODED_NOTHING;
	/* What was pasted is text, never a key or a click. */
	return sequence(d, e) && !d->pasting ? DECODED_EVENT :
	    DECODED_NOTHING;
}

bool
decode_waits(const struct decoder *d)
{
	/* The end of a paste may take its time, and so may the rest of what
	 * nobody types: a report of the mouse, half of which would be keys. */
	return d->len > 0 && d->len <= 2 && d->bytes[0] < 0x80 && !d->pasting;
}

bool
decode_timeout(struct decoder *d, struct event *e)
{
	if (!decode_waits(d))
		return false;
	uint32_t first = d->bytes[0];
	d->bytes[0] = d->bytes[1];
	d->len--;
	/* Or what an Escape has left. */
	return key_event(e, first);
}
