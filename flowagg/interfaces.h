/* SPDX-License-Identifier: MIT
 *
 * The names of all interfaces that the source has had.  A packet gives its
 * interface as a place in the source's list, which is another one once the
 * capture was moved; a flow keeps a number that stays.
 */
#ifndef FLOWAGG_INTERFACES_H
#define FLOWAGG_INTERFACES_H

#include <stdint.h>

#include "lib/record.h"

/* Any beyond these are treated like one without a name. */
enum { INTERFACES_MOST = 1024 };

struct interfaces {
	char (*names)[SOURCE_NAME];	/* owned; by number less 1 */
	uint16_t count;
	uint16_t numbers[SOURCE_INTERFACES];	/* of the source's, by place */
};

/* The source's list is another one. */
void interfaces_take(struct interfaces *, const struct record_source *);
void interfaces_done(struct interfaces *);

/* The number of the interface in this place; 0: of one that is not known. */
static inline uint16_t
interfaces_number(const struct interfaces *i, uint16_t place)
{
	return place < SOURCE_INTERFACES ? i->numbers[place] : 0;
}

/* Its name, "" for 0. */
const char *interfaces_name(const struct interfaces *, uint16_t number);

#endif
