/* SPDX-License-Identifier: MIT
 *
 * Terminfo for what differs between terminals, SGR written by ourselves:
 * curses knows colour pairs only, which is too little for themes in 24 bits.
 *
 * A terminal whose cursor cannot be moved (TERM=dumb) gets each screen
 * printed below the last.
 */
#include "tuiview/term.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/xalloc.h"
#include "tuiview/paint.h"

/* Last: its macros have short names. */
#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

enum { RESTORE = 256 };

struct shown {
	struct style style;
	char text[CELL_TEXT];
	bool valid;
};

/* Changed cells side by side, of one style. */
struct run {
	int x, y, w;
	struct style style;
	bool blank, sent;
};

static struct {
	int fd;
	bool started, dumb, erases, steps;
	struct termios before, raw;
	char restore[RESTORE];		/* all it takes, ready to write */
	size_t restore_len;
	struct buf out;
	size_t sent;			/* of `out` */
	unsigned long long total;
	struct shown *cells;
	int cols, rows;
	bool blank;			/* the screen is to be cleared */
	struct style style;		/* in force */
	bool style_known;
	int x, y;			/* the cursor; -1: anywhere */
	bool cursor_shown;
	struct run *runs;
	size_t run_count, run_size;
	int changed;			/* cells in them */
	enum term_mouse mouse;
	struct decoder decoder;
	unsigned char input[4096];
	size_t input_len, input_at;
	bool timeout;
} term = { .fd = -1 };

static const char *
string_of(const char *name)
{
	char *text = tigetstr(name);
	return text == (char *)-1 || text == NULL ? "" : text;
}

/* A capability's bytes, without the padding that only paper needs. */
static void
add_string(struct buf *b, const char *text)
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

bool
term_open(char *why, size_t size)
{
	int error;
	term.fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC |
	    O_NONBLOCK);
	if (term.fd == -1) {
		snprintf(why, size, "no terminal to show anything on "
		    "(/dev/tty: %s)", strerror(errno));
		return false;
	}
	if (setupterm(NULL, term.fd, &error) != OK) {
		const char *name = getenv("TERM");
		snprintf(why, size, "the terminal \"%s\" is not known here; "
		    "set TERM to one that is (TERM=xterm-256color)",
		    name != NULL ? name : "");
		return false;
	}
	term.dumb = string_of("cup")[0] == '\0';
	term.erases = string_of("el")[0] != '\0';
	term.steps = strcmp(string_of("cub1"), "\b") == 0 &&
	    strcmp(string_of("cud1"), "\n") == 0;
	return true;
}

int
term_colours(void)
{
	if (tigetflag("RGB") > 0 || tigetflag("Tc") > 0)
		return 1 << 24;
	return tigetnum("colors");
}

bool
term_is_ours(void)
{
	pid_t group = tcgetpgrp(term.fd);
	return group == -1 || group == getpgrp();
}

/* Everything that undoes what we may have done, in one string. */
static void
prepare_restore(void)
{
	struct buf b = { .data = NULL };
	buf_add_text(&b, "\033[?1003l\033[?1000l\033[?1006l\033[?2004l");
	add_string(&b, string_of("sgr0"));
	add_string(&b, string_of("rmkx"));
	add_string(&b, string_of("cnorm"));
	add_string(&b, string_of("rmcup"));
	if (b.len > RESTORE)
		b.len = RESTORE;
	memcpy(term.restore, b.data, b.len);
	term.restore_len = b.len;
	buf_done(&b);
}

void
term_start(void)
{
	struct termios raw;
	if (term.started || tcgetattr(term.fd, &term.before) == -1)
		return;
	raw = term.before;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	if (term.dumb)
		raw.c_oflag |= OPOST | ONLCR;
	else
		prepare_restore();
	term.started = true;
	tcsetattr(term.fd, TCSADRAIN, &raw);
	tcgetattr(term.fd, &term.raw);
	if (term.dumb)
		return;
	add_string(&term.out, string_of("smcup"));
	add_string(&term.out, string_of("smkx"));
	add_string(&term.out, string_of("civis"));
	/* Paste comes marked as such. */
	buf_add_text(&term.out, "\033[?2004h");
	enum term_mouse mouse = term.mouse;
	term.mouse = TERM_MOUSE_OFF;
	term_mouse(mouse);
	term.cursor_shown = false;
	term_forget();
}

static bool
is_as_we_left(void)
{
	struct termios now;
	return tcgetattr(term.fd, &now) == 0 &&
	    now.c_iflag == term.raw.c_iflag &&
	    now.c_oflag == term.raw.c_oflag &&
	    now.c_lflag == term.raw.c_lflag;
}

void
term_stop(void)
{
	if (!term.started)
		return;
	term.started = false;
	/* Half a frame may be out: what follows ends any sequence. */
	int flags = fcntl(term.fd, F_GETFL);
	fcntl(term.fd, F_SETFL, flags & ~O_NONBLOCK);
	tcflush(term.fd, TCOFLUSH);
	ssize_t n = write(term.fd, term.restore, term.restore_len);
	(void)n;
	/* Whoever has it by now has set it to their liking; a plain shell
	 * has not, and would be left without echo. */
	if (term_is_ours())
		tcsetattr(term.fd, TCSAFLUSH, &term.before);
	else if (is_as_we_left())
		tcsetattr(term.fd, TCSADRAIN, &term.before);
	fcntl(term.fd, F_SETFL, flags);
	term.out.len = term.sent = 0;
}

void
term_close(void)
{
	term_stop();
	buf_done(&term.out);
	free(term.cells);
	free(term.runs);
	term.cells = NULL;
	term.runs = NULL;
	if (term.fd != -1)
		close(term.fd);
	term.fd = -1;
}

void
term_mouse(enum term_mouse mouse)
{
	if (term.started && !term.dumb && mouse != term.mouse) {
		if (mouse == TERM_MOUSE_OFF)
			buf_add_text(&term.out,
			    "\033[?1003l\033[?1000l\033[?1006l");
		else if (mouse == TERM_MOUSE_MOTION)
			buf_add_text(&term.out,
			    "\033[?1006h\033[?1000h\033[?1003h");
		else
			buf_add_text(&term.out,
			    "\033[?1003l\033[?1006h\033[?1000h");
	}
	term.mouse = mouse;
}

void
term_size(int *cols, int *rows)
{
	struct winsize size;
	*cols = 80;
	*rows = 24;
	if (ioctl(term.fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	    size.ws_row > 0) {
		*cols = size.ws_col;
		*rows = size.ws_row;
	}
}

int
term_fd(void)
{
	return term.fd;
}

bool
term_busy(void)
{
	return term.sent < term.out.len;
}

bool
term_flush(void)
{
	while (term_busy()) {
		ssize_t n = write(term.fd, term.out.data + term.sent,
		    term.out.len - term.sent);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno == EAGAIN;
		term.sent += (size_t)n;
		term.total += (size_t)n;
	}
	term.out.len = term.sent = 0;
	return true;
}

void
term_write(const void *bytes, size_t len)
{
	buf_add(&term.out, bytes, len);
}

void
term_forget(void)
{
	term.blank = true;
}

static void
blank_screen(const struct grid *g)
{
	size_t count = (size_t)g->cols * (size_t)g->rows;
	if (g->cols != term.cols || g->rows != term.rows ||
	    term.cells == NULL)
		term.cells = xreallocarray(term.cells, count,
		    sizeof(*term.cells));
	term.cols = g->cols;
	term.rows = g->rows;
	add_string(&term.out, string_of("sgr0"));
	term.style = (struct style){ -1, -1, 0 };
	term.style_known = true;
	add_string(&term.out, string_of("clear"));
	for (size_t i = 0; i < count; i++)
		term.cells[i] = (struct shown){ .style = { -1, -1, 0 },
			.text = " ", .valid = true };
	term.x = term.y = 0;
	term.blank = false;
}

/* A little down and to the left, by a byte each. */
static bool
step_to(int x, int y)
{
	int left = term.x - x, down = y - term.y;
	if (!term.steps || term.x < 0 || left < 0 || down < 0 ||
	    left + down > 5)
		return false;
	for (int i = 0; i < down; i++)
		buf_add_char(&term.out, '\n');
	for (int i = 0; i < left; i++)
		buf_add_char(&term.out, '\b');
	term.x = x;
	term.y = y;
	return true;
}

static void
move_to(int x, int y)
{
	if ((x == term.x && y == term.y) || step_to(x, y))
		return;
	/* Forward on the same line is shorter said relatively. */
	if (y == term.y && x > term.x && term.x >= 0 &&
	    string_of("cuf")[0] != '\0')
		add_string(&term.out, tiparm(string_of("cuf"), x - term.x));
	else
		add_string(&term.out, tiparm(string_of("cup"), y, x));
	term.x = x;
	term.y = y;
}

static void
set_style(const struct style *s, enum colour_depth depth)
{
	paint_change(&term.out, term.style_known ? &term.style : NULL, s,
	    depth);
	term.style = *s;
	term.style_known = true;
}

static bool
is_shown(const struct shown *old, const struct cell *c,
    const struct style *s)
{
	return old->valid && paint_equal(&old->style, s) &&
	    strcmp(old->text, c->text) == 0;
}

/* Blank with the terminal's own background from x to the end of the line,
 * and enough of it not so yet: then one sequence erases it. */
static bool
erase_rest(const struct grid *g, const struct palette *p, int x, int y)
{
	static const struct style plain = { -1, -1, 0 };
	int differ = 0;
	if (!term.erases || p->depth == COLOUR_MONO)
		return false;
	for (int i = x; i < g->cols; i++) {
		const struct cell *c = grid_at(g, i, y);
		struct style s = paint_cell(p, c);
		if (strcmp(c->text, " ") != 0 || s.bg != -1 ||
		    (s.attributes & (STYLE_REVERSE | STYLE_UNDERLINE)))
			return false;
		differ += !is_shown(&term.cells[y * g->cols + i], c, &s);
	}
	if (differ < 8)
		return false;
	move_to(x, y);
	set_style(&plain, p->depth);
	add_string(&term.out, string_of("el"));
	for (int i = x; i < g->cols; i++) {
		struct cell *c = grid_at(g, i, y);
		term.cells[y * g->cols + i] = (struct shown){
			.style = paint_cell(p, c), .text = " ",
			.valid = true };
	}
	return true;
}

static bool
is_blank(const char *text, const struct style *s)
{
	return strcmp(text, " ") == 0 &&
	    !(s->attributes & (STYLE_REVERSE | STYLE_UNDERLINE));
}

/* Can this cell be sent in that style?  Of a blank only the ground shows. */
static bool
fits(const struct style *style, const char *text, const struct style *s)
{
	return paint_equal(style, s) || (is_blank(text, s) &&
	    style->bg == s->bg &&
	    !(style->attributes & (STYLE_REVERSE | STYLE_UNDERLINE)));
}

/* Up to x there are so few cells, all fit to be sent in this run's style,
 * that sending them again is shorter than jumping over them. */
static bool
can_bridge(const struct run *last, const struct shown *row, int x)
{
	int from = last->x + last->w;
	if (x - from > 3)
		return false;
	for (int i = from; i < x; i++)
		if (!row[i].valid || (unsigned char)row[i].text[0] >= 0x80 ||
		    row[i].text[0] == '\0' ||
		    !fits(&last->style, row[i].text, &row[i].style))
			return false;
	return true;
}

static void
add_to_run(const struct shown *row, int x, int y, int w,
    const struct style *s)
{
	struct run *last = term.run_count > 0 ?
	    &term.runs[term.run_count - 1] : NULL;
	bool blank = is_blank(row[x].text, s);
	term.changed += w;
	if (last != NULL && last->y == y) {
		/* A run of blanks takes the style of what follows. */
		if (last->blank && !blank && last->x + last->w == x &&
		    fits(s, " ", &last->style)) {
			last->style = *s;
			last->blank = false;
		}
		if (fits(&last->style, row[x].text, s) &&
		    can_bridge(last, row, x)) {
			last->w = x + w - last->x;
			last->blank = last->blank && blank;
			return;
		}
	}
	if (term.run_count == term.run_size) {
		term.run_size = term.run_size != 0 ? term.run_size * 2 : 256;
		term.runs = xreallocarray(term.runs, term.run_size,
		    sizeof(*term.runs));
	}
	term.runs[term.run_count++] = (struct run){ .x = x, .y = y, .w = w,
		.style = *s, .blank = blank };
}

static void
compare_row(const struct grid *g, const struct palette *p, int y)
{
	for (int x = 0; x < g->cols; x++) {
		const struct cell *c = grid_at(g, x, y);
		struct shown *old = &term.cells[y * g->cols + x];
		struct style s = paint_cell(p, c);
		/* The colour of text that is not there does not matter. */
		if (strcmp(c->text, " ") == 0 &&
		    !(s.attributes & (STYLE_REVERSE | STYLE_UNDERLINE)))
			s.fg = -1, s.attributes = 0;
		if (is_shown(old, c, &s))
			continue;
		if (strcmp(c->text, " ") == 0 && erase_rest(g, p, x, y))
			return;
		*old = (struct shown){ .style = s, .valid = true };
		memcpy(old->text, c->text, sizeof(old->text));
		if (c->width > 0)
			add_to_run(&term.cells[y * g->cols], x, y, c->width,
			    &s);
	}
}

static void
send_run(const struct grid *g, struct run *r, enum colour_depth depth)
{
	r->sent = true;
	move_to(r->x, r->y);
	set_style(&r->style, depth);
	for (int x = r->x; x < r->x + r->w; x++) {
		const struct cell *c = grid_at(g, x, r->y);
		if (c->width == 0)
			continue;
		/* After a character of two cells the cursor is where this
		 * terminal thinks it is. */
		move_to(x, r->y);
		buf_add_text(&term.out, c->text);
		term.x += c->width;
		if (term.x >= g->cols || c->width == 2 ||
		    (unsigned char)c->text[0] >= 0xe3)
			term.x = term.y = -1;
	}
}

/* In order, unless little changed: then going from place to place costs less
 * than changing the style at each, so all of one style go together. */
static void
send_runs(const struct grid *g, enum colour_depth depth)
{
	bool by_style = term.changed * 4 < g->cols * g->rows;
	for (size_t i = 0; i < term.run_count; i++) {
		struct run *first = &term.runs[i];
		if (first->sent)
			continue;
		send_run(g, first, depth);
		for (size_t k = i + 1; by_style && k < term.run_count; k++)
			if (!term.runs[k].sent && paint_equal(
			    &term.runs[k].style, &first->style))
				send_run(g, &term.runs[k], depth);
	}
	term.run_count = 0;
	term.changed = 0;
}

/* The screens one below the other. */
static void
draw_dumb(const struct grid *g)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	if (f == NULL)
		return;
	grid_dump(g, f);
	fclose(f);
	buf_add(&term.out, text, len);
	buf_add_char(&term.out, '\n');
	free(text);
}

void
term_draw(const struct grid *g, const struct palette *p)
{
	if (!term.started)
		return;
	if (term.dumb) {
		draw_dumb(g);
		return;
	}
	bool cursor = g->cursor_x >= 0;
	if (term.blank || g->cols != term.cols || g->rows != term.rows)
		blank_screen(g);
	size_t before = term.out.len;
	if (term.cursor_shown && !cursor)
		add_string(&term.out, string_of("civis"));
	for (int y = 0; y < g->rows; y++)
		compare_row(g, p, y);
	send_runs(g, p->depth);
	if (cursor) {
		move_to(g->cursor_x, g->cursor_y);
		if (!term.cursor_shown)
			add_string(&term.out, string_of("cnorm"));
	}
	term.cursor_shown = cursor;
	/* Nothing of ours colours what others may print. */
	if (term.out.len > before && term.style_known &&
	    (term.style.bg != -1 || term.style.attributes != 0)) {
		static const struct style plain = { -1, -1, 0 };
		set_style(&plain, p->depth);
	}
}

bool
term_read(void)
{
	if (term.input_at < term.input_len)
		return true;
	ssize_t n = read(term.fd, term.input, sizeof(term.input));
	term.input_at = 0;
	term.input_len = n > 0 ? (size_t)n : 0;
	return n > 0 || (n == -1 && (errno == EAGAIN || errno == EINTR));
}

bool
term_event(struct event *e)
{
	while (term.input_at < term.input_len)
		if (decode_byte(&term.decoder, term.input[term.input_at++],
		    e))
			return true;
	if (term.timeout) {
		term.timeout = false;
		return decode_timeout(&term.decoder, e);
	}
	return false;
}

bool
term_waits(void)
{
	return decode_waits(&term.decoder);
}

void
term_timeout(void)
{
	term.timeout = true;
}

unsigned long long
term_sent(void)
{
	return term.total;
}
