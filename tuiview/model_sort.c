/* SPDX-License-Identifier: MIT
 *
 * A quicksort that sorts only what is asked for and goes on when more is.
 */
#include "tuiview/model_sort.h"

#include <string.h>

enum { SMALL = 12, AHEAD = 64 };

/* The rest of before(), which is seldom needed: at last the key, which no
 * two rows of a sound stream share. */
static bool
is_before(const struct rows *r, const struct item *a, const struct item *b)
{
	uint64_t flip = r->how.reverse ? 0 : UINT64_MAX;
	if (r->order->by_name && ((a->rest ^ flip) & 0xff) != 0) {
		int order = order_compare_names(r, a, b);
		if (order != 0)
			return order < 0;
	}
	if (a->port != b->port)
		return a->port > b->port;
	if (a->rate != b->rate)
		return a->rate > b->rate;
	if (r->keys[a->row] != r->keys[b->row])
		return r->keys[a->row] < r->keys[b->row];
	return a->row < b->row;
}

static inline bool
before(const struct rows *r, const struct item *a, const struct item *b)
{
	if (a->lead != b->lead)
		return a->lead < b->lead;
	if (a->first != b->first)
		return a->first > b->first;
	if (a->rest != b->rest)
		return a->rest > b->rest;
	return is_before(r, a, b);
}

static inline void
swap(struct item *a, struct item *b)
{
	struct item c = *a;
	*a = *b;
	*b = c;
}

/* Put the item at `at` where it belongs, those before it to its left. */
static size_t
split(const struct rows *r, size_t low, size_t high, size_t at)
{
	struct item *items = r->order->items;
	swap(&items[low], &items[at]);
	struct item pivot = items[low];
	size_t i = low + 1, k = high - 1;
	while (i <= k) {
		if (before(r, &items[i], &pivot))
			i++;
		else if (before(r, &pivot, &items[k]))
			k--;
		else
			swap(&items[i++], &items[k--]);
	}
	swap(&items[low], &items[k]);
	r->order->settled[k] = 1;
	return k;
}

/* The middle one of three anywhere: no stream can make this slow. */
static size_t
choose(const struct rows *r, size_t low, size_t high)
{
	struct order *o = r->order;
	size_t at[3];
	for (int i = 0; i < 3; i++) {
		o->random = o->random * 1664525 + 1013904223;
		at[i] = low + (size_t)(((uint64_t)o->random *
		    (high - low)) >> 32);
	}
	bool a = before(r, &o->items[at[0]], &o->items[at[1]]);
	bool b = before(r, &o->items[at[1]], &o->items[at[2]]);
	bool c = before(r, &o->items[at[0]], &o->items[at[2]]);
	return a == b ? at[1] : a == c ? at[2] : at[0];
}

static void
insertion_sort(const struct rows *r, size_t low, size_t high)
{
	struct item *items = r->order->items;
	for (size_t i = low + 1; i < high; i++) {
		struct item moved = items[i];
		size_t k = i;
		for (; k > low && before(r, &moved, &items[k - 1]); k--)
			items[k] = items[k - 1];
		items[k] = moved;
	}
	if (high > low)
		memset(r->order->settled + low, 1, high - low);
}

/* Settle what of [low, high) lies in [from, to). */
static void
settle_part(const struct rows *r, size_t low, size_t high, size_t from,
    size_t to)
{
	while (high - low > SMALL) {
		size_t middle = split(r, low, high, choose(r, low, high));
		bool left = from < middle, right = to > middle + 1;
		if (left && right) {
			settle_part(r, low, middle, from, to);
			low = middle + 1;
		} else if (left) {
			high = middle;
		} else if (right) {
			low = middle + 1;
		} else {
			return;
		}
	}
	insertion_sort(r, low, high);
}

/* The part not settled yet around a place. */
static void
part_of(const struct rows *r, size_t place, size_t *low, size_t *high)
{
	const uint8_t *settled = r->order->settled;
	*low = place;
	*high = place + 1;
	while (*low > 0 && !settled[*low - 1])
		--*low;
	while (*high < r->count && !settled[*high])
		++*high;
}

static void
settle(const struct rows *r, size_t from, size_t to)
{
	size_t low, high;
	for (size_t i = from; i < to && i < r->count; i++)
		if (!r->order->settled[i]) {
			part_of(r, i, &low, &high);
			settle_part(r, low, high, i, to);
		}
}

uint32_t
order_at(const struct rows *r, size_t place)
{
	if (!r->order->settled[place])
		settle(r, place, place + AHEAD);
	return r->order->items[place].row;
}

long
order_place(const struct rows *r, uint32_t number)
{
	struct order *o = r->order;
	size_t at = 0, low, high;
	if (o->asked == number)
		return o->answer;
	while (at < r->count && o->items[at].row != number)
		at++;
	o->asked = number;
	o->answer = -1;
	if (at == r->count)
		return -1;
	if (!o->settled[at]) {
		part_of(r, at, &low, &high);
		at = split(r, low, high, at);
	}
	return o->answer = (long)at;
}
