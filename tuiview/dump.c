/* SPDX-License-Identifier: MIT
 *
 * The screen without a terminal, for tests and pictures.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/options.h"
#include "lib/snapshot.h"
#include "tuiview/effects.h"
#include "tuiview/paint.h"
#include "tuiview/run.h"
#include "tuiview/view.h"

enum { KEY_TAKES_MS = 10 };

struct dump {
	struct app *app;
	struct effects effects;
	struct grid grid;
	struct decoder decoder;
	struct lines lines;
	struct json json;
	struct feed_state state;
};

/* Take in one snapshot (and the lines before it that are none); false at the
 * end of the stream. */
static bool
read_one(struct dump *d)
{
	struct feed_state *state = &d->state;
	for (;;) {
		size_t len;
		const char *error = NULL;
		char *line = lines_next(&d->lines, &len);
		feed_skipped(state, &d->lines, line, d->app->flows != NULL);
		if (line == NULL && d->lines.ended)
			return false;
		if (line == NULL) {
			if (lines_fill(&d->lines) == -1)
				err(EXIT_FAILURE, "standard input");
			continue;
		}
		if (len == 0)
			continue;
		if (feed_refuses(state, line, len))
			return false;
		struct flows *f = flows_parse(&d->json, line, len, &error);
		state->lines++;
		if (f == NULL && error != NULL)
			feed_complain(state, d->lines.number, error,
			    d->app->flows != NULL);
		app_feed(d->app, state);
		if (f == NULL)
			continue;
		app_snapshot(d->app, f);
		return true;
	}
}

static void
show(struct dump *d)
{
	effects_do(&d->effects, d->app);
	while (effects_busy(&d->effects) || d->app->interfaces.asked) {
		effects_step(&d->effects, d->app);
		usleep(1000);
	}
	app_prepare(d->app);
	view_draw(&d->grid, d->app);
}

static void
event(struct dump *d, const struct event *e)
{
	app_tick(d->app, d->app->now + KEY_TAKES_MS, 0);
	app_event(d->app, e, &d->grid.hits);
	show(d);
}

static void
byte(struct dump *d, unsigned char c)
{
	struct event e;
	enum decoded what;
	do {
		what = decode_byte(&d->decoder, c, &e);
		if (what != DECODED_NOTHING)
			event(d, &e);
	} while (what == DECODED_AGAIN);
}

static void
pass_time(struct dump *d, const int n[2])
{
	/* In steps, as the event loop would. */
	for (int passed = 0; passed < n[0]; passed += 50)
		app_tick(d->app, d->app->now + 50, 0);
}

static void
resize(struct dump *d, const int n[2])
{
	app_resize(d->app, n[0], n[1]);
}

static void
take_next(struct dump *d, const int n[2])
{
	(void)n;
	read_one(d);
}

static void
end_stream(struct dump *d, const int n[2])
{
	(void)n;
	d->state.ended = true;
	app_feed(d->app, &d->state);
}

/* What may stand in braces, with so many numbers behind it: something to do,
 * or of the mouse, at a place. */
static const struct directive {
	const char *name;
	int numbers;
	void (*obey)(struct dump *, const int n[2]);
	enum mouse_what mouse;
} directives[] = {
	{ "wait", 1, pass_time, 0 }, { "resize", 2, resize, 0 },
	{ "next", 0, take_next, 0 }, { "end", 0, end_stream, 0 },
	{ "click", 2, NULL, MOUSE_LEFT }, { "right", 2, NULL, MOUSE_RIGHT },
	{ "middle", 2, NULL, MOUSE_MIDDLE }, { "move", 2, NULL, MOUSE_MOVE },
	{ "up", 2, NULL, MOUSE_WHEEL_UP }, { "down", 2, NULL,
	    MOUSE_WHEEL_DOWN },
};

/* The one that a text of this length asks for, and its numbers. */
static const struct directive *
parse_directive(const char *text, int len, int n[2])
{
	char copy[64], *end;
	snprintf(copy, sizeof(copy), "%.*s", len, text);
	size_t name = strcspn(copy, " ");
	char *rest = copy + name;
	int found = 0;
	for (; found < 2; found++, rest = end) {
		n[found] = (int)strtol(rest, &end, 10);
		if (end == rest)
			break;
	}
	copy[name] = '\0';
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (strcmp(copy, directives[i].name) == 0 &&
		    found == directives[i].numbers && *rest == '\0')
			return &directives[i];
	errx(EXIT_USAGE, "-k: unknown {%.*s} (see tuiview(1))", len, text);
}

static void
obey(struct dump *d, const char *text, int len)
{
	int n[2] = { 0, 0 };
	const struct directive *o = parse_directive(text, len, n);
	struct event e = { .kind = EVENT_MOUSE, .mouse = o->mouse, .x = n[0],
		.y = n[1] };
	if (o->obey == NULL) {
		event(d, &e);
		return;
	}
	o->obey(d, n);
	show(d);
}

static unsigned char
escaped(const char **at)
{
	const char *t = *at;
	switch (*t) {
	case 'r': return '\r';
	case 'n': return '\n';
	case 't': return '\t';
	case 'b': return 0x7f;
	case 'e': return 0x1b;
	case '^':
		if (t[1] != '\0') {
			*at = t + 1;
			return t[1] & 0x1f;
		}
		break;
	default: break;
	}
	return (unsigned char)*t;
}

static void
play(struct dump *d, const char *keys)
{
	struct event e;
	for (const char *at = keys; *at != '\0' && !d->app->wants.quit;
	    at++) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;
		if (end != NULL) {
			obey(d, at + 1, (int)(end - at) - 1);
			at = end;
			continue;
		}
		if (*at != '\\' || at[1] == '\0') {
			byte(d, (unsigned char)*at);
			continue;
		}
		at++;
		unsigned char c = escaped(&at);
		byte(d, c);
		/* Nothing follows an Escape but what starts a sequence. */
		if (c == 0x1b && at[1] != '[' &&
		    decode_timeout(&d->decoder, &e))
			event(d, &e);
	}
}

/* Is there a {next} that play() obeys, behind no backslash? */
static bool
asks_next(const char *keys)
{
	for (; *keys != '\0'; keys++)
		if (*keys == '\\' && keys[1] != '\0') {
			keys++;
			escaped(&keys);
		} else if (strncmp(keys, "{next}", 6) == 0) {
			return true;
		}
	return false;
}

int
run_dump(struct app *app, const struct run *run)
{
	struct dump d = { .app = app };
	grid_init(&d.grid);
	effects_stages(run, app);
	effects_init(&d.effects, run, NULL);
	app->speed = run->speed;
	app->recorded = run->recorded;
	app_tick(app, 1000, 0);
	lines_init(&d.lines, STDIN_FILENO, SNAPSHOT_LONGEST);
	/* All of it, unless the keys ask for one after the other. */
	bool stepwise = run->keys != NULL && asks_next(run->keys);
	while (read_one(&d) && !stepwise)
		;
	show(&d);
	if (run->keys != NULL)
		play(&d, run->keys);
	show(&d);
	if (run->picture)
		paint_svg(&d.grid, &app->palette, stdout);
	else if (run->styled)
		paint_dump(&d.grid, &app->palette, stdout);
	else
		grid_dump(&d.grid, stdout);
	int status = app->flows != NULL ? EXIT_SUCCESS : EXIT_FAILURE;
	if (app->flows == NULL)
		feed_warn(&d.state, STDIN_FILENO);
	effects_done(&d.effects, app);
	grid_done(&d.grid);
	lines_done(&d.lines);
	json_done(&d.json);
	return status;
}
