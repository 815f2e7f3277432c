/* SPDX-License-Identifier: MIT
 *
 * From six colours to the style of every role, after its recipe.  A colour
 * that does not reach its contrast is made lighter or darker until it does.
 */
#include "tuiview/theme.h"

#include <string.h>

#include "tuiview/colour.h"
#include "tuiview/palette_roles.h"

/* Colours at most so far apart look the same as text. */
#define SAME 0.05

/* What lies behind: a colour of its own for each ground but the screen. */
struct backdrop {
	enum source source;
	double chroma;		/* at most */
	double dark, light;	/* lightness on either kind of terminal */
	int8_t dark_16, light_16;	/* index; -1: nearest to the source */
};

static const struct backdrop backdrops[GROUND_COUNT] = {
	[ON_SELECTED] = { S2, 0.055, 0.37, 0.87, 7, 0 },
	[ON_HEADER] = { S6, 0.070, 0.29, 0.89, 7, 0 },
	[ON_POPUP] = { S6, 0.030, 0.215, 0.965, 0, 7 },
	[ON_CHOICE] = { S2, 0.200, 0.82, 0.48, -1, -1 },
	[ON_INPUT] = { S1, 0.050, 0.33, 0.86, 7, 0 },
	[ON_CURSOR] = { S2, 0.200, 0.85, 0.40, -1, -1 },
	[ON_PAUSED] = { S4, 0.200, 0.84, 0.45, 3, 1 },
	[ON_ALERT] = { RED, 0.200, 0.40, 0.86, 1, 1 },
};

enum {
	/* The lightest dark and the darkest light ground promised. */
	DARKEST_LIGHT = 0xeeeeee, LIGHTEST_DARK = 0x262626,
	BLACK = 0x000000, WHITE = 0xffffff
};

/* A ground as the terminal takes it, and as it looks: a bar in steps. */
struct surface {
	int32_t bg;
	uint32_t rgb[BAR_STEPS];
	size_t count;
};

struct maker {
	const struct theme *theme;
	enum background background;
	enum colour_depth depth;
	struct surface surface[GROUND_COUNT];
	int32_t bar[BAR_STEPS];
};

static bool
is_dark(const struct maker *m)
{
	return m->background == BACKGROUND_DARK;
}

static uint32_t
source_colour(const struct maker *m, enum source source)
{
	static const uint32_t fixed[] = {
		[GREEN] = 0x5fd787, [AMBER] = 0xffc24b, [RED] = 0xff6b6b,
	};
	if (source <= S6)
		return m->theme->colours[source];
	if (source >= GREEN)
		return fixed[source];
	struct colour c = colour_from_rgb(m->theme->colours[S2]);
	if (c.chroma > 0.02)
		c.chroma = 0.02;
	if (source == NEUTRAL)
		c.lightness = is_dark(m) ? 0.93 : 0.28;
	else
		c.lightness = is_dark(m) ? 0.70 : 0.50;
	return colour_to_rgb(c);
}

static int32_t
black_or_white(const struct surface *s)
{
	return colour_contrast(s->rgb[0], BLACK) >=
	    colour_contrast(s->rgb[0], WHITE) ? 0 : 15;
}

/* One of the 256 colours when no eye tells it from this: it takes half the
 * bytes. */
static uint32_t
brief(uint32_t rgb, const struct surface *s, double contrast)
{
	uint32_t near = colour_xterm(colour_index(rgb, 16, 255, s->rgb,
	    s->count, contrast));
	if (colour_distance(rgb, near) > SAME)
		return rgb;
	for (size_t i = 0; i < s->count; i++)
		if (colour_contrast(near, s->rgb[i]) < contrast)
			return rgb;
	return near;
}

/* The index or colour nearest to `wish` that reads on a surface. */
static int32_t
ink(const struct maker *m, uint32_t wish, const struct surface *s,
    double contrast)
{
	switch (m->depth) {
	case COLOUR_MONO:
		return -1;
	case COLOUR_16:
		/* What the user's own 16 look like is not known: over a
		 * colour, or black where it is not the terminal's own,
		 * only black and white are safe. */
		if (s->bg > 0 || (s->bg == 0 && !is_dark(m)))
			return black_or_white(s);
		return colour_index(wish, 0, 15, s->rgb, s->count, contrast);
	case COLOUR_256:
		return colour_index(wish, 16, 255, s->rgb, s->count, contrast);
	case COLOUR_RGB:
		break;
	}
	return (int32_t)brief(colour_readable(wish, s->rgb, s->count,
	    contrast), s, contrast);
}

static uint32_t
as_seen(const struct maker *m, int32_t colour)
{
	return m->depth == COLOUR_RGB ? (uint32_t)colour :
	    colour_xterm(colour);
}

static void
set_backdrop(struct maker *m, enum ground ground)
{
	const struct backdrop *b = &backdrops[ground];
	struct surface *s = &m->surface[ground];
	struct colour c = colour_from_rgb(source_colour(m, b->source));
	c.lightness = is_dark(m) ? b->dark : b->light;
	if (c.chroma > b->chroma)
		c.chroma = b->chroma;
	uint32_t rgb = colour_to_rgb(c);
	int fixed = is_dark(m) ? b->dark_16 : b->light_16;
	/* A little contrast with the terminal's own ground, or the 256
	 * colours would fold into it. */
	uint32_t around = is_dark(m) ? BLACK : WHITE;
	switch (m->depth) {
	case COLOUR_MONO:
		s->bg = -1;
		return;
	case COLOUR_16:
		s->bg = fixed >= 0 ? fixed :
		    colour_index(rgb, 1, 6, &around, 1, LINE / 10.0);
		break;
	case COLOUR_256:
		s->bg = colour_index(rgb, 16, 255, &around, 1, 1.1);
		break;
	case COLOUR_RGB:
		s->bg = (int32_t)rgb;
		break;
	}
	s->rgb[0] = as_seen(m, s->bg);
	s->count = 1;
}

/* Text on a bar must be able to reach its contrast: no step may be so near
 * to the middle that neither white nor black does. */
static double
most_contrast(const struct maker *m)
{
	return m->depth == COLOUR_RGB ? 6.5 : 4.6;
}

static uint32_t
near_ground(const struct maker *m)
{
	return is_dark(m) ? BLACK : WHITE;
}

/* The tip of a bar, which stands out from the ground, by hue rather than by
 * lightness: the 256 colours have few dark ones, and greys would win. */
static int32_t
tip_index(const struct maker *m, uint32_t rgb)
{
	uint32_t near = near_ground(m), far = near ^ WHITE;
	struct colour wish = colour_from_rgb(rgb);
	if (wish.chroma > 0.05 && wish.chroma < 0.16)
		wish.chroma = 0.16;
	rgb = colour_to_rgb(wish);
	int32_t best = -1;
	double least = 0;
	for (int i = 16; i <= 255; i++) {
		uint32_t c = colour_xterm(i);
		if (colour_contrast(c, near) < LINE / 10.0 ||
		    colour_contrast(c, far) < most_contrast(m))
			continue;
		struct colour got = colour_from_rgb(c);
		got.lightness = wish.lightness;
		double d = colour_distance(colour_to_rgb(got), rgb);
		if (got.chroma < wish.chroma)
			d += wish.chroma - got.chroma;
		if (best == -1 || d < least) {
			best = i;
			least = d;
		}
	}
	return best;
}

static int32_t
bar_16(const struct maker *m, uint32_t rgb)
{
	uint32_t near = near_ground(m);
	if (colour_from_rgb(rgb).chroma < 0.035)
		return is_dark(m) ? 7 : 0;
	return colour_index(rgb, 1, 6, &near, 1, LINE / 10.0);
}

/* Where a bar starts and ends, as it should look. */
static void
bar_ends(const struct maker *m, uint32_t *from, uint32_t *to)
{
	double lean = m->depth == COLOUR_RGB ? 0.35 : 0.08;
	struct colour start = colour_from_rgb(m->theme->colours[S6]);
	struct colour tip = colour_from_rgb(colour_mix(m->theme->colours[S6],
	    m->theme->colours[S1], lean));
	start.lightness = is_dark(m) ? 0.30 : 0.90;
	tip.lightness = is_dark(m) ? 0.48 : 0.68;
	if (start.chroma > 0.13)
		start.chroma = 0.13;
	if (!is_dark(m) && tip.chroma > 0.15)
		tip.chroma = 0.15;
	uint32_t near = near_ground(m), far = near ^ WHITE;
	*from = colour_to_rgb(start);
	*to = colour_readable(colour_to_rgb(tip), &far, 1, most_contrast(m));
	*to = colour_readable(*to, &near, 1, LINE / 10.0);
}

/* One step of the bar.  The 256 colours make three bands; 16 make one. */
static int32_t
bar_step(const struct maker *m, uint32_t from, uint32_t to, int32_t tip,
    size_t step)
{
	enum { BANDS = 3 };
	uint32_t far = near_ground(m) ^ WHITE;
	if (m->depth == COLOUR_16)
		return bar_16(m, to);
	if (m->depth == COLOUR_RGB)
		return (int32_t)colour_mix(from, to,
		    (double)step / (BAR_STEPS - 1));
	size_t band = step * BANDS / (BAR_STEPS + 1);
	if (band == BANDS - 1)
		return tip;
	/* Towards the ground from what the tip became, so that the hue of
	 * the bands is one. */
	struct colour c = colour_from_rgb(colour_xterm(tip));
	double end = is_dark(m) ? 0.22 : 0.95;
	c.lightness += (end - c.lightness) * (double)(BANDS - 1 - band) /
	    BANDS;
	return colour_index(colour_to_rgb(c), 16, 255, &far, 1,
	    most_contrast(m));
}

/* From slot 6, deep, to a brighter tip that leans to slot 1. */
static void
set_bar(struct maker *m)
{
	struct surface *s = &m->surface[ON_BAR];
	uint32_t from, to;
	bar_ends(m, &from, &to);
	int32_t tip = m->depth == COLOUR_256 ? tip_index(m, to) : -1;
	for (size_t i = 0; i < BAR_STEPS; i++) {
		m->bar[i] = m->depth == COLOUR_MONO ? -1 :
		    bar_step(m, from, to, tip, i);
		uint32_t rgb = m->bar[i] < 0 ? 0 : as_seen(m, m->bar[i]);
		if (s->count == 0 || s->rgb[s->count - 1] != rgb)
			s->rgb[s->count++] = rgb;
	}
	s->bg = m->bar[BAR_STEPS - 1];
}

static void
set_surfaces(struct maker *m)
{
	struct surface *screen = &m->surface[ON_SCREEN];
	screen->bg = -1;
	/* The 16 colours have no room for a grey ground. */
	bool plain = m->depth == COLOUR_16;
	screen->rgb[0] = is_dark(m) ? BLACK : WHITE;
	screen->rgb[1] = is_dark(m) ? LIGHTEST_DARK : DARKEST_LIGHT;
	screen->count = plain ? 1 : 2;
	for (enum ground g = ON_SELECTED; g < GROUND_COUNT; g++)
		set_backdrop(m, g);
	set_bar(m);
}

static struct style
style_on(const struct maker *m, enum role role, enum ground ground)
{
	const struct recipe *r = &recipes[role];
	const struct surface *s = &m->surface[ground];
	if (m->depth == COLOUR_MONO) {
		unsigned add = ground == r->ground ? 0 :
		    ground == ON_BAR ? STYLE_REVERSE :
		    recipes[ROLE_SELECTED].mono;
		return (struct style){ -1, -1, r->mono | add };
	}
	uint32_t wish = source_colour(m, r->source);
	if (r->calm > 0)
		wish = colour_mix(wish, source_colour(m, NEUTRAL),
		    r->calm / 100.0);
	return (struct style){
		ink(m, wish, s, r->contrast / 10.0), s->bg, r->attributes,
	};
}

/* Bars drawn in characters: the bar's colours, as a line on the screen. */
static struct style
bar_style(const struct maker *m, int32_t bg)
{
	if (m->depth == COLOUR_MONO)
		return (struct style){ -1, -1, recipes[ROLE_BAR].mono };
	return (struct style){ ink(m, as_seen(m, m->bar[BAR_STEPS - 1]),
	    &m->surface[ON_SCREEN], LINE / 10.0), bg, 0 };
}

/* The same on the selected row. */
static struct style
bar_on_selected(const struct maker *m)
{
	const struct surface *s = &m->surface[ON_SELECTED];
	if (m->depth == COLOUR_MONO)
		return (struct style){ -1, -1, recipes[ROLE_SELECTED].mono };
	return (struct style){ ink(m, as_seen(m, m->bar[BAR_STEPS - 1]), s,
	    LINE / 10.0), s->bg, 0 };
}

void
palette_init(struct palette *p, const struct theme *theme,
    enum background background, enum colour_depth depth)
{
	struct maker m = {
		.theme = theme, .background = background, .depth = depth,
	};
	set_surfaces(&m);
	*p = (struct palette){ .background = background, .depth = depth };
	memcpy(p->bar, m.bar, sizeof(p->bar));
	for (enum role i = 0; i < ROLE_COUNT; i++) {
		bool plain = recipes[i].ground == ON_SCREEN;
		p->style[i] = style_on(&m, i, recipes[i].ground);
		p->on_bar[i] = plain ? style_on(&m, i, ON_BAR) : p->style[i];
		p->on_selected[i] = plain ? style_on(&m, i, ON_SELECTED) :
		    p->style[i];
	}
	p->style[ROLE_BAR] = bar_style(&m, m.bar[BAR_STEPS - 1]);
	p->style[ROLE_BAR_DIM] = bar_style(&m, m.bar[0]);
	p->on_selected[ROLE_BAR] = bar_on_selected(&m);
	p->on_bar[ROLE_SELECTED] = style_on(&m, ROLE_BAR_TEXT, ON_BAR);
	p->on_bar[ROLE_SELECTED].attributes |= STYLE_BOLD;
	p->on_selected[ROLE_BAR_TEXT] = p->style[ROLE_SELECTED];
}
