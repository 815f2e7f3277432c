/* SPDX-License-Identifier: MIT
 *
 * Text commands from a FIFO.
 */
#include "lib/control.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST = 4096 };

bool
control_open(struct control *c, const char *path)
{
	struct stat st;
	c->fd = -1;
	if (mkfifo(path, 0600) == -1 && errno != EEXIST)
		return false;
	/* Read and write: Linux and the BSDs allow it for a FIFO. */
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return false;
	if (fstat(fd, &st) == -1 || !S_ISFIFO(st.st_mode)) {
		close(fd);
		errno = ENOTSUP;
		return false;
	}
	c->fd = fd;
	c->told = 0;
	lines_init(&c->lines, fd, LONGEST);
	return true;
}

void
control_close(struct control *c)
{
	if (c->fd == -1)
		return;
	close(c->fd);
	c->fd = -1;
	lines_done(&c->lines);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool
control_next(struct control *c, char **word, char **argument)
{
	static char too_long[] = "a line of over 4096 bytes";
	if (c->fd == -1)
		return false;
	for (;;) {
		size_t len;
		char *line = lines_next(&c->lines, &len);
		if (line == NULL && c->told < c->lines.too_long) {
			c->told = c->lines.too_long;
			*word = too_long;
			*argument = too_long + strlen(too_long);
			return true;
		}
		if (line == NULL) {
			if (lines_fill(&c->lines) != 1)
				return false;
			continue;
		}
		while (len > 0 && is_blank(line[len - 1]))
			line[--len] = '\0';
		while (is_blank(*line))
			line++;
		if (*line == '\0')
			continue;
		*word = line;
		line += strcspn(line, " \t");
		if (*line != '\0')
			*line++ = '\0';
		while (is_blank(*line))
			line++;
		*argument = line;
		return true;
	}
}
