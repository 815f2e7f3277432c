/* SPDX-License-Identifier: MIT
 *
 * Alerts with hysteresis.
 */
#include "flowagg/alert.h"

#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "lib/xalloc.h"

static const char *const names[] = { "both", "sent", "recv", "total" };

const char *
alert_what_name(enum alert_what what)
{
	return names[what];
}

bool
alert_parse(const char *text, struct alert_rule *rule)
{
	char rate[64];
	const char *colon = strchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : strlen(text);
	rule->what = ALERT_BOTH;
	if (len >= sizeof(rate))
		return false;
	memcpy(rate, text, len);
	rate[len] = '\0';
	if (!num_rate(rate, &rule->threshold))
		return false;
	if (colon == NULL)
		return true;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], colon + 1) == 0) {
			rule->what = (enum alert_what)i;
			return true;
		}
	return false;
}

bool
alerts_add_rule(struct alerts *a, const struct alert_rule *rule)
{
	if (a->rule_count == ALERT_RULES)
		return false;
	a->rules[a->rule_count++] = *rule;
	/* To average the threshold over two seconds, or over as little as
	 * half a second at the start, one second must hold a quarter. */
	uint64_t quarter = rule->threshold / 4 + 1;
	if (rule->what != ALERT_TOTAL &&
	    (a->suspicion == 0 || quarter < a->suspicion))
		a->suspicion = quarter;
	return true;
}

void
alerts_off(struct alerts *a)
{
	a->rule_count = 0;
	a->suspicion = 0;
	a->suspect_count = 0;
	for (uint32_t i = 0; i < a->count; i++)
		a->list[i].cleared = true;
}

void
alerts_done(struct alerts *a)
{
	free(a->list);
	free(a->suspects);
	*a = (struct alerts){ 0 };
}

static void
add_suspects(struct alerts *a, const struct heavy *heavy, uint32_t more)
{
	uint32_t count = a->suspect_count + more;
	if (more == 0)
		return;
	if (count > a->suspect_size) {
		a->suspect_size = count * 2;
		a->suspects = xreallocarray(a->suspects, a->suspect_size,
		    sizeof(*a->suspects));
	}
	memcpy(a->suspects + a->suspect_count, heavy, more * sizeof(*heavy));
	a->suspect_count = count;
}

static int
compare_suspects(const void *a, const void *b)
{
	const struct heavy *x = a, *y = b;
	return x->flow != y->flow ? (x->flow < y->flow ? -1 : 1) :
	    (x->second > y->second) - (x->second < y->second);
}

/* What the ledger noted since the last look, in the order of the flows: it
 * was posted as threads had time. */
static void
take_suspects(struct alerts *a, struct ledger *l)
{
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		struct volume *v = &l->volumes[i];
		add_suspects(a, v->heavy, v->heavy_count);
		v->heavy_count = 0;
	}
	if (a->suspect_count > 1)
		qsort(a->suspects, a->suspect_count, sizeof(*a->suspects),
		    compare_suspects);
}

void
alerts_watch(struct alerts *a, struct flows *t, uint32_t now)
{
	struct ledger *l = &t->ledger;
	l->heavy_at = a->suspicion;
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++)
		l->volumes[i].heavy_count = 0;
	a->suspect_count = 0;
	if (a->suspicion == 0)
		return;
	for (uint32_t n = 1; n <= t->pool.used; n++)
		for (uint32_t age = 0; age <= rate_windows[0] && age <= now;
		    age++) {
			uint64_t bytes[2] = { 0 };
			ledger_second(l, n, now - age, bytes);
			if (bytes[0] + bytes[1] >= a->suspicion)
				add_suspects(a, &(struct heavy){ n,
				    now - age }, 1);
		}
}

static uint64_t
measure(const struct alert_rule *rule, const uint64_t sums[2],
    uint64_t start, uint64_t now)
{
	uint64_t bytes = rule->what == ALERT_SENT ? sums[0] :
	    rule->what == ALERT_RECV ? sums[1] : sums[0] + sums[1];
	return rate_average(bytes, rate_windows[0], start, now);
}

static bool
same_rule(const struct alert_rule *a, const struct alert_rule *b)
{
	return a->what == b->what && a->threshold == b->threshold;
}

static bool
is_raised(const struct alerts *a, const struct alert_rule *rule, uint64_t id)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (!a->list[i].cleared && a->list[i].id == id &&
		    same_rule(&a->list[i].rule, rule))
			return true;
	return false;
}

/* Whom sums are of: a flow, or (number 0) everything. */
struct subject {
	uint32_t number;
	uint64_t id;
	const struct flow *flow;
};

static void
raise_alert(struct alerts *a, const struct alert_rule *rule,
    const struct subject *s, uint64_t rate, uint64_t now)
{
	if (a->count == a->size) {
		a->size = a->size != 0 ? a->size * 2 : 16;
		a->list = xreallocarray(a->list, a->size, sizeof(*a->list));
	}
	struct alert new = { .rule = *rule, .number = s->number,
		.id = s->id, .rate = rate, .since = now };
	if (s->number != 0) {
		new.key = s->flow->key;
		new.b_is_ours = (s->flow->flags & FLOW_B_IS_OURS) != 0;
	}
	a->list[a->count++] = new;
}

/* Raise what `sums` cross. */
static void
look_at(struct alerts *a, const struct subject *s, const uint64_t sums[2],
    uint64_t start, uint64_t now)
{
	for (unsigned i = 0; i < a->rule_count; i++) {
		const struct alert_rule *rule = &a->rules[i];
		if ((rule->what == ALERT_TOTAL) != (s->number == 0))
			continue;
		uint64_t rate = measure(rule, sums, start, now);
		if (rate >= rule->threshold && a->count < ALERT_MOST &&
		    !is_raised(a, rule, s->id))
			raise_alert(a, rule, s, rate, now);
	}
}

static void
look_again(struct alert *alert, const uint64_t sums[2], uint64_t start,
    uint64_t now)
{
	const uint64_t hold = (uint64_t)ALERT_HOLD * 1000000000;
	alert->rate = measure(&alert->rule, sums, start, now);
	/* 80 %, rounded up: a threshold of 1 is left, too. */
	uint64_t enough = alert->rule.threshold - alert->rule.threshold / 5;
	if (alert->rate < enough && now - alert->since >= hold)
		alert->cleared = true;
}

void
alerts_look(struct alerts *a, struct flows *t, const uint64_t all[2],
    uint64_t start, uint64_t now)
{
	uint32_t second = (uint32_t)(now / 1000000000);
	take_suspects(a, &t->ledger);
	for (uint32_t i = 0; i < a->count; i++) {
		struct alert *alert = &a->list[i];
		uint64_t sums[RATE_WINDOWS][2] = { 0 };
		if (alert->cleared)
			continue;
		if (alert->number != 0)
			ledger_sums(&t->ledger, alert->number, second,
			    sums);
		look_again(alert, alert->number != 0 ? sums[0] : all, start,
		    now);
	}
	look_at(a, &(struct subject){ 0 }, all, start, now);
	/* A suspect stays for as long as what made it one is in the 2 s
	 * window. */
	uint32_t kept = 0;
	for (uint32_t i = 0; i < a->suspect_count; i++) {
		uint32_t number = a->suspects[i].flow;
		const struct subject s = { number,
			ledger_at(&t->ledger, number)->id,
			flows_at(t, number) };
		uint64_t sums[RATE_WINDOWS][2] = { 0 };
		if (!flow_is_in_table(s.flow))
			continue;
		ledger_sums(&t->ledger, number, second, sums);
		look_at(a, &s, sums[0], start, now);
		if (a->suspects[i].second + rate_windows[0] > second)
			a->suspects[kept++] = a->suspects[i];
	}
	a->suspect_count = kept;
}

void
alerts_flow_left(struct alerts *a, uint64_t id)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->list[i].id == id && a->list[i].number != 0)
			a->list[i].cleared = true;
}

void
alerts_told(struct alerts *a)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < a->count; i++)
		if (!a->list[i].cleared)
			a->list[kept++] = a->list[i];
	a->count = kept;
}
