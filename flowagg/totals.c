/* SPDX-License-Identifier: MIT
 *
 * The sums over all flows.
 */
#include "flowagg/totals.h"

#include <stddef.h>
#include <string.h>

static void
compare_peak(struct totals *t, uint32_t second)
{
	const uint64_t *slot = t->slots[second % RATE_SLOTS];
	if (second < t->since)
		return;
	for (unsigned way = 0; way < 2; way++)
		if (slot[way] > t->peak[way])
			t->peak[way] = slot[way];
	if (slot[0] + slot[1] > t->peak_both)
		t->peak_both = slot[0] + slot[1];
}

void
totals_peaks(struct totals *t)
{
	compare_peak(t, t->newest);
}

static void
advance(struct totals *t, uint32_t second)
{
	compare_peak(t, t->newest);
	if (second - t->newest >= RATE_SLOTS)
		memset(t->slots, 0, sizeof(t->slots));
	else
		for (uint32_t s = t->newest + 1; s != second + 1; s++)
			memset(t->slots[s % RATE_SLOTS], 0,
			    sizeof(t->slots[0]));
	t->newest = second;
	t->started = true;
}

void
totals_add(struct totals *t, uint32_t second, unsigned way, uint64_t packets,
    uint64_t bytes)
{
	t->bytes[way] += bytes;
	t->packets[way] += packets;
	if (!t->started || second > t->newest)
		advance(t, second);
	if (t->newest - second >= RATE_SLOTS)
		return;
	t->slots[second % RATE_SLOTS][way] += bytes;
	if (second != t->newest)
		compare_peak(t, second);
}

void
totals_sums(const struct totals *t, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	for (uint32_t age = 1; age <= RATE_HISTORY && age <= now; age++) {
		uint32_t s = now - age;
		if (s > t->newest || t->newest - s >= RATE_SLOTS)
			continue;
		for (unsigned w = 0; w < RATE_WINDOWS; w++)
			if (age <= rate_windows[w]) {
				sums[w][0] += t->slots[s % RATE_SLOTS][0];
				sums[w][1] += t->slots[s % RATE_SLOTS][1];
			}
	}
}
