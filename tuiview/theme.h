/* SPDX-License-Identifier: MIT
 *
 * Themes: six colours each, and from those six the style of every role on
 * the screen, for 24-bit, 256, 16 or no colours, on dark or light ground.
 *
 *	struct palette p;
 *	palette_init(&p, theme_find("NeonSprawl"), BACKGROUND_DARK,
 *	    COLOUR_256);
 *	... p.style[ROLE_HOST].fg, p.bar[step], p.on_bar[ROLE_HOST] ...
 *
 * Every text is readable: contrast at least 4.5:1 against what is behind
 * it, on any ground from black to a dark grey, or white to a light one.
 */
#ifndef TUIVIEW_THEME_H
#define TUIVIEW_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { THEME_COLOURS = 6, THEME_NAME = 64 };

/* What the six mean: 1 labels and titles, 2 the accent (hosts, the 2 s
 * column), 3 processes and counts, 4 the 10 s column and peaks, 5 arrows
 * and the 40 s column, 6 bars, rulers and borders. */
struct theme {
	const char *id;		/* as the configuration takes it */
	const char *name;	/* for people */
	const char *mood;	/* a few words, for the chooser */
	uint32_t colours[THEME_COLOURS];	/* 0xrrggbb */
};

/* The built-in themes, in order; THEME_DEFAULT is the first. */
extern const struct theme themes[];
extern const size_t theme_count;
#define THEME_DEFAULT "NeonSprawl"

enum role {
	ROLE_TEXT,		/* ordinary text, no colour of its own */
	ROLE_HOST,		/* both ends of a flow */
	ROLE_ARROW,		/* => <= <=> */
	ROLE_PROCESS,		/* [pid:process] */
	ROLE_TOTAL,		/* cumulative amounts */
	ROLE_RATE_2S,
	ROLE_RATE_10S,
	ROLE_RATE_40S,
	ROLE_BAR,		/* a bar, and the bright tip of a gradient:
				 * bg; fg for thin and ASCII bars */
	ROLE_BAR_TEXT,		/* ordinary text on a bar */
	ROLE_BAR_DIM,		/* where a gradient starts, as ROLE_BAR */
	ROLE_SPARK,		/* sparklines */
	ROLE_SELECTED,		/* the selected row: bg and text */
	ROLE_DIM,		/* hints, ended flows */
	ROLE_LABEL,		/* TX: cum: peak: */
	ROLE_PEAK,		/* peak values */
	ROLE_SCALE,		/* scale labels */
	ROLE_RULER,		/* the ruler's line */
	ROLE_BORDER,
	ROLE_TITLE,		/* in the border */
	ROLE_SEPARATOR,		/* the line the tabs sit on */
	ROLE_TAB,
	ROLE_TAB_ACTIVE,
	ROLE_COLUMN,		/* headings of columns */
	ROLE_COLUMN_SORTED,	/* the heading sorted by */
	ROLE_HEADER,		/* the header bar: text on its bg */
	ROLE_HEADER_NAME,	/* the program's name in it */
	ROLE_HEADER_KEY,	/* keys and labels in it */
	ROLE_HEADER_WARN,	/* drops, paused, frozen, alert in it */
	ROLE_POPUP,		/* text in popups and tooltips, with bg */
	ROLE_POPUP_BORDER,
	ROLE_POPUP_TITLE,
	ROLE_POPUP_KEY,		/* keys in the help, labels in tooltips */
	ROLE_POPUP_DIM,		/* hints in popups */
	ROLE_POPUP_HEAD,	/* headings of sections */
	ROLE_CHOICE,		/* the highlighted row of a chooser */
	ROLE_CHOICE_KEY,	/* secondary text in that row */
	ROLE_INPUT,		/* a prompt's text, with bg */
	ROLE_INPUT_CURSOR,
	ROLE_MATCH,		/* the part of a name the filter matched */
	ROLE_PIN,		/* the star */
	ROLE_PAUSED,		/* the overlay that says so, with bg */
	ROLE_OK,		/* up, live */
	ROLE_WARN,		/* drops, replay, retrying */
	ROLE_ERROR,		/* down, failed */
	ROLE_ALERT,		/* a row above the alert threshold, with bg */
	ROLE_SENT,		/* TX */
	ROLE_RECEIVED,		/* RX */
	ROLE_COUNT
};

enum background { BACKGROUND_DARK, BACKGROUND_LIGHT };

enum colour_depth { COLOUR_MONO, COLOUR_16, COLOUR_256, COLOUR_RGB };

enum {
	STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_UNDERLINE = 4,
	STYLE_REVERSE = 8, STYLE_ITALIC = 16
};

/* Colours are 0xrrggbb for COLOUR_RGB, an index for COLOUR_256 (16 to 255)
 * and COLOUR_16 (0 to 15; a bg only 0 to 7); -1 is the terminal's own. */
struct style {
	int32_t fg, bg;
	unsigned attributes;	/* STYLE_ bits */
};

/* Steps of a gradient: [0] is where the bar starts (ROLE_BAR_DIM), the last
 * is its bright tip (ROLE_BAR), so that the end of a bar can be seen. */
enum { BAR_STEPS = 6 };

/* All styles of a theme, ready for drawing; plain data, no memory held. */
struct palette {
	enum background background;
	enum colour_depth depth;
	struct style style[ROLE_COUNT];
	/* The background along a gradient bar; -1 in mono, where bars are
	 * drawn as characters. */
	int32_t bar[BAR_STEPS];
	/* Foreground and attributes of a role over any step of the bar. */
	struct style on_bar[ROLE_COUNT];
	/* The same over the selected row's background. */
	struct style on_selected[ROLE_COUNT];
};

/* Derive everything.  Cheap enough for a live preview (under 1 ms), not
 * for every cell. */
void palette_init(struct palette *, const struct theme *, enum background,
    enum colour_depth);

/* A role's name in lower case, "rate_2s", for tests and dumps. */
const char *role_name(enum role);

/* A built-in theme by identifier or display name, without regard to case;
 * null when there is none. */
const struct theme *theme_find(const char *id);

/* The colour of a swatch, slot 0 to 5, as the terminal takes it: a
 * background for spaces; -1 in mono. */
int32_t theme_swatch(const struct theme *, size_t slot, enum colour_depth);

/* Does NO_COLOR say that colours are not wanted? */
bool theme_refused(void);

/* What this terminal can: from NO_COLOR, TERM and COLORTERM, and the number
 * of colours terminfo tells (0: not known; 1 << 24: any). */
enum colour_depth theme_depth(int terminfo_colours);

/* Dark or light, from COLORFGBG; dark when it tells nothing. */
enum background theme_background(void);

/* Print every built-in theme, a line each: identifier, display name, mood
 * and, unless the depth is COLOUR_MONO, six swatches. */
void theme_list(FILE *, enum colour_depth);

/* The escape sequence (ECMA-48 SGR) of a style, for programs that write
 * their own; at most STYLE_ESCAPE bytes with NUL. */
enum { STYLE_ESCAPE = 64 };
void style_escape(const struct style *, enum colour_depth,
    char text[STYLE_ESCAPE]);

#endif
