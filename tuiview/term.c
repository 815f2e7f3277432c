/* SPDX-License-Identifier: MIT
 *
 * Terminfo (term_info.c) for what differs between terminals, SGR written by
 * ourselves: curses knows colour pairs only, which is too little for themes
 * in 24 bits.
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
#include "tuiview/term_info.h"

enum { RESTORE = 256 };

static struct {
	int fd;
	bool started, dumb;
	struct termios before, raw;
	char restore[RESTORE];		/* all it takes, ready to write */
	size_t restore_len;
	struct buf out;
	size_t sent;			/* of `out` */
	struct drawing drawing;
	enum term_mouse mouse;
	struct decoder decoder;
	unsigned char input[4096];
	size_t input_len, input_at;
	bool timeout;
} term = { .fd = -1 };

bool
term_open(char *why, size_t size)
{
	struct draw_caps caps;
	term.fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC |
	    O_NONBLOCK);
	if (term.fd == -1) {
		snprintf(why, size, "no terminal to show anything on "
		    "(/dev/tty: %s)", strerror(errno));
		return false;
	}
	if (!term_info_open(term.fd, why, size))
		return false;
	term.dumb = !term_info_has("cup");
	term_info_drawing(&caps);
	draw_init(&term.drawing, &caps);
	term.decoder.tab_turns = term_info_tab_turns();
	return true;
}

bool
term_is_dumb(void)
{
	return term.dumb;
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
	term_info_add(&b, "sgr0");
	term_info_add(&b, "rmkx");
	term_info_add(&b, "cnorm");
	term_info_add(&b, "rmcup");
	if (!term_info_has("rmcup")) {
		/* Our last screen stays; what comes next goes below it.  A
		 * terminal takes too large a number for its last row. */
		buf_add_text(&b, term_info_place(0, 998));
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
	term_info_add(&term.out, "smcup");
	term_info_add(&term.out, "smkx");
	term_info_add(&term.out, "civis");
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
	term_info_close();
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
	while (term.input_at < term.input_len) {
		enum decoded what = decode_byte(&term.decoder,
		    term.input[term.input_at], e);
		if (what != DECODED_AGAIN)
			term.input_at++;
		if (what != DECODED_NOTHING)
			return true;
	}
	term.timeout = term.timeout && decode_timeout(&term.decoder, e);
	return term.timeout;
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
