/* SPDX-License-Identifier: MIT
 *
 * What a snapshot's texts live in, and how they are cleaned.
 */
#include "tuiview/model_flows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"

enum { CHUNK = 64 * 1024 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
};

char *
flows_room(struct flows *f, size_t len)
{
	struct chunk *c = f->chunks;
	if (c == NULL || c->size - c->used < len) {
		size_t size = len > CHUNK ? len : CHUNK;
		c = xmalloc(sizeof(*c) + size);
		*c = (struct chunk){ .next = f->chunks, .size = size };
		f->chunks = c;
	}
	char *at = c->bytes + c->used;
	c->used += len;
	return at;
}

/* Characters that show nothing but change what others look like: controls,
 * marks of writing direction, joiners, variation selectors. */
static bool
is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xfff9 && c <= 0xfffb) ||
	    (c >= 0xe0000 && c <= 0xe0fff) || c == 0x061c ||
	    (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
}

const char *
flows_text(struct flows *f, const char *text, size_t len)
{
	bool plain = true;
	for (size_t i = 0; i < len && plain; i++)
		plain = text[i] >= 0x20 && text[i] < 0x7f;
	char *copy = flows_room(f, len * 2 + 1), *at = copy;
	if (plain) {
		memcpy(copy, text, len);
		copy[len] = '\0';
		f->chunks->used -= len;
		return copy;
	}
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;
		n = utf8_decode(text + i, len - i, &c);
		if (n != 0 && !is_unsafe(c)) {
			memcpy(at, text + i, n);
			at += n;
			continue;
		}
		if (n == 0)
			n = 1;
		memcpy(at, "\302\267", 2);
		at += 2;
	}
	*at = '\0';
	return copy;
}

void
figures_add(struct figures *a, const struct figures *b)
{
	for (int i = 0; i < WINDOWS; i++) {
		a->sent[i] += b->sent[i];
		a->recv[i] += b->recv[i];
	}
	a->total_sent += b->total_sent;
	a->total_recv += b->total_recv;
	a->packets_sent += b->packets_sent;
	a->packets_recv += b->packets_recv;
	if (a->peak_sent < b->peak_sent)
		a->peak_sent = b->peak_sent;
	if (a->peak_recv < b->peak_recv)
		a->peak_recv = b->peak_recv;
}

static unsigned
two(const char *t, unsigned n)
{
	unsigned value = 0;
	for (; n > 0; n--, t++)
		value = value * 10 + (unsigned)(*t - '0');
	return value;
}

uint64_t
flows_time(const char *t)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	static const unsigned short before[12] = { 0, 31, 59, 90, 120, 151,
		181, 212, 243, 273, 304, 334 };
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'd' ? t[i] < '0' || t[i] > '9' :
		    t[i] != form[i])
			return 0;
	uint64_t y = two(t, 4), month = two(t + 5, 2), day = two(t + 8, 2);
	if (y < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	uint64_t leaps = (y - 1) / 4 - (y - 1) / 100 + (y - 1) / 400 - 477;
	uint64_t days = (y - 1970) * 365 + leaps + before[month - 1] + day - 1;
	if (month > 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0))
		days++;
	uint64_t ms = ((days * 24 + two(t + 11, 2)) * 60 + two(t + 14, 2)) *
	    60000 + two(t + 17, 2) * 1000;
	if (t[19] == '.')
		for (unsigned i = 20, unit = 100; unit > 0 &&
		    t[i] >= '0' && t[i] <= '9'; i++, unit /= 10)
			ms += (unsigned)(t[i] - '0') * unit;
	return ms;
}

void
flows_free(struct flows *f)
{
	if (f == NULL)
		return;
	for (struct chunk *c = f->chunks, *next; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(f->list);
	free(f->samples);
	free(f);
}
