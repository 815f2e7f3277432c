/* SPDX-License-Identifier: MIT
 *
 * The clipboard: the escape sequence, and copying programs that work, fail,
 * are not there or do not end.
 *
 * uses: tuiview/clipboard.c
 */
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tuiview/clipboard.h"
#include "tests/unit/expect.h"

static char directory[] = "/tmp/iftoprs-clip.XXXXXX";

static void
osc52(const char *text, enum clipboard_within within,
    const char *expected)
{
	struct buf b = { 0 };
	expect("osc52", clipboard_osc52(&b, text, strlen(text), within) &&
	    strcmp(buf_text(&b), expected) == 0);
	buf_done(&b);
}

static void
program(const char *name, const char *script)
{
	char path[100];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *f = fopen(path, "w");
	if (f == NULL)
		err(EXIT_FAILURE, "%s", path);
	fprintf(f, "#!/bin/sh\n%s\n", script);
	fclose(f);
	chmod(path, 0700);
}

/* How copying ends, and with which words. */
static void
copy(const char *name, const char *text, size_t len,
    enum clipboard_state expected, const char *message)
{
	struct clipboard c = { 0 };
	enum clipboard_state state = CLIPBOARD_BUSY;
	if (!clipboard_start(&c, name, text, len))
		err(EXIT_FAILURE, "%s", name);
	for (int i = 0; i < 1000 && state == CLIPBOARD_BUSY; i++) {
		state = clipboard_step(&c);
		if (state == CLIPBOARD_BUSY)
			poll(NULL, 0, 10);
	}
	if (state != expected || (message != NULL &&
	    strstr(buf_text(&c.message), message) == NULL)) {
		failures++;
		printf("%s: state %d, \"%s\"\n", name, state,
		    buf_text(&c.message));
	}
	clipboard_done(&c);
}

static void
check_copied(size_t len)
{
	char path[100];
	struct stat st;
	snprintf(path, sizeof(path), "%s/copied", directory);
	expect("what was copied", stat(path, &st) == 0 &&
	    (size_t)st.st_size == len);
	unlink(path);
}

static void
check_programs(void)
{
	static char large[200000];
	char script[200];
	memset(large, 'x', sizeof(large));
	setenv("PATH", directory, 1);
	unsetenv("WAYLAND_DISPLAY");
	setenv("DISPLAY", ":0", 1);
	expect("none there", clipboard_program() == NULL);
	snprintf(script, sizeof(script), "/bin/cat >%s/copied", directory);
	program("xclip", script);
	const char *name = clipboard_program();
	expect("xclip", name != NULL && strcmp(name, "xclip") == 0);
	program("wl-copy", "exit 0");
	expect("without Wayland", strcmp(clipboard_program(), "xclip") == 0);
	setenv("WAYLAND_DISPLAY", "wayland-0", 1);
	expect("with Wayland", strcmp(clipboard_program(), "wl-copy") == 0);

	copy("xclip", "hello", 5, CLIPBOARD_DONE, NULL);
	check_copied(5);
	copy("xclip", large, sizeof(large), CLIPBOARD_DONE, NULL);
	check_copied(sizeof(large));
	/* Another one in the directory where we are is nobody's. */
	snprintf(script, sizeof(script), "%s/here", directory);
	if (mkdir(script, 0700) == -1 || chdir(script) == -1)
		err(EXIT_FAILURE, "%s", script);
	program("here/xclip", "exit 4");
	snprintf(script, sizeof(script), ".:%s", directory);
	setenv("PATH", script, 1);
	copy("xclip", "hello", 5, CLIPBOARD_DONE, NULL);
	check_copied(5);
	program("xclip", "echo Error: no display >&2; echo more >&2; exit 1");
	copy("xclip", large, sizeof(large), CLIPBOARD_FAILED,
	    "Error: no display");
	program("xclip", "exit 3");
	copy("xclip", "x", 1, CLIPBOARD_FAILED, "it failed");
	copy("no-such-program", "x", 1, CLIPBOARD_FAILED, "No such file");
	program("xclip", "exec /bin/sleep 60");
	copy("xclip", large, sizeof(large), CLIPBOARD_FAILED,
	    "it did not end");
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	osc52("", WITHIN_NOTHING, "\033]52;c;\a");
	osc52("a", WITHIN_NOTHING, "\033]52;c;YQ==\a");
	osc52("ab", WITHIN_NOTHING, "\033]52;c;YWI=\a");
	osc52("192.0.2.1 <=> \xc3\xa9", WITHIN_NOTHING,
	    "\033]52;c;MTkyLjAuMi4xIDw9PiDDqQ==\a");
	osc52("abc", WITHIN_TMUX, "\033]52;c;YWJj\a"
	    "\033Ptmux;\033\033]52;c;YWJj\a\033\\");
	osc52("abc", WITHIN_SCREEN, "\033P\033]52;c;YWJj\a\033\\");
	setenv("STY", "1.pts-0", 1);
	unsetenv("TMUX");
	expect("screen", clipboard_within() == WITHIN_SCREEN);
	setenv("TMUX", "/tmp/tmux", 1);
	expect("tmux", clipboard_within() == WITHIN_TMUX);
	static char large[CLIPBOARD_LONGEST + 1];
	struct buf b = { 0 };
	expect("too long", !clipboard_osc52(&b, large, sizeof(large),
	    WITHIN_NOTHING) &&
	    b.len == 0);
	if (mkdtemp(directory) == NULL)
		err(EXIT_FAILURE, "%s", directory);
	check_programs();
	char path[100];
	snprintf(path, sizeof(path), "%s/here/xclip", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/here", directory);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/xclip", directory);
	unlink(path);
	snprintf(path, sizeof(path), "%s/wl-copy", directory);
	unlink(path);
	rmdir(directory);
	return failures > 0;
}
