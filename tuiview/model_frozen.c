/* SPDX-License-Identifier: MIT
 *
 * A hash table of at most half full.
 */
#include "tuiview/model_frozen.h"

#include <stdlib.h>

#include "lib/xalloc.h"

enum { FEW = 64 };

static struct frozen_row *
slot_of(const struct frozen *f, uint64_t key)
{
	size_t mask = f->slot_count - 1;
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & mask;
	while (f->slots[i].place != 0 && f->slots[i].key != key)
		i = (i + 1) & mask;
	return &f->slots[i];
}

static void
put(struct frozen *f, uint64_t key, uint64_t place)
{
	struct frozen_row *row = slot_of(f, key);
	f->count += row->place == 0;
	*row = (struct frozen_row){ key, place };
}

static void
grow(struct frozen *f)
{
	struct frozen old = *f;
	f->slot_count = old.slot_count != 0 ? old.slot_count * 2 : FEW;
	f->slots = xcalloc(f->slot_count, sizeof(*f->slots));
	f->count = 0;
	for (size_t i = 0; i < old.slot_count; i++)
		if (old.slots[i].place != 0)
			put(f, old.slots[i].key, old.slots[i].place);
	free(old.slots);
}

uint64_t
frozen_find(const struct frozen *f, uint64_t key)
{
	return f->count > 0 ? slot_of(f, key)->place : 0;
}

void
frozen_put(struct frozen *f, uint64_t key, uint64_t place)
{
	if (f->count * 2 >= f->slot_count)
		grow(f);
	put(f, key, place);
}

void
frozen_done(struct frozen *f)
{
	free(f->slots);
	*f = (struct frozen){ .count = 0 };
}
