/* SPDX-License-Identifier: MIT
 *
 * Logs of seconds.
 */
#include "flowagg/rate_log.h"

#include "lib/rarely.h"

_Static_assert(2 * RATE_SLOTS < 256, "8 bits tell what is too old");

static struct logged *
entry(struct rate_log *l, const struct rate_log_head *h, unsigned i)
{
	return &l->logged[(h->first + i) % LOG_ENTRIES];
}

static struct logged_values
values(const struct rate_log *l, const struct rate_log_head *h, unsigned i)
{
	return logged_values(l, &l->logged[(h->first + i) % LOG_ENTRIES]);
}

static bool
fits(uint32_t sent, uint32_t recv)
{
	return (sent | recv) <= BYTES3_MAX;
}

static inline void
raise_peaks(struct rate_log_head *h, const uint32_t bytes[2])
{
	for (unsigned way = 0; way < 2; way++)
		if (bytes[way] > h->peaks[way])
			h->peaks[way] = bytes[way];
}

/* Add a second that is newer than all, and drop what that makes too old. */
static inline bool
append(struct rate_log *l, struct rate_log_head h, uint32_t second,
    const uint32_t bytes[2])
{
	if (second - l->newest >= RATE_SLOTS)
		h.count = 0;
	while (h.count > 0 &&
	    (uint8_t)(second - l->logged[h.first].second) >= RATE_SLOTS) {
		h.first = (h.first + 1) % LOG_ENTRIES;
		h.count--;
	}
	bool full = h.count == LOG_ENTRIES || !fits(bytes[0], bytes[1]);
	if (!full) {
		logged_set(entry(l, &h, h.count++), second, bytes);
		raise_peaks(&h, bytes);
	}
	l->newest = second;
	rate_log_set_head(l, &h);
	return !full;
}

/* Make an entry the i-th; false when the log is full. */
static bool
insert(struct rate_log *l, struct rate_log_head *h, unsigned i,
    uint32_t second)
{
	const uint32_t none[2] = { 0 };
	if (h->count == LOG_ENTRIES)
		return false;
	for (unsigned k = h->count++; k > i; k--)
		*entry(l, h, k) = *entry(l, h, k - 1);
	logged_set(entry(l, h, i), second, none);
	return true;
}

/* Add to a second that is not newer than all. */
static bool RARELY
add_older(struct rate_log *l, struct rate_log_head h, uint32_t second,
    const uint32_t bytes[2])
{
	uint32_t ago = l->newest - second;
	unsigned i = h.count;
	if (ago >= RATE_SLOTS)
		return true;
	while (i > 0 && values(l, &h, i - 1).ago < ago)
		i--;
	if (i > 0 && values(l, &h, i - 1).ago == ago)
		i--;
	else if (!insert(l, &h, i, second))
		return false;
	const struct logged_values had = values(l, &h, i);
	uint32_t sums[2] = { had.bytes[0] + bytes[0],
		had.bytes[1] + bytes[1] };
	bool good = fits(bytes[0], bytes[1]) && fits(sums[0], sums[1]);
	if (good) {
		logged_set(entry(l, &h, i), second, sums);
		raise_peaks(&h, sums);
	}
	rate_log_set_head(l, &h);
	return good;
}

bool
rate_log_add(struct rate_log *l, uint32_t second, const uint32_t bytes[2])
{
	const struct rate_log_head h = rate_log_head(l);
	return second > l->newest || h.count == 0 ?
	    append(l, h, second, bytes) : add_older(l, h, second, bytes);
}

/* What the windows have, each way in one half of a word: all entries of a log
 * fit into a half. */
_Static_assert((uint64_t)LOG_ENTRIES * BYTES3_MAX < UINT32_MAX, "no carry");

void
rate_log_sums(const struct rate_log *l, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	const struct rate_log_head h = rate_log_head(l);
	uint64_t both[RATE_WINDOWS] = { 0 };
	for (unsigned i = 0; i < h.count; i++) {
		const struct logged_values v = values(l, &h, i);
		/* Of a second that is not over it is huge. */
		uint32_t before = now - l->newest + v.ago - 1;
		uint64_t bytes = v.bytes[0] | (uint64_t)v.bytes[1] << 32;
		/* Written out, and without a branch, which is a guess. */
		both[0] += bytes & -(uint64_t)(before < rate_windows[0]);
		both[1] += bytes & -(uint64_t)(before < rate_windows[1]);
		both[2] += bytes & -(uint64_t)(before < rate_windows[2]);
	}
	for (unsigned w = 0; w < RATE_WINDOWS; w++) {
		sums[w][0] += (uint32_t)both[w];
		sums[w][1] += both[w] >> 32;
	}
}

struct recent
rate_log_recent(const struct rate_log *l, uint32_t now, uint32_t seconds)
{
	const struct rate_log_head h = rate_log_head(l);
	struct recent r = { 0 };
	for (unsigned i = 0; i < h.count; i++) {
		const struct logged_values v = values(l, &h, i);
		/* Of a second that is not over it is huge. */
		uint32_t before = now - l->newest + v.ago - 1;
		uint64_t bytes = (uint64_t)v.bytes[0] + v.bytes[1];
		r.bytes += before < seconds ? bytes : 0;
		r.running += before == UINT32_MAX ? bytes : 0;
	}
	return r;
}

void
rate_log_history(const struct rate_log *l, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	const struct rate_log_head h = rate_log_head(l);
	for (unsigned i = 0; i < h.count; i++) {
		const struct logged_values v = values(l, &h, i);
		uint32_t age = now - l->newest + v.ago;
		if (age >= 1 && age <= RATE_HISTORY)
			samples[RATE_HISTORY - age] += (uint64_t)v.bytes[0] +
			    v.bytes[1];
	}
}

void
rate_log_second(const struct rate_log *l, uint32_t second, uint64_t bytes[2])
{
	const struct rate_log_head h = rate_log_head(l);
	for (unsigned i = 0; i < h.count; i++) {
		const struct logged_values v = values(l, &h, i);
		if (l->newest - v.ago != second)
			continue;
		bytes[0] += v.bytes[0];
		bytes[1] += v.bytes[1];
	}
}
