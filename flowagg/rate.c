/* SPDX-License-Identifier: MIT
 *
 * Rings of one-second slots.
 */
#include "flowagg/rate.h"

#include <stdbool.h>
#include <string.h>

const uint32_t rate_windows[RATE_WINDOWS] = { 2, 10, 40 };

enum { NARROW_MAX = 0xffffff };
enum { LOG_ENTRIES = 16 };

/* The two highest bits of a ring's number say what it is. */
#define NARROW_BIT 0x40000000u
#define WIDE_BIT 0x80000000u
#define NUMBER_BITS 0x3fffffffu

/* A second with traffic. */
struct logged {
	uint8_t second;		/* the lowest 8 bits of it */
	uint8_t bytes[2][3];
};

/* Seconds in order, from logged[first] on, round the end.  None is older
 * than the ring of 41 slots would have, so 8 bits tell them apart. */
struct log {
	uint32_t newest;
	uint8_t first, count;
	uint8_t peaks[2][3];
	struct logged logged[LOG_ENTRIES];
	uint8_t zero[4];
};

_Static_assert(sizeof(struct log) == 128, "two cache lines");

struct narrow {
	uint32_t newest;	/* second of the newest slot */
	uint8_t peaks[2][3];
	uint8_t slots[RATE_SLOTS][2][3];
};

_Static_assert(sizeof(struct narrow) == 2 * sizeof(struct log), "halves");

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

static struct log *
log_at(const struct rates *r, uint32_t ring)
{
	return halves_at_half(&r->small, ring);
}

static struct narrow *
narrow_at(const struct rates *r, uint32_t ring)
{
	return halves_at_whole(&r->small, ring & NUMBER_BITS);
}

static struct wide *
wide_at(const struct rates *r, uint32_t ring)
{
	return pool_at(&r->wide, ring & NUMBER_BITS);
}

/* Three bytes: a half word and a byte. */
static uint32_t
get3(const uint8_t at[3])
{
	uint16_t half;
	memcpy(&half, at, sizeof(half));
	return half | (uint32_t)at[2] << 16;
}

static void
put3(uint8_t at[3], uint32_t value)
{
	uint16_t half = (uint16_t)value;
	memcpy(at, &half, sizeof(half));
	at[2] = (uint8_t)(value >> 16);
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

/* Add to two numbers of three bytes; false, changing nothing, when one
 * would be too large. */
static bool
add3(uint8_t sums[2][3], uint8_t peaks[2][3], const uint32_t bytes[2])
{
	uint64_t sent = (uint64_t)get3(sums[0]) + bytes[0];
	uint64_t recv = (uint64_t)get3(sums[1]) + bytes[1];
	if (sent > NARROW_MAX || recv > NARROW_MAX)
		return false;
	put3(sums[0], (uint32_t)sent);
	put3(sums[1], (uint32_t)recv);
	if (sent > get3(peaks[0]))
		put3(peaks[0], (uint32_t)sent);
	if (recv > get3(peaks[1]))
		put3(peaks[1], (uint32_t)recv);
	return true;
}

/* False when a slot would not hold it. */
static bool
add_narrow(struct narrow *n, uint32_t second, const uint32_t bytes[2])
{
	return !advance(&n->newest, n->slots, sizeof(n->slots[0]), second) ||
	    add3(n->slots[second % RATE_SLOTS], n->peaks, bytes);
}

static struct logged *
logged_at(struct log *l, unsigned i)
{
	return &l->logged[(l->first + i) % LOG_ENTRIES];
}

static uint32_t
logged_second(const struct log *l, const struct logged *e)
{
	return l->newest - (uint8_t)(l->newest - e->second);
}

/* The entry of a second, made where there was none; null when the log is
 * full.  `second` is not older than the log keeps. */
static struct logged *
find_logged(struct log *l, uint32_t second)
{
	unsigned i = l->count;
	while (i > 0 && logged_second(l, logged_at(l, i - 1)) > second)
		i--;
	if (i > 0 && logged_second(l, logged_at(l, i - 1)) == second)
		return logged_at(l, i - 1);
	if (l->count == LOG_ENTRIES)
		return NULL;
	for (unsigned k = l->count++; k > i; k--)
		*logged_at(l, k) = *logged_at(l, k - 1);
	struct logged *e = logged_at(l, i);
	*e = (struct logged){ .second = (uint8_t)second };
	return e;
}

/* Drop what is too old once `second` is the newest. */
static void
advance_log(struct log *l, uint32_t second)
{
	if (second <= l->newest)
		return;
	while (l->count > 0 &&
	    second - logged_second(l, logged_at(l, 0)) >= RATE_SLOTS) {
		l->first = (l->first + 1) % LOG_ENTRIES;
		l->count--;
	}
	l->newest = second;
}

/* False when the log is full or the sum too large for a record. */
static bool
add_log(struct log *l, uint32_t second, const uint32_t bytes[2])
{
	advance_log(l, second);
	if (l->newest - second >= RATE_SLOTS)
		return true;
	struct logged *e = find_logged(l, second);
	return e != NULL && add3(e->bytes, l->peaks, bytes);
}

/* From a log to a narrow ring. */
static uint32_t
unfold(struct rates *r, uint32_t ring)
{
	struct log *l = log_at(r, ring);
	uint32_t number = halves_take_whole(&r->small) | NARROW_BIT;
	struct narrow *n = narrow_at(r, number);
	n->newest = l->newest;
	for (unsigned way = 0; way < 2; way++) {
		memcpy(n->peaks[way], l->peaks[way], 3);
		for (unsigned i = 0; i < l->count; i++) {
			const struct logged *e = logged_at(l, i);
			memcpy(n->slots[logged_second(l, e) % RATE_SLOTS][way],
			    e->bytes[way], 3);
		}
	}
	halves_give_half(&r->small, ring);
	return number;
}

/* From a narrow ring to a wide one. */
static uint32_t
widen(struct rates *r, uint32_t ring)
{
	const struct narrow *n = narrow_at(r, ring);
	uint32_t number = pool_take(&r->wide) | WIDE_BIT;
	struct wide *w = wide_at(r, number);
	w->newest = n->newest;
	for (unsigned way = 0; way < 2; way++) {
		w->peaks[way] = get3(n->peaks[way]);
		for (unsigned i = 0; i < RATE_SLOTS; i++)
			w->slots[i][way] = get3(n->slots[i][way]);
	}
	halves_give_whole(&r->small, ring & NUMBER_BITS);
	return number;
}

uint32_t
rate_add(struct rates *r, uint32_t ring, uint32_t second,
    const uint32_t bytes[2])
{
	if (ring == 0) {
		ring = halves_take_half(&r->small);
		log_at(r, ring)->newest = second;
	}
	if ((ring & (NARROW_BIT | WIDE_BIT)) == 0) {
		if (add_log(log_at(r, ring), second, bytes))
			return ring;
		ring = unfold(r, ring);
	}
	if ((ring & NARROW_BIT) != 0) {
		if (add_narrow(narrow_at(r, ring), second, bytes))
			return ring;
		ring = widen(r, ring);
	}
	add_wide(wide_at(r, ring), second, bytes);
	return ring;
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
	if ((ring & WIDE_BIT) != 0) {
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

static bool
is_log(uint32_t ring)
{
	return (ring & (NARROW_BIT | WIDE_BIT)) == 0;
}

static void
add_pair(uint64_t sums[2], const uint64_t more[2])
{
	sums[0] += more[0];
	sums[1] += more[1];
}

/* From the newest second back; when one is too old for a window, that has
 * all that it will get. */
static void
log_sums(struct log *l, uint32_t now, uint64_t sums[RATE_WINDOWS][2])
{
	uint64_t so_far[2] = { 0 };
	unsigned w = 0;
	for (unsigned i = l->count; i-- > 0;) {
		const struct logged *e = logged_at(l, i);
		uint32_t second = logged_second(l, e);
		if (second >= now)
			continue;
		for (; w < RATE_WINDOWS && now - second > rate_windows[w]; w++)
			add_pair(sums[w], so_far);
		so_far[0] += get3(e->bytes[0]);
		so_far[1] += get3(e->bytes[1]);
	}
	for (; w < RATE_WINDOWS; w++)
		add_pair(sums[w], so_far);
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
		log_sums(log_at(r, ring), now, sums);
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
		add_pair(sums[w], so_far);
	}
}

void
rate_history(const struct rates *r, uint32_t ring, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	if (ring == 0)
		return;
	if (is_log(ring)) {
		struct log *l = log_at(r, ring);
		for (unsigned i = 0; i < l->count; i++) {
			const struct logged *e = logged_at(l, i);
			uint32_t age = now - logged_second(l, e);
			if (age >= 1 && age <= RATE_HISTORY)
				samples[RATE_HISTORY - age] +=
				    get3(e->bytes[0]) + get3(e->bytes[1]);
		}
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
	if (ring == 0)
		return;
	for (unsigned way = 0; way < 2; way++) {
		uint64_t peak = is_log(ring) ?
		    get3(log_at(r, ring)->peaks[way]) :
		    (ring & WIDE_BIT) != 0 ? wide_at(r, ring)->peaks[way] :
		    get3(narrow_at(r, ring)->peaks[way]);
		if (peak > peaks[way])
			peaks[way] = peak;
	}
}

void
rate_reset_peaks(struct rates *r, uint32_t ring, uint32_t second)
{
	uint64_t bytes[2] = { 0 };
	rate_second(r, ring, second, bytes);
	for (unsigned way = 0; way < 2 && ring != 0; way++)
		if (is_log(ring))
			put3(log_at(r, ring)->peaks[way],
			    (uint32_t)bytes[way]);
		else if ((ring & WIDE_BIT) != 0)
			wide_at(r, ring)->peaks[way] = bytes[way];
		else
			put3(narrow_at(r, ring)->peaks[way],
			    (uint32_t)bytes[way]);
}

void
rate_second(const struct rates *r, uint32_t ring, uint32_t second,
    uint64_t bytes[2])
{
	if (ring == 0)
		return;
	for (unsigned way = 0; way < 2; way++)
		if (is_log(ring)) {
			struct log *l = log_at(r, ring);
			for (unsigned i = 0; i < l->count; i++)
				if (logged_second(l, logged_at(l, i)) == second)
					bytes[way] +=
					    get3(logged_at(l, i)->bytes[way]);
		} else {
			struct view v = look(r, ring);
			if (second <= v.newest &&
			    v.newest - second < RATE_SLOTS)
				bytes[way] += slot(&v, second, way);
		}
}

void
rate_prefetch(const struct rates *r, uint32_t ring)
{
	const char *at = is_log(ring) ? (const char *)log_at(r, ring) :
	    (ring & WIDE_BIT) != 0 ? (const char *)wide_at(r, ring) :
	    (const char *)narrow_at(r, ring);
	__builtin_prefetch(at, 1);
	__builtin_prefetch(at + 64, 1);
}

void
rate_free(struct rates *r, uint32_t ring)
{
	if ((ring & WIDE_BIT) != 0)
		pool_give(&r->wide, ring & NUMBER_BITS);
	else if ((ring & NARROW_BIT) != 0)
		halves_give_whole(&r->small, ring & NUMBER_BITS);
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
	if (covered == 0)
		return 0;
	if (bytes < UINT32_MAX)
		return (bytes * second + covered / 2) / covered;
	unsigned __int128 scaled = (unsigned __int128)bytes * second;
	return (uint64_t)((scaled + covered / 2) / covered);
}
