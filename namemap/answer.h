/* SPDX-License-Identifier: MIT
 *
 * The question for an address's name, and the answer, as DNS messages have
 * them (RFC 1035).  Pure: bytes in, a name and its time to live out.
 */
#ifndef NAMEMAP_ANSWER_H
#define NAMEMAP_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "namemap/hostname.h"

enum { ANSWER_QUESTION = 80 };	/* room for the longest question */

enum answer_kind {
	ANSWER_NAME,		/* ->name, good for ->ttl seconds */
	ANSWER_NONE,		/* there is no name; ->ttl as RFC 2308 has it,
				 * 0 when the message does not say */
	ANSWER_BAD,		/* not an answer to this, or no name to show;
				 * ->ttl likewise */
};

struct answer {
	char name[HOSTNAME_TEXT];
	uint32_t ttl;
};

/* "7.100.51.198.in-addr.arpa", or 32 nibbles and "ip6.arpa" (RFC 3596). */
void answer_question(const struct addr *, char text[ANSWER_QUESTION]);

/* Read a whole message.  CNAMEs are followed (RFC 2317); of several names
 * the first in byte order is taken, so it does not change by itself. */
enum answer_kind answer_parse(const uint8_t *message, size_t len,
    const struct addr *asked, struct answer *);

#endif
