/* SPDX-License-Identifier: MIT
 *
 * Side effects.  Settings are saved on a thread, since the disk may be slow.
 */
#include "tuiview/effects.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/thread.h"
#include "lib/xalloc.h"
#include "tuiview/export_rows.h"
#include "tuiview/text.h"

struct saver {
	pthread_t thread;
	struct prefs_job *job;
	int wake;
};

void
effects_init(struct effects *e, const struct run *run, struct feed *feed)
{
	*e = (struct effects){ .run = run, .feed = feed };
	if (pipe2(e->wake, O_CLOEXEC | O_NONBLOCK) == -1)
		e->wake[0] = e->wake[1] = -1;
}

static bool
stage_path(const struct run *run, const char *stage, char *path, size_t size)
{
	struct stat st;
	if (run->control_dir == NULL)
		return false;
	snprintf(path, size, "%s/%s", run->control_dir, stage);
	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

void
effects_stages(const struct run *run, struct app *app)
{
	char path[1024];
	app->has_capd = stage_path(run, "capd", path, sizeof(path));
	app->has_flowagg = stage_path(run, "flowagg", path, sizeof(path));
	app->has_namemap = stage_path(run, "namemap", path, sizeof(path));
}

/* Never wait for a stage that is not there or does not read. */
static void
order(const struct effects *e, struct app *app,
    const struct control_order *o)
{
	char path[1024], text[sizeof(o->command) + 1];
	int len = snprintf(text, sizeof(text), "%s\n", o->command);
	if (!stage_path(e->run, o->stage, path, sizeof(path)))
		return;
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1 || write(fd, text, (size_t)len) != len)
		app_say(app, STATUS_ERROR, "%s takes no orders: %s",
		    o->stage, errno == ENXIO ? "it has ended" :
		    strerror(errno));
	if (fd != -1)
		close(fd);
}

static void
copy(struct effects *e, struct app *app, char *text)
{
	const char *program = clipboard_program();
	if (program != NULL && e->clipboard.pid == 0 &&
	    clipboard_start(&e->clipboard, program, text, strlen(text))) {
		app_say(app, STATUS_INFO, "copying with %s ...", program);
	} else if (e->feed != NULL && !e->dumb && clipboard_osc52(&e->terminal,
	    text, strlen(text), clipboard_within())) {
		/* The terminal does not answer, so neither do we claim. */
		app_say(app, STATUS_INFO, "handed to the terminal's "
		    "clipboard (OSC 52)");
	} else {
		app_say(app, STATUS_ERROR, "nothing copied: no wl-copy, xclip "
		    "or pbcopy here");
	}
	free(text);
}

/* Begin with the first name that is free: another recording may be of the same
 * second. */
static bool
record_to_free(struct effects *e, const char *home, const char *when,
    char *path, size_t size)
{
	enum { NAMES = 100 };
	char number[16] = "";
	for (int n = 2;; n++) {
		if ((size_t)snprintf(path, size, "%s/iftoprs-%s%s.ndjson",
		    home, when, number) >= size) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (feed_record(e->feed, path))
			return true;
		if (errno != EEXIST || n > NAMES)
			return false;
		snprintf(number, sizeof(number), "-%d", n);
	}
}

/* To a file of the home directory; without one, nowhere. */
static void
start_recording(struct effects *e, struct app *app)
{
	char path[FEED_PATH], shown[APP_STATUS - 60], when[32];
	time_t now = time(NULL);
	struct tm tm;
	const char *home = getenv("HOME");
	if (home == NULL || home[0] != '/') {
		app_say(app, STATUS_ERROR, "nothing recorded: HOME is not "
		    "set");
		return;
	}
	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	bool begun = record_to_free(e, home, when, path, sizeof(path));
	int why = errno;
	text_elide(path, (int)sizeof(shown), app->ascii, shown, sizeof(shown));
	if (begun) {
		app->feed.recording = true;
		app->feed.recorded = 0;
		snprintf(app->feed.record_path, sizeof(app->feed.record_path),
		    "%s", path);
		app_say(app, STATUS_INFO, "recording to %s (R stops)", shown);
	} else {
		app_say(app, STATUS_ERROR, "cannot record to %s: %s", shown,
		    strerror(why));
	}
}

static void
record(struct effects *e, struct app *app)
{
	if (e->feed == NULL) {
		app_say(app, STATUS_WARN, "nothing to record here");
		return;
	}
	if (app->feed.recording) {
		char shown[APP_STATUS - 60];
		feed_record(e->feed, NULL);
		/* One may be there that is not shown yet. */
		app->feed.recorded = feed_recorded(e->feed);
		text_elide(app->feed.record_path, (int)sizeof(shown),
		    app->ascii, shown, sizeof(shown));
		app_say(app, STATUS_INFO, "recorded %llu snapshots: %s",
		    (unsigned long long)app->feed.recorded, shown);
		app->feed.recording = false;
		return;
	}
	if (app->feed.ended) {
		app_say(app, STATUS_WARN, "the stream has ended: nothing "
		    "comes to record");
		return;
	}
	start_recording(e, app);
}

static void *
save_thread(void *argument)
{
	struct saver *s = argument;
	prefs_job_run(s->job);
	ssize_t n = write(s->wake, "", 1);
	(void)n;
	return NULL;
}

static void
start_saving(struct effects *e, struct app *app)
{
	if (e->saver != NULL || !e->run->saves)
		return;			/* saved when this one is done */
	struct prefs_job *job = prefs_save_begin(app->prefs);
	if (job == NULL)
		return;
	e->saver = xcalloc(1, sizeof(*e->saver));
	*e->saver = (struct saver){ .job = job, .wake = e->wake[1] };
	if (!thread_start(&e->saver->thread, save_thread, e->saver)) {
		prefs_job_run(job);
		prefs_save_end(app->prefs, job, NULL);
		free(e->saver);
		e->saver = NULL;
	}
}

static bool
finish_saving(struct effects *e, struct app *app)
{
	char *why = NULL;
	pthread_join(e->saver->thread, NULL);
	bool saved = prefs_save_end(app->prefs, e->saver->job, &why);
	if (!saved) {
		app_say(app, STATUS_ERROR, "settings not saved: %s",
		    why != NULL ? why : "unknown reason");
		free(why);
	}
	free(e->saver);
	e->saver = NULL;
	return saved;
}

void
effects_do(struct effects *e, struct app *app)
{
	struct wants w = app->wants;
	bool leaving = w.quit, suspend = w.suspend, repaint = w.repaint;
	app->wants = (struct wants){ .quit = leaving, .suspend = suspend,
		.repaint = repaint };
	for (unsigned i = 0; i < w.control_count; i++)
		order(e, app, &w.controls[i]);
	if (w.copy != NULL)
		copy(e, app, w.copy);
	if (w.bell && e->feed != NULL)
		buf_add_char(&e->terminal, '\a');
	if (w.export)
		export_rows(app);
	if (w.record)
		record(e, app);
	if (w.list_interfaces)
		interfaces_ask(&app->interfaces);
	if (w.save)
		start_saving(e, app);
	if (e->feed == NULL)
		return;
	if (w.pause_feed)
		feed_pause(e->feed, app->paused);
	if (w.step_feed)
		feed_step(e->feed);
	if (w.speed_feed)
		feed_speed(e->feed, app->speed);
}

void
effects_step(struct effects *e, struct app *app)
{
	char drain[16];
	if (interfaces_step(&app->interfaces, app->now))
		app_interfaces(app);
	if (app_popup(app) == POPUP_INTERFACES &&
	    interfaces_look(&app->interfaces, app->now))
		app->dirty = true;
	if (e->clipboard.pid != 0) {
		enum clipboard_state state = clipboard_step(&e->clipboard);
		if (state == CLIPBOARD_DONE)
			app_say(app, STATUS_INFO, "copied with %s",
			    e->clipboard.program);
		else if (state == CLIPBOARD_FAILED)
			app_say(app, STATUS_ERROR, "%s failed: %s",
			    e->clipboard.program,
			    buf_text(&e->clipboard.message));
		if (state != CLIPBOARD_BUSY)
			clipboard_done(&e->clipboard);
	}
	/* What failed is tried again at the next change, not at once. */
	if (e->saver != NULL && read(e->wake[0], drain, sizeof(drain)) > 0 &&
	    finish_saving(e, app) && prefs_unsaved(app->prefs))
		start_saving(e, app);
}

bool
effects_busy(const struct effects *e)
{
	return e->clipboard.pid != 0 || e->saver != NULL;
}

void
effects_done(struct effects *e, struct app *app)
{
	char *why = NULL;
	if (e->saver != NULL)
		finish_saving(e, app);
	/* What was changed while that one was under way, or had failed. */
	if (e->run->saves && !prefs_save(app->prefs, &why))
		warnx("settings not saved: %s", why != NULL ? why :
		    "unknown reason");
	free(why);
	clipboard_done(&e->clipboard);
	buf_done(&e->terminal);
	close(e->wake[0]);
	close(e->wake[1]);
}
