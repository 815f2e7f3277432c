/* SPDX-License-Identifier: MIT
 *
 * Where in an object those members are that its reader knows.  Most flows of
 * a snapshot have the same names in the same order: of all but the first,
 * that is known without a look at a name.
 */
#ifndef LIB_JSON_ORDER_H
#define LIB_JSON_ORDER_H

#include "lib/json_read.h"

enum { JSON_ORDER_MOST = 64 };

/* Of the object before; all zero: there was none. */
struct json_order {
	struct {
		uint32_t at;	/* the value's node, behind the object's */
		int what;	/* the reader's number of the member */
	} list[JSON_ORDER_MOST];
	uint32_t count;		/* of the list */
	uint32_t nodes;		/* of that object, when its values have no
				 * nodes inside; else 0 */
};

/* Are this object's members where the list says? */
static inline bool
json_order_fits(const struct json_order *o, const struct json *j,
    uint32_t object)
{
	return j->nodes[object].alike &&
	    j->nodes[object].after - object == o->nodes;
}

/* Else the list is made anew: set count to 0, note each member that is known,
 * and say at the end how many there were, known or not. */
static inline void
json_order_note(struct json_order *o, uint32_t at, int what)
{
	if (o->count < JSON_ORDER_MOST) {
		o->list[o->count].at = at;
		o->list[o->count].what = what;
	}
	o->count++;
}

static inline void
json_order_end(struct json_order *o, const struct json *j, uint32_t object,
    uint32_t members)
{
	uint32_t nodes = j->nodes[object].after - object;
	o->nodes = o->count <= JSON_ORDER_MOST && nodes == 2 * members + 1 ?
	    nodes : 0;
}

#endif
