/* SPDX-License-Identifier: MIT
 *
 * Themes: there are 31, each can be told from each other, and every role of
 * each can be read, in every depth, on dark and on light ground.
 *
 * uses: tuiview/theme.c tuiview/palette.c tuiview/palette_roles.c tuiview/theme_table.c tuiview/colour.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/colour.h"
#include "tuiview/theme.h"

static int failures;
static unsigned long pairs;

static const enum role lines[] = {
	ROLE_BAR, ROLE_BAR_DIM, ROLE_SPARK, ROLE_RULER, ROLE_BORDER,
	ROLE_SEPARATOR, ROLE_POPUP_BORDER,
};

static bool
is_line(enum role role)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (lines[i] == role)
			return true;
	}
	return false;
}

static uint32_t
seen(const struct palette *p, int32_t colour)
{
	return p->depth == COLOUR_RGB ? (uint32_t)colour :
	    colour_xterm(colour);
}

static void
expect(const struct palette *p, const struct theme *t, const char *what,
    const char *role, uint32_t fg, uint32_t bg, double least)
{
	static const char *const depths[] = { "mono", "16", "256", "rgb" };
	double ratio = colour_contrast(fg, bg);
	pairs++;
	if (ratio >= least)
		return;
	failures++;
	printf("%s %s %s: %s %s: %06x on %06x is %.2f:1, not %.1f:1\n",
	    t->id, depths[p->depth], p->background == BACKGROUND_DARK ?
	    "dark" : "light", what, role, fg, bg, ratio, least);
}

/* A style on its own bg, or on every ground promised. */
static void
check_style(const struct palette *p, const struct theme *t, enum role role,
    const char *what, struct style s)
{
	static const uint32_t grounds[2][3] = {
		{ 0x000000, 0x121212, 0x262626 },
		{ 0xffffff, 0xfdf6e3, 0xeeeeee },
	};
	double least = is_line(role) ? 3 : 4.5;
	if (s.fg < 0) {
		failures++;
		printf("%s: %s %s has no colour\n", t->id, what,
		    role_name(role));
		return;
	}
	/* A bar's fg is for bars in characters, on the plain ground. */
	if (s.bg >= 0 && role != ROLE_BAR && role != ROLE_BAR_DIM) {
		expect(p, t, what, role_name(role), seen(p, s.fg),
		    seen(p, s.bg), least);
		return;
	}
	/* The 16 colours are the user's; only the plain ground is certain. */
	size_t count = p->depth == COLOUR_16 ? 1 : 3;
	for (size_t i = 0; i < count; i++)
		expect(p, t, what, role_name(role), seen(p, s.fg),
		    grounds[p->background][i], least);
}

static void
check_bar(const struct palette *p, const struct theme *t)
{
	uint32_t ground = p->background == BACKGROUND_DARK ? 0 : 0xffffff;
	expect(p, t, "bar", "tip", seen(p, p->bar[BAR_STEPS - 1]), ground, 3);
	for (size_t i = 0; i < BAR_STEPS; i++) {
		for (enum role r = 0; r < ROLE_COUNT; r++) {
			/* A popup lies over the bars, not on them. */
			if (p->style[r].bg >= 0 && r != ROLE_BAR_TEXT &&
			    r != ROLE_SELECTED)
				continue;
			expect(p, t, "on bar", role_name(r),
			    seen(p, p->on_bar[r].fg), seen(p, p->bar[i]),
			    is_line(r) ? 3 : 4.5);
		}
	}
}

/* The 16 colours are the user's: on a ground of ours only black and white
 * are sure to be seen, but on black where the terminal is black itself. */
static void
check_safe(const struct palette *p, const struct theme *t, enum role role,
    struct style s)
{
	if (p->depth != COLOUR_16 || s.bg == -1 || role == ROLE_BAR ||
	    role == ROLE_BAR_DIM)
		return;
	if (s.bg == 0 && p->background == BACKGROUND_DARK)
		return;
	if (s.fg == 0 || s.fg == 15)
		return;
	failures++;
	printf("%s: %s is %d on %d of 16\n", t->id, role_name(role), s.fg,
	    s.bg);
}

static void
check_theme(const struct theme *t, enum background b, enum colour_depth d)
{
	struct palette p;
	palette_init(&p, t, b, d);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		check_style(&p, t, r, "plain", p.style[r]);
		if (r != ROLE_BAR && r != ROLE_BAR_DIM)
			check_style(&p, t, r, "selected", p.on_selected[r]);
		check_safe(&p, t, r, p.style[r]);
		check_safe(&p, t, r, p.on_selected[r]);
	}
	expect(&p, t, "selected", "bar", seen(&p, p.on_selected[ROLE_BAR].fg),
	    seen(&p, p.on_selected[ROLE_BAR].bg), 3);
	check_bar(&p, t);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		int top = d == COLOUR_16 ? 15 : d == COLOUR_256 ? 255 :
		    0xffffff;
		if (p.style[r].fg > top || p.style[r].bg > top ||
		    (d == COLOUR_16 && p.style[r].bg > 7)) {
			failures++;
			printf("%s: %s is no index\n", t->id, role_name(r));
		}
	}
}

/* Mean distance of the six colours. */
static double
difference(const struct theme *a, const struct theme *b)
{
	double sum = 0;
	for (size_t i = 0; i < THEME_COLOURS; i++)
		sum += colour_distance(a->colours[i], b->colours[i]);
	return sum / THEME_COLOURS;
}

static void
check_table(void)
{
	if (theme_count != 31 || strcmp(themes[0].id, THEME_DEFAULT) != 0) {
		failures++;
		printf("%zu themes, first %s\n", theme_count, themes[0].id);
	}
	for (size_t i = 0; i < theme_count; i++) {
		for (size_t j = 0; j < i; j++) {
			double d = difference(&themes[i], &themes[j]);
			if (d > 0.04)
				continue;
			failures++;
			printf("%s and %s look alike: %.3f\n", themes[i].id,
			    themes[j].id, d);
		}
		if (theme_find(themes[i].id) != &themes[i] ||
		    theme_find(themes[i].name) != &themes[i]) {
			failures++;
			printf("%s is not found\n", themes[i].id);
		}
	}
	if (theme_find("neonsprawl") != &themes[0] ||
	    theme_find("no such") != NULL || theme_find("") != NULL) {
		failures++;
		printf("theme_find is wrong\n");
	}
}

/* Without colours, what matters must differ by attributes. */
static void
check_mono(void)
{
	static const enum role marked[] = {
		ROLE_SELECTED, ROLE_BAR_TEXT, ROLE_HEADER,
		ROLE_TAB_ACTIVE, ROLE_CHOICE, ROLE_INPUT, ROLE_INPUT_CURSOR,
		ROLE_PAUSED, ROLE_WARN, ROLE_ERROR, ROLE_ALERT, ROLE_DIM,
		ROLE_MATCH, ROLE_COLUMN_SORTED,
	};
	struct palette p;
	palette_init(&p, &themes[0], BACKGROUND_DARK, COLOUR_MONO);
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		if (p.style[r].fg != -1 || p.style[r].bg != -1 ||
		    p.on_bar[r].fg != -1) {
			failures++;
			printf("mono: %s has a colour\n", role_name(r));
		}
	}
	for (size_t i = 0; i < sizeof(marked) / sizeof(marked[0]); i++) {
		if (p.style[marked[i]].attributes == 0) {
			failures++;
			printf("mono: %s is plain\n", role_name(marked[i]));
		}
	}
}

static void
check_depth(const char *term, const char *more, const char *no, int colours,
    enum colour_depth expected)
{
	setenv("TERM", term, 1);
	setenv("COLORTERM", more, 1);
	setenv("NO_COLOR", no, 1);
	enum colour_depth got = theme_depth(colours);
	if (got == expected)
		return;
	failures++;
	printf("TERM=%s COLORTERM=%s NO_COLOR=%s %d colours: depth %d, "
	    "not %d\n", term, more, no, colours, got, expected);
}

static void
check_background(const char *value, enum background expected)
{
	setenv("COLORFGBG", value, 1);
	if (theme_background() == expected)
		return;
	failures++;
	printf("COLORFGBG=%s is misread\n", value);
}

static void
check_escape(void)
{
	static const struct style s = { 0xff8000, 0x000102, STYLE_BOLD };
	static const struct style t = { 9, 2, STYLE_REVERSE };
	char text[STYLE_ESCAPE];
	style_escape(&s, COLOUR_RGB, text);
	if (strcmp(text, "\033[0;1;38;2;255;128;0;48;2;0;1;2m") != 0)
		failures += printf("escape: %s\n", text + 1) > 0;
	style_escape(&t, COLOUR_16, text);
	if (strcmp(text, "\033[0;7;91;42m") != 0)
		failures += printf("escape: %s\n", text + 1) > 0;
	style_escape(&t, COLOUR_256, text);
	if (strcmp(text, "\033[0;7;38;5;9;48;5;2m") != 0)
		failures += printf("escape: %s\n", text + 1) > 0;
	style_escape(&t, COLOUR_MONO, text);
	if (strcmp(text, "\033[0;7m") != 0)
		failures += printf("escape: %s\n", text + 1) > 0;
}

/* The worst six colours that a user could choose are readable too. */
static void
check_custom(void)
{
	static const struct theme custom[] = {
		{ "black", "black", "", { 0, 0, 0, 0, 0, 0 } },
		{ "white", "white", "", { 0xffffff, 0xffffff, 0xffffff,
		    0xffffff, 0xffffff, 0xffffff } },
		{ "blue", "blue", "", { 0x0000ff, 0x0000ff, 0x0000ff,
		    0x0000ff, 0x0000ff, 0x0000ff } },
		{ "mid", "mid", "", { 0x808080, 0x767676, 0x7f007f,
		    0x00ff00, 0xffff00, 0x777777 } },
	};
	for (size_t i = 0; i < sizeof(custom) / sizeof(custom[0]); i++) {
		for (int d = COLOUR_16; d <= COLOUR_RGB; d++) {
			check_theme(&custom[i], BACKGROUND_DARK, d);
			check_theme(&custom[i], BACKGROUND_LIGHT, d);
		}
	}
}

int
main(void)
{
	check_table();
	for (size_t i = 0; i < theme_count; i++) {
		for (int d = COLOUR_16; d <= COLOUR_RGB; d++) {
			check_theme(&themes[i], BACKGROUND_DARK, d);
			check_theme(&themes[i], BACKGROUND_LIGHT, d);
		}
	}
	check_custom();
	check_mono();
	check_escape();
	check_depth("xterm-256color", "truecolor", "", 256, COLOUR_RGB);
	check_depth("xterm-256color", "truecolor", "1", 256, COLOUR_MONO);
	check_depth("xterm-256color", "", "", 256, COLOUR_256);
	check_depth("tmux-256color", "", "", 0, COLOUR_256);
	check_depth("tmux-256color", "", "", 1 << 24, COLOUR_RGB);
	check_depth("tmux-256color", "", "1", 1 << 24, COLOUR_MONO);
	check_depth("xterm", "", "", 8, COLOUR_16);
	check_depth("linux", "", "", 0, COLOUR_16);
	check_depth("vt100", "", "", -1, COLOUR_MONO);
	check_depth("dumb", "truecolor", "", 0, COLOUR_MONO);
	check_depth("", "", "", 0, COLOUR_MONO);
	check_background("15;0", BACKGROUND_DARK);
	check_background("0;15", BACKGROUND_LIGHT);
	check_background("0;default;7", BACKGROUND_LIGHT);
	check_background("", BACKGROUND_DARK);
	if (pairs < 31 * 2 * 3 * ROLE_COUNT)
		failures += printf("only %lu pairs\n", pairs) > 0;
	return failures > 0;
}
