/* SPDX-License-Identifier: MIT
 *
 * sock_diag answers joined with the holders of the last poll.
 */
#include "procmap/asker.h"

#include <string.h>

#include "lib/protocol.h"
#include "procmap/clock.h"
#include "procmap/diag.h"

enum { AGAIN = 250000 };	/* us until an unanswered question is put
				 * again, */
enum { STAYS = 5000000 };	/* and one which of several sockets it is */

void
asker_begin(struct asker *a, int64_t budget)
{
	a->deadline = clock_boot_us() + budget;
	a->wants_poll = false;
}

static uint64_t
hash(const struct sock_key *k)
{
	uint64_t words[4], h = k->proto;
	memcpy(words, k->local, 16);
	memcpy(words + 2, k->remote, 16);
	for (int i = 0; i < 4; i++) {
		h = (h ^ words[i]) * 0x9e3779b97f4a7c15U;
		h ^= h >> 31;
	}
	h = (h ^ ((uint64_t)k->lport << 16 | k->rport)) *
	    0x9e3779b97f4a7c15U;
	return h ^ (h >> 33);
}

static uint32_t
kernel_process(struct asker *a)
{
	struct proc_info kernel = { .uid = 0, .name = "[kernel]" };
	return processes_add(a->processes, &kernel);
}

/* Of the several that may hold it the wanted one, else the first. */
static const struct holder *
choose_holder(const struct batch *b, const struct holder *first,
    uint32_t wanted)
{
	const struct holder *end = b->holders + b->holder_count;
	for (const struct holder *h = first; h < end &&
	    h->inode == first->inode; h++)
		if (h->process == wanted)
			return h;
	return first;
}

/* Who holds the inode?  When nobody did in a poll that began after we first
 * asked and saw everything, it is the kernel's own, which is root's: other
 * users' may be on their way to a process, or be held by io_uring(7), where
 * that is not told. */
static void
find_holder(struct asker *a, const struct asked *m, struct sighting *s,
    enum match_why *why)
{
	const struct holder *h = a->batch == NULL ? NULL :
	    batch_find_holder(a->batch, s->inode);
	bool nobody = h != NULL && h->process == 0;
	if (h != NULL && !nobody) {
		if (h + 1 < a->batch->holders + a->batch->holder_count &&
		    h[1].inode == s->inode)
			s->flags |= SOCK_SHARED;
		h = choose_holder(a->batch, h, s->process);
		s->process = h->process;
		s->via = h->via >= VIA_KERNEL ? h->via : VIA_DIAG;
		return;
	}
	s->process = 0;
	if (!nobody && (a->batch == NULL || a->batch->begin <= m->first ||
	    a->batch->late)) {
		*why = WHY_PENDING;
		a->wants_poll = true;
	} else if (!a->batch->complete || a->batch->rings || s->uid != 0) {
		*why = WHY_UNREADABLE;
	} else {
		s->process = kernel_process(a);
		s->via = VIA_KERNEL;
	}
}

/* The kernel tells who is there now.  Was that one there already at the time of
 * the flow, or has it the port of one that is gone?  What neither the last poll
 * nor we knew then has begun since: where no one could have had its port before
 * it without our being told, right behind that poll, else when we asked. */
static bool
was_there(const struct asker *a, const struct asked *m,
    const struct diag_socket *d, int64_t last)
{
	const struct owner *o = owners_find(a->owners, &d->key, m->last,
	    m->last, SCOPE_NETNS, NULL, NULL, NULL);
	int64_t since = m->first;
	if (o == NULL && a->batch == NULL)
		return true;
	if (o != NULL)
		since = o->from;
	else if (a->batch->begin < m->first &&
	    (batch_find_holder(a->batch, d->inode) != NULL ||
	    !owners_untold(a->owners, d->key.proto, d->listens ?
	    SOCK_LISTENS : 0, a->batch->begin, m->last)))
		since = a->batch->begin;
	return since <= last + OWNERS_SLACK;
}

/* Who else, as far as we know, has a socket of the same address and port?  Of
 * those the kernel tells one that would get packets of now. */
static bool
is_one_of_several(const struct asker *a, const struct diag_socket *d)
{
	const struct owner *o = d->key.rport != 0 ? NULL :
	    owners_find(a->owners, &d->key, clock_boot_us(), clock_boot_us(),
	    SCOPE_NETNS, NULL, NULL, NULL);
	return o != NULL && o->reuse && (o->flags & SOCK_SHARED) != 0;
}

/* The kernel tells who would get packets.  That is whose UDP socket has this
 * very address, but who has one at the port without an address may send from
 * there, too: is that somebody else? */
static bool
is_contested(const struct asker *a, const struct sock_key *k,
    const struct diag_socket *d, uint32_t process)
{
	static const uint8_t none[16], none4[16] = { [10] = 0xff, [11] = 0xff };
	struct sock_key key = *k;
	struct diag_socket other;
	if (d->key.proto != PROTOCOL_UDP || d->key.rport != 0 ||
	    memcmp(d->key.local, none, 16) == 0 ||
	    memcmp(d->key.local, none4, 16) == 0)
		return false;
	memcpy(key.local, mapped_is_v4(k->local) ? none4 : none, 16);
	if (!diag_ask(a->fd, &key, &other) || other.inode == 0)
		return false;
	const struct holder *h = a->batch == NULL ? NULL :
	    batch_find_holder(a->batch, other.inode);
	return h == NULL ||
	    choose_holder(a->batch, h, process)->process != process;
}

bool
asker_ask(void *state, const struct sock_key *k, int64_t first, int64_t last,
    struct sighting *s, enum match_why *why)
{
	struct asker *a = state;
	int64_t now = clock_boot_us();
	uint64_t h = hash(k);
	struct asked *m = &a->memory[h % ASKER_MEMORY];
	struct diag_socket d;
	uint32_t user = s->process;
	bool known = m->key == h;
	if (a->fd == -1)
		return false;
	if (known && m->inode == 0 && now - m->last < AGAIN)
		return false;
	if (known && m->inode != 0 && user != 0 && now - m->last < STAYS) {
		*s = (struct sighting){ .process = user, .inode = m->inode };
		find_holder(a, m, s, why);
		return true;
	}
	if (now > a->deadline) {
		*why = WHY_PENDING;
		return false;
	}
	bool found = diag_ask(a->fd, k, &d) && d.inode != 0;
	if (!known || m->inode != (found ? d.inode : 0))
		*m = (struct asked){ .key = h, .first = now };
	m->last = now;
	m->inode = found ? d.inode : 0;
	if (!found)
		return false;
	if (!was_there(a, m, &d, last)) {
		m->last = TIME_ALWAYS / 2;	/* no answer to go by */
		return false;
	}
	*s = (struct sighting){ .key = d.key, .from = first,
		.to = TIME_NEVER, .inode = d.inode, .uid = d.uid,
		.process = user, .via = VIA_DIAG, .flags = (uint8_t)((d.listens ?
		SOCK_LISTENS : 0) | (d.v6only ? SOCK_V6ONLY : 0)) };
	s->key.netns = k->netns;
	s->reuse = is_one_of_several(a, &d);
	find_holder(a, m, s, why);
	s->reuse = s->reuse || (user == 0 && s->process != 0 &&
	    is_contested(a, k, &d, s->process));
	/* Remember it, so that the flow's last snapshot has it too; not what
	 * is so of this flow alone. */
	if (s->process != 0 && s->via == VIA_DIAG && user == 0 && !s->reuse)
		owners_event(a->owners, s);
	return true;
}
