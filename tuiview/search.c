/* SPDX-License-Identifier: MIT
 *
 * Made for each flow of each snapshot: without printf(3).
 */
#include "tuiview/search.h"

#include <string.h>

#include "tuiview/lower.h"

void
search_build(struct flows *f, struct flow *flow)
{
	enum { FIELDS = 11 };
	char ports[3][8];
	const char *fields[FIELDS] = { flow->src, flow->dst, flow->src_name,
		flow->dst_name, "", "", flow->src_service,
		flow->dst_service, flow->process, "", flow->protocol };
	static const int places[3] = { 4, 5, 9 };
	unsigned numbers[3] = { flow->src_port, flow->dst_port, flow->pid };
	size_t lengths[FIELDS], len = 1;
	for (int i = 0; i < 3; i++) {
		char *at = ports[i] + sizeof(ports[i]);
		unsigned n = numbers[i] % 10000000;
		if (numbers[i] == 0)
			continue;
		*--at = '\0';
		do
			*--at = (char)('0' + n % 10);
		while ((n /= 10) != 0);
		fields[places[i]] = at;
	}
	for (int i = 0; i < FIELDS; i++)
		len += lengths[i] = strlen(fields[i]) + 1;
	char *text = flows_room(f, len), *at = text;
	for (int i = 0; i < FIELDS; i++) {
		memcpy(at, fields[i], lengths[i] - 1);
		at += lengths[i];
		at[-1] = '\n';
	}
	*at = '\0';
	if (lower_ascii(text, len - 1)) {
		at = flows_room(f, len + len / 2);
		lower_text(at, len + len / 2, text, len - 1);
		text = at;
	}
	flow->search = text;
}
