/* SPDX-License-Identifier: MIT
 *
 * Rings of one-second slots.
 */
#include "flowagg/rate.h"

#include <stdbool.h>
#include <string.h>

#include "flowagg/rate_log.h"
#include "flowagg/share.h"
#include "lib/rarely.h"

const uint32_t rate_windows[RATE_WINDOWS] = { 2, 10, 40 };

struct narrow {
	uint32_t newest;	/* second of the newest slot */
	uint8_t peaks[2][3];
	uint8_t slots[RATE_SLOTS][2][3];
};

_Static_assert(sizeof(struct narrow) == 2 * sizeof(struct rate_log), "halves");

struct wide {
	uint32_t newest;
	uint64_t peaks[2];
	uint64_t slots[RATE_SLOTS][2];
};

void
rates_init(struct rates *r, uint32_t max)
{
	/* One more: what grows has both for a moment. */
	halves_init(&r->small, sizeof(struct narrow), max + 1);
	pool_init(&r->wide, sizeof(struct wide), max);
}

void
rates_done(struct rates *r)
{
	halves_done(&r->small);
	pool_done(&r->wide);
}

static bool
is_log(uint32_t ring)
{
	return (ring & (RATE_NARROW_BIT | RATE_WIDE_BIT)) == 0;
}

static struct rate_log *
log_at(const struct rates *r, uint32_t ring)
{
	return halves_at_half(&r->small, ring);
}

static struct narrow *
narrow_at(const struct rates *r, uint32_t ring)
{
	return halves_at_whole(&r->small, ring & RATE_NUMBER_BITS);
}

static struct wide *
wide_at(const struct rates *r, uint32_t ring)
{
	return pool_at(&r->wide, ring & RATE_NUMBER_BITS);
}

/* Make `second` the newest slot, or find that it is too old to be kept.
 * `slots` are RATE_SLOTS pieces of `size` bytes. */
static bool
advance(uint32_t *newest, void *slots, size_t size, uint32_t second)
{
	if (second <= *newest)
		return *newest - second < RATE_SLOTS;
	if (second - *newest >= RATE_SLOTS) {
		memset(slots, 0, RATE_SLOTS * size);
	} else {
		/* From behind the newest to `second`, round the end. */
		uint32_t from = (*newest + 1) % RATE_SLOTS;
		uint32_t count = second - *newest;
		uint32_t straight = count < RATE_SLOTS - from ? count :
		    RATE_SLOTS - from;
		memset((char *)slots + from * size, 0, straight * size);
		memset(slots, 0, (count - straight) * size);
	}
	*newest = second;
	return true;
}

static void
add_wide(struct wide *w, uint32_t second, const uint32_t bytes[2])
{
	if (!advance(&w->newest, w->slots, sizeof(w->slots[0]), second))
		return;
	uint64_t *slot = w->slots[second % RATE_SLOTS];
	for (unsigned way = 0; way < 2; way++) {
		slot[way] += bytes[way];
		if (slot[way] > w->peaks[way])
			w->peaks[way] = slot[way];
	}
}

/* False when a slot would not hold it. */
static bool
add_narrow(struct narrow *n, uint32_t second, const uint32_t bytes[2])
{
	return !advance(&n->newest, n->slots, sizeof(n->slots[0]), second) ||
	    add3(n->slots[second % RATE_SLOTS], n->peaks, bytes);
}

/* From a log to a narrow ring. */
static uint32_t
unfold(struct rates *r, uint32_t ring)
{
	const struct rate_log *l = log_at(r, ring);
	uint32_t number = halves_take_whole(&r->small) | RATE_NARROW_BIT;
	struct narrow *n = narrow_at(r, number);
	n->newest = l->newest;
	const struct rate_log_head h = rate_log_head(l);
	for (unsigned way = 0; way < 2; way++)
		put3(n->peaks[way], h.peaks[way]);
	for (unsigned i = 0; i < h.count; i++) {
		const struct logged *e =
		    &l->logged[(h.first + i) % LOG_ENTRIES];
		uint32_t second = l->newest - logged_values(l, e).ago;
		memcpy(n->slots[second % RATE_SLOTS], e->bytes,
		    sizeof(e->bytes));
	}
	halves_give_half(&r->small, ring);
	return number;
}

/* From a narrow ring to a wide one. */
static uint32_t
widen(struct rates *r, uint32_t ring)
{
	const struct narrow *n = narrow_at(r, ring);
	uint32_t number = pool_take(&r->wide) | RATE_WIDE_BIT;
	struct wide *w = wide_at(r, number);
	w->newest = n->newest;
	for (unsigned way = 0; way < 2; way++) {
		w->peaks[way] = get3(n->peaks[way]);
		for (unsigned i = 0; i < RATE_SLOTS; i++)
			w->slots[i][way] = get3(n->slots[i][way]);
	}
	halves_give_whole(&r->small, ring & RATE_NUMBER_BITS);
	return number;
}

/* Where a log does not do, or there is none. */
static uint32_t RARELY
add_to_other(struct rates *r, uint32_t ring, uint32_t second,
    const uint32_t bytes[2])
{
	if (ring == 0) {
		ring = halves_take_half(&r->small);
		log_at(r, ring)->newest = second;
		if (rate_log_add(log_at(r, ring), second, bytes))
			return ring;
	}
	if (is_log(ring))
		ring = unfold(r, ring);
	if ((ring & RATE_NARROW_BIT) != 0) {
		if (add_narrow(narrow_at(r, ring), second, bytes))
			return ring;
		ring = widen(r, ring);
	}
	add_wide(wide_at(r, ring), second, bytes);
	return ring;
}

uint32_t
rate_add(struct rates *r, uint32_t ring, uint32_t second,
    const uint32_t bytes[2])
{
	return ring != 0 && is_log(ring) &&
	    rate_log_add(log_at(r, ring), second, bytes) ? ring :
	    add_to_other(r, ring, second, bytes);
}

/* What the two kinds of ring look like to a reader. */
struct view {
	uint32_t newest;
	const struct narrow *narrow;
	const struct wide *wide;
};

static struct view
look(const struct rates *r, uint32_t ring)
{
	struct view v = { 0 };
	if ((ring & RATE_WIDE_BIT) != 0) {
		v.wide = wide_at(r, ring);
		v.newest = v.wide->newest;
	} else {
		v.narrow = narrow_at(r, ring);
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

/* The slots of [from, until), as far as there are any yet. */
static void
add_seconds(const struct view *v, uint32_t from, uint32_t until,
    uint64_t sums[2])
{
	uint32_t at = from % RATE_SLOTS;
	if (v->newest < until)
		until = v->newest + 1;
	for (; from < until; from++) {
		for (unsigned way = 0; way < 2; way++)
			sums[way] += v->wide != NULL ? v->wide->slots[at][way] :
			    get3(v->narrow->slots[at][way]);
		at = at + 1 < RATE_SLOTS ? at + 1 : 0;
	}
}

void
rate_sums(const struct rates *r, uint32_t ring, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	if (ring == 0)
		return;
	if (is_log(ring)) {
		rate_log_sums(log_at(r, ring), now, sums);
		return;
	}
	struct view v = look(r, ring);
	uint32_t from = oldest_shared(&v, now), until = now;
	uint64_t so_far[2] = { 0 };
	/* Each second once: what a window has beyond the one before. */
	for (unsigned w = 0; w < RATE_WINDOWS; w++) {
		uint32_t since = now > rate_windows[w] ?
		    now - rate_windows[w] : 0;
		add_seconds(&v, since > from ? since : from, until, so_far);
		until = since;
		sums[w][0] += so_far[0];
		sums[w][1] += so_far[1];
	}
}

struct recent
rate_recent(const struct rates *r, uint32_t ring, uint32_t now,
    uint32_t seconds)
{
	if (is_log(ring))
		return rate_log_recent(log_at(r, ring), now, seconds);
	struct view v = look(r, ring);
	uint32_t from = oldest_shared(&v, now);
	uint32_t since = now > seconds ? now - seconds : 0;
	uint64_t before[2] = { 0 }, running[2] = { 0 };
	add_seconds(&v, since > from ? since : from, now, before);
	rate_second(r, ring, now, running);
	return (struct recent){ .bytes = before[0] + before[1],
		.running = running[0] + running[1] };
}

void
rate_history(const struct rates *r, uint32_t ring, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	if (ring == 0)
		return;
	if (is_log(ring)) {
		rate_log_history(log_at(r, ring), now, samples);
		return;
	}
	struct view v = look(r, ring);
	for (uint32_t s = oldest_shared(&v, now); s < now && s <= v.newest;
	    s++)
		samples[RATE_HISTORY - (now - s)] += slot(&v, s, 0) +
		    slot(&v, s, 1);
}

void
rate_peaks(const struct rates *r, uint32_t ring, uint64_t peaks[2])
{
	uint64_t had[2] = { 0 };
	if (ring != 0 && is_log(ring)) {
		const struct rate_log_head h = rate_log_head(log_at(r, ring));
		had[0] = h.peaks[0];
		had[1] = h.peaks[1];
	} else if (ring != 0) {
		for (unsigned way = 0; way < 2; way++)
			had[way] = (ring & RATE_WIDE_BIT) != 0 ?
			    wide_at(r, ring)->peaks[way] :
			    get3(narrow_at(r, ring)->peaks[way]);
	}
	for (unsigned way = 0; way < 2; way++)
		if (had[way] > peaks[way])
			peaks[way] = had[way];
}

void
rate_set_peaks(struct rates *r, uint32_t ring, const uint64_t peaks[2])
{
	if (ring == 0)
		return;
	if (is_log(ring)) {
		struct rate_log_head h = rate_log_head(log_at(r, ring));
		h.peaks[0] = (uint32_t)peaks[0];
		h.peaks[1] = (uint32_t)peaks[1];
		rate_log_set_head(log_at(r, ring), &h);
		return;
	}
	for (unsigned way = 0; way < 2; way++)
		if ((ring & RATE_WIDE_BIT) != 0)
			wide_at(r, ring)->peaks[way] = peaks[way];
		else
			put3(narrow_at(r, ring)->peaks[way],
			    (uint32_t)peaks[way]);
}

void
rate_second(const struct rates *r, uint32_t ring, uint32_t second,
    uint64_t bytes[2])
{
	if (ring == 0)
		return;
	if (is_log(ring)) {
		rate_log_second(log_at(r, ring), second, bytes);
		return;
	}
	struct view v = look(r, ring);
	for (unsigned way = 0; way < 2 && second <= v.newest &&
	    v.newest - second < RATE_SLOTS; way++)
		bytes[way] += slot(&v, second, way);
}

void
rate_free(struct rates *r, uint32_t ring)
{
	if ((ring & RATE_WIDE_BIT) != 0)
		pool_give(&r->wide, ring & RATE_NUMBER_BITS);
	else if ((ring & RATE_NARROW_BIT) != 0)
		halves_give_whole(&r->small, ring & RATE_NUMBER_BITS);
	else if (ring != 0)
		halves_give_half(&r->small, ring);
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
	/* Less than half a second is no rate: one packet would be much. */
	if (covered < second / 2)
		return 0;
	if (bytes < UINT32_MAX)
		return (bytes * second + covered / 2) / covered;
	return share_rounded(bytes, second, covered);
}
