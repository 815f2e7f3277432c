/* SPDX-License-Identifier: MIT
 *
 * Sorting and pinning.
 */
#include "tuiview/model_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xalloc.h"

/* What qsort(3) moves: small, the first key at hand. */
struct item {
	uint64_t first;		/* larger comes earlier */
	const struct row *row;
};

/* qsort(3) has no argument for these. */
static _Thread_local const struct rows_how *by;

static int
compare_numbers(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);	/* descending */
}

/* Addresses first, by number; then names, without case. */
static int
compare_hosts(const char *a, const char *b, const struct addr *x,
    const struct addr *y)
{
	bool a_named = by->names && a[0] != '\0';
	bool b_named = by->names && b[0] != '\0';
	if (a_named != b_named)
		return a_named - b_named;
	int order = a_named ? strcasecmp(a, b) : 0;
	return order != 0 ? order : addr_compare(x, y);
}

static int
compare_source(const struct row *a, const struct row *b)
{
	int order = compare_hosts(a->flow->src_name, b->flow->src_name,
	    &a->flow->src_addr, &b->flow->src_addr);
	return order != 0 ? order :
	    (int)a->flow->src_port - (int)b->flow->src_port;
}

static int
compare_destination(const struct row *a, const struct row *b)
{
	int order = compare_hosts(a->flow->dst_name, b->flow->dst_name,
	    &a->flow->dst_addr, &b->flow->dst_addr);
	return order != 0 ? order :
	    (int)a->flow->dst_port - (int)b->flow->dst_port;
}

static int
compare_names(const struct row *a, const struct row *b)
{
	char x[ROWS_NAME], y[ROWS_NAME];
	rows_name(a, by->view, by->names, true, x);
	rows_name(b, by->view, by->names, true, y);
	return strcasecmp(x, y);
}

static int
compare_processes(const struct row *a, const struct row *b)
{
	const struct flow *x = a->flow, *y = b->flow;
	/* Those without one come last. */
	int order = (x->process[0] == '\0') - (y->process[0] == '\0');
	if (order == 0)
		order = strcasecmp(x->process, y->process);
	if (order == 0)
		order = (x->pid > y->pid) - (x->pid < y->pid);
	return order;
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

static uint64_t
first_key(const struct row *row)
{
	switch (by->sort) {
	case SORT_2S:
		return rows_rate(row, by->line, 0);
	case SORT_10S:
		return rows_rate(row, by->line, 1);
	case SORT_40S:
		return rows_rate(row, by->line, 2);
	case SORT_TOTAL:
		return total(row);
	default:
		return 0;
	}
}

static int
compare_text(const struct row *a, const struct row *b)
{
	if (by->sort < SORT_SOURCE)
		return 0;
	if (by->view != VIEW_FLOWS)
		return by->view == VIEW_HOSTS ? compare_destination(a, b) :
		    compare_names(a, b);
	if (by->sort == SORT_SOURCE)
		return compare_source(a, b);
	if (by->sort == SORT_DESTINATION)
		return compare_destination(a, b);
	return compare_processes(a, b);
}

static int
compare(const void *left, const void *right)
{
	const struct item *x = left, *y = right;
	const struct row *a = x->row, *b = y->row;
	int order = (int)b->pinned - (int)a->pinned;
	if (order != 0)
		return order;
	order = compare_numbers(x->first, y->first);
	if (order == 0)
		order = compare_text(a, b);
	if (order != 0)
		return by->reverse ? -order : order;
	/* Equal: the longer the window, the steadier the order. */
	for (int i = WINDOWS - 1; i >= 0 && order == 0; i--)
		order = compare_numbers(rows_rate(a, by->line, i),
		    rows_rate(b, by->line, i));
	if (order == 0)
		order = compare_numbers(total(a), total(b));
	if (order == 0)
		order = compare_source(a, b);
	if (order == 0)
		order = compare_destination(a, b);
	if (order == 0)
		order = (a->key > b->key) - (a->key < b->key);
	return order;
}

static int
compare_keys(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;
	return (a->key > b->key) - (a->key < b->key);
}

static int
compare_places(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;
	return (a->row > b->row) - (a->row < b->row);
}

/* Arrange sorted rows as the last order had them; what it did not know
 * stays behind, sorted. */
static void
restore(struct rows *r, const struct item *items)
{
	size_t known = r->order_count;
	struct slot *old = xreallocarray(NULL, known + 1, sizeof(*old));
	struct slot *now = xreallocarray(NULL, r->count + 1, sizeof(*now));
	for (size_t i = 0; i < known; i++)
		old[i] = (struct slot){ r->order[i], (uint32_t)i };
	qsort(old, known, sizeof(*old), compare_keys);
	for (size_t i = 0; i < r->count; i++) {
		struct slot key = { .key = items[i].row->key };
		const struct slot *hit = bsearch(&key, old, known,
		    sizeof(*old), compare_keys);
		now[i] = (struct slot){ i, hit != NULL ? hit->row :
			(uint32_t)(known + i) };
	}
	qsort(now, r->count, sizeof(*now), compare_places);
	struct row *sorted = xreallocarray(NULL, r->size + 1,
	    sizeof(*sorted));
	for (size_t i = 0; i < r->count; i++)
		sorted[i] = *items[now[i].key].row;
	free(r->list);
	r->list = sorted;
	free(old);
	free(now);
}

void
order_sort(struct rows *r, const struct rows_how *how, bool frozen)
{
	by = how;
	struct item *items = xreallocarray(NULL, r->count + 1,
	    sizeof(*items));
	for (size_t i = 0; i < r->count; i++)
		items[i] = (struct item){ first_key(&r->list[i]),
			&r->list[i] };
	qsort(items, r->count, sizeof(*items), compare);
	if (frozen) {
		restore(r, items);
	} else {
		struct row *sorted = xreallocarray(NULL, r->size + 1,
		    sizeof(*sorted));
		for (size_t i = 0; i < r->count; i++)
			sorted[i] = *items[i].row;
		free(r->list);
		r->list = sorted;
	}
	free(items);
	if (r->order_size < r->count) {
		r->order_size = r->count;
		r->order = xreallocarray(r->order, r->count,
		    sizeof(*r->order));
	}
	for (size_t i = 0; i < r->count; i++)
		r->order[i] = r->list[i].key;
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
		struct row *row = &r->list[i];
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
