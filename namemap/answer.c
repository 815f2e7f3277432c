/* SPDX-License-Identifier: MIT
 *
 * Reading a reply to a PTR question.  Nothing that the message says of its
 * own lengths is believed; every name is at most 255 bytes, every chain
 * short, so every loop ends.
 */
#include "namemap/answer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12, CLASS_IN = 1 };
enum { CHAIN = 8, POINTERS = 64 };	/* at most so many are followed */
enum { WIRE_NAME = 255 };	/* RFC 1035 section 2.3.4 */

/* A name as on the wire, uncompressed. */
struct wire {
	uint8_t bytes[WIRE_NAME];
	size_t len;
};

struct reader {
	const uint8_t *data;
	size_t len;
	size_t at;
	bool bad;		/* something lay outside: all reads are 0 */
};

struct resource {
	struct wire owner;
	uint16_t type, class;
	uint32_t ttl;
	size_t data, data_len;
};

static uint8_t
byte(struct reader *r)
{
	if (r->at >= r->len)
		r->bad = true;
	return r->bad ? 0 : r->data[r->at++];
}

static uint16_t
two(struct reader *r)
{
	uint16_t high = byte(r);
	return (uint16_t)(high << 8 | byte(r));
}

static uint32_t
four(struct reader *r)
{
	uint32_t high = two(r);
	return high << 16 | two(r);
}

/* The name here, its pointers followed; reading goes on behind it. */
static void
read_name(struct reader *r, struct wire *w)
{
	size_t behind = 0;
	int pointers = 0;
	w->len = 0;
	for (;;) {
		uint8_t n = byte(r);
		if ((n & 0xc0) == 0xc0) {
			size_t to = (size_t)(n & 0x3f) << 8 | byte(r);
			if (behind == 0)
				behind = r->at;
			if (++pointers > POINTERS)
				r->bad = true;
			r->at = to;
		} else if ((n & 0xc0) != 0 ||
		    w->len + n + 1 > sizeof(w->bytes)) {
			r->bad = true;
		} else {
			w->bytes[w->len++] = n;
			for (uint8_t i = 0; i < n; i++)
				w->bytes[w->len++] = byte(r);
		}
		if (r->bad || n == 0)
			break;
	}
	if (behind != 0 && !r->bad)
		r->at = behind;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool
same_name(const struct wire *a, const struct wire *b)
{
	if (a->len != b->len)
		return false;
	for (size_t i = 0; i < a->len; i++)
		if (lower(a->bytes[i]) != lower(b->bytes[i]))
			return false;
	return true;
}

static void
read_resource(struct reader *r, struct resource *rr)
{
	read_name(r, &rr->owner);
	rr->type = two(r);
	rr->class = two(r);
	rr->ttl = four(r);
	if (rr->ttl > INT32_MAX)	/* RFC 2181 section 8 */
		rr->ttl = 0;
	rr->data_len = two(r);
	rr->data = r->at;
	if (r->bad || rr->data_len > r->len - r->at)
		r->bad = true;
	else
		r->at += rr->data_len;
}

/* The name that is all of a record's data. */
static bool
name_of(const struct reader *r, const struct resource *rr, struct wire *w)
{
	struct reader in = { r->data, r->len, rr->data, false };
	read_name(&in, w);
	return !in.bad && in.at == rr->data + rr->data_len;
}

/* Dots between labels; a dot within one would change what the name says. */
static bool
name_text(const struct wire *w, char name[HOSTNAME_TEXT])
{
	char text[WIRE_NAME + 1];
	size_t len = 0;
	for (size_t at = 0; at < w->len && w->bytes[at] != 0;
	    at += (size_t)w->bytes[at] + 1) {
		const uint8_t *label = w->bytes + at + 1;
		if (memchr(label, '.', w->bytes[at]) != NULL)
			return false;
		memcpy(text + len, label, w->bytes[at]);
		len += w->bytes[at];
		text[len++] = '.';
	}
	return hostname_check(text, len, name);
}

void
answer_question(const struct addr *a, char text[ANSWER_QUESTION])
{
	const uint8_t *b = a->bytes;
	if (a->family == ADDR_IPV4) {
		snprintf(text, ANSWER_QUESTION, "%u.%u.%u.%u.in-addr.arpa",
		    b[3], b[2], b[1], b[0]);
		return;
	}
	static const char hex[] = "0123456789abcdef";
	for (int i = 15; i >= 0; i--) {
		*text++ = hex[b[i] & 15];
		*text++ = '.';
		*text++ = hex[b[i] >> 4];
		*text++ = '.';
	}
	memcpy(text, "ip6.arpa", sizeof("ip6.arpa"));
}

static void
question_wire(const struct addr *a, struct wire *w)
{
	char text[ANSWER_QUESTION];
	answer_question(a, text);
	w->len = 0;
	for (const char *at = text; *at != '\0'; ) {
		size_t n = strcspn(at, ".");
		w->bytes[w->len++] = (uint8_t)n;
		memcpy(w->bytes + w->len, at, n);
		w->len += n;
		at += n + (at[n] == '.');
	}
	w->bytes[w->len++] = 0;
}

struct found {
	bool name;		/* answer->name is set */
	bool refused;		/* there was one, not to be shown */
	bool alias;		/* `target` changed: look again */
};

/* One pass over the answers for records that belong to *target. */
static void
look(struct reader r, unsigned count, struct wire *target,
    struct found *found, struct answer *answer)
{
	struct resource rr;
	struct wire w;
	char name[HOSTNAME_TEXT];
	found->alias = false;
	while (count-- > 0) {
		read_resource(&r, &rr);
		if (r.bad)
			return;
		if (rr.class != CLASS_IN || !same_name(&rr.owner, target))
			continue;
		if (rr.type != TYPE_PTR && rr.type != TYPE_CNAME)
			continue;
		if (!name_of(&r, &rr, &w)) {
			found->refused = true;
			continue;
		}
		if (rr.ttl < answer->ttl)
			answer->ttl = rr.ttl;
		if (rr.type == TYPE_CNAME) {
			*target = w;
			found->alias = true;
			return;
		}
		if (!name_text(&w, name))
			found->refused = true;
		else if (!found->name || strcmp(name, answer->name) < 0) {
			memcpy(answer->name, name, sizeof(name));
			found->name = true;
		}
	}
}

/* RFC 2308: the lesser of the SOA record's own time and its last field, but
 * not 0, which is that nothing is said; a cache counts down to it. */
static uint32_t
negative_ttl(struct reader r, unsigned answers, unsigned authorities)
{
	struct resource rr;
	struct wire w;
	for (unsigned i = 0; i < answers + authorities && !r.bad; i++) {
		read_resource(&r, &rr);
		if (r.bad || i < answers || rr.type != TYPE_SOA)
			continue;
		struct reader in = { r.data, rr.data + rr.data_len, rr.data,
			false };
		read_name(&in, &w);
		read_name(&in, &w);
		for (int skip = 0; skip < 4; skip++)
			four(&in);
		uint32_t ttl = four(&in);
		if (in.bad || ttl > INT32_MAX)
			return 0;
		if (ttl > rr.ttl)
			ttl = rr.ttl;
		return ttl > 0 ? ttl : 1;
	}
	return 0;
}

enum answer_kind
answer_parse(const uint8_t *message, size_t len, const struct addr *asked,
    struct answer *answer)
{
	struct reader r = { message, len, 0, false };
	struct wire target, name;
	*answer = (struct answer){ .ttl = 0 };
	two(&r);		/* the id: whoever sent the question knows */
	uint16_t flags = two(&r);
	unsigned questions = two(&r);
	unsigned answers = two(&r), authorities = two(&r);
	two(&r);
	question_wire(asked, &target);
	if (questions == 1) {
		read_name(&r, &name);
		uint16_t type = two(&r), class = two(&r);
		if (type != TYPE_PTR || class != CLASS_IN)
			r.bad = true;
	}
	if (r.bad || (flags & 0x8000) == 0 || questions != 1 ||
	    !same_name(&name, &target))
		return ANSWER_BAD;
	struct found found = { 0 };
	answer->ttl = UINT32_MAX;
	for (int i = 0; i < CHAIN; i++) {
		look(r, answers, &target, &found, answer);
		if (!found.alias)
			break;
	}
	if (found.name)
		return ANSWER_NAME;
	answer->ttl = negative_ttl(r, answers, authorities);
	return found.refused ? ANSWER_BAD : ANSWER_NONE;
}
