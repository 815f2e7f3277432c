/* SPDX-License-Identifier: MIT
 *
 * Snapshots as a whole: their memory, their times, their figures.
 */
#include "tuiview/model_flows.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/model_texts.h"

void
figures_add(struct figures *a, const struct figures *b)
{
	for (int i = 0; i < WINDOWS; i++) {
		a->sent[i] += b->sent[i];
		a->recv[i] += b->recv[i];
	}
	a->total_sent += b->total_sent;
	a->total_recv += b->total_recv;
	a->packets_sent += b->packets_sent;
	a->packets_recv += b->packets_recv;
	a->watched |= b->watched;
	if (a->peak_sent < b->peak_sent)
		a->peak_sent = b->peak_sent;
	if (a->peak_recv < b->peak_recv)
		a->peak_recv = b->peak_recv;
}

void
figures_round(struct figures *n, unsigned parts)
{
	for (int i = 0; i < WINDOWS; i++) {
		n->sent[i] = (n->sent[i] + parts / 2) / parts;
		n->recv[i] = (n->recv[i] + parts / 2) / parts;
	}
}

uint64_t
flows_known(const struct flows *f)
{
	uint64_t more = f->flow_count - f->count;
	return f->count + (more > f->own_flows ? more - f->own_flows : 0);
}

bool
flows_is_reset(const struct flows_event *e)
{
	return strcmp(e->from, "flowagg") == 0 &&
	    strcmp(e->text, "reset") == 0;
}

bool
flows_come_from(const struct flows *f, const char *interface)
{
	size_t len = strlen(interface);
	const char *at = f != NULL ? f->interfaces : "";
	while (*at != '\0') {
		size_t n = strcspn(at, ",");
		if (n == len && memcmp(at, interface, n) == 0)
			return true;
		at += n;
		at += strspn(at, ", ");
	}
	return false;
}

static unsigned
two(const char *t, unsigned n)
{
	unsigned value = 0;
	for (; n > 0; n--, t++)
		value = value * 10 + (unsigned)(*t - '0');
	return value;
}

uint64_t
flows_time(const char *t)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd";
	static const unsigned short before[12] = { 0, 31, 59, 90, 120, 151,
		181, 212, 243, 273, 304, 334 };
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == 'd' ? t[i] < '0' || t[i] > '9' :
		    t[i] != form[i])
			return 0;
	uint64_t y = two(t, 4), month = two(t + 5, 2), day = two(t + 8, 2);
	if (y < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	uint64_t leaps = (y - 1) / 4 - (y - 1) / 100 + (y - 1) / 400 - 477;
	uint64_t days = (y - 1970) * 365 + leaps + before[month - 1] + day - 1;
	if (month > 2 && ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0))
		days++;
	uint64_t ms = ((days * 24 + two(t + 11, 2)) * 60 + two(t + 14, 2)) *
	    60000 + two(t + 17, 2) * 1000;
	if (t[19] == '.')
		for (unsigned i = 20, unit = 100; unit > 0 &&
		    t[i] >= '0' && t[i] <= '9'; i++, unit /= 10)
			ms += (unsigned)(t[i] - '0') * unit;
	return ms;
}

/* Given back, to be used again. */
enum { SPARES = 2, GENEROUS = 8, SMALL = 4096 };

static struct {
	pthread_mutex_t lock;
	struct flows *list[SPARES];
	int count;
} spares = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void
destroy(struct flows *f)
{
	texts_done(&f->texts);
	free(f->list);
	free(f->samples);
	free(f->alerts);
	free(f);
}

struct flows *
flows_new(void)
{
	struct flows *f = NULL;
	pthread_mutex_lock(&spares.lock);
	if (spares.count > 0)
		f = spares.list[--spares.count];
	pthread_mutex_unlock(&spares.lock);
	if (f == NULL)
		return xcalloc(1, sizeof(*f));
	texts_reset(&f->texts);
	*f = (struct flows){ .list = f->list, .list_size = f->list_size,
		.samples = f->samples, .sample_size = f->sample_size,
		.alerts = f->alerts, .alert_size = f->alert_size,
		.texts = f->texts };
	return f;
}

void
flows_free(struct flows *f)
{
	if (f == NULL)
		return;
	/* After a rush its memory goes back. */
	if (f->list_size <= SMALL + f->count * GENEROUS) {
		pthread_mutex_lock(&spares.lock);
		if (spares.count < SPARES) {
			spares.list[spares.count++] = f;
			f = NULL;
		}
		pthread_mutex_unlock(&spares.lock);
	}
	if (f != NULL)
		destroy(f);
}
