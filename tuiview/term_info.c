/* SPDX-License-Identifier: MIT
 *
 * Capabilities by their terminfo names.  Padding, which only paper needs, is
 * left out.
 */
#include "tuiview/term_info.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Last: its macros have short names. */
#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

enum { STRINGS = 5 };

/* Those that last. */
static struct buf kept[STRINGS];
static int kept_count;

bool
term_info_open(int fd, char *why, size_t size)
{
	int error;
	if (setupterm(NULL, fd, &error) == OK)
		return true;
	const char *name = getenv("TERM");
	if (name == NULL || name[0] == '\0')
		snprintf(why, size, "TERM names no terminal; set it, as in "
		    "TERM=xterm-256color");
	else
		snprintf(why, size, "the terminal \"%s\" is not known here; "
		    "set TERM to one that is (TERM=xterm-256color)", name);
	return false;
}

void
term_info_close(void)
{
	while (kept_count > 0)
		buf_done(&kept[--kept_count]);
}

int
term_info_colours(void)
{
	if (tigetflag("RGB") > 0 || tigetflag("Tc") > 0)
		return 1 << 24;
	return tigetnum("colors");
}

static const char *
string_of(const char *name)
{
	char *text = tigetstr(name);
	return text == (char *)-1 || text == NULL ? "" : text;
}

bool
term_info_has(const char *name)
{
	return string_of(name)[0] != '\0';
}

static void
add_unpadded(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++) {
		if (text[0] == '$' && text[1] == '<') {
			const char *end = strchr(text, '>');
			if (end != NULL) {
				text = end;
				continue;
			}
		}
		buf_add_char(b, *text);
	}
}

void
term_info_add(struct buf *b, const char *name)
{
	add_unpadded(b, string_of(name));
}

const char *
term_info_place(int x, int y)
{
	static struct buf text;
	char *bytes = tiparm(string_of("cup"), y, x);
	buf_reset(&text);
	add_unpadded(&text, bytes != NULL ? bytes : "");
	return buf_text(&text);
}

static bool
is(const char *name, const char *text)
{
	struct buf b = { .data = NULL };
	term_info_add(&b, name);
	bool same = strcmp(buf_text(&b), text) == 0;
	buf_done(&b);
	return same;
}

bool
term_info_tab_turns(void)
{
	return is("kcbt", "\033\t");
}

/* A string that lasts until term_info_close(). */
static const char *
keep(const char *name)
{
	struct buf *b = &kept[kept_count++];
	term_info_add(b, name);
	return buf_text(b);
}

void
term_info_drawing(struct draw_caps *caps)
{
	*caps = (struct draw_caps){
		.move = {
			.column = is("hpa", "\033[%i%p1%dG"),
			.row = is("vpa", "\033[%i%p1%dd"),
			.right = is("cuf", "\033[%p1%dC"),
			.left = is("cub", "\033[%p1%dD"),
			.up = is("cuu", "\033[%p1%dA"),
			.down = is("cud", "\033[%p1%dB"),
			.cr = is("cr", "\r"),
			.lf = is("cud1", "\n"),
			.bs = is("cub1", "\b"),
		},
		.clear = keep("clear"), .erase = keep("el"),
		.erase_some = is("ech", "\033[%p1%dX"),
		.reset = keep("sgr0"), .hide = keep("civis"),
		.show = keep("cnorm"),
		.erases_in_colour = tigetflag("bce") > 0,
		.scrolls_at_corner = tigetflag("am") > 0 &&
		    tigetflag("xenl") <= 0,
	};
	if (!is("cup", "\033[%i%p1%d;%p2%dH"))
		caps->move.place = term_info_place;
}
