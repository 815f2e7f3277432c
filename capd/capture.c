/* SPDX-License-Identifier: MIT
 *
 * Frames to records and counters.  No allocation and no system call per
 * packet.
 */
#include "capd/capture.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capd/clock.h"
#include "lib/rarely.h"
#include "lib/xalloc.h"

enum {
	LINE = 64,		/* bytes of a cache line */
	AHEAD = 48 * LINE,	/* what is fetched: about 16 frames on */
	FRAME_LINES = 3,	/* a frame of the usual snap length with the
				 * kernel's header */
	ROUND = 1024,		/* packets read of a source at a time */
	SLL2_INDEX = 4,		/* where SLL2 has the interface */
	SLL2_HEADER = 20, SLL_HEADER = 16, ETHERNET_HEADER = 14,
};

/* Which in the source record's list is the one this SLL2 frame is from?
 * Number 0 is "any" itself, for those that are not in the list. */
static uint16_t
interface_of(const struct shared *s, const uint8_t *frame, uint32_t len)
{
	if (len < SLL2_INDEX + 4)
		return 0;
	const uint8_t *p = frame + SLL2_INDEX;
	int index = (int)((uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3]);
	for (uint16_t i = 1; i < s->interface_count; i++)
		if (s->interfaces[i].index == index)
			return i;
	return 0;
}

static void
count(struct capture *c, enum frame_class class, uint32_t length,
    uint16_t interface, uint64_t ts)
{
	struct record_counters *n = &c->totals.counters;
	n->packets++;
	n->bytes += length;
	/* What its interface counts is known from later on: as it came. */
	const struct wire *w = &c->totals.wire[interface];
	if (ts < w->since) {
		n->wire_packets++;
		n->wire_bytes += length;
	} else if (ts >= w->at) {
		c->totals.after_packets++;
		c->totals.after_bytes += length;
	}
	if (class != FRAME_FLOW)
		decode_count(n, class, length);
}

static uint16_t
source_of(const struct capture *c, const struct source_live *s,
    const u_char *frame, uint32_t len)
{
	return s->numbered ? interface_of(c->start->shared, frame, len) :
	    (uint16_t)c->reading;
}

/* By how much a frame is longer here than on the interface: "any" shows a
 * header of its own in place of the link layer's. */
static uint64_t
extra_header(const struct capture *c, const struct shared_interface *who)
{
	const struct source_live *s = &c->sources[0];
	if (!s->any)
		return 0;
	return (s->numbered ? SLL2_HEADER : SLL_HEADER) -
	    (who->has_mac || who->loopback ? ETHERNET_HEADER : 0);
}

/* A packet of the time after ours: where its interface was read later than
 * that, it is in what was counted, and is whose that time is. */
static RARELY void
leave_out(struct capture *c, const struct source_live *s,
    const struct pcap_pkthdr *h, const u_char *bytes, uint64_t ts)
{
	capture_settle(c);
	uint16_t i = source_of(c, s, bytes, h->caplen);
	struct wire *w = &c->totals.wire[i];
	if (ts >= w->at || ts < w->since || w->index == 0)
		return;
	c->totals.counters.wire_packets--;
	c->totals.counters.wire_bytes -= h->len;
	w->packets--;
	w->bytes -= h->len - extra_header(c, &c->start->shared->interfaces[i]);
}

void
capture_file_failed(struct capture *c)
{
	c->error = errno;
	c->failed = c->start->capd->write;
}

/* The kernel's buffer was filled by another processor, or long ago, and
 * frames lie in it in a row: fetch one that comes soon.  At its end this
 * fetches nothing, or what is not needed. */
static inline void
fetch_ahead(const u_char *bytes)
{
	for (unsigned i = 0; i < FRAME_LINES; i++)
		__builtin_prefetch(bytes + AHEAD + i * LINE);
}

static void
take(u_char *user, const struct pcap_pkthdr *h, const u_char *bytes)
{
	struct capture *c = (void *)user;
	struct source_live *s = &c->sources[c->reading];
	fetch_ahead(bytes);
	uint64_t ts = (uint64_t)h->ts.tv_sec * CLOCK_S +
	    (uint64_t)h->ts.tv_usec * s->fraction;
	s->last = ts;
	if (s->first == 0)
		s->first = ts;
	if (ts >= c->until) {
		leave_out(c, s, h, bytes, ts);
		return;
	}
	if (ts < c->from || c->left == 0 || c->error != 0)
		return;
	c->left--;
	struct record_packet *p = &c->batch.packets[c->batch.count];
	p->ts = ts;
	p->interface = source_of(c, s, bytes, h->caplen);
	enum frame_class class = decode(c->decoder, s->linktype, bytes,
	    h->caplen, h->len, p);
	count(c, class, c->start->capd->count_network ? p->network_length :
	    p->frame_length, p->interface, ts);
	if (class == FRAME_FLOW)
		c->batch.count++;
	if (c->batch.count == BATCH_PACKETS && !capture_flush(c))
		pcap_breakloop(s->pcap);
	if (c->file.fd == -1)
		return;
	if (!pcapwrite_packet(&c->file, ts, bytes, h->caplen, h->len))
		capture_file_failed(c);
	if (capture_is_full(c))
		pcap_breakloop(s->pcap);
}

bool
capture_is_full(const struct capture *c)
{
	return c->file_most != 0 &&
	    c->file.bytes + c->file.buf.len >= c->file_most;
}

bool
capture_read(struct capture *c, unsigned i, char text[TALK_TEXT])
{
	struct source_live *s = &c->sources[i];
	const struct shared_interface *who = &c->start->shared->interfaces[i];
	if (capture_is_full(c))
		return true;
	c->reading = i;
	decoder_set_mac(c->decoder,
	    who->has_mac && !who->loopback ? who->mac : NULL);
	batch_run(&c->batch);
	int n = pcap_dispatch(s->pcap, ROUND, take, (void *)c);
	s->behind = n >= ROUND || n == PCAP_ERROR_BREAK;
	if (n != PCAP_ERROR)
		return true;
	snprintf(text, TALK_TEXT, "%s: %.200s",
	    c->start->settings->names[i], pcap_geterr(s->pcap));
	return false;
}

bool
capture_reader_left(struct capture *c)
{
	c->reader_left = c->file.fd != -1;
	if (!c->reader_left)
		c->error = EPIPE;
	return c->reader_left;
}

/* What became of a write to standard output. */
static bool
wrote(struct capture *c, bool good)
{
	if (good || (errno == EPIPE && capture_reader_left(c)))
		return true;
	c->error = errno;
	return false;
}

bool
capture_flush(struct capture *c)
{
	if (c->error == 0 && c->batch.count > 0 && !c->reader_left)
		wrote(c, output_packets(&c->output, batch_ordered(&c->batch),
		    c->batch.count));
	batch_reset(&c->batch);
	batch_run(&c->batch);
	/* A kill between the write and this loses the count of one batch,
	 * one during the write counts too little by what got out of it. */
	c->totals.file_bytes = c->file.bytes;
	shared_write(c->start->shared, &c->totals);
	return c->error == 0;
}

/* Are frames of "any" that do not say from which interface they are? */
static bool
is_unnumbered(const struct capture *c)
{
	return c->sources[0].any && !c->sources[0].numbered;
}

/* What was read of the interfaces goes where they are in the list now. */
static void
arrange_wire(struct capture *c)
{
	const struct shared *s = c->start->shared;
	struct wire before[SOURCE_INTERFACES], *now = c->totals.wire;
	memcpy(before, now, sizeof(before));
	for (unsigned i = 0; i < SOURCE_INTERFACES; i++) {
		int index = i < s->interface_count ? s->interfaces[i].index : 0;
		now[i] = (struct wire){ .since = is_unnumbered(c) ? 0 :
			UINT64_MAX };
		for (unsigned j = 0; index != 0 && j < SOURCE_INTERFACES; j++)
			if (before[j].index == index)
				now[i] = before[j];
	}
}

static uint64_t
rise(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

/* Read an interface, and at what time: once more where this process was
 * interrupted between the two. */
static bool
read_wire(const struct capture *c, const struct shared_interface *who,
    struct wire *w)
{
	int tries = 5;
	if (w->index == 0)
		w->headless = wire_headless(c->netlink, who->index);
	do {
		w->at = clock_wall();
		if (!wire_read(c->netlink, who->index, who->loopback, w))
			return false;
	} while (--tries > 0 && clock_wall() - w->at > CLOCK_MS / 10);
	return true;
}

/* Add what an interface counted since it was read last.  False: it does not
 * tell. */
static bool
count_interface(struct capture *c, const struct shared_interface *who,
    struct wire *last)
{
	struct record_counters *n = &c->totals.counters;
	struct wire now = *last;
	if (!read_wire(c, who, &now))
		return false;
	if (last->index == 0) {
		now.since = is_unnumbered(c) ? 0 : now.at;
	} else {
		uint64_t packets = rise(now.packets, last->packets);
		n->wire_packets += packets;
		n->wire_bytes += rise(now.bytes, last->bytes) +
		    packets * extra_header(c, who);
		n->interface_dropped += rise(now.dropped, last->dropped);
	}
	*last = now;
	return true;
}

static void
count_wire(struct capture *c)
{
	const struct shared *s = c->start->shared;
	bool all = !c->sources[0].any || s->interface_count < SOURCE_INTERFACES;
	bool known = all && !c->start->capd->count_network;
	if (c->settled)
		return;
	if (is_unnumbered(c))
		c->totals.wire[0].at = clock_wall();
	c->totals.after_packets = c->totals.after_bytes = 0;
	for (unsigned i = 0; i < s->interface_count; i++)
		if (s->interfaces[i].index != 0 &&
		    !count_interface(c, &s->interfaces[i], &c->totals.wire[i]))
			known = false;
	/* Once known, figures stay: an interface that is gone counts what it
	 * had counted. */
	c->totals.wire_known = known || c->totals.wire_known;
}

void
capture_begin(struct capture *c)
{
	uint64_t n = c->start->capd->packets;
	c->totals = *shared_read(c->start->shared);
	c->left = UINT64_MAX;
	if (n != 0)
		c->left = rise(n, c->totals.counters.packets);
	capture_interfaces(c);
	/* At the very start both figures begin at one moment. */
	if (c->totals.tick == 0)
		c->from = clock_wall();
	count_wire(c);
}

void
capture_settle(struct capture *c)
{
	if (c->settled)
		return;
	count_wire(c);
	c->settled = true;
}

void
capture_interfaces(struct capture *c)
{
	const struct shared *s = c->start->shared;
	struct record_source names = { .interface_count = s->interface_count };
	arrange_wire(c);
	if (c->output.text.form == FORM_BINARY)
		return;
	names.filter = xstrdup("");
	names.interfaces = xcalloc(SOURCE_INTERFACES,
	    sizeof(*names.interfaces));
	for (unsigned i = 0; i < s->interface_count; i++)
		memcpy(names.interfaces[i].name, s->interfaces[i].name,
		    SOURCE_NAME);
	output_names(&c->output, &names);
	record_source_done(&names);
}

/* No packet before this comes any more.  A source that has more to read
 * than one round is known up to its last packet; from `until` on packets are
 * for whoever takes over. */
static uint64_t
watermark(const struct capture *c, uint64_t wall)
{
	uint64_t mark = wall - SOURCE_HOLD * CLOCK_MS;
	if (mark > c->until)
		mark = c->until;
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		const struct source_live *s = &c->sources[i];
		if (s->pcap != NULL && s->behind && s->last < mark)
			mark = s->last;
	}
	return mark;
}

/* What came before this child's time, and before its interfaces were read, is
 * over: those bounds go, or all that comes when the clock is set back behind
 * them would be taken for that. */
static void
forget_bounds(struct capture *c, uint64_t mark)
{
	struct wire *w = c->totals.wire;
	if (c->from <= mark)
		c->from = 0;
	for (unsigned i = 0; i < c->start->shared->interface_count; i++)
		if (w[i].since <= mark)
			w[i].since = 0;
}

bool
capture_tick(struct capture *c, uint64_t wall)
{
	uint64_t last = c->totals.tick, mark = watermark(c, wall);
	forget_bounds(c, mark);
	/* Not backwards, unless somebody set the clock. */
	if (mark < last && last - mark < CLOCK_S)
		mark = last;
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		struct source_live *s = &c->sources[i];
		if (s->pcap != NULL)
			source_live_count(s);
		c->totals.counters.kernel_dropped += s->dropped;
		s->dropped = 0;
	}
	c->totals.tick = mark;
	struct record_tick t = { .kind = RECORD_TICK, .state = STATE_UP,
		.tail = sizeof(t) / RECORD_SIZE - 1,
		.wire_known = c->totals.wire_known, .ts = mark,
		.counters = shared_counters(&c->totals) };
	/* To be told with the next tick: by then what the interfaces have
	 * counted now has been read. */
	count_wire(c);
	if (c->file.fd != -1 && c->error == 0 && !pcapwrite_flush(&c->file))
		capture_file_failed(c);
	return capture_flush(c) &&
	    (c->reader_left || wrote(c, output_tick(&c->output, &t)));
}
