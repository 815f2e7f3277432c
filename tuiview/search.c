/* SPDX-License-Identifier: MIT
 *
 * Made for each flow of each snapshot: without printf(3).
 */
#include "tuiview/search.h"

#include <string.h>

#include "tuiview/lower.h"

/* Of what has two ends, that of the destination stands behind that of the
 * source. */
enum field {
	SRC, DST, SRC_NAME, DST_NAME, SRC_PORT, DST_PORT, SRC_SERVICE,
	DST_SERVICE, PROCESS, PID, PROTOCOL, FIELDS
};

void
search_build(struct flows *f, struct flow *flow)
{
	char ports[3][8];
	const char *fields[FIELDS] = { flow->src, flow->dst, flow->src_name,
		flow->dst_name, "", "", flow->src_service,
		flow->dst_service, flow->process, "", flow->protocol };
	static const enum field places[3] = { SRC_PORT, DST_PORT, PID };
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

struct part {
	const char *at;
	size_t len;
};

/* What is written, and up to where there is room. */
struct text {
	char *at, *end;
};

static void
add(struct text *t, const char *bytes, size_t len)
{
	if ((size_t)(t->end - t->at) < len)
		len = (size_t)(t->end - t->at);
	memcpy(t->at, bytes, len);
	t->at += len;
}

static void
add_end(struct text *t, const struct part *host, const char *between,
    const struct part *port)
{
	bool brackets = memchr(host->at, ':', host->len) != NULL &&
	    *between == ':';
	if (host->len == 0 || port->len == 0)
		return;
	add(t, "[", brackets);
	add(t, host->at, host->len);
	add(t, "]", brackets);
	add(t, between, 1);
	add(t, port->at, port->len);
	add(t, "\n", 1);
}

void
search_shown(const struct flow *flow, char *text, size_t size)
{
	struct part p[FIELDS];
	struct text t = { text, text + size - 1 };
	const char *at = flow->search;
	for (int i = 0; i < FIELDS; i++) {
		p[i] = (struct part){ at, strcspn(at, "\n") };
		at += p[i].len + (at[p[i].len] != '\0');
	}
	for (int end = 0; end < 2; end++)
		for (int host = SRC; host <= SRC_NAME; host += SRC_NAME) {
			add_end(&t, &p[host + end], ":", &p[SRC_PORT + end]);
			add_end(&t, &p[host + end], ":",
			    &p[SRC_SERVICE + end]);
			if (end == 1 && p[DST_PORT].len == 0)
				add_end(&t, &p[host + end], " ",
				    &p[PROTOCOL]);
		}
	if (p[PID].len > 0 && p[PROCESS].len > 0) {
		add(&t, "[", 1);
		add(&t, p[PID].at, p[PID].len);
		add(&t, ":", 1);
		add(&t, p[PROCESS].at, p[PROCESS].len);
		add(&t, "]\n", 2);
	}
	*t.at = '\0';
}
