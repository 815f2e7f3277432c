/* SPDX-License-Identifier: MIT
 *
 * /proc/PID/cmdline.
 */
#include "procmap/cmdline.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "procmap/text.h"

static size_t
read_file(uint32_t pid, const char *file, char *text, size_t size)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%u/%s", pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	ssize_t n = read(fd, text, size);
	close(fd);
	return n > 0 ? (size_t)n : 0;
}

void
cmdline_read(uint32_t pid, uint64_t start, char line[CMDLINE_SIZE])
{
	char text[CMDLINE_SIZE], stat_[1024];
	struct stat_text s;
	line[0] = '\0';
	size_t n = read_file(pid, "cmdline", text, sizeof(text));
	while (n > 0 && text[n - 1] == '\0')
		n--;
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	size_t len = read_file(pid, "stat", stat_, sizeof(stat_));
	if (len > 0 && text_stat(stat_, len, &s) &&
	    (start == 0 || s.start == start))
		text_clean(line, CMDLINE_SIZE, text, n);
}
