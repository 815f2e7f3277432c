/* SPDX-License-Identifier: MIT
 *
 * Cells: clipping, wide and combining characters, shortening, bars, hits.
 *
 * uses: tuiview/grid.c tuiview/grid_shapes.c tuiview/hit.c tuiview/text.c tuiview/width.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/grid.h"

static int failures;

static void
same(const char *got, const char *want)
{
	if (strcmp(got, want) != 0) {
		printf("got \"%s\", want \"%s\"\n", got, want);
		failures++;
	}
}

static void
is(long got, long want, const char *what)
{
	if (got != want) {
		printf("%s: %ld, want %ld\n", what, got, want);
		failures++;
	}
}

static const char *
row(const struct grid *g, int y)
{
	static char text[4096];
	text[0] = '\0';
	for (int x = 0; x < g->cols; x++)
		strcat(text, grid_at(g, x, y)->text);
	return text;
}

static void
test_text(void)
{
	struct grid g;
	grid_init(&g);
	grid_clear(&g, 10, 2);
	is(grid_text(&g, 0, 0, ROLE_TEXT, "a例b"), 4, "width");
	same(row(&g, 0), "a例b      ");
	/* Marks of Arabic, Bengali, Balinese and Brahmi; Hangul spelt out. */
	is(text_width("\330\247\331\213"), 1, "a mark in Arabic");
	is(text_width("\340\246\225\340\247\242"), 1, "a mark in Bengali");
	is(text_width("\341\254\205\341\254\200"), 1, "a mark in Balinese");
	is(text_width("\360\221\200\223\360\221\200\201"), 1, "one in Brahmi");
	is(text_width("\341\204\222\341\205\241\341\206\253"), 2, "Hangul");
	/* Half of a wide character overwritten takes the other with it. */
	grid_text(&g, 2, 0, ROLE_TEXT, "x");
	same(row(&g, 0), "a xb      ");
	grid_text(&g, 0, 1, ROLE_TEXT, "cafe\314\201!");
	same(row(&g, 1), "cafe\314\201!     ");
	/* A wide one does not fit the last cell. */
	grid_text(&g, 9, 1, ROLE_TEXT, "例");
	same(row(&g, 1), "cafe\314\201!     ");
	grid_text(&g, -2, 0, ROLE_TEXT, "12345678901234");
	same(row(&g, 0), "3456789012");
	/* Controls never come through, whoever writes them. */
	grid_clear(&g, 10, 1);
	grid_text(&g, 0, 0, ROLE_TEXT, "a\033[1m\177\302\233b\377");
	same(row(&g, 0), "a·[1m··b· ");
	/* Nor what takes no cell on some terminals and one on others. */
	grid_clear(&g, 10, 1);
	is(grid_text(&g, 0, 0, ROLE_TEXT, "a\342\200\213b\342\200\256c"
	    "\342\235\244\357\270\217d\357\277\277"), 9, "no marks");
	same(row(&g, 0), "a·b·c❤·d· ");
	g.ascii = true;
	grid_clear(&g, 10, 1);
	grid_text(&g, 0, 0, ROLE_TEXT, "─│…例é★");
	same(row(&g, 0), "-|~???*   ");
	grid_done(&g);
}

static void
test_elide(void)
{
	char out[64];
	text_elide("mirror.example.org:https", 16, false, out, sizeof(out));
	same(out, "mirror.e…g:https");
	text_elide("short", 16, false, out, sizeof(out));
	same(out, "short");
	text_elide("例え例え例え", 6, false, out, sizeof(out));
	is(text_width(out) <= 6, 1, "elided wide text fits");
	text_elide_left("a.b.example.net", 8, true, out, sizeof(out));
	same(out, "~ple.net");
	for (int w = 0; w < 20; w++) {
		text_elide("a例e\314\201xyz😀longer text", w, false, out,
		    sizeof(out));
		is(text_width(out) <= w, 1, "elided text fits");
	}
}

static void
test_half(void)
{
	static const char *const texts[][2] = { { "", "" }, { "a", "a" },
		{ "é", "é" }, { "aé", "aé" }, { "a\303", "a" },
		{ "a\346\226", "a" }, { "a\360\237\230", "a" },
		{ "\346\226\207", "\346\226\207" }, { "\303", "" } };
	char text[8];
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(text, sizeof(text), "%s", texts[i][0]);
		text_drop_half(text);
		same(text, texts[i][1]);
	}
}

static void
test_bar(void)
{
	struct grid g;
	grid_init(&g);
	grid_clear(&g, 12, 1);
	grid_text(&g, 4, 0, ROLE_TEXT, "ab");
	grid_bar(&g, 0, 0, 12, 10, LOOK_ASCII);
	same(row(&g, 0), "  = ab ===  ");
	/* A sign of its own, or half of a wide one, is no bar to go on. */
	grid_clear(&g, 12, 1);
	grid_text(&g, 2, 0, ROLE_ARROW, "<=");
	grid_bar(&g, 0, 0, 12, 10, LOOK_ASCII);
	same(row(&g, 0), "  <= =====  ");
	grid_clear(&g, 12, 1);
	grid_text(&g, 2, 0, ROLE_HOST, "例");
	grid_bar(&g, 0, 0, 12, 10, LOOK_ASCII);
	same(row(&g, 0), "  例 =====  ");
	grid_clear(&g, 12, 1);
	grid_bar(&g, 0, 0, 12, 2, LOOK_SOLID);
	is(grid_at(&g, 1, 0)->ground, GROUND_BAR, "ground");
	is(grid_at(&g, 2, 0)->ground, GROUND_ROLE, "beyond");
	same(row(&g, 0), "            ");
	grid_bar(&g, 0, 0, 12, 100000, LOOK_GRADIENT);
	is(grid_at(&g, 11, 0)->step, BAR_STEPS - 1, "the gradient's end");
	grid_done(&g);
}

static void
test_clip(void)
{
	struct grid g;
	struct rect r = { 2, 0, 3, 1 };
	grid_init(&g);
	grid_clear(&g, 8, 2);
	grid_clip(&g, &r);
	grid_text(&g, 0, 0, ROLE_TEXT, "abcdefgh");
	grid_text(&g, 0, 1, ROLE_TEXT, "abcdefgh");
	same(row(&g, 0), "  cde   ");
	same(row(&g, 1), "        ");
	grid_done(&g);
	/* No drawing leaves any grid, however small. */
	for (int size = 1; size < 5; size++) {
		grid_init(&g);
		grid_clear(&g, size, size);
		struct rect all = { -3, -3, 9, 9 };
		grid_frame(&g, all, ROLE_BORDER);
		grid_fill(&g, all, ROLE_POPUP);
		grid_field(&g, 1, 1, 40, ROLE_TEXT, "例え例え");
		grid_bar(&g, -2, 1, 9, 9, LOOK_THIN);
		grid_ground(&g, -5, 0, 20, GROUND_SELECTED);
		grid_done(&g);
	}
}

static void
test_hits(void)
{
	static struct hits h;
	hit_add(&h, 0, 0, 10, 5, HIT_ROW, 3);
	hit_add(&h, 2, 2, 2, 1, HIT_TAB, 1);
	is(hit_find(&h, 2, 2).kind, HIT_TAB, "the later lies above");
	is(hit_find(&h, 1, 2).value, 3, "row");
	is(hit_find(&h, 10, 2).kind, HIT_NONE, "outside");
	for (int i = 0; i < HITS * 2; i++)
		hit_add(&h, 0, 0, 1, 1, HIT_ROW, i);
	is((long)h.count, HITS, "bounded");
}

int
main(void)
{
	test_text();
	test_elide();
	test_half();
	test_bar();
	test_clip();
	test_hits();
	return failures != 0;
}
