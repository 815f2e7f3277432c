/* SPDX-License-Identifier: MIT
 *
 * Reading a recorded table.
 */
#include "procmap/recording.h"

#include <errno.h>
#include <string.h>

#include "lib/json_read.h"
#include "lib/lines.h"
#include "lib/protocol.h"
#include "lib/snapshot.h"
#include "procmap/match.h"
#include "procmap/text.h"

struct member {
	const char *name;
	size_t offset, size;
};

#define TEXT(key, field) { key, offsetof(struct proc_info, field), \
	sizeof(((struct proc_info *)0)->field) }

static const struct member texts[] = {
	TEXT("process_name", name), TEXT("user", user), TEXT("exe", exe),
	TEXT("unit", unit), TEXT("container", container),
};

static void
read_clean(const struct json *j, uint32_t object, const char *name,
    char *to, size_t size)
{
	char raw[PROC_EXE * 2];
	if (json_read_text(j, json_get(j, object, name), raw, sizeof(raw)))
		text_clean(to, size, raw, strlen(raw));
}

/* Two processes with one pid are told apart by name and executable. */
static uint64_t
identity(const struct proc_info *p)
{
	uint64_t h = 1469598103934665603U;
	for (const char *c = p->name; *c != '\0'; c++)
		h = (h ^ (unsigned char)*c) * 1099511628211U;
	for (const char *c = p->exe; *c != '\0'; c++)
		h = (h ^ (unsigned char)*c) * 1099511628211U;
	return h;
}

static uint32_t
read_process(struct recording *r, const struct json *j, uint32_t object,
    const char *pid_key)
{
	struct proc_info p = { .uid = -1 };
	uint64_t number;
	if (!json_read_unsigned(j, json_get(j, object, pid_key), &number) ||
	    number > UINT32_MAX)
		number = 0;
	p.pid = (uint32_t)number;
	if (strcmp(pid_key, "pid") == 0) {
		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			read_clean(j, object, texts[i].name, (char *)&p +
			    texts[i].offset, texts[i].size);
		if (json_read_unsigned(j, json_get(j, object, "uid"),
		    &number) && number <= UINT32_MAX)
			p.uid = (int64_t)number;
	} else {
		read_clean(j, object, "peer_process_name", p.name,
		    sizeof(p.name));
	}
	if (p.pid == 0 && p.name[0] == '\0')
		return 0;
	p.start = identity(&p);
	return processes_add(r->processes, &p);
}

static int64_t
read_time(const struct json *j, uint32_t node, int64_t otherwise)
{
	uint64_t ms = 0;
	if (!json_read_unsigned(j, node, &ms) || ms == 0 ||
	    ms > (uint64_t)INT64_MAX / 2000)
		return otherwise;
	return (int64_t)ms * 1000;
}

static bool
read_end(const struct json *j, uint32_t object, const char *addr_key,
    const char *port_key, struct addr *a, uint16_t *port)
{
	char text[ADDR_TEXT];
	uint64_t number = 0;
	json_read_unsigned(j, json_get(j, object, port_key), &number);
	*port = number <= UINT16_MAX ? (uint16_t)number : 0;
	return json_read_text(j, json_get(j, object, addr_key), text,
	    sizeof(text)) && addr_parse(text, a);
}

static uint8_t
recorded_kind(const struct json *j, uint32_t object)
{
	uint32_t node = json_get(j, object, "match");
	for (int k = 0; k < MATCH_NONE; k++)
		if (json_is(j, node, match_kind_name((enum match_kind)k)))
			return (uint8_t)(k * SOCK_RECORDED);
	return 0;
}

static bool
read_flow(struct recording *r, const struct json *j, uint32_t object)
{
	struct sighting s = { .via = VIA_FILE };
	struct addr src = { 0 }, dst = { 0 };
	uint16_t sport, dport;
	uint64_t proto = 0, icmp_id = 0;
	if (!read_end(j, object, "src", "src_port", &src, &sport) ||
	    !json_read_unsigned(j, json_get(j, object, "proto"), &proto) ||
	    proto > 255)
		return false;
	bool connected = read_end(j, object, "dst", "dst_port", &dst, &dport);
	if (json_read_unsigned(j, json_get(j, object, "icmp_id"), &icmp_id) &&
	    icmp_id <= UINT16_MAX)
		sport = (uint16_t)icmp_id;
	key_local(&s.key, &src, sport);
	if (connected)
		key_remote(&s.key, &dst, dport);
	s.key.proto = (uint8_t)proto;
	s.from = read_time(j, json_get(j, object, "first_seen"), TIME_ALWAYS);
	s.to = read_time(j, json_get(j, object, "last_seen"), TIME_NEVER);
	s.flags = connected ? recorded_kind(j, object) :
	    proto == PROTOCOL_TCP ? SOCK_LISTENS : 0;
	s.process = read_process(r, j, object, "pid");
	if (s.process == 0)
		return true;		/* a flow without an owner */
	r->flows++;
	addresses_add(r->addresses, 0, s.key.local);
	uint32_t peer = read_process(r, j, object, "peer_pid");
	if (connected && peer != 0) {
		s.flags |= SOCK_CLIENT;	/* `pid` is the end that opened */
		owners_record(r->owners, &s);
		s.flags &= (uint8_t)~SOCK_CLIENT;
		key_swap(&s.key);
		s.process = peer;
	}
	owners_record(r->owners, &s);
	return true;
}

bool
recording_line(struct recording *r, const char *line, size_t len)
{
	struct json j = { 0 };
	bool good = json_parse(&j, line, len);
	if (good && json_is(&j, json_get(&j, 0, "type"), "snapshot")) {
		uint32_t list = json_get(&j, 0, "flows");
		for (uint32_t node = json_first(&j, list); node != JSON_NONE;
		    node = json_next(&j, list, node))
			read_flow(r, &j, node);
	} else if (good) {
		good = read_flow(r, &j, 0);
	}
	json_done(&j);
	return good;
}

bool
recording_read(struct recording *r, int fd)
{
	struct lines lines;
	char *line;
	size_t len;
	int got = 1;
	lines_init(&lines, fd, SNAPSHOT_LONGEST);
	while (got == 1) {
		got = lines_fill(&lines);
		while ((line = lines_next(&lines, &len)) != NULL)
			if (len > 0 && !recording_line(r, line, len))
				r->bad_lines++;
	}
	int error = errno;
	lines_done(&lines);
	errno = error;
	return got == 0;
}
