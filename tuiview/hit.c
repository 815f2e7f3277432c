/* SPDX-License-Identifier: MIT
 *
 * A list of rectangles, the last one on top.
 */
#include "tuiview/hit.h"

void
hit_add(struct hits *h, int x, int y, int w, int height, enum hit_kind kind,
    int value)
{
	if (h->count < HITS)
		h->list[h->count++] = (struct hit){ x, y, w, height, kind,
			value };
}

struct hit
hit_find(const struct hits *h, int x, int y)
{
	for (unsigned i = h->count; i-- > 0;) {
		const struct hit *hit = &h->list[i];
		if (x >= hit->x && x < hit->x + hit->w && y >= hit->y &&
		    y < hit->y + hit->h)
			return *hit;
	}
	return (struct hit){ .kind = HIT_NONE };
}
