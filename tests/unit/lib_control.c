/* SPDX-License-Identifier: MIT
 *
 * Commands that come through a FIFO: in pieces, several at once, with blanks
 * around, too long; and what is no FIFO.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/control.h"

static int failures;
static struct control control;
static int out;

static void
put(const char *text)
{
	if (write(out, text, strlen(text)) != (ssize_t)strlen(text)) {
		perror("lib_control");
		exit(EXIT_FAILURE);
	}
}

/* The next command is this one; null: there is none yet. */
static void
expect(const char *word, const char *argument)
{
	char *w = NULL, *a = NULL;
	bool is = control_next(&control, &w, &a);
	if (word == NULL ? !is : is && strcmp(w, word) == 0 &&
	    strcmp(a, argument) == 0)
		return;
	printf("lib_control: expected %s, got %s %s\n",
	    word != NULL ? word : "none", is ? w : "none", is ? a : "");
	failures++;
}

/* What is there by this name is refused, and why. */
static void
expect_refused(const char *path, int error)
{
	struct control c;
	if (!control_open(&c, path) && errno == error && c.fd == -1)
		return;
	printf("lib_control: %s: %s\n", path, strerror(errno));
	failures++;
}

static void
try_refused(void)
{
	int fd = open("file", O_CREAT | O_WRONLY, 0600);
	close(fd);
	mkdir("directory", 0700);
	if (symlink("fifo", "link") == -1)
		failures++;
	expect_refused("file", ENOTSUP);
	expect_refused("directory", EISDIR);
	expect_refused("link", ELOOP);
	expect_refused("not/there", ENOENT);
}

static void
try_commands(void)
{
	char *w, *a;
	expect(NULL, NULL);
	put("pause\nreset now\n");
	expect("pause", "");
	expect("reset", "now");
	expect(NULL, NULL);
	put("fil");
	expect(NULL, NULL);
	put("ter tcp port 443\n");
	expect("filter", "tcp port 443");
	put("\n \t \r\n  interval \t 2 s \t\r\n");
	expect("interval", "2 s");
	expect(NULL, NULL);
	/* Once for each, where it stood, and what follows is another. */
	char *longest = malloc(5001);
	memset(longest, 'x', 5000);
	longest[5000] = '\0';
	put(longest);
	expect(NULL, NULL);
	put(" y\n");
	expect("a line of over 4096 bytes", "");
	put("top 5\n");
	expect("top", "5");
	expect(NULL, NULL);
	/* Just not too long. */
	longest[4096] = '\0';
	put(longest);
	put("\n");
	expect(longest, "");
	free(longest);
	control_close(&control);
	if (control.fd != -1 || control_next(&control, &w, &a))
		failures++;
	control_close(&control);
}

int
main(void)
{
	char directory[] = "/tmp/lib_control.XXXXXX";
	struct stat st;
	if (mkdtemp(directory) == NULL || chdir(directory) == -1 ||
	    !control_open(&control, "fifo") ||
	    (out = open("fifo", O_WRONLY | O_NONBLOCK)) == -1) {
		perror("lib_control");
		return EXIT_FAILURE;
	}
	if (stat("fifo", &st) == -1 || (st.st_mode & 07777) != 0600) {
		puts("lib_control: not the user's alone");
		failures++;
	}
	try_refused();
	try_commands();
	unlink("fifo");
	unlink("file");
	unlink("link");
	rmdir("directory");
	if (chdir("/") == -1 || rmdir(directory) == -1)
		failures++;
	return failures != 0;
}
