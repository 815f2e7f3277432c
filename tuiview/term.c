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
#include "lib/io.h"
#include "lib/xalloc.h"
#include "tuiview/term_draw.h"

/* Last: its macros have short names. */
#define NCURSES_NOMACROS
#include <curses.h>
#include <term.h>

enum { RESTORE = 256, STRINGS = 5 };

static struct {
	int fd;
	bool started, dumb;
	struct termios before, raw;
	char restore[RESTORE];		/* all it takes, ready to write */
	size_t restore_len;
	struct buf out;
	size_t sent;			/* of `out` */
	struct drawing drawing;
	struct buf strings[STRINGS];	/* of the drawing's abilities */
	int string_count;
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

static const char *
place(int x, int y)
{
	static struct buf text;
	buf_reset(&text);
	add_string(&text, tiparm(string_of("cup"), y, x));
	return buf_text(&text);
}

static bool
is(const char *name, const char *text)
{
	struct buf b = { .data = NULL };
	add_string(&b, string_of(name));
	bool same = strcmp(buf_text(&b), text) == 0;
	buf_done(&b);
	return same;
}

/* A string without padding that lasts until term_close(). */
static const char *
keep(const char *name)
{
	struct buf *b = &term.strings[term.string_count++];
	add_string(b, string_of(name));
	return buf_text(b);
}

static void
prepare_drawing(void)
{
	struct draw_caps caps = {
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
	};
	if (!is("cup", "\033[%i%p1%d;%p2%dH"))
		caps.move.place = place;
	draw_init(&term.drawing, &caps);
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
		if (name == NULL || name[0] == '\0')
			snprintf(why, size, "TERM names no terminal; set it, "
			    "as in TERM=xterm-256color");
		else
			snprintf(why, size, "the terminal \"%s\" is not "
			    "known here; set TERM to one that is "
			    "(TERM=xterm-256color)", name);
		return false;
	}
	term.dumb = string_of("cup")[0] == '\0';
	prepare_drawing();
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
	if (string_of("rmcup")[0] == '\0') {
		/* Our last screen stays; what comes next goes below it.  A
		 * terminal takes too large a number for its last row. */
		char *bottom = tiparm(string_of("cup"), 998, 0);
		add_string(&b, bottom != NULL ? bottom : "");
		buf_add_text(&b, "\r\n");
	}
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
	term.drawing.cursor_shown = false;
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
	draw_done(&term.drawing);
	while (term.string_count > 0)
		buf_done(&term.strings[--term.string_count]);
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
		ssize_t n = io_write(term.fd, term.out.data + term.sent,
		    term.out.len - term.sent);
		if (n == -1)
			return errno == EAGAIN;
		term.sent += (size_t)n;
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
	draw_forget(&term.drawing);
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
	draw_grid(&term.drawing, g, p, &term.out);
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
