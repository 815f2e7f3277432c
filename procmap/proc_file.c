/* SPDX-License-Identifier: MIT
 *
 * Reading them.
 */
#include "procmap/proc_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "procmap/text.h"

size_t
proc_file_read(const char *root, uint32_t pid, const char *file, char *text,
    size_t size)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%u/%s", root, pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	ssize_t n = read(fd, text, size - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

bool
proc_is_running(uint32_t pid, uint64_t start)
{
	char text[1024];
	struct stat_text s;
	size_t len = proc_file_read("/proc", pid, "stat", text, sizeof(text));
	return len > 0 && text_stat(text, len, &s) && s.start == start;
}
