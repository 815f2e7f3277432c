/* SPDX-License-Identifier: MIT
 *
 * Choosing and running a source.
 */
#include "procmap/sources.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"
#include "procmap/bpf.h"
#include "procmap/clock.h"
#include "procmap/diag.h"
#include "procmap/lsof.h"
#include "procmap/privilege.h"
#include "procmap/recording.h"
#include "procmap/survey.h"

enum { BUDGET = 5500 };		/* us for events, and what is left of it, but at
				 * least a tenth, for exact questions per
				 * snapshot */
enum { DRAIN = 2500 };		/* us for events between snapshots */
enum { NEWS = 1500 };		/* us for translations at once */
enum { SMALL_POLL = 1024, PART = 512 };	/* sockets and processes */
enum { FIRST_POLL = 300 };	/* ms that the start may wait for it */
enum { HURRY = 500000 };	/* us between polls when flows have no owner */

const char *
sources_name(const struct sources *s)
{
	static const char *const names[] = { "none", "bpf", "diag", "lsof",
		"file" };
	return names[s->kind];
}

static void
open_recording(struct sources *s)
{
	s->recording = open(s->path, O_RDONLY | O_CLOEXEC);
	if (s->recording == -1)
		err(EXIT_FAILURE, "%s", s->path);
}

void
sources_open(struct sources *s, enum source_kind wanted)
{
	char problem[256];
	bool recorded = wanted == SOURCE_FILE;
	/* Capabilities that our own file has are for sockets: whoever is not
	 * root opens with his own rights. */
	bool as_root = getuid() == 0;
	s->kind = wanted;
	if (wanted == SOURCE_AUTO || wanted == SOURCE_BPF) {
		s->bpf = bpf_open(problem, sizeof(problem));
		s->kind = s->bpf != NULL ? SOURCE_BPF : SOURCE_DIAG;
		if (s->bpf == NULL && wanted == SOURCE_BPF)
			errx(EXIT_FAILURE, "%s", problem);
		if (s->bpf == NULL)
			degraded_note(&s->degraded, "short connections will "
			    "be missed: %s", problem);
	}
	/* Only eBPF knows sockets behind a translation. */
	if (s->bpf != NULL)
		s->nat = nat_start();
	s->may_not_ask = s->bpf != NULL && !privilege_is_net_admin();
	if (recorded && as_root)
		open_recording(s);
	if (!privilege_drop(s->bpf == NULL && !recorded))
		err(EXIT_FAILURE, "cannot give up privilege");
	if (recorded && !as_root)
		open_recording(s);
}

/* Without a thread what is known stays as it is. */
static void
start_poller(struct sources *s, poller_take *take, void *state,
    enum sock_via via, double interval, unsigned share)
{
	s->poller = poller_start(take, state, via, s->interval > 0 ?
	    s->interval : interval, share);
	if (s->poller == NULL)
		degraded_note(&s->degraded, "sockets are not polled: %s",
		    strerror(errno));
}

static bool
take_survey(void *state, struct batch *b)
{
	addresses_add_own(&b->addresses);
	return survey_take(state, b);
}

/* Whose sockets no poll finds. */
static void
tell_unseen(struct sources *s)
{
	if (!scan_in_first_namespace())
		degraded_note(&s->degraded, "processes outside of this pid "
		    "namespace (a container) are not seen");
	if (!privilege_sees_all())
		degraded_note(&s->degraded, "only processes of this user are "
		    "seen for sure; run as root to name all of them");
}

static void
start_diag(struct sources *s)
{
	s->survey = xcalloc(1, sizeof(*s->survey));
	s->asker->fd = diag_open();
	if (!survey_open(s->survey, "/proc") || s->asker->fd == -1) {
		degraded_note(&s->degraded, "no sock_diag here (%s): using "
		    "lsof", strerror(errno));
		if (s->asker->fd != -1)
			close(s->asker->fd);
		s->asker->fd = -1;
		s->kind = SOURCE_LSOF;
		return;
	}
	if (!diag_tells(PROTOCOL_UDP))
		degraded_note(&s->degraded, "UDP sockets are not known, for "
		    "want of the kernel's udp_diag (%s)", strerror(errno));
	start_poller(s, take_survey, s->survey, VIA_DIAG, 1,
	    s->interval > 0 ? 0 : 20);
	tell_unseen(s);
}

/* lsof never costs more than a fiftieth of a core: a poll that took long is
 * followed by a long pause. */
static bool
take_lsof(void *state, struct batch *b)
{
	addresses_add_own(&b->addresses);
	return lsof_take(state, b);
}

static void
start_lsof(struct sources *s)
{
	start_poller(s, take_lsof, NULL, VIA_LSOF, 2, 50);
	tell_unseen(s);
}

/* Unless it has to be now and then, or is asked for, there is only a look at
 * all sockets when it can show something new. */
static bool
take_iterator(void *state, struct batch *b)
{
	struct sources *s = state;
	b->begin = clock_boot_us();
	addresses_add_own(&b->addresses);
	b->addresses_only = quiet_is(&s->quiet, b->begin) && !b->wanted &&
	    s->interval == 0;
	if (b->addresses_only)
		return true;
	quiet_looks(&s->quiet, b->begin);
	return bpf_take(s->bpf, b);
}

static void
start_bpf(struct sources *s)
{
	s->asker->fd = diag_open();
	start_poller(s, take_iterator, s, VIA_ITER, 5, 50);
}

static void
read_recording(struct sources *s)
{
	struct recording r = { .owners = s->owners,
		.processes = s->processes, .addresses = &s->addresses };
	if (!recording_read(&r, s->recording))
		err(EXIT_FAILURE, "%s", s->path);
	close(s->recording);
	if (r.bad_lines > 0)
		degraded_note(&s->degraded, "%s: %llu lines are no flows, left "
		    "out", s->path, (unsigned long long)r.bad_lines);
}

/* Where another network namespace has an address of its own, its traffic may
 * be translated on its way out. */
static bool
may_be_translated(const struct addresses *a)
{
	for (size_t i = 0; i < a->count; i++)
		if (a->list[i].netns != 0 &&
		    a->list[i].netns != ADDRESSES_BROADCAST &&
		    !address_is_loopback(a->list[i].bytes) &&
		    !address_is_link_local(a->list[i].bytes))
			return true;
	return false;
}

static void
watch_translations(struct sources *s)
{
	if ((s->nat == NULL && !s->may_not_ask) ||
	    !may_be_translated(&s->addresses))
		return;
	if (s->nat != NULL)
		nat_watch(s->nat);
	else
		degraded_note(&s->degraded, "processes behind address "
		    "translation are not known; that needs root, or "
		    "CAP_NET_ADMIN");
}

static void
take_over(struct sources *s, struct batch *b)
{
	if (b == NULL)
		return;
	if (!b->addresses_only)
		degraded_poll(&s->degraded, b->problem);
	if (b->problem[0] != '\0') {
		batch_free(b);
		return;
	}
	if (b->blind)
		degraded_note(&s->degraded, "in other network namespaces only "
		    "connections are known: /proc hides the processes of others "
		    "(hidepid)");
	if (b->addresses.count > 0) {
		struct addresses old = s->addresses;
		s->addresses = b->addresses;
		b->addresses = old;
		watch_translations(s);
	}
	if (b->addresses_only)
		poller_free(s->poller, b);
	else
		s->merging = b;
}

/* A part of what was taken over; true when there is more. */
static bool
merge_some(struct sources *s)
{
	struct batch *b = s->merging;
	if (b == NULL || !batch_merge(b, s->owners, s->processes, PART))
		return b != NULL;
	s->merging = NULL;
	poller_free(s->poller, batch_rest(b));
	if (b->has_holders) {
		poller_free(s->poller, s->batch);
		s->batch = b;
		s->asker->batch = b;
	} else
		poller_free(s->poller, b);
	return false;
}

void
sources_start(struct sources *s)
{
	/* Member by member: its memory of questions is untouched pages. */
	s->asker = xcalloc(1, sizeof(*s->asker));
	s->asker->fd = -1;
	s->asker->owners = s->owners;
	s->asker->processes = s->processes;
	if (s->kind == SOURCE_FILE) {
		read_recording(s);
		return;
	}
	addresses_add_own(&s->addresses);
	if (s->kind == SOURCE_BPF)
		start_bpf(s);
	if (s->kind == SOURCE_DIAG)
		start_diag(s);
	if (s->kind == SOURCE_LSOF)
		start_lsof(s);
	/* lsof may hang for long, so that one is never waited for. */
	if (s->poller != NULL && s->kind != SOURCE_LSOF)
		take_over(s, poller_wait(s->poller, FIRST_POLL));
	while (merge_some(s))
		;
}

static void
take_events(struct sources *s, int64_t budget)
{
	if (s->bpf == NULL)
		return;
	int64_t until = bpf_drain(s->bpf, s->owners, s->processes, budget);
	s->unsure_from = until != TIME_NEVER ? until : 0;
	const char *news = bpf_limit(s->bpf, s->owners, clock_boot_us());
	if (news != NULL)
		s->news = news;
	bool new_netns = bpf_new_netns(s->bpf);
	bool hurry = new_netns || bpf_lost(s->bpf) != s->lost;
	if (new_netns && s->nat != NULL)
		nat_watch(s->nat);
	if (hurry && s->poller != NULL)
		poller_hurry(s->poller, HURRY);
	s->lost = bpf_lost(s->bpf);
	s->untaken = s->nat != NULL && nat_take(s->nat, NEWS);
}

bool
sources_update(struct sources *s)
{
	take_events(s, DRAIN);
	if (s->poller != NULL && s->merging == NULL)
		take_over(s, poller_get(s->poller));
	return merge_some(s) || s->unsure_from != 0 || s->untaken;
}

uint64_t
sources_lost(const struct sources *s)
{
	return s->lost + (s->nat != NULL ? nat_lost(s->nat) : 0);
}

bool
sources_busy(const struct sources *s)
{
	return s->bpf != NULL && bpf_busy(s->bpf);
}

void
sources_prepare(struct sources *s, struct match_env *env)
{
	int64_t begin = clock_work_us();
	take_events(s, BUDGET);
	int64_t left = BUDGET - (clock_work_us() - begin);
	/* A large poll takes a while to take over: when the line is out. */
	if (s->poller != NULL && s->merging == NULL) {
		take_over(s, poller_get_small(s->poller, SMALL_POLL));
		while (merge_some(s))
			;
	}
	asker_begin(s->asker, left > BUDGET / 10 ? left : BUDGET / 10);
	if (s->nat != NULL)
		nat_begin(s->nat);
	*env = (struct match_env){ .owners = s->owners,
		.addresses = &s->addresses, .processes = s->processes,
		.src_is_local = s->kind == SOURCE_FILE,
		.unsure_from = s->unsure_from, .state = s->asker,
		.ask = s->asker->fd != -1 ? asker_ask : NULL,
		.nat = s->nat != NULL ? nat_ask : NULL,
		.nat_check = s->nat != NULL ? nat_check : NULL,
		.nat_state = s->nat };
}

void
sources_finish(struct sources *s, uint64_t unseen)
{
	if (s->poller != NULL && s->kind != SOURCE_LSOF &&
	    (s->asker->wants_poll || unseen > 0))
		poller_hurry(s->poller, HURRY);
}

void
sources_pause(struct sources *s, bool paused)
{
	s->paused = paused;
	if (s->poller != NULL)
		poller_pause(s->poller, paused);
}

bool
sources_close(struct sources *s, int milliseconds)
{
	lsof_kill();
	if (s->poller != NULL && !poller_stop(s->poller, milliseconds))
		return false;
	batch_free(s->merging);
	batch_free(s->batch);
	if (s->survey != NULL)
		survey_close(s->survey);
	if (s->bpf != NULL)
		bpf_close(s->bpf);
	if (s->nat != NULL)
		nat_stop(s->nat);
	if (s->asker != NULL && s->asker->fd != -1)
		close(s->asker->fd);
	free(s->asker);
	free(s->survey);
	addresses_done(&s->addresses);
	degraded_done(&s->degraded);
	owners_free(s->owners);
	processes_free(s->processes);
	return true;
}

int
sources_fd(const struct sources *s)
{
	return s->poller != NULL ? poller_fd(s->poller) : -1;
}
