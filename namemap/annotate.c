/* SPDX-License-Identifier: MIT
 *
 * What namemap adds to a snapshot.
 */
#include "namemap/annotate.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/xalloc.h"
#include "namemap/fold.h"

static const char *const members[] = { "src_name", "dst_name", "src_service",
	"dst_service", NULL };

void
annotator_init(struct annotator *a, struct lookups *lookups,
    const struct services *services, const char *source)
{
	*a = (struct annotator){ .lookups = lookups, .services = services,
		.source = source };
	a->notes.name = "names";
	a->notes.members = members;
}

void
annotator_done(struct annotator *a)
{
	snapshot_done(&a->snapshot);
	snapshot_notes_done(&a->notes);
	buf_done(&a->folded);
	free(a->ends);
}

static bool
is_own(void *arg, const struct snapshot_flow *f)
{
	return lookups_own(arg, f);
}

/* Our own questions leave the list of flows.  That is rare enough for
 * writing the line anew and reading it again. */
static void
hide_own(struct annotator *a)
{
	a->own_flows = 0;
	if (a->show_own)
		return;
	buf_reset(&a->folded);
	a->own_flows = fold_flows(&a->snapshot, is_own, a->lookups,
	    &a->folded);
	if (a->own_flows > 0)
		snapshot_read(&a->snapshot, a->folded.data, a->folded.len);
}

bool
annotator_read(struct annotator *a, const char *line, size_t len,
    uint64_t now)
{
	struct snapshot *s = &a->snapshot;
	if (!snapshot_read(s, line, len))
		return false;
	hide_own(a);
	if (s->flow_count > a->ends_size) {
		a->ends_size = s->flow_size;
		a->ends = xreallocarray(a->ends, a->ends_size,
		    2 * sizeof(struct cache_entry *));
	}
	lookups_begin(a->lookups, now);
	for (size_t i = 0; i < s->flow_count; i++) {
		const struct snapshot_flow *f = &s->flows[i];
		a->ends[2 * i] = lookups_touch(a->lookups, &f->src,
		    f->rate_10s, now);
		a->ends[2 * i + 1] = lookups_touch(a->lookups, &f->dst,
		    f->rate_10s, now);
	}
	lookups_end(a->lookups);
	return true;
}

static char *
put(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

/* Names and services hold nothing that JSON would have escaped. */
static char *
put_name(char *at, const struct cache_entry *e)
{
	return e != NULL && e->name != NULL ?
	    put(at, e->name, e->name_len) : at;
}

static void
write_flow(struct annotator *a, size_t i)
{
	enum { ROOM = 1024 };	/* names 2 * 255, services 2 * 32, the rest */
	const struct snapshot_flow *f = &a->snapshot.flows[i];
	const char *src = "", *dst = "";
	if (a->show_services) {
		src = services_find(a->services, f->proto, f->src_port);
		dst = services_find(a->services, f->proto, f->dst_port);
	}
	char *start = buf_reserve(&a->notes.flows, ROOM), *at = start;
	at = put_name(PUT(at, "\"src_name\":\""), a->ends[2 * i]);
	at = put_name(PUT(at, "\",\"dst_name\":\""), a->ends[2 * i + 1]);
	at = put(PUT(at, "\",\"src_service\":\""), src, strlen(src));
	at = put(PUT(at, "\",\"dst_service\":\""), dst, strlen(dst));
	at = PUT(at, "\"");
	a->notes.flows.len += (size_t)(at - start);
	snapshot_notes_next(&a->notes);
}

static void
write_object(struct annotator *a)
{
	struct buf *b = &a->notes.object;
	struct lookups_counts c;
	lookups_count(a->lookups, &c);
	json_open(b, '{');
	json_member_text(b, "dns", policy_name(lookups_level(a->lookups)));
	json_member_text(b, "from", a->source);
	json_member_bool(b, "services", a->show_services);
	json_member_unsigned(b, "known", c.known);
	json_member_unsigned(b, "pending", c.pending);
	json_member_unsigned(b, "failed", c.failed);
	json_member_unsigned(b, "withheld", c.withheld);
	json_member_unsigned(b, "queries", c.queries);
	json_member_unsigned(b, "answers", c.answers);
	json_member_unsigned(b, "unanswered", c.unanswered);
	json_member_unsigned(b, "rejected", c.rejected);
	json_member_unsigned(b, "own_flows", a->own_flows);
	json_member_unsigned(b, "bad_lines", a->bad_lines);
	json_close(b, '}');
}

void
annotator_write(struct annotator *a, struct buf *out)
{
	snapshot_notes_begin(&a->notes);
	/* They may have been switched off since it was read. */
	for (size_t i = 0; lookups_level(a->lookups) == POLICY_OFF &&
	    i < 2 * a->snapshot.flow_count; i++)
		a->ends[i] = NULL;
	for (size_t i = 0; i < a->snapshot.flow_count; i++)
		write_flow(a, i);
	write_object(a);
	snapshot_annotate(&a->snapshot, &a->notes, out);
}

void
annotator_event(struct annotator *a, const char *level, const char *text)
{
	snapshot_notes_event(&a->notes, level, "namemap", text);
}
