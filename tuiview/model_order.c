/* SPDX-License-Identifier: MIT
 *
 * Sorting and pinning.
 */
#include "tuiview/model_order.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xalloc.h"

/* What rows are ordered by, each as a number of which the larger comes
 * first; a stable radix sort from the last to the first makes the order.
 * A comparison sort of 100,000 rows takes ten times as long. */
enum column { BY_PIN, BY_FIRST, BY_REST, BY_PORT, BY_10S, BY_40S, BY_TOTAL,
	BY_KEY, COLUMNS };

/* Buffers that stay from build to build: fresh pages cost most. */
struct order {
	size_t size;
	uint64_t *columns[COLUMNS];
	uint32_t *place, *spare;	/* numbers in their order */
	bool *is_long;			/* names a glance does not hold */
};

/* qsort(3) has no argument for these. */
static _Thread_local const struct rows_how *by;
static _Thread_local const struct rows *all;

/* What a row is called when the order goes by name; else an address. */
static const char *
name_of(const struct row *row, char text[ROWS_NAME], const struct addr **addr)
{
	const struct flow *f = row->flow;
	*addr = NULL;
	if (by->view != VIEW_FLOWS && by->view != VIEW_HOSTS) {
		rows_name(row, by->view, by->names, true, text);
		return text;
	}
	if (by->view == VIEW_FLOWS && by->sort == SORT_PROCESS)
		/* Those without one come last. */
		return f->process[0] != '\0' ? f->process : "\377";
	bool source = by->view == VIEW_FLOWS && by->sort == SORT_SOURCE;
	*addr = source ? &f->src_addr : &f->dst_addr;
	return !by->names ? "" : source ? f->src_name : f->dst_name;
}

/* The start of a name or address as two numbers, addresses before names. */
static void
glance(const char *name, const struct addr *addr, uint64_t value[2])
{
	bool named = name[0] != '\0' || addr == NULL;
	value[0] = named ? 3 : addr->family == ADDR_IPV6 ? 2 : 1;
	value[1] = 0;
	for (int i = 0; i < 15; i++) {
		unsigned c = named ? (unsigned char)*name : addr->bytes[i];
		if (named && *name != '\0')
			name++;
		value[i >= 7] = value[i >= 7] << 8 |
		    (named ? (unsigned)tolower((int)c) : c);
	}
}

/* Names in full, for rows that look the same at a glance. */
static int
compare_names(const struct row *a, const struct row *b)
{
	char x[ROWS_NAME], y[ROWS_NAME];
	const struct addr *m, *n;
	int order = strcasecmp(name_of(a, x, &m), name_of(b, y, &n));
	return order != 0 || m == NULL ? order : addr_compare(m, n);
}

static int
compare_places(const void *left, const void *right)
{
	const struct row *a = rows_at(all, *(const uint32_t *)left);
	const struct row *b = rows_at(all, *(const uint32_t *)right);
	int order = compare_names(a, b);
	if (order != 0)
		return by->reverse ? -order : order;
	return (a->key > b->key) - (a->key < b->key);
}

static uint64_t
total(const struct row *row)
{
	switch (by->line) {
	case LINE_SENT:
		return row->n.total_sent;
	case LINE_RECEIVED:
		return row->n.total_recv;
	default:
		return row->n.total_sent + row->n.total_recv;
	}
}

static void
fill_name(struct order *o, const struct row *row, size_t i)
{
	char text[ROWS_NAME];
	const struct addr *addr;
	uint64_t value[2];
	const struct flow *f = row->flow;
	const char *name = name_of(row, text, &addr);
	glance(name, addr, value);
	/* Of 16 bytes of IPv6 it holds 15. */
	o->is_long[i] = name[0] != '\0' || addr == NULL ?
	    (value[1] & 0xff) != 0 : addr->family == ADDR_IPV6;
	uint64_t port = by->view != VIEW_FLOWS ? 0 :
	    by->sort == SORT_SOURCE ? f->src_port :
	    by->sort == SORT_DESTINATION ? f->dst_port : f->pid;
	o->columns[BY_FIRST][i] = ~value[0];
	o->columns[BY_REST][i] = ~value[1];
	o->columns[BY_PORT][i] = ~port;
}

static void
fill(struct order *o, const struct row *row, size_t i)
{
	o->columns[BY_PIN][i] = row->pinned;
	o->columns[BY_REST][i] = o->columns[BY_PORT][i] = 0;
	if (by->sort < SORT_TOTAL)
		o->columns[BY_FIRST][i] = rows_rate(row, by->line,
		    (int)by->sort);
	else if (by->sort == SORT_TOTAL)
		o->columns[BY_FIRST][i] = total(row);
	else
		fill_name(o, row, i);
	if (by->reverse)
		for (int c = BY_FIRST; c <= BY_PORT; c++)
			o->columns[c][i] = ~o->columns[c][i];
	/* Equal: the longer the window, the steadier the order.  At last the
	 * key, which no two rows share: rows never move without a cause. */
	o->columns[BY_10S][i] = rows_rate(row, by->line, 1);
	o->columns[BY_40S][i] = rows_rate(row, by->line, 2);
	o->columns[BY_TOTAL][i] = total(row);
	o->columns[BY_KEY][i] = ~row->key;
}

/* One stable pass over one byte, larger bytes first. */
static void
pass(struct order *o, size_t count, const uint64_t *column, int shift,
    const size_t counts[256])
{
	size_t starts[256], at = 0;
	for (int b = 255; b >= 0; b--) {
		starts[b] = at;
		at += counts[b];
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t row = o->place[i];
		o->spare[starts[column[row] >> shift & 0xff]++] = row;
	}
	uint32_t *swap = o->place;
	o->place = o->spare;
	o->spare = swap;
}

static void
sort_column(struct order *o, size_t count, const uint64_t *column)
{
	size_t counts[8][256];
	memset(counts, 0, sizeof(counts));
	for (size_t i = 0; i < count; i++)
		for (int b = 0; b < 8; b++)
			counts[b][column[i] >> (8 * b) & 0xff]++;
	for (int b = 0; b < 8; b++)
		/* A byte that all share orders nothing. */
		if (counts[b][column[0] >> (8 * b) & 0xff] != count)
			pass(o, count, column, 8 * b, counts[b]);
}

/* Names that agree in what a glance sees may differ behind it. */
static void
sort_long_names(struct order *o, size_t count)
{
	const uint64_t *first = o->columns[BY_FIRST];
	const uint64_t *rest = o->columns[BY_REST];
	const uint64_t *pin = o->columns[BY_PIN];
	for (size_t from = 0, to; from < count; from = to) {
		uint32_t a = o->place[from];
		bool differ = false;
		for (to = from + 1; to < count; to++) {
			uint32_t b = o->place[to];
			if (first[a] != first[b] || rest[a] != rest[b] ||
			    pin[a] != pin[b])
				break;
			differ |= (o->is_long[a] || o->is_long[b]) &&
			    compare_names(rows_at(all, a),
			    rows_at(all, b)) != 0;
		}
		if (differ)
			qsort(o->place + from, to - from, sizeof(*o->place),
			    compare_places);
	}
}

static int
compare_keys(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;
	return (a->key > b->key) - (a->key < b->key);
}

/* Frozen: arrange rows as the last order had them.  What it did not know
 * stays behind, sorted. */
static void
restore(struct rows *r)
{
	struct order *o = r->sorter;
	size_t known = r->order_count;
	struct slot *old = xreallocarray(NULL, known + 1, sizeof(*old));
	uint64_t *place = o->columns[BY_FIRST];
	for (size_t i = 0; i < known; i++)
		old[i] = (struct slot){ r->order[i], (uint32_t)i };
	qsort(old, known, sizeof(*old), compare_keys);
	for (size_t i = 0; i < r->count; i++) {
		struct slot key = { .key = rows_at(r, i)->key };
		const struct slot *hit = bsearch(&key, old, known,
		    sizeof(*old), compare_keys);
		place[i] = ~(uint64_t)(hit != NULL ? hit->row : known);
	}
	if (r->count > 0)
		sort_column(o, r->count, place);
	free(old);
}

static void
make_room(struct rows *r)
{
	if (r->sorter == NULL)
		r->sorter = xcalloc(1, sizeof(*r->sorter));
	struct order *o = r->sorter;
	if (o->size >= r->size)
		return;
	o->size = r->size;
	for (int c = 0; c < COLUMNS; c++)
		o->columns[c] = xreallocarray(o->columns[c], o->size,
		    sizeof(*o->columns[c]));
	o->place = xreallocarray(o->place, o->size, sizeof(*o->place));
	o->spare = xreallocarray(o->spare, o->size, sizeof(*o->spare));
	o->is_long = xreallocarray(o->is_long, o->size, sizeof(*o->is_long));
}

void
order_done(struct rows *r)
{
	if (r->sorter == NULL)
		return;
	for (int c = 0; c < COLUMNS; c++)
		free(r->sorter->columns[c]);
	free(r->sorter->place);
	free(r->sorter->spare);
	free(r->sorter->is_long);
	free(r->sorter);
}

void
order_sort(struct rows *r, const struct rows_how *how, bool frozen)
{
	bool names = how->sort >= SORT_SOURCE;
	by = how;
	all = r;
	make_room(r);
	struct order *o = r->sorter;
	for (size_t i = 0; i < r->count; i++) {
		o->place[i] = (uint32_t)i;
		fill(o, rows_at(r, i), i);
	}
	for (int c = COLUMNS - 1; c >= 0 && r->count > 0; c--)
		if ((c != BY_PIN || r->pinned > 0) &&
		    ((c != BY_REST && c != BY_PORT) || names))
			sort_column(o, r->count, o->columns[c]);
	if (names)
		sort_long_names(o, r->count);
	if (frozen)
		restore(r);
	/* Numbers of chosen rows to their places. */
	for (size_t i = 0; i < r->count; i++)
		o->spare[i] = r->place[o->place[i]];
	for (size_t i = 0; i < r->count; i++) {
		r->place[i] = o->spare[i];
		r->order[i] = r->groups[r->place[i]].key;
	}
	r->order_count = r->count;
}

/* A pin as the configuration has it, taken apart. */
struct pin {
	const char *src, *dst;	/* host part not NUL-terminated */
	size_t src_len, dst_len;
	unsigned src_port, dst_port;	/* 0: any */
};

static const char *
take_apart(const char *text, size_t *len, unsigned *port)
{
	const char *end;
	*port = 0;
	if (text[0] == '[' && (end = strchr(text, ']')) != NULL) {
		if (end[1] == ':')
			*port = (unsigned)strtoul(end + 2, NULL, 10);
		*len = (size_t)(end - text - 1);
		return text + 1;
	}
	end = strchr(text, ':');
	*len = strlen(text);
	if (end != NULL && strchr(end + 1, ':') == NULL) {
		*port = (unsigned)strtoul(end + 1, NULL, 10);
		*len = (size_t)(end - text);
	}
	return text;
}

static bool
is_end(const char *host, size_t len, unsigned port, const char *addr,
    unsigned own)
{
	return strncmp(host, addr, len) == 0 && addr[len] == '\0' &&
	    (port == 0 || port == own);
}

static bool
is_pinned_flow(const struct pin *p, const struct flow *f)
{
	return (is_end(p->src, p->src_len, p->src_port, f->src, f->src_port) &&
	    is_end(p->dst, p->dst_len, p->dst_port, f->dst, f->dst_port)) ||
	    (is_end(p->src, p->src_len, p->src_port, f->dst, f->dst_port) &&
	    is_end(p->dst, p->dst_len, p->dst_port, f->src, f->src_port));
}

void
order_pin(struct rows *r, const struct rows_how *how)
{
	enum { PINS = 256 };
	struct pin parts[PINS];
	size_t count;
	const struct pref_pin *pins = prefs_pins(how->prefs, &count);
	r->pinned = 0;
	if (count > PINS)
		count = PINS;
	for (size_t i = 0; i < count; i++) {
		parts[i].src = take_apart(pins[i].src, &parts[i].src_len,
		    &parts[i].src_port);
		parts[i].dst = take_apart(pins[i].dst, &parts[i].dst_len,
		    &parts[i].dst_port);
	}
	for (size_t i = 0; count > 0 && i < r->count; i++) {
		struct row *row = rows_at(r, i);
		for (size_t k = 0; k < count && !row->pinned; k++) {
			char src[ROWS_PIN], dst[ROWS_PIN];
			if (how->view == VIEW_FLOWS &&
			    how->aggregate == AGGREGATE_NONE) {
				row->pinned = is_pinned_flow(&parts[k],
				    row->flow);
				continue;
			}
			rows_pin(row, how, src, dst);
			row->pinned = strcmp(src, pins[k].src) == 0 &&
			    strcmp(dst, pins[k].dst) == 0;
		}
		r->pinned += row->pinned;
	}
}
