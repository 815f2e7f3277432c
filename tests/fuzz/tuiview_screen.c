/* SPDX-License-Identifier: MIT
 *
 * Any keys and any snapshots, on a screen of any size: nothing breaks, and
 * no control character stands in any cell.  The first line are the bytes a
 * terminal sends, 0x01 instead of a newline; a first byte of it chooses the
 * size.  A 0x02 in it takes the next of the other lines as a snapshot, a
 * 0x03 lets time pass.
 *
 * uses: tuiview/app.c tuiview/app_do.c tuiview/app_notes.c tuiview/app_play.c tuiview/app_select.c tuiview/app_set.c tuiview/app_time.c tuiview/chooser.c tuiview/colour.c tuiview/editor.c tuiview/filter.c tuiview/grid.c tuiview/grid_shapes.c tuiview/help.c tuiview/hit.c tuiview/input_decode.c tuiview/input_keys.c tuiview/input_line.c tuiview/input_mouse.c tuiview/interfaces.c tuiview/labels.c tuiview/layout.c tuiview/lower.c tuiview/model_ended.c tuiview/model_flows.c tuiview/model_frozen.c tuiview/model_texts.c tuiview/model_parse.c tuiview/model_parse_flows.c tuiview/model_history.c tuiview/model_names.c tuiview/model_keys.c tuiview/model_order.c tuiview/model_sort.c tuiview/model_pins.c tuiview/model_rows.c tuiview/palette.c tuiview/palette_roles.c tuiview/popups.c tuiview/prefs.c tuiview/prefs_file.c tuiview/prefs_lists.c tuiview/prefs_print.c tuiview/prefs_save.c tuiview/prefs_table.c tuiview/prefs_value.c tuiview/replace.c tuiview/scale.c tuiview/search.c tuiview/segments.c tuiview/segments_fit.c tuiview/text.c tuiview/theme.c tuiview/theme_table.c tuiview/tips.c tuiview/tips_row.c tuiview/tips_screen.c tuiview/tips_stream.c tuiview/toml.c tuiview/toml_edit.c tuiview/toml_place.c tuiview/toml_value.c tuiview/toml_string.c tuiview/toml_tree.c tuiview/view.c tuiview/view_banner.c tuiview/view_chooser.c tuiview/view_flows.c tuiview/view_groups.c tuiview/view_help.c tuiview/view_popup.c tuiview/view_tabs.c tuiview/view_tooltip.c tuiview/width.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/app.h"
#include "tuiview/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct screen {
	struct app app;
	struct grid grid;
	struct json json;
	const char *lines, *end;
};

static void
draw(struct screen *s)
{
	app_prepare(&s->app);
	view_draw(&s->grid, &s->app);
	for (int y = 0; y < s->grid.rows; y++)
		for (int x = 0; x < s->grid.cols; x++) {
			const struct cell *c = grid_at(&s->grid, x, y);
			for (const char *t = c->text; *t != '\0'; t++)
				if ((unsigned char)*t < 0x20 || *t == 0x7f)
					abort();
			if (c->role >= ROLE_COUNT || c->width > 2 ||
			    strlen(c->text) >= CELL_TEXT)
				abort();
		}
}

static void
next_line(struct screen *s)
{
	const char *error;
	const char *stop = memchr(s->lines, '\n', (size_t)(s->end - s->lines));
	if (stop == NULL)
		stop = s->end;
	struct flows *f = flows_parse(&s->json, s->lines,
	    (size_t)(stop - s->lines), &error);
	s->lines = stop < s->end ? stop + 1 : s->end;
	if (f != NULL)
		app_snapshot(&s->app, f);
}

static void
type(struct screen *s, struct decoder *d, uint8_t byte)
{
	struct event e;
	enum decoded what = DECODED_NOTHING;
	if (byte == 2) {
		next_line(s);
	} else if (byte == 3) {
		/* Not everything: an Escape counts as typed. */
		app_tick(&s->app, s->app.now + 700, s->app.now);
		if (decode_timeout(d, &e))
			app_event(&s->app, &e, &s->grid.hits);
	} else {
		what = decode_byte(d, byte == 1 ? '\n' : byte, &e);
		if (what == DECODED_NOTHING)
			return;
		app_event(&s->app, &e, &s->grid.hits);
	}
	/* Wishes are the loop's; here they only go away. */
	free(s->app.wants.copy);
	s->app.wants = (struct wants){ .quit = false };
	draw(s);
	if (what == DECODED_AGAIN)
		type(s, d, byte);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct screen s;
	struct decoder d = { .len = 0 };
	const uint8_t *stop = memchr(data, '\n', len);
	if (stop == NULL || len > 16384 || stop == data || stop - data > 200)
		return 0;
	memset(&s, 0, sizeof(s));
	s.lines = (const char *)stop + 1;
	s.end = (const char *)data + len;
	grid_init(&s.grid);
	struct prefs *prefs = prefs_new("/nonexistent/iftoprs.conf");
	s.app.ascii = data[0] & 1;
	s.app.depth = (enum colour_depth)(data[0] >> 1 & 3);
	s.app.has_capd = s.app.has_flowagg = data[0] & 8;
	app_init(&s.app, prefs, 1 + (data[0] >> 4) * 17, 1 +
	    (data[0] >> 3 & 15) * 4);
	app_tick(&s.app, 1000, 0);
	next_line(&s);
	draw(&s);
	for (const uint8_t *at = data + 1; at < stop; at++)
		type(&s, &d, *at);
	app_done(&s.app);
	prefs_free(prefs);
	json_done(&s.json);
	grid_done(&s.grid);
	return 0;
}
