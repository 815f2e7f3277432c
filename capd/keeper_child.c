/* SPDX-License-Identifier: MIT
 *
 * Children: started, heard, lost, replaced.
 *
 * A new filter or interface, or an interface that came back, is a fresh
 * child.  It opens its handles while the current one still captures; then
 * the current one is told a moment from which on it leaves packets out, and
 * ends; the new one, whose kernel buffer has them, begins there.  So none
 * is lost and none comes twice.
 */
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capd/child.h"
#include "capd/clock.h"
#include "capd/keeper.h"
#include "capd/privilege.h"

void
keeper_kill(struct child *c)
{
	if (c->pid == 0)
		return;
	close(c->end);	/* ends it; should it hang, the signal does */
	kill(c->pid, SIGKILL);
	while (waitpid(c->pid, NULL, 0) == -1 && errno == EINTR)
		;
	c->pid = 0;
	c->ready = false;
}

void
keeper_stop(struct child *c, uint64_t ts)
{
	struct talk t = { .type = TALK_STOP, .ts = ts };
	if (c->pid == 0)
		return;
	talk_send(c->end, &t, -1);
	c->stopping = true;
}

static void run_child(struct keeper *, bool partly, int end)
    __attribute__((noreturn));

static void
run_child(struct keeper *k, bool partly, int end)
{
	struct child_start start = { .capd = k->capd,
		.settings = &k->wanted, .shared = k->shared, .keeper = end,
		.partly = partly, .privileged = k->file_due,
		.file = k->ring.fd, .file_linktype = k->file_linktype };
	close(k->signals);
	if (k->control.fd != -1)
		close(k->control.fd);
	if (k->watch != -1)
		close(k->watch);
	if (k->current.pid != 0)
		close(k->current.end);
	child_run(&start);
}

/* Is somebody reading packets, and not about to end? */
static bool
is_captured(const struct keeper *k)
{
	return k->current.pid != 0 && !k->current.stopping;
}

/* Tell what failed, and try again in a while.  A try that is due serves all,
 * and is not put off by what fails meanwhile. */
static void
try_later(struct keeper *k, const char *text)
{
	char delay[RETRY_TEXT];
	uint64_t now = clock_ms();
	if (k->retry_at == 0)
		k->retry_at = now + retry_failed(&k->retry, now);
	retry_format(now, k->retry_at, delay);
	keeper_say(k, LEVEL_WARN, "%s; next try in %s", text, delay);
}

/* What became of the attempt, when nothing came of it. */
static void
attempt_failed(struct keeper *k, enum talk_reason reason, const char *text)
{
	if (k->why == WHY_START && reason != REASON_DOWN) {
		if (reason == REASON_DENIED)
			warnx("%s; %s", text, privilege_remedy());
		else
			warnx("%s", text);
		k->status = EXIT_FAILURE;
		k->over = true;
		return;
	}
	if (k->why == WHY_COMMAND) {
		keeper_say(k, LEVEL_ERROR, "%s refused: %s; all stays as it "
		    "was", k->change, text);
		if (!is_captured(k))
			k->retry_at = clock_ms();
		return;
	}
	if (!keeper_open_file(k))
		return;
	if (k->why == WHY_START)
		for (unsigned i = 0; i < k->settings.count; i++)
			k->lost[i] = true, k->linktypes[i] = -1;
	keeper_begin(k);
	try_later(k, text);
}

void
keeper_spawn(struct keeper *k, enum keeper_why why, bool partly)
{
	int ends[2];
	k->why = why;
	k->trouble[0] = '\0';
	k->tried_at = clock_ms();
	if (!talk_open(ends)) {
		attempt_failed(k, REASON_OTHER, "no more descriptors");
		return;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_child(k, partly, ends[1]);
	}
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		attempt_failed(k, REASON_OTHER, "no more processes");
		return;
	}
	k->candidate = (struct child){ .pid = pid, .end = ends[0] };
}

/* An interface that is missing now would be there. */
static bool
is_better(const struct keeper *k, const struct child *c)
{
	for (unsigned i = 0; i < k->settings.count; i++)
		if (k->lost[i] && c->linktypes[i] != -1)
			return true;
	return false;
}

static void
candidate_ready(struct keeper *k, const struct talk *t)
{
	struct child *c = &k->candidate;
	memcpy(c->linktypes, t->linktypes, sizeof(c->linktypes));
	c->ready = true;
	if (!keeper_fits_file(k, c)) {
		keeper_kill(c);
		attempt_failed(k, REASON_LINKTYPE, "a capture file holds one "
		    "link type, and these differ");
	} else if (!keeper_open_file(k)) {
		return;
	} else if (k->why == WHY_RETRY && is_captured(k) &&
	    !is_better(k, c)) {
		keeper_kill(c);
		attempt_failed(k, REASON_DOWN, k->trouble);
	} else if (k->current.pid != 0) {
		k->handover = clock_wall() + 2 * CLOCK_MS;
		keeper_stop(&k->current, k->handover);
	} else
		k->handover = 0;
}

static void
tell_change(struct keeper *k, const bool *was_lost)
{
	if (k->why == WHY_COMMAND)
		keeper_say(k, LEVEL_INFO, "%s", k->change);
	for (unsigned i = 0; k->why == WHY_RETRY && i < k->settings.count;
	    i++)
		if (was_lost[i] && !k->lost[i])
			keeper_say(k, LEVEL_INFO, "%s is up again",
			    k->settings.names[i]);
	/* Those that did not open are to be tried again. */
	for (unsigned i = 0; i < k->settings.count; i++) {
		char text[TALK_TEXT];
		if (!k->lost[i])
			continue;
		snprintf(text, sizeof(text), "%s is %s", k->settings.names[i],
		    ifaces_find(&k->ifaces, k->settings.names[i]) != NULL ?
		    "down" : "gone");
		k->lost[i] = false;
		keeper_lose(k, i, text);
	}
}

/* Is that asked for which "any" cannot do? */
static bool
promiscuous_in_vain(const struct keeper *k)
{
	return k->settings.promiscuous && keeper_is_any(k);
}

void
keeper_take_over(struct keeper *k)
{
	bool was_lost[SOURCE_INTERFACES], all = true;
	if (!k->candidate.ready || k->current.pid != 0 || !k->pen)
		return;
	bool told = k->started && promiscuous_in_vain(k);
	memcpy(was_lost, k->lost, sizeof(was_lost));
	settings_copy(&k->settings, &k->wanted);
	k->current = k->candidate;
	k->candidate = (struct child){ 0 };
	memcpy(k->linktypes, k->current.linktypes, sizeof(k->linktypes));
	for (unsigned i = 0; i < k->settings.count; i++) {
		k->lost[i] = k->linktypes[i] == -1;
		all = all && !k->lost[i];
	}
	if (all)
		k->retry_at = 0;
	retry_working(&k->retry, clock_ms());
	ifaces_read(&k->ifaces);
	keeper_begin(k);
	keeper_describe(k);
	tell_change(k, was_lost);
	if (!told && promiscuous_in_vain(k))
		keeper_say(k, LEVEL_WARN, "any makes no interface "
		    "promiscuous; capture on those by name that are to be");
}

void
keeper_lose(struct keeper *k, unsigned number, const char *text)
{
	bool all = true;
	if (number >= k->settings.count || k->lost[number] || k->ending)
		return;
	k->lost[number] = true;
	k->linktypes[number] = -1;
	k->tried_at = clock_ms();
	try_later(k, text);
	for (unsigned i = 0; i < k->settings.count; i++)
		all = all && k->lost[i];
	if (all && !k->current.stopping)
		keeper_stop(&k->current, clock_wall());
}

void
keeper_retry(struct keeper *k)
{
	k->retry_at = 0;
	settings_copy(&k->wanted, &k->settings);
	keeper_spawn(k, WHY_RETRY, true);
}

/* The child with the pen has gone: without a word, when it was killed. */
static void
current_gone(struct keeper *k)
{
	struct child *c = &k->current;
	const struct shared_totals *t = shared_read(k->shared);
	int status = 0;
	close(c->end);
	while (waitpid(c->pid, &status, 0) == -1 && errno == EINTR)
		;
	c->pid = 0;
	k->pen = true;
	k->asked = false;
	k->tick_at = clock_ms();
	if (!ring_mend(&k->ring, t->file_bytes)) {
		struct shared_totals empty = *t;
		empty.file_bytes = 0;
		shared_write(k->shared, &empty);
	}
	if (c->stopping || k->over)
		return;
	for (unsigned i = 0; i < k->settings.count; i++)
		k->lost[i] = true;
	if (k->candidate.pid != 0)
		return;
	k->why = WHY_RETRY;
	attempt_failed(k, REASON_DOWN, WIFSIGNALED(status) ?
	    WTERMSIG(status) == SIGSYS ?
	    "the capture process made a system call that is forbidden" :
	    "the capture process was killed" : "the capture process ended");
}

static void
candidate_gone(struct keeper *k)
{
	bool was_ready = k->candidate.ready;
	keeper_kill(&k->candidate);
	/* Its last words were heard already, unless it was killed. */
	if (was_ready || !k->candidate.stopping)
		attempt_failed(k, REASON_OTHER,
		    "the capture process ended early");
	if (!is_captured(k) && k->retry_at == 0)
		k->retry_at = clock_ms();
}

static void
heard_current(struct keeper *k, const struct talk *t)
{
	switch (t->type) {
	case TALK_PAUSED:
		k->pen = true;
		break;
	case TALK_LOST:
		keeper_lose(k, t->number, t->text);
		break;
	case TALK_ROTATE:
		keeper_rotate(k);
		break;
	case TALK_DONE:
		keeper_end(k);
		break;
	case TALK_READER_LEFT:
		k->over = true;
		break;
	case TALK_BROKEN:
		warnx("%s", t->text);
		k->status = EXIT_FAILURE;
		k->over = true;
		break;
	default:
		break;
	}
}

/* What a candidate says, with the filter that it is about, unless that is the
 * change that is refused. */
static void
explain(const struct keeper *k, const struct talk *t, char text[TALK_TEXT])
{
	const char *filter = k->wanted.filter;
	if (t->reason == REASON_FILTER && (k->why != WHY_COMMAND ||
	    strcmp(filter, k->settings.filter) == 0))
		snprintf(text, TALK_TEXT, "filter \"%.200s\": %.200s", filter,
		    t->text);
	else
		snprintf(text, TALK_TEXT, "%s", t->text);
}

static void
heard_candidate(struct keeper *k, const struct talk *t)
{
	char text[TALK_TEXT];
	explain(k, t, text);
	switch (t->type) {
	case TALK_CANNOT:
		memcpy(k->trouble, text, sizeof(k->trouble));
		break;
	case TALK_READY:
		candidate_ready(k, t);
		break;
	case TALK_FAILED:
		k->candidate.stopping = true;
		/* Where none is up, that of one says more. */
		attempt_failed(k, t->reason, t->reason == REASON_DOWN &&
		    k->trouble[0] != '\0' ? k->trouble : text);
		break;
	default:
		break;
	}
}

void
keeper_hear(struct keeper *k, struct child *c)
{
	struct talk t;
	int fd, got;
	while ((got = talk_receive(c->end, &t, &fd)) == 1) {
		if (fd != -1)
			close(fd);
		if (c == &k->current)
			heard_current(k, &t);
		else
			heard_candidate(k, &t);
		if (c->pid == 0)
			return;
	}
	if (got == -1 && c == &k->current)
		current_gone(k);
	else if (got == -1)
		candidate_gone(k);
}
