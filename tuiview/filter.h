/* SPDX-License-Identifier: MIT
 *
 * The filter language of the screen: words that all must match, without
 * regard to case.
 *
 *	ssh			in a name, address, port, service, process,
 *				pid or protocol, or in an end or process
 *				as rows show them: example.net:ssh
 *	/^10\.0\./		an extended regular expression on the same
 *	host:lan port:443 proc:firefox proto:udp user:root
 *				only there; port, proto and a number for
 *				proc: must be equal
 *	"two words" host:/^db[0-9]/ !port:ssh
 *				quoted; combined; not
 */
#ifndef TUIVIEW_FILTER_H
#define TUIVIEW_FILTER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "tuiview/model_flows.h"

enum { FILTER_TEXT = 256, FILTER_TERMS = 16 };

enum filter_field { FIELD_ANY, FIELD_HOST, FIELD_PORT, FIELD_PROCESS,
	FIELD_PROTOCOL, FIELD_USER };

struct filter {
	char text[FILTER_TEXT];
	unsigned count;
	struct filter_term {
		enum filter_field field;
		bool negated, is_regex;
		char word[2 * FILTER_TEXT];	/* lower case may be longer */
		regex_t regex;
	} terms[FILTER_TERMS];
};

/* Compile.  False with a message in why (of `size` bytes) when an expression
 * is bad; the filter stays as it was then. */
bool filter_set(struct filter *, const char *text, char *why, size_t size);
void filter_done(struct filter *);

/* Which words a text has, the name of a group: a bit for each term. */
unsigned filter_words_in(const struct filter *, const char *text);

/* Does the flow match (an empty filter: yes)?  It has the words of its
 * group's name, too: `words`, or 0. */
bool filter_matches(const struct filter *, const struct flow *,
    unsigned words);

#endif
