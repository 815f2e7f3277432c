/* SPDX-License-Identifier: MIT
 *
 * Asking rpm.
 */
#include "procmap/rpm.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "procmap/command.h"
#include "procmap/in_root.h"
#include "procmap/rpm_copy.h"
#include "procmap/text.h"

enum { PATIENCE = 20, PATH_SIZE = 1024 };	/* seconds; bytes */

/* Where it is in that system; null: nowhere. */
static const char *
find_database(const char *root)
{
	static const char *const places[] = { "/var/lib/rpm",
		"/usr/lib/sysimage/rpm" };
	static const char *const files[] = { "rpmdb.sqlite", "Packages.db",
		"Packages" };
	char path[64];
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < 3; j++) {
			snprintf(path, sizeof(path), "%s/%s", places[i],
			    files[j]);
			int fd = in_root_open(root, path, O_RDONLY |
			    O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
			if (fd == -1)
				continue;
			close(fd);
			return places[i];
		}
	}
	return NULL;
}

void
rpm_line(const char *line, size_t len, const char *path, struct package *p)
{
	const char *tab = memchr(line, '\t', len);
	if (tab == NULL) {
		if (p->name[0] == '\0')
			text_clean(p->name, PACKAGE_NAME, line, len);
		return;
	}
	if (packages_same_path(path, line, (size_t)(tab - line)))
		text_clean(p->digest, PACKAGE_DIGEST, tab + 1,
		    len - (size_t)(tab + 1 - line));
}

struct answer {
	const char *path;
	struct package *package;
};

static void
take_line(void *state, char *line, size_t len)
{
	const struct answer *a = state;
	rpm_line(line, len, a->path, a->package);
}

static bool
ask(const char *database, const char *path, struct package *p)
{
	/* Not --root: that takes the right to chroot. */
	const char *const arguments[] = { "rpm", "--dbpath", database, "-q",
		"-f", "--qf", "%{NAME}\n[%{FILENAMES}\t%{FILEDIGESTS}\n]",
		"--", path, NULL };
	struct answer answer = { path, p };
	const struct command command = { .arguments = arguments,
		.patience = PATIENCE, .line = take_line, .state = &answer };
	int status = 0;
	enum command_end end = command_run(&command, &status);
	if (end != COMMAND_EXITED || status != 0)
		*p = (struct package){ 0 };	/* "not owned by any package" */
	return end == COMMAND_EXITED;
}

bool
rpm_find(const char *root, const char *path, struct package *p)
{
	char copy[PATH_SIZE];
	const char *place = find_database(root);
	if (place == NULL)
		return false;
	if (root[0] == '\0')
		return ask(place, path, p);
	if (!rpm_copy_make(root, place, copy, sizeof(copy)))
		return false;
	bool told = ask(copy, path, p);
	rpm_copy_remove(copy);
	return told;
}
