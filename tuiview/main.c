/* SPDX-License-Identifier: MIT
 *
 * tuiview shows a snapshot stream on the terminal.  Here: options, and what
 * needs no screen.
 */
#include <err.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/invoker.h"
#include "lib/io.h"
#include "lib/num.h"
#include "lib/options.h"
#include "tuiview/app.h"
#include "tuiview/iftoprc.h"
#include "tuiview/run.h"
#include "tuiview/term.h"
#include "tuiview/term_info.h"

enum {
	OPTION_ASCII = 256, OPTION_CHECK, OPTION_CONTROL, OPTION_STYLED,
	OPTION_PICTURE, OPTION_IMPORT, OPTION_LIST, OPTION_PRINT, OPTION_SHELL,
	OPTION_SET, OPTION_SPEED, OPTION_THEME, OPTION_NO_MOUSE
};

static const struct option_spec table[] = {
	{ 'c', "config", "FILE", "settings, instead of ~/.iftoprs.conf" },
	{ 'd', "dump", "COLSxROWS", "print the last screen as text and end" },
	{ 'k', "keys", "KEYS", "with -d: keys to play before" },
	{ OPTION_ASCII, "ascii", NULL, "draw with ASCII alone" },
	{ OPTION_CHECK, "check-config", NULL, "say what is wrong with the "
	    "settings" },
	{ OPTION_CONTROL, "control-dir", "DIR", "where the stages' control "
	    "files are" },
	{ OPTION_STYLED, "dump-styled", NULL, "with -d: keep the colours" },
	{ OPTION_PICTURE, "dump-svg", NULL, "with -d: as a picture" },
	{ OPTION_IMPORT, "import-iftoprc", "FILE", "take over the settings "
	    "of classic iftop" },
	{ OPTION_LIST, "list-colors", NULL, "print the themes" },
	{ OPTION_NO_MOUSE, "no-mouse", NULL, "leave the mouse alone" },
	{ OPTION_PRINT, "print-config", NULL, "print the settings in force" },
	{ OPTION_SET, "set", "KEY=VALUE", "a setting for this run" },
	{ OPTION_SHELL, "shell", NULL, "with --print-config: as shell "
	    "variables" },
	{ OPTION_SPEED, "speed", "N", "play a recording at N times its pace" },
	{ OPTION_THEME, "theme", "NAME", "a theme for this run" },
	{ 0, NULL, NULL, NULL },
};

static struct options options = {
	.program = "tuiview",
	.synopsis = "[options] < snapshots",
	.purpose = "Show a stream of flow snapshots on the terminal.",
	.table = table,
};

enum job { JOB_SCREEN, JOB_LIST, JOB_PRINT, JOB_CHECK, JOB_IMPORT };

/* The command line. */
struct request {
	struct run run;
	enum job job;
	const char *config, *iftoprc;
	const char *sets[64];
	unsigned set_count;
	bool ascii, shell;
	int cols, rows;
};

static void
add_set(struct request *r, const char *text)
{
	if (r->set_count == sizeof(r->sets) / sizeof(r->sets[0]))
		options_fail(&options, "too many settings");
	r->sets[r->set_count++] = text;
}

static void
parse_size(struct request *r, const char *text)
{
	char end;
	if (sscanf(text, "%5dx%5d%c", &r->cols, &r->rows, &end) != 2 ||
	    r->cols < 1 || r->cols > GRID_COLS_MAX || r->rows < 1 ||
	    r->rows > GRID_ROWS_MAX)
		options_fail(&options, "-d: expected COLSxROWS such as 80x24, "
		    "not '%s'", text);
	r->run.dump = true;
}

static void
parse_speed(struct request *r, const char *text)
{
	r->run.speed = 0;
	r->run.recorded = true;
	if (strcmp(text, "max") != 0 &&
	    !num_decimal(text, 0.001, 1000000, &r->run.speed))
		options_fail(&options, "--speed: expected max or a number "
		    "from 0.001 to 1000000, not '%s'", text);
}

static void
parse(struct request *r, int argc, char **argv)
{
	static char theme[128];
	int id;
	options_init(&options, argc, argv);
	while ((id = options_next(&options)) != -1)
		switch (id) {
		case 'c': r->config = options.value; break;
		case 'd': parse_size(r, options.value); break;
		case 'k': r->run.keys = options.value; break;
		case OPTION_ASCII: r->ascii = true; break;
		case OPTION_CHECK: r->job = JOB_CHECK; break;
		case OPTION_CONTROL: r->run.control_dir = options.value; break;
		case OPTION_STYLED: r->run.styled = true; break;
		case OPTION_PICTURE: r->run.picture = true; break;
		case OPTION_IMPORT:
			r->job = JOB_IMPORT;
			r->iftoprc = options.value;
			break;
		case OPTION_LIST: r->job = JOB_LIST; break;
		case OPTION_NO_MOUSE: add_set(r, "mouse=false"); break;
		case OPTION_PRINT: r->job = JOB_PRINT; break;
		case OPTION_SET: add_set(r, options.value); break;
		case OPTION_SHELL: r->shell = true; break;
		case OPTION_SPEED: parse_speed(r, options.value); break;
		case OPTION_THEME:
			snprintf(theme, sizeof(theme), "theme=%s",
			    options.value);
			add_set(r, theme);
			break;
		default: break;
		}
	if (options_rest(&options) < argc)
		options_fail(&options, "unexpected argument '%s'; the stream "
		    "comes on standard input", argv[options_rest(&options)]);
	if ((r->run.keys != NULL || r->run.styled || r->run.picture) &&
	    !r->run.dump)
		options_fail(&options, "-k, --dump-styled and --dump-svg go "
		    "with -d");
	if (r->shell && r->job != JOB_PRINT)
		options_fail(&options, "--shell goes with --print-config");
}

static void
override(struct prefs *prefs, const struct request *r)
{
	for (unsigned i = 0; i < r->set_count; i++) {
		char *why = NULL;
		if (!prefs_assign(prefs, r->sets[i], false, &why))
			options_fail(&options, "%s", why);
	}
}

/* What became of each key goes to standard output. */
static int
import(struct prefs *prefs, const char *iftoprc)
{
	char *why = NULL;
	if (!iftoprc_import(prefs, iftoprc, stdout, &why))
		errx(EXIT_FAILURE, "%s", why);
	if (!prefs_save(prefs, &why))
		errx(EXIT_FAILURE, "settings not saved: %s", why);
	return EXIT_SUCCESS;
}

static enum colour_depth
depth_of(const struct prefs *prefs, const struct request *r)
{
	static const enum colour_depth depths[] = { COLOUR_RGB, COLOUR_MONO,
		COLOUR_16, COLOUR_256, COLOUR_RGB };
	int choice = prefs_choice(prefs, PREF_COLOURS);
	if (r->run.picture || (r->run.dump && choice == 0 && !r->run.styled))
		return COLOUR_RGB;
	/* There is no terminal to ask, but people can say no. */
	if (r->run.dump && choice == 0)
		return theme_refused() ? COLOUR_MONO : COLOUR_RGB;
	if (choice > 0)
		return depths[choice];
	return theme_depth(term_info_colours());
}

/* Does the locale, hence the terminal, take UTF-8? */
static bool
takes_utf8(void)
{
	setlocale(LC_CTYPE, "");
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	/* Nothing here asks the locale: widths are our own, and cases of
	 * more than ASCII are asked of another (lower.c). */
	setlocale(LC_CTYPE, "C");
	return utf8;
}

static void
set_up(struct app *app, struct prefs *prefs, const struct request *r)
{
	int ground = prefs_choice(prefs, PREF_BACKGROUND);
	app->background = ground == 1 ? BACKGROUND_DARK : ground == 2 ?
	    BACKGROUND_LIGHT : theme_background();
	app->depth = depth_of(prefs, r);
	app->ascii = r->ascii || prefs_bool(prefs, PREF_ASCII) ||
	    !takes_utf8();
	app_init(app, prefs, r->cols, r->rows);
}

static int
show_screen(struct prefs *prefs, struct request *r)
{
	struct app *app = calloc(1, sizeof(*app));
	char why[200];
	if (app == NULL)
		err(EXIT_FAILURE, "memory");
	/* Stages and copying programs may leave while we write to them. */
	io_ignore_signals();
	if (!r->run.dump && !term_open(why, sizeof(why)))
		errx(EXIT_FAILURE, "%s", why);
	set_up(app, prefs, r);
	/* A dump changes nothing, unless it is told which file to change. */
	r->run.saves = !r->run.dump || r->config != NULL;
	int status = r->run.dump ? run_dump(app, &r->run) :
	    run_terminal(app, &r->run);
	app_done(app);
	free(app);
	return status;
}

static void
check_streams(void)
{
	/* The terminal would take the place of one that is closed, and what
	 * is typed would be read as the stream. */
	const char *closed = io_closed_stream(true);
	if (closed != NULL)
		errx(EXIT_FAILURE, "%s is closed", closed);
	/* It is for the keys, and who types tuiview alone would wait. */
	if (isatty(STDIN_FILENO))
		errx(EXIT_FAILURE, "standard input is a terminal: expected "
		    "snapshots, as capd -i eth0 | flowagg | tuiview has them; "
		    "iftoprs does all of it");
}

int
main(int argc, char **argv)
{
	struct request r = { .cols = 80, .rows = 24 };
	if (!invoker_become())
		err(EXIT_FAILURE, "cannot become the invoking user");
	parse(&r, argc, argv);
	if (r.job == JOB_LIST) {
		theme_list(stdout, isatty(STDOUT_FILENO) ? theme_depth(0) :
		    COLOUR_MONO);
		return EXIT_SUCCESS;
	}
	if (r.job == JOB_SCREEN)
		check_streams();
	struct prefs *prefs = prefs_new(r.config);
	int status = EXIT_SUCCESS;
	if (r.job == JOB_CHECK) {
		status = prefs_check(prefs, stderr) ? EXIT_SUCCESS :
		    EXIT_FAILURE;
	} else {
		for (size_t i = 0; prefs_message(prefs, i) != NULL; i++)
			warnx("%s", prefs_message(prefs, i));
		override(prefs, &r);
		if (r.job == JOB_PRINT)
			prefs_print(prefs, stdout, r.shell);
		else if (r.job == JOB_IMPORT)
			status = import(prefs, r.iftoprc);
		else
			status = show_screen(prefs, &r);
	}
	prefs_free(prefs);
	return status;
}
