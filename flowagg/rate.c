/* SPDX-License-Identifier: MIT
 *
 * Rings of one-second slots.
 */
#include "flowagg/rate.h"

#include <stdbool.h>
#include <string.h>

const uint32_t rate_windows[RATE_WINDOWS] = { 2, 10, 40 };

enum { NARROW_MAX = 0xffffff };
#define WIDE_BIT 0x80000000u

struct narrow {
	uint32_t newest;	/* second of the newest slot */
	uint32_t peaks[2];
	uint8_t slots[RATE_SLOTS][2][3];
};

struct wide {
	uint32_t newest;
	uint64_t peaks[2];
	uint64_t slots[RATE_SLOTS][2];
};

void
rates_init(struct rates *r, uint32_t max)
{
	pool_init(&r->narrow, sizeof(struct narrow), max);
	pool_init(&r->wide, sizeof(struct wide), max);
}

void
rates_done(struct rates *r)
{
	pool_done(&r->narrow);
	pool_done(&r->wide);
}

static uint32_t
get3(const uint8_t at[3])
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
}

static void
put3(uint8_t at[3], uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
}

/* Make `second` the newest slot, or find that it is too old to be kept.
 * `slots` are RATE_SLOTS pieces of `size` bytes. */
static bool
advance(uint32_t *newest, void *slots, size_t size, uint32_t second)
{
	if (second <= *newest)
		return *newest - second < RATE_SLOTS;
	if (second - *newest >= RATE_SLOTS)
		memset(slots, 0, RATE_SLOTS * size);
	else
		for (uint32_t s = *newest + 1; s != second + 1; s++)
			memset((char *)slots + s % RATE_SLOTS * size, 0, size);
	*newest = second;
	return true;
}

static void
add_wide(struct wide *w, uint32_t second, unsigned way, uint64_t bytes)
{
	if (!advance(&w->newest, w->slots, sizeof(w->slots[0]), second))
		return;
	uint64_t *slot = &w->slots[second % RATE_SLOTS][way];
	*slot += bytes;
	if (*slot > w->peaks[way])
		w->peaks[way] = *slot;
}

static uint32_t
grow(struct rates *r, uint32_t ring)
{
	uint32_t number = pool_take(&r->wide);
	const struct narrow *n = pool_at(&r->narrow, ring);
	struct wide *w = pool_at(&r->wide, number);
	w->newest = n->newest;
	for (unsigned way = 0; way < 2; way++) {
		w->peaks[way] = n->peaks[way];
		for (unsigned i = 0; i < RATE_SLOTS; i++)
			w->slots[i][way] = get3(n->slots[i][way]);
	}
	pool_give(&r->narrow, ring);
	return number | WIDE_BIT;
}

uint32_t
rate_add(struct rates *r, uint32_t ring, uint32_t second, unsigned way,
    uint64_t bytes)
{
	if (ring == 0) {
		ring = pool_take(&r->narrow);
		((struct narrow *)pool_at(&r->narrow, ring))->newest = second;
	}
	if ((ring & WIDE_BIT) == 0) {
		struct narrow *n = pool_at(&r->narrow, ring);
		if (!advance(&n->newest, n->slots, sizeof(n->slots[0]),
		    second))
			return ring;
		uint8_t *slot = n->slots[second % RATE_SLOTS][way];
		uint64_t sum = get3(slot) + bytes;
		if (sum <= NARROW_MAX) {
			put3(slot, (uint32_t)sum);
			if (sum > n->peaks[way])
				n->peaks[way] = (uint32_t)sum;
			return ring;
		}
		ring = grow(r, ring);
	}
	add_wide(pool_at(&r->wide, ring & ~WIDE_BIT), second, way, bytes);
	return ring;
}

/* What each ring looks like to a reader. */
struct view {
	uint32_t newest;
	const struct narrow *narrow;
	const struct wide *wide;
};

static struct view
look(const struct rates *r, uint32_t ring)
{
	struct view v = { 0 };
	if ((ring & WIDE_BIT) != 0) {
		v.wide = pool_at(&r->wide, ring & ~WIDE_BIT);
		v.newest = v.wide->newest;
	} else {
		v.narrow = pool_at(&r->narrow, ring);
		v.newest = v.narrow->newest;
	}
	return v;
}

static uint64_t
slot(const struct view *v, uint32_t second, unsigned way)
{
	if (v->wide != NULL)
		return v->wide->slots[second % RATE_SLOTS][way];
	return get3(v->narrow->slots[second % RATE_SLOTS][way]);
}

/* The first second that both the ring and the window before `now` have;
 * they share those up to the smaller of newest and now - 1. */
static uint32_t
oldest_shared(const struct view *v, uint32_t now)
{
	uint32_t kept = v->newest >= RATE_SLOTS - 1 ?
	    v->newest - (RATE_SLOTS - 1) : 0;
	uint32_t wanted = now >= RATE_HISTORY ? now - RATE_HISTORY : 0;
	return kept > wanted ? kept : wanted;
}

void
rate_sums(const struct rates *r, uint32_t ring, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	if (ring == 0)
		return;
	struct view v = look(r, ring);
	for (uint32_t s = oldest_shared(&v, now); s < now && s <= v.newest;
	    s++)
		for (unsigned way = 0; way < 2; way++) {
			uint64_t bytes = slot(&v, s, way);
			for (unsigned w = RATE_WINDOWS; w-- > 0 &&
			    now - s <= rate_windows[w];)
				sums[w][way] += bytes;
		}
}

void
rate_history(const struct rates *r, uint32_t ring, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	if (ring == 0)
		return;
	struct view v = look(r, ring);
	for (uint32_t s = oldest_shared(&v, now); s < now && s <= v.newest;
	    s++)
		samples[RATE_HISTORY - (now - s)] += slot(&v, s, 0) +
		    slot(&v, s, 1);
}

void
rate_peaks(const struct rates *r, uint32_t ring, uint64_t peaks[2])
{
	if (ring == 0)
		return;
	struct view v = look(r, ring);
	for (unsigned way = 0; way < 2; way++) {
		uint64_t peak = v.wide != NULL ? v.wide->peaks[way] :
		    v.narrow->peaks[way];
		if (peak > peaks[way])
			peaks[way] = peak;
	}
}

void
rate_reset_peaks(struct rates *r, uint32_t ring)
{
	if ((ring & WIDE_BIT) != 0) {
		struct wide *w = pool_at(&r->wide, ring & ~WIDE_BIT);
		w->peaks[0] = w->peaks[1] = 0;
	} else if (ring != 0) {
		struct narrow *n = pool_at(&r->narrow, ring);
		n->peaks[0] = n->peaks[1] = 0;
	}
}

void
rate_second(const struct rates *r, uint32_t ring, uint32_t second,
    uint64_t bytes[2])
{
	if (ring == 0)
		return;
	struct view v = look(r, ring);
	if (second > v.newest || v.newest - second >= RATE_SLOTS)
		return;
	bytes[0] += slot(&v, second, 0);
	bytes[1] += slot(&v, second, 1);
}

void
rate_free(struct rates *r, uint32_t ring)
{
	if ((ring & WIDE_BIT) != 0)
		pool_give(&r->wide, ring & ~WIDE_BIT);
	else if (ring != 0)
		pool_give(&r->narrow, ring);
}

uint64_t
rate_average(uint64_t bytes, uint32_t seconds, uint64_t start_ns,
    uint64_t now_ns)
{
	const uint64_t second = 1000000000;
	/* Complete slots end at the last whole second. */
	uint64_t end = now_ns / second * second;
	uint64_t covered = (uint64_t)seconds * second;
	if (start_ns > end)
		return 0;
	if (end - start_ns < covered)
		covered = end - start_ns;
	if (covered == 0)
		return 0;
	unsigned __int128 scaled = (unsigned __int128)bytes * second;
	return (uint64_t)((scaled + covered / 2) / covered);
}
