/* SPDX-License-Identifier: MIT
 *
 * When to try again after the capture was lost.  Pure: the caller brings
 * the time, milliseconds of any clock that only goes forward.
 */
#ifndef CAPD_RETRY_H
#define CAPD_RETRY_H

#include <stdint.h>

enum {
	RETRY_FIRST = 250,	/* ms; doubles with each failure */
	RETRY_LONGEST = 30000,	/* up to here */
	RETRY_SETTLED = 5000,	/* working this long forgets the past */
};

struct retry {
	uint32_t delay;		/* ms to wait after the next failure */
	uint64_t up_since;	/* 0: not working */
};

void retry_init(struct retry *);

/* It failed, or was lost: how many ms from now the next try is due. */
uint32_t retry_failed(struct retry *, uint64_t now);

/* It works at this moment.  Opening alone forgives nothing: a device that
 * opens and fails at once must not be tried four times a second. */
void retry_working(struct retry *, uint64_t now);

/* The time left until `at`, a little rounded: "250 ms", "4 s". */
enum { RETRY_TEXT = 16 };
void retry_format(uint64_t now, uint64_t at, char text[RETRY_TEXT]);

#endif
