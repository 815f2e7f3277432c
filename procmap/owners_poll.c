/* SPDX-License-Identifier: MIT
 *
 * What looks at all sockets show: who is there still, and who is new.
 */
#include "procmap/owners_table.h"

void
owners_poll_begin(struct owners *o, int64_t begin)
{
	o->poll++;
	o->begun[o->poll % OWNERS_POLLS] = begin;
}

/* Where one of the holders is the owner that we know, it stays the owner:
 * it was the last to use the socket.  Who else holds it is told by replace(),
 * and was not in the whole poll before where that was no news. */
static void
confirm(struct owners *o, const struct sighting *s)
{
	struct owner *e = owners_newest(o, *owners_key_chain(o, &s->key), s,
	    false);
	if (e == NULL || e->process != s->process)
		return;
	if (e->poll != o->poll && !e->shared_now)
		e->flags &= (uint8_t)~SOCK_SHARED;
	if (e->poll != o->poll)
		e->shared_now = false;
	e->poll = o->poll;
	e->shown = true;
	if (s->to == TIME_NEVER && e->to <= o->begun[o->poll % OWNERS_POLLS])
		e->open = true;
	e->reuse = e->reuse || s->reuse;
	e->flags |= s->flags;
}

static void
replace(struct owners *o, const struct sighting *s)
{
	int64_t begin = o->begun[o->poll % OWNERS_POLLS];
	uint32_t *at = owners_key_chain(o, &s->key);
	struct owner *e = owners_newest(o, *at, s, false);
	if (e != NULL && (e->poll == o->poll || e->from >= begin ||
	    (e->open && e->to >= begin))) {
		if (e->process != s->process && e->from <= begin)
			owners_share(e);
		return;
	}
	struct sighting fresh = *s;
	if (e != NULL) {
		int64_t end = owners_end(o, e);
		/* Where only polls tell, whose it was since the last one that
		 * showed it nobody knows. */
		if (end == TIME_NEVER) {
			owners_end_at(e, s->via == VIA_ITER ? begin :
			    owners_known(o, e));
			end = begin;
		}
		if (fresh.from < end)
			fresh.from = end;
	} else if (o->complete != 0 &&
	    fresh.from < o->begun[o->complete % OWNERS_POLLS]) {
		/* The poll before did not show it: it is younger. */
		fresh.from = o->begun[o->complete % OWNERS_POLLS];
	}
	/* Since then it may have been another's, of whom we were not told. */
	if (owners_untold(o, s->key.proto, s->flags, fresh.from, begin))
		fresh.from = begin;
	owners_insert(o, at, &fresh, e, true);
}

void
owners_poll_confirm(struct owners *o, const struct sighting *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (s[i].process != 0)
			confirm(o, &s[i]);
}

void
owners_poll_add(struct owners *o, const struct sighting *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (s[i].process != 0)
			replace(o, &s[i]);
}

void
owners_poll_end(struct owners *o, bool complete)
{
	if (complete)
		o->complete = o->poll;
}
