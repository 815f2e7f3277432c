/* SPDX-License-Identifier: MIT
 *
 * The clipboard: an escape sequence (XTerm's OSC 52), or a child process fed
 * and watched without waiting.
 */
#include "tuiview/clipboard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"

enum { PATIENCE_MS = 2000, MESSAGE_MOST = 300 };

static void
add_base64(struct buf *b, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;
		if (i + 1 < len)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < len)
			three |= bytes[i + 2];
		buf_add_char(b, digits[three >> 18]);
		buf_add_char(b, digits[three >> 12 & 63]);
		buf_add_char(b, i + 1 < len ? digits[three >> 6 & 63] : '=');
		buf_add_char(b, i + 2 < len ? digits[three & 63] : '=');
	}
}

enum clipboard_within
clipboard_within(void)
{
	return getenv("TMUX") != NULL ? WITHIN_TMUX :
	    getenv("STY") != NULL ? WITHIN_SCREEN : WITHIN_NOTHING;
}

bool
clipboard_osc52(struct buf *b, const char *text, size_t len,
    enum clipboard_within within)
{
	if (len > CLIPBOARD_LONGEST)
		return false;
	/* GNU screen knows no OSC 52: its terminal gets it as it is. */
	if (within == WITHIN_SCREEN)
		buf_add_text(b, "\033P");
	buf_add_text(b, "\033]52;c;");
	add_base64(b, (const unsigned char *)text, len);
	buf_add_char(b, '\a');
	if (within == WITHIN_SCREEN)
		buf_add_text(b, "\033\\");
	if (within != WITHIN_TMUX)
		return true;
	/* That one tmux takes itself (set-clipboard); what stands in its own
	 * wrapping, each escape doubled, it hands on (allow-passthrough).
	 * Which of them it does is its user's choice. */
	buf_add_text(b, "\033Ptmux;\033\033]52;c;");
	add_base64(b, (const unsigned char *)text, len);
	buf_add_text(b, "\a\033\\");
	return true;
}

/* Where in PATH it is, in *place; false: nowhere. */
static bool
in_path(const char *program, struct buf *place)
{
	const char *path = getenv("PATH");
	bool found = false;
	while (path != NULL && *path != '\0' && !found) {
		size_t len = strcspn(path, ":");
		buf_reset(place);
		buf_add(place, path, len);
		buf_printf(place, "/%s", program);
		/* A relative directory would be whoever's it is. */
		found = path[0] == '/' && access(buf_text(place), X_OK) == 0;
		path += len + (path[len] == ':');
	}
	return found;
}

static const struct {
	const char *program, *needs;	/* a variable of the environment */
	const char *const arguments[4];
} programs[] = {
	{ "wl-copy", "WAYLAND_DISPLAY", { "wl-copy", NULL } },
	{ "xclip", "DISPLAY", { "xclip", "-selection", "clipboard", NULL } },
	{ "xsel", "DISPLAY", { "xsel", "--clipboard", "--input", NULL } },
	{ "pbcopy", NULL, { "pbcopy", NULL } },
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

const char *
clipboard_program(void)
{
	struct buf place = { 0 };
	const char *found = NULL;
	for (size_t i = 0; i < PROGRAMS && found == NULL; i++) {
		const char *needs = programs[i].needs;
		const char *value = needs == NULL ? "yes" : getenv(needs);
		if (value != NULL && value[0] != '\0' &&
		    in_path(programs[i].program, &place))
			found = programs[i].program;
	}
	buf_done(&place);
	return found;
}

static _Noreturn void
run(const char *program, const char *place, int input, int errors)
{
	const char *const plain[] = { program, NULL };
	const char *const *arguments = plain;
	int null = open("/dev/null", O_WRONLY);
	for (size_t i = 0; i < PROGRAMS; i++) {
		if (strcmp(programs[i].program, program) == 0)
			arguments = programs[i].arguments;
	}
	/* It must not stop, end or draw with the screen. */
	signal(SIGPIPE, SIG_DFL);
	setsid();
	dup2(input, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(errors, STDERR_FILENO);
	execv(place, (char *const *)(uintptr_t)arguments);
	const char *why = strerror(errno);
	(void)!write(STDERR_FILENO, why, strlen(why));
	_exit(127);
}

bool
clipboard_start(struct clipboard *c, const char *program, const char *text,
    size_t len)
{
	int input[2], errors[2];
	*c = (struct clipboard){ .input = -1, .errors = -1,
		.program = program };
	if (pipe2(input, O_CLOEXEC) == -1)
		return false;
	if (pipe2(errors, O_CLOEXEC) == -1) {
		close(input[0]);
		close(input[1]);
		return false;
	}
	struct buf b = { 0 };
	const char *place = in_path(program, &b) ? buf_text(&b) : "";
	c->pid = fork();
	int saved = errno;
	if (c->pid == 0)
		run(program, place, input[0], errors[1]);
	buf_done(&b);
	close(input[0]);
	close(errors[1]);
	if (c->pid == -1) {
		close(input[1]);
		close(errors[0]);
		c->pid = 0;
		errno = saved;
		return false;
	}
	c->input = input[1];
	c->errors = errors[0];
	fcntl(c->input, F_SETFL, O_NONBLOCK);
	fcntl(c->errors, F_SETFL, O_NONBLOCK);
	buf_add(&c->text, text, len);
	c->deadline = clock_ms() + PATIENCE_MS;
	return true;
}

static void
close_end(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* Hand over what it takes now. */
static void
feed(struct clipboard *c)
{
	while (c->input != -1 && c->text.len > 0) {
		ssize_t n = write(c->input, c->text.data, c->text.len);
		if (n > 0)
			buf_drop(&c->text, (size_t)n);
		else if (n == -1 && errno == EAGAIN)
			return;
		else if (n == -1 && errno != EINTR)
			break;	/* it says why, or with its status */
	}
	close_end(&c->input);
}

static void
listen_to(struct clipboard *c)
{
	char text[256];
	ssize_t n;
	while (c->errors != -1 && (n = read(c->errors, text,
	    sizeof(text))) != -1) {
		if (n == 0)
			close_end(&c->errors);
		else if (c->message.len < MESSAGE_MOST)
			buf_add(&c->message, text, (size_t)n);
	}
}

/* Its first line, or what happened to it. */
static void
conclude(struct clipboard *c, const char *what)
{
	char *newline = c->message.len == 0 ? NULL :
	    memchr(c->message.data, '\n', c->message.len);
	if (newline != NULL)
		c->message.len = (size_t)(newline - c->message.data);
	if (c->message.len == 0)
		buf_add_text(&c->message, what);
	buf_text(&c->message);
	close_end(&c->input);
	close_end(&c->errors);
	c->pid = 0;
}

enum clipboard_state
clipboard_step(struct clipboard *c)
{
	int status;
	if (c->pid == 0)
		return CLIPBOARD_DONE;
	feed(c);
	listen_to(c);
	pid_t ended = waitpid(c->pid, &status, WNOHANG);
	if (ended == 0 && clock_ms() < c->deadline)
		return CLIPBOARD_BUSY;
	if (ended == 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, &status, 0);
		conclude(c, "it did not end");
		return CLIPBOARD_FAILED;
	}
	listen_to(c);
	bool good = ended == c->pid && WIFEXITED(status) &&
	    WEXITSTATUS(status) == 0;
	if (good)
		buf_reset(&c->message);
	conclude(c, good ? "" : "it failed");
	return good ? CLIPBOARD_DONE : CLIPBOARD_FAILED;
}

void
clipboard_done(struct clipboard *c)
{
	if (c->pid != 0) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
		c->pid = 0;
		close_end(&c->input);
		close_end(&c->errors);
	}
	buf_done(&c->text);
	buf_done(&c->message);
}
