/* SPDX-License-Identifier: MIT
 *
 * What model_order.c fills and model_sort.c sorts.  Used by them alone.
 */
#ifndef TUIVIEW_MODEL_SORT_H
#define TUIVIEW_MODEL_SORT_H

#include "tuiview/model_frozen.h"
#include "tuiview/model_order.h"
#include "tuiview/model_pins.h"

/* Smaller `lead` comes first, then larger numbers. */
struct item {
	uint64_t first, rest;
	uint32_t lead;		/* 0: has a frozen place; 1: pinned; 2: not */
	uint32_t port, rate;
	uint32_t row;
};

struct order {
	struct item *items;
	uint8_t *settled;	/* is this item where it belongs? */
	size_t size;
	bool by_name;
	uint32_t random;
	struct pins pins;
	/* The order kept: the places given, up to the last one; by key and
	 * a salt that tells sessions apart */
	struct frozen frozen;
	uint64_t last, salt;
	size_t known;		/* rows shown that have one: the first */
	/* The last answer of order_place() */
	uint32_t asked;
	long answer;
};

/* Names in full, for rows that look the same at a glance. */
int order_compare_names(const struct rows *, const struct item *,
    const struct item *);

#endif
