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

void
alerts_suspect(struct alerts *a, uint32_t number, uint32_t second)
{
	if (a->suspect_count == a->suspect_size) {
		a->suspect_size = a->suspect_size != 0 ?
		    a->suspect_size * 2 : 64;
		a->suspects = xreallocarray(a->suspects, a->suspect_size,
		    sizeof(*a->suspects));
	}
	a->suspects[a->suspect_count++] = (struct suspect){ number, second };
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

static void
raise_alert(struct alerts *a, const struct alert_rule *rule, uint32_t number,
    const struct flow *f, uint64_t rate, uint64_t now)
{
	if (a->count == a->size) {
		a->size = a->size != 0 ? a->size * 2 : 16;
		a->list = xreallocarray(a->list, a->size, sizeof(*a->list));
	}
	struct alert new = { .rule = *rule, .number = number, .rate = rate,
		.since = now };
	if (f != NULL) {
		new.id = f->id;
		new.key = f->key;
		new.b_is_ours = (f->flags & FLOW_B_IS_OURS) != 0;
	}
	a->list[a->count++] = new;
}

/* Raise what `sums` cross for this flow, or for everything. */
static void
look_at(struct alerts *a, uint32_t number, const struct flow *f,
    const uint64_t sums[2], uint64_t start, uint64_t now)
{
	for (unsigned i = 0; i < a->rule_count; i++) {
		const struct alert_rule *rule = &a->rules[i];
		if ((rule->what == ALERT_TOTAL) != (f == NULL))
			continue;
		uint64_t rate = measure(rule, sums, start, now);
		if (rate >= rule->threshold && a->count < ALERT_MOST &&
		    !is_raised(a, rule, f != NULL ? f->id : 0))
			raise_alert(a, rule, number, f, rate, now);
	}
}

static void
look_again(struct alert *alert, const uint64_t sums[2], uint64_t start,
    uint64_t now)
{
	const uint64_t hold = (uint64_t)ALERT_HOLD * 1000000000;
	alert->rate = measure(&alert->rule, sums, start, now);
	if (alert->rate < alert->rule.threshold / 5 * 4 +
	    alert->rule.threshold % 5 * 4 / 5 && now - alert->since >= hold)
		alert->cleared = true;
}

void
alerts_look(struct alerts *a, const struct flows *t, const uint64_t all[2],
    uint64_t start, uint64_t now)
{
	uint32_t second = (uint32_t)(now / 1000000000);
	for (uint32_t i = 0; i < a->count; i++) {
		struct alert *alert = &a->list[i];
		uint64_t sums[RATE_WINDOWS][2] = { 0 };
		if (alert->cleared)
			continue;
		if (alert->number != 0)
			flows_sums(t, flows_at(t, alert->number), second,
			    sums);
		look_again(alert, alert->number != 0 ? sums[0] : all, start,
		    now);
	}
	look_at(a, 0, NULL, all, start, now);
	/* A suspect stays for as long as what made it one is in the 2 s
	 * window. */
	uint32_t kept = 0;
	for (uint32_t i = 0; i < a->suspect_count; i++) {
		uint32_t number = a->suspects[i].number;
		const struct flow *f = flows_at(t, number);
		uint64_t sums[RATE_WINDOWS][2] = { 0 };
		if ((f->flags & (FLOW_FREE | FLOW_ENDED)) != 0)
			continue;
		flows_sums(t, f, second, sums);
		look_at(a, number, f, sums[0], start, now);
		if (a->suspects[i].second + rate_windows[0] > second)
			a->suspects[kept++] = a->suspects[i];
	}
	a->suspect_count = kept;
}

void
alerts_flow_left(struct alerts *a, const struct flow *f)
{
	for (uint32_t i = 0; i < a->count; i++)
		if (a->list[i].id == f->id && a->list[i].number != 0)
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
