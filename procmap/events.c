/* SPDX-License-Identifier: MIT
 *
 * Decoding records.
 */
#include "procmap/events.h"

#include <string.h>

#include "procmap/text.h"

_Static_assert(offsetof(struct event_owner, remote4) + 4 == EVENT_SHORT_SIZE,
    "a short record ends behind its addresses");

size_t
events_size(const void *bytes, size_t len)
{
	const uint8_t *head = bytes;	/* kind, another byte, flags */
	size_t size = 0;
	if (len < 3)
		return 0;
	if (head[0] == EVENT_PROCESS)
		size = sizeof(struct event_process);
	else if (head[0] >= EVENT_OWNER && head[0] <= EVENT_FILES)
		size = (head[2] & EVENT_SHORT) != 0 ? EVENT_SHORT_SIZE :
		    sizeof(struct event_owner);
	return size <= len ? size : 0;
}

enum { TICK = 10000000 };	/* ns: USER_HZ is 100 everywhere */

uint64_t
events_ticks(uint64_t ns)
{
	return ns / TICK;
}

uint32_t
events_within(uint64_t ns)
{
	return (uint32_t)(ns % TICK);
}

static uint8_t
flags_of(const struct event_owner *e)
{
	return (uint8_t)(
	    ((e->flags & EVENT_CLIENT) != 0 ? SOCK_CLIENT : 0) |
	    ((e->flags & EVENT_LISTENS) != 0 ? SOCK_LISTENS : 0) |
	    ((e->flags & EVENT_V6ONLY) != 0 ? SOCK_V6ONLY : 0) |
	    ((e->flags & EVENT_RAW) != 0 ? SOCK_RAWICMP : 0));
}

static void
put_ipv4(uint8_t to[16], uint32_t from)
{
	to[10] = to[11] = 0xff;
	memcpy(to + 12, &from, 4);
}

void
events_sighting(const struct event_owner *e, uint32_t own_netns,
    struct sighting *s)
{
	bool socket = e->kind == EVENT_SOCKET;
	*s = (struct sighting){ .to = TIME_NEVER,
		.from = socket ? TIME_ALWAYS : (int64_t)(e->ts / 1000),
		.inode = socket ? (uint32_t)e->inode : 0, .pid = e->tgid,
		.via = socket ? VIA_ITER : VIA_BPF, .flags = flags_of(e),
		.reuse = e->reuse != 0 };
	if ((e->flags & EVENT_ENDED) != 0 && !socket)
		s->to = (int64_t)(e->end / 1000);
	if ((e->flags & EVENT_SHORT) != 0) {
		put_ipv4(s->key.local, e->local4);
		if (e->rport != 0 || e->remote4 != 0)
			put_ipv4(s->key.remote, e->remote4);
	} else {
		memcpy(s->key.local, e->local, 16);
		memcpy(s->key.remote, e->remote, 16);
	}
	s->key.lport = e->lport;
	s->key.rport = e->rport;
	s->key.proto = e->proto;
	s->key.netns = e->netns == own_netns ? 0 : e->netns;
}

/* Parts, innermost first, each ended by a NUL, to "/outer/inner". */
static size_t
join(const char *parts, size_t len, char *path, size_t size)
{
	size_t at = size - 1, i = 0;
	path[at] = '\0';
	while (i < len) {
		size_t n = strnlen(parts + i, len - i);
		if (n + 1 > at)
			break;
		at -= n;
		memcpy(path + at, parts + i, n);
		path[--at] = '/';
		i += n + 1;
	}
	memmove(path, path + at, size - at);
	return size - at - 1;
}

static void
read_cgroups(const struct event_process *e, struct proc_info *p)
{
	char raw[sizeof(e->cgroups) + 8], path[sizeof(raw)];
	size_t len = e->cgroups_len <= sizeof(e->cgroups) ? e->cgroups_len : 0;
	size_t n = join(e->cgroups, len, raw, sizeof(raw));
	text_clean(path, sizeof(path), raw, n);
	text_cgroup_unit(path, p->unit, p->container);
}

void
events_process(const struct event_process *e, struct proc_info *p)
{
	char comm[PROC_NAME], path[EVENT_PATH + EVENT_PART + 8];
	size_t len = e->path_len <= sizeof(e->path) ? e->path_len : 0;
	*p = (struct proc_info){ .pid = e->tgid, .uid = e->uid,
		.start = events_ticks(e->start),
		.within = events_within(e->start) };
	read_cgroups(e, p);
	text_clean(comm, sizeof(comm), e->comm,
	    strnlen(e->comm, sizeof(e->comm)));
	len = join(e->path, len, path, sizeof(path));
	text_exe(p->exe, path, len);
	if ((e->flags & EVENT_KTHREAD) != 0)
		strcpy(p->name, "[kernel]");
	else
		text_name(p->name, comm, p->exe);
	p->exe_untold = (e->flags & EVENT_PATH_CUT) != 0;
	if (p->exe_untold)
		p->exe[0] = '\0';	/* half a path is a wrong one */
}
