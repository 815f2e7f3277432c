/* SPDX-License-Identifier: MIT
 *
 * Finding and listing themes, and what the terminal can show of them.
 */
#include "tuiview/theme.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tuiview/colour.h"

const struct theme *
theme_find(const char *id)
{
	for (size_t i = 0; i < theme_count; i++) {
		if (strcasecmp(themes[i].id, id) == 0 ||
		    strcasecmp(themes[i].name, id) == 0)
			return &themes[i];
	}
	return NULL;
}

int32_t
theme_swatch(const struct theme *t, size_t slot, enum colour_depth depth)
{
	switch (depth) {
	case COLOUR_MONO:
		break;
	case COLOUR_16:
		return colour_index(t->colours[slot], 0, 7, NULL, 0, 0);
	case COLOUR_256:
		return colour_index(t->colours[slot], 16, 255, NULL, 0, 0);
	case COLOUR_RGB:
		return (int32_t)t->colours[slot];
	}
	return -1;
}

static const char *
variable(const char *name)
{
	const char *value = getenv(name);
	return value != NULL ? value : "";
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
ends(const char *text, const char *with)
{
	size_t len = strlen(text), tail = strlen(with);
	return len >= tail && strcmp(text + len - tail, with) == 0;
}

/* Terminals with at least 16 colours, when terminfo was not asked. */
static bool
has_colours(const char *term)
{
	static const char *const names[] = {
		"xterm", "screen", "tmux", "linux", "rxvt", "konsole",
		"gnome", "vte", "alacritty", "foot", "st-", "kitty", "ansi",
		"cygwin", "putty", "wsvt", NULL,
	};
	for (size_t i = 0; names[i] != NULL; i++) {
		if (starts(term, names[i]))
			return true;
	}
	return false;
}

bool
theme_refused(void)
{
	return variable("NO_COLOR")[0] != '\0';
}

enum colour_depth
theme_depth(int terminfo_colours)
{
	const char *term = variable("TERM"), *more = variable("COLORTERM");
	if (theme_refused() || term[0] == '\0' ||
	    strcmp(term, "dumb") == 0 || ends(term, "-m") ||
	    ends(term, "-mono"))
		return COLOUR_MONO;
	/* GNU screen hands COLORTERM on but does not know 24-bit colours. */
	bool is_screen = starts(term, "screen") && variable("STY")[0] != '\0';
	if (terminfo_colours >= 1 << 24)
		return COLOUR_RGB;
	if (!is_screen && (strcmp(more, "truecolor") == 0 ||
	    strcmp(more, "24bit") == 0 || ends(term, "-direct")))
		return COLOUR_RGB;
	if (terminfo_colours >= 256 || strstr(term, "256color") != NULL)
		return COLOUR_256;
	if (terminfo_colours > 0)
		return terminfo_colours >= 8 ? COLOUR_16 : COLOUR_MONO;
	return has_colours(term) ? COLOUR_16 : COLOUR_MONO;
}

enum background
theme_background(void)
{
	/* "fg;bg" or "fg;other;bg", as rxvt and konsole set it. */
	const char *bg = strrchr(variable("COLORFGBG"), ';');
	if (bg == NULL)
		return BACKGROUND_DARK;
	bg++;
	return strcmp(bg, "7") == 0 || strcmp(bg, "15") == 0 ?
	    BACKGROUND_LIGHT : BACKGROUND_DARK;
}

static void
add_colour(char *text, int32_t colour, enum colour_depth depth, bool is_bg)
{
	size_t len = strlen(text), room = STYLE_ESCAPE - len;
	int base = is_bg ? 40 : 30;
	if (colour < 0 || depth == COLOUR_MONO)
		return;
	if (depth == COLOUR_RGB)
		snprintf(text + len, room, ";%d;2;%d;%d;%d", base + 8,
		    colour >> 16 & 0xff, colour >> 8 & 0xff, colour & 0xff);
	else if (depth == COLOUR_256)
		snprintf(text + len, room, ";%d;5;%d", base + 8, colour);
	else
		snprintf(text + len, room, ";%d",
		    colour < 8 ? base + colour : base + 60 + colour - 8);
}

void
style_escape(const struct style *s, enum colour_depth depth,
    char text[STYLE_ESCAPE])
{
	static const struct {
		unsigned bit;
		const char *code;
	} codes[] = {
		{ STYLE_BOLD, ";1" }, { STYLE_DIM, ";2" },
		{ STYLE_ITALIC, ";3" }, { STYLE_UNDERLINE, ";4" },
		{ STYLE_REVERSE, ";7" },
	};
	strcpy(text, "\033[0");
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (s->attributes & codes[i].bit)
			strcat(text, codes[i].code);
	}
	add_colour(text, s->fg, depth, false);
	add_colour(text, s->bg, depth, true);
	strcat(text, "m");
}

void
theme_list(FILE *f, enum colour_depth depth)
{
	for (size_t i = 0; i < theme_count; i++) {
		const struct theme *t = &themes[i];
		fprintf(f, "%-12s  %-12s  ", t->id, t->name);
		for (size_t slot = 0; slot < THEME_COLOURS; slot++) {
			char code[STYLE_ESCAPE];
			struct style s = { -1, theme_swatch(t, slot, depth),
				0 };
			if (depth == COLOUR_MONO)
				continue;
			style_escape(&s, depth, code);
			fprintf(f, "%s   ", code);
		}
		fprintf(f, "%s%s\n", depth == COLOUR_MONO ? "" :
		    "\033[0m  ", t->mood);
	}
}
