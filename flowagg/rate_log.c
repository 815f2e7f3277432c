/* SPDX-License-Identifier: MIT
 *
 * Logs of seconds.
 */
#include "flowagg/rate_log.h"

/* As rate_log_at(), to be changed. */
static struct logged *
entry(struct rate_log *l, unsigned i)
{
	return &l->logged[(l->first + i) % LOG_ENTRIES];
}

/* The entry of a second, made where there was none; null when the log is
 * full.  `second` is not older than the log keeps. */
static struct logged *
find_logged(struct rate_log *l, uint32_t second)
{
	unsigned i = l->count;
	while (i > 0 && logged_second(l, entry(l, i - 1)) > second)
		i--;
	if (i > 0 && logged_second(l, entry(l, i - 1)) == second)
		return entry(l, i - 1);
	if (l->count == LOG_ENTRIES)
		return NULL;
	for (unsigned k = l->count++; k > i; k--)
		*entry(l, k) = *entry(l, k - 1);
	struct logged *e = entry(l, i);
	*e = (struct logged){ .second = (uint8_t)second };
	return e;
}

/* Drop what is too old once `second` is the newest. */
static void
advance_log(struct rate_log *l, uint32_t second)
{
	if (second <= l->newest)
		return;
	while (l->count > 0 &&
	    second - logged_second(l, entry(l, 0)) >= RATE_SLOTS) {
		l->first = (l->first + 1) % LOG_ENTRIES;
		l->count--;
	}
	l->newest = second;
}

bool
rate_log_add(struct rate_log *l, uint32_t second, const uint32_t bytes[2])
{
	advance_log(l, second);
	if (l->newest - second >= RATE_SLOTS)
		return true;
	struct logged *e = find_logged(l, second);
	return e != NULL && add3(e->bytes, l->peaks, bytes);
}

static void
add_pair(uint64_t sums[2], const uint64_t more[2])
{
	sums[0] += more[0];
	sums[1] += more[1];
}

/* From the newest second back; when one is too old for a window, that has
 * all that it will get. */
void
rate_log_sums(const struct rate_log *l, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	uint64_t so_far[2] = { 0 };
	unsigned w = 0;
	for (unsigned i = l->count; i-- > 0;) {
		const struct logged *e = rate_log_at(l, i);
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

void
rate_log_history(const struct rate_log *l, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	for (unsigned i = 0; i < l->count; i++) {
		const struct logged *e = rate_log_at(l, i);
		uint32_t age = now - logged_second(l, e);
		if (age >= 1 && age <= RATE_HISTORY)
			samples[RATE_HISTORY - age] += get3(e->bytes[0]) +
			    get3(e->bytes[1]);
	}
}

void
rate_log_second(const struct rate_log *l, uint32_t second, uint64_t bytes[2])
{
	for (unsigned i = 0; i < l->count; i++) {
		const struct logged *e = rate_log_at(l, i);
		if (logged_second(l, e) != second)
			continue;
		bytes[0] += get3(e->bytes[0]);
		bytes[1] += get3(e->bytes[1]);
	}
}
