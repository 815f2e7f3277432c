/* SPDX-License-Identifier: MIT
 *
 * What is sent to the terminal, read back by a small terminal: whatever was
 * shown before, and whatever the terminal can do, the next grid is shown.
 *
 * uses: tuiview/term_draw.c tuiview/term_send.c tuiview/term_move.c tuiview/paint.c tuiview/grid.c tuiview/grid_shapes.c tuiview/hit.c tuiview/text.c tuiview/width.c tuiview/theme.c tuiview/theme_table.c tuiview/palette.c tuiview/palette_roles.c tuiview/colour.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "tuiview/colour.h"
#include "tuiview/paint.h"
#include "tuiview/term_draw.h"
#include "tuiview/width.h"

enum { COLS = 60, ROWS = 14, FRAMES = 120 };

static int failures;

/* The small terminal. */
static struct {
	struct shown cells[ROWS][COLS];
	struct style style;
	int x, y;
	bool bce, cursor, rgb;
	bool wraps;		/* at once, and the last line scrolls */
	struct shown *last;	/* what was written last */
} t;

static const char *
place(int x, int y)
{
	static char text[16];
	/* A form of its own, that the drawing must not take apart. */
	snprintf(text, sizeof(text), "\033=%c%c", x + 32, y + 32);
	return text;
}

static void
blank_cells(int from, int to, int y)
{
	struct style s = { -1, t.bce ? t.style.bg : -1, 0 };
	for (int x = from; x < to; x++)
		t.cells[y][x] = (struct shown){ .style = s, .text = " " };
}

static int32_t
sgr_colour(const int *n, int count, int *i)
{
	if (*i + 2 < count && n[*i + 1] == 5) {
		*i += 2;
		return t.rgb ? (int32_t)colour_xterm(n[*i]) : n[*i];
	}
	*i += 4;
	return n[*i - 2] << 16 | n[*i - 1] << 8 | n[*i];
}

static void
sgr(const int *n, int count)
{
	for (int i = 0; i < count; i++) {
		struct style *s = &t.style;
		int v = n[i];
		if (v == 0)
			*s = (struct style){ -1, -1, 0 };
		else if (v == 38)
			s->fg = sgr_colour(n, count, &i);
		else if (v == 48)
			s->bg = sgr_colour(n, count, &i);
		else if (v == 39)
			s->fg = -1;
		else if (v == 49)
			s->bg = -1;
		else if (v >= 30 && v < 38)
			s->fg = v - 30;
		else if (v >= 40 && v < 48)
			s->bg = v - 40;
		else if (v >= 90 && v < 98)
			s->fg = v - 82;
		else if (v >= 100)
			s->bg = v - 92;
		else if (v == 22)
			s->attributes &= ~(unsigned)(STYLE_BOLD | STYLE_DIM);
		else if (v > 22)
			s->attributes &= ~(unsigned)(v == 23 ? STYLE_ITALIC :
			    v == 24 ? STYLE_UNDERLINE : STYLE_REVERSE);
		else
			s->attributes |= v == 1 ? STYLE_BOLD : v == 2 ?
			    STYLE_DIM : v == 3 ? STYLE_ITALIC : v == 4 ?
			    STYLE_UNDERLINE : STYLE_REVERSE;
	}
}

static const char *
control(const char *at)
{
	int n[16] = { 0 }, count = 1;
	for (; *at == ';' || (*at >= '0' && *at <= '9'); at++) {
		if (*at == ';')
			count++;
		else
			n[count - 1] = n[count - 1] * 10 + *at - '0';
	}
	int one = n[0] != 0 ? n[0] : 1;
	switch (*at) {
	case 'H': t.y = one - 1; t.x = (n[1] != 0 ? n[1] : 1) - 1; break;
	case 'G': t.x = one - 1; break;
	case 'd': t.y = one - 1; break;
	case 'A': t.y -= one; break;
	case 'B': t.y += one; break;
	case 'C': t.x += one; break;
	case 'D': t.x -= one; break;
	case 'X': blank_cells(t.x, t.x + one, t.y); break;
	case 'K': blank_cells(t.x, COLS, t.y); break;
	case 'J':
		for (int y = 0; y < ROWS; y++)
			blank_cells(0, COLS, y);
		break;
	case 'm': sgr(n, count); break;
	default: printf("CSI %c\n", *at); failures++;
	}
	return at + 1;
}

static void
write_text(const char *at, size_t len)
{
	uint32_t c;
	utf8_decode(at, len, &c);
	int width = width_of(c);
	if (width == 0) {
		/* Joins the cell before, wherever that leaves the cursor. */
		strncat(t.last->text, at, len);
		return;
	}
	if (t.x < 0 || t.y < 0 || t.x + width > COLS || t.y >= ROWS) {
		printf("written outside: %d %d\n", t.x, t.y);
		exit(1);
	}
	struct shown *s = &t.cells[t.y][t.x];
	*s = (struct shown){ .style = t.style };
	t.last = s;
	memcpy(s->text, at, len);
	if (width == 2)
		s[1] = (struct shown){ .style = t.style };
	t.x += width;
	if (!t.wraps || t.x < COLS)
		return;
	t.x = 0;
	if (++t.y == ROWS) {
		printf("scrolled\n");
		exit(1);
	}
}

static void
play(const char *at, const char *end)
{
	while (at < end) {
		if (at[0] == '\033' && at[1] == '[') {
			at = control(at + 2);
		} else if (at[0] == '\033' && at[1] == '=') {
			t.x = at[2] - 32;
			t.y = at[3] - 32;
			at += 4;
		} else if (*at == '\r' || *at == '\b' || *at == '\n') {
			t.x = *at == '\r' ? 0 : t.x - (*at == '\b');
			t.y += *at++ == '\n';
		} else if (*at == '<' || *at == '>') {
			t.cursor = *at++ == '>';
		} else {
			uint32_t c;
			size_t n = utf8_decode(at, (size_t)(end - at), &c);
			write_text(at, n);
			at += n;
		}
	}
}

static void
compare(const struct grid *g, const struct palette *p, int frame)
{
	for (int y = 0; y < ROWS; y++)
		for (int x = 0; x < COLS; x++) {
			const struct cell *c = grid_at(g, x, y);
			const struct shown *s = &t.cells[y][x];
			if (t.wraps && y == ROWS - 1 && x >= COLS - 2)
				continue;
			struct style want = paint_cell(p, c);
			bool lit = strcmp(c->text, " ") != 0 ||
			    (want.attributes & (STYLE_REVERSE |
			    STYLE_UNDERLINE));
			bool same = strcmp(c->text, s->text) == 0;
			if (p->depth != COLOUR_MONO && c->width > 0)
				same &= want.bg == s->style.bg &&
				    (!lit || want.fg == s->style.fg);
			if (lit && c->width > 0)
				same &= want.attributes ==
				    s->style.attributes;
			if (!same && failures++ < 10)
				printf("frame %d, %d %d: \"%s\" for \"%s\"\n",
				    frame, x, y, s->text, c->text);
		}
}

static unsigned
any(unsigned below)
{
	static unsigned seed = 1;
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* A little or a lot of everything a view may do. */
static void
change(struct grid *g, unsigned things)
{
	static const char *const texts[] = { "1.00Mb", "  ", "laptop.lan",
		"漢字", "e\314\201e\314\201", "──────", "x", "12:34:56" };
	for (unsigned i = 0; i < things; i++) {
		int x = (int)any(COLS), y = (int)any(ROWS);
		struct rect r = { x, y, (int)any(30), 1 + (int)any(3) };
		enum role role = (enum role)any(ROLE_COUNT);
		switch (any(6)) {
		case 0: grid_fill(g, r, role); break;
		case 1: grid_ground(g, x, y, r.w, (enum ground)any(4)); break;
		case 2: grid_bar(g, 0, y, COLS, x, (enum bar_look)any(4));
			break;
		default: grid_text(g, x, y, role, texts[any(8)]); break;
		}
	}
}

static void
test_frames(const struct draw_caps *caps, enum colour_depth depth)
{
	struct palette p;
	struct drawing d;
	struct grid g;
	struct buf out = { .data = NULL };
	palette_init(&p, theme_find("NeonSprawl"), BACKGROUND_DARK, depth);
	draw_init(&d, caps);
	grid_init(&g);
	grid_clear(&g, COLS, ROWS);
	t.bce = caps->erases_in_colour;
	t.rgb = depth == COLOUR_RGB;
	t.wraps = caps->scrolls_at_corner;
	t.style = (struct style){ 3, 5, STYLE_REVERSE };
	for (int i = 0; i < FRAMES; i++) {
		if (i % 40 == 39)
			draw_forget(&d);
		if (i % 25 == 24)
			grid_clear(&g, COLS, ROWS);
		change(&g, i % 7 == 0 ? 60 : any(6));
		g.cursor_x = i % 10 < 3 ? 5 : -1;
		g.cursor_y = 3;
		buf_reset(&out);
		draw_grid(&d, &g, &p, &out);
		play(buf_text(&out), buf_text(&out) + out.len);
		compare(&g, &p, i);
		if (t.cursor != (g.cursor_x >= 0))
			printf("frame %d: the cursor\n", i), failures++;
		if (t.style.bg != -1 || t.style.attributes != 0)
			printf("frame %d: style left\n", i), failures++;
		/* Nothing changed, nothing sent. */
		buf_reset(&out);
		draw_grid(&d, &g, &p, &out);
		if (out.len != 0)
			printf("frame %d: sent again\n", i), failures++;
	}
	draw_done(&d);
	grid_done(&g);
	buf_done(&out);
}

static void
test_move(void)
{
	static const struct move_caps all = { true, true, true, true, true,
		true, true, true, true, NULL };
	static const struct { int x, y, to_x, to_y; const char *want; }
	    cases[] = {
		{ -1, -1, 0, 0, "\033[H" }, { -1, -1, 9, 4, "\033[5;10H" },
		{ 9, 4, 8, 5, "\n\b" }, { 9, 4, 9, 4, "" },
		{ 9, 4, 10, 4, "\033[C" }, { 30, 4, 0, 5, "\n\r" },
		{ 30, 4, 1, 4, "\033[2G" }, { 9, 9, 9, 3, "\033[6A" },
		{ 50, 9, 58, 9, "\033[8C" }, { -1, 4, 9, 4, "\033[10G" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char bytes[MOVE_TEXT];
		int len = move_bytes(&all, cases[i].x, cases[i].y,
		    cases[i].to_x, cases[i].to_y, bytes);
		if (len != (int)strlen(cases[i].want) ||
		    len != move_cost(&all, cases[i].x, cases[i].y,
		    cases[i].to_x, cases[i].to_y) ||
		    memcmp(bytes, cases[i].want, (size_t)len) != 0)
			printf("move %zu: %d bytes, %.*s\n", i, len, len - 1,
			    bytes + 1), failures++;
	}
}

/* Columns of figures, each in a colour of its own: a digit that changes
 * takes itself, a line down and a step back, a colour is set once. */
static void
test_economy(const struct draw_caps *caps)
{
	static const enum role roles[] = { ROLE_TOTAL, ROLE_RATE_2S,
		ROLE_RATE_10S, ROLE_RATE_40S };
	enum { COLUMNS = 4, FIRST = 30 };
	struct palette p;
	struct drawing d;
	struct grid g;
	struct buf out = { .data = NULL };
	palette_init(&p, theme_find("NeonSprawl"), BACKGROUND_DARK,
	    COLOUR_RGB);
	draw_init(&d, caps);
	grid_init(&g);
	for (int i = 0; i < 3; i++) {
		buf_reset(&out);
		grid_clear(&g, COLS, ROWS);
		for (int y = 0; y < ROWS; y++)
			for (int c = 0; c < COLUMNS; c++)
				grid_printf(&g, c * 12, y, roles[c], "%d.5kb",
				    (y + c + i) % 10);
		draw_grid(&d, &g, &p, &out);
	}
	if (out.len > COLUMNS * (ROWS * 3 + FIRST))
		printf("%zu bytes for %d digits\n", out.len, COLUMNS * ROWS),
		    failures++;
	/* Blanks in a row are one sequence. */
	buf_reset(&out);
	grid_fill(&g, (struct rect){ 0, 3, COLS - 5, 1 }, ROLE_HEADER);
	draw_grid(&d, &g, &p, &out);
	if (out.len > FIRST)
		printf("%zu bytes for blanks\n", out.len), failures++;
	draw_done(&d);
	grid_done(&g);
	buf_done(&out);
}

int
main(void)
{
	static const enum colour_depth depths[] = { COLOUR_RGB, COLOUR_256,
		COLOUR_16, COLOUR_MONO };
	struct draw_caps caps = { .clear = "\033[H\033[J", .erase = "",
		.reset = "\033[m", .hide = "<", .show = ">" };
	test_move();
	for (size_t i = 0; i < 4; i++) {
		/* All a terminal can have, half of it, nothing. */
		caps.move = (struct move_caps){ true, true, true, true, true,
			true, true, true, true, NULL };
		caps.erase = "\033[K";
		caps.erase_some = caps.erases_in_colour = true;
		test_frames(&caps, depths[i]);
		test_economy(&caps);
		caps.erases_in_colour = false;
		caps.move = (struct move_caps){ .right = true, .lf = true,
			.bs = true };
		test_frames(&caps, depths[i]);
		caps.erase = "";
		caps.erase_some = false;
		caps.move = (struct move_caps){ .place = place };
		test_frames(&caps, depths[i]);
		caps.scrolls_at_corner = true;
		test_frames(&caps, depths[i]);
		caps.scrolls_at_corner = false;
	}
	return failures != 0;
}
