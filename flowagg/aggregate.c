/* SPDX-License-Identifier: MIT
 *
 * From records to intervals.
 */
#include "flowagg/aggregate.h"

#include <stdlib.h>
#include <string.h>

#include "flowagg/clock.h"
#include "flowagg/packets.h"
#include "lib/xalloc.h"

/* On an interface there is time, and the processor is for others. */
static void
set_journals(struct aggregate *a)
{
	struct journal *both[] = { &a->flows.journal, &a->rows.journal };
	for (unsigned i = 0; i < 2; i++)
		both[i]->hurried = !a->source.live;
}

void
aggregate_start_tables(struct aggregate *a)
{
	const struct settings *s = &a->settings;
	flows_init(&a->flows, s->max_flows, s->idle);
	if (s->by != GROUP_FLOW)
		flows_init(&a->rows, s->max_flows, s->idle);
	aggregate_rows(a)->ledger.since = a->totals.since;
	if (s->final)
		journal_post_seldom(&aggregate_rows(a)->journal);
	set_journals(a);
}

void
aggregate_init(struct aggregate *a, const struct settings *s)
{
	*a = (struct aggregate){ .settings = *s };
	record_source_init(&a->source);
	a->orient.guess = true;
	aggregate_start_tables(a);
	if (s->history > 0 && s->interval != NS_PER_SECOND)
		past_start(&a->past, s->max_flows);
}

void
aggregate_done(struct aggregate *a)
{
	record_source_done(&a->source);
	interfaces_done(&a->interfaces);
	orient_done(&a->orient);
	flows_done(&a->flows);
	if (a->settings.by != GROUP_FLOW)
		flows_done(&a->rows);
	past_stop(&a->past);
	rank_done(&a->rank);
	alerts_done(&a->alerts);
	aggregate_forget_events(a);
	free(a->events);
	steps_done(&a->steps);
}

const struct flows *
aggregate_table(const struct aggregate *a)
{
	return a->settings.by == GROUP_FLOW ? &a->flows : &a->rows;
}

const struct ledger *
aggregate_ledger(const struct aggregate *a)
{
	return &aggregate_table(a)->ledger;
}

void
aggregate_expired(const struct aggregate *a, struct sum *sum)
{
	*sum = a->expired;
	ledger_gone(aggregate_ledger(a), sum);
}

void
aggregate_event(struct aggregate *a, const char *level, const char *from,
    const char *text)
{
	if (a->event_count > EVENTS_MOST)
		return;
	if (a->event_count == a->event_size) {
		a->event_size = a->event_size * 2 + 4;
		a->events = xreallocarray(a->events, a->event_size,
		    sizeof(*a->events));
	}
	struct event *e = &a->events[a->event_count++];
	if (a->event_count <= EVENTS_MOST)
		*e = (struct event){ level, from, xstrdup(text) };
	else
		*e = (struct event){ "warn", "flowagg",
			xstrdup("more has happened; the rest is left out") };
}

void
aggregate_forget_events(struct aggregate *a)
{
	while (a->event_count > 0)
		free(a->events[--a->event_count].text);
}

/*
 * Records.
 */

void
aggregate_end(struct aggregate *a)
{
	if (a->ended)
		return;
	late_release(a);
	flows_post_last(aggregate_rows(a));
	a->ended = true;
	if (a->started || a->has_source)
		clock_snapshot(a, a->now, true);
}

static void
source(struct aggregate *a, const struct record_header *h)
{
	const char *text = (const char *)(h + 1);
	size_t room = (size_t)h->tail * RECORD_SIZE;
	struct record_source s;
	record_source_init(&s);
	if (h->length > room || !record_source_parse(&s, text, h->length)) {
		aggregate_event(a, "error", "flowagg",
		    "a source record that cannot be read was skipped");
		record_source_done(&s);
		return;
	}
	if (a->has_source && *a->source.session != '\0' &&
	    strcmp(a->source.session, s.session) != 0) {
		/* Another recording behind one that was cut.  (Where the head
		 * of a text stream was left out, its session is not known.) */
		record_source_done(&s);
		aggregate_end(a);
		a->beyond_end = true;
		return;
	}
	record_source_done(&a->source);
	a->source = s;
	a->has_source = true;
	interfaces_take(&a->interfaces, &a->source);
	orient_set_source(&a->orient, &a->source);
	set_journals(a);
	if (s.start != 0)
		clock_start(a, clock_time(a, s.start));
}

/* A counter may fall, as where a pcapng file says so. */
static uint64_t
since(uint64_t base, uint64_t counter)
{
	return counter > base ? counter - base : 0;
}

struct record_counters
aggregate_counters(const struct aggregate *a)
{
	const struct record_counters *t = &a->tick.counters, *b = &a->base;
	return (struct record_counters){
		.packets = since(b->packets,
		    t->packets + a->record_packets - a->ticked_packets),
		.bytes = since(b->bytes,
		    t->bytes + a->record_bytes - a->ticked_bytes),
		.kernel_dropped = since(b->kernel_dropped, t->kernel_dropped),
		.interface_dropped =
		    since(b->interface_dropped, t->interface_dropped),
		.malformed = since(b->malformed, t->malformed),
		.malformed_bytes =
		    since(b->malformed_bytes, t->malformed_bytes),
		.unsupported = since(b->unsupported, t->unsupported),
		.unsupported_bytes =
		    since(b->unsupported_bytes, t->unsupported_bytes),
		.non_ip_packets = since(b->non_ip_packets, t->non_ip_packets),
		.non_ip_bytes = since(b->non_ip_bytes, t->non_ip_bytes),
		.duplicates = since(b->duplicates, t->duplicates),
		.wire_packets = since(b->wire_packets, t->wire_packets),
		.wire_bytes = since(b->wire_bytes, t->wire_bytes),
	};
}

/* What capd counted and what came must agree, record by record; a text
 * stream may have been filtered on its way, on purpose. */
static void
count_lost(struct aggregate *a, const struct record_counters *c)
{
	uint64_t others = c->malformed + c->unsupported + c->non_ip_packets;
	if (!a->text && c->packets >= others &&
	    c->packets - others > a->record_packets)
		a->lost = c->packets - others - a->record_packets;
}

static void
tick(struct aggregate *a, const struct record_tick *t)
{
	if (t->tail < 2)
		return;
	late_tick(a, t->ts);
	a->tick = *t;
	if (a->text) {
		/* Only what came is known to be in the flows. */
		a->tick.counters.packets = t->counters.malformed +
		    t->counters.unsupported + t->counters.non_ip_packets +
		    a->record_packets;
		a->tick.counters.bytes = t->counters.malformed_bytes +
		    t->counters.unsupported_bytes +
		    t->counters.non_ip_bytes + a->record_bytes;
	}
	count_lost(a, &t->counters);
	a->ticked_packets = a->record_packets;
	a->ticked_bytes = a->record_bytes;
	uint64_t ns = clock_time(a, t->ts);
	clock_start(a, ns);
	if (ns > a->now)
		clock_advance(a, ns);
}

static void
event(struct aggregate *a, const struct record_event *e)
{
	char text[1024];
	size_t len = e->length;
	if (len > (size_t)e->tail * RECORD_SIZE)
		return;
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, e + 1, len);
	text[len] = '\0';
	aggregate_event(a, record_level_name((enum record_level)e->level),
	    "capd", text);
}

void
aggregate_records(struct aggregate *a, const union record *records,
    size_t slots)
{
	for (size_t i = 0; i < slots;) {
		const union record *r = &records[i];
		if (a->ended) {
			a->beyond_end = true;
			return;
		}
		size_t most = slots - i < PACKETS_BATCH ? slots - i :
		    PACKETS_BATCH;
		size_t n = record_packets_run(r, most);
		if (n > 0) {
			packets_count(a, r, n);
			i += n;
			continue;
		}
		if (r->kind == RECORD_SOURCE)
			source(a, &r->header);
		else if (r->kind == RECORD_TICK)
			tick(a, (const struct record_tick *)(const void *)r);
		else if (r->kind == RECORD_EVENT)
			event(a, &r->event);
		else if (r->kind == RECORD_END)
			aggregate_end(a);
		i += record_slots(r);
	}
}

bool
aggregate_use_time(struct aggregate *a)
{
	return flows_help_to_post(aggregate_rows(a));
}

void
aggregate_watch(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	flows_post(t);
	alerts_watch(&a->alerts, t, clock_second(a->now));
}
