/* SPDX-License-Identifier: MIT
 *
 * Package databases.  A path may stand in them in another form: with /usr
 * merged, /usr/bin/ls is listed as /bin/ls, or the other way round.
 */
#include "procmap/packages.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "procmap/in_root.h"
#include "procmap/rpm.h"
#include "procmap/text.h"

enum { PATH_SIZE = 1024 };
enum { LARGEST = 64 << 20 };	/* bytes of a file; a larger one is not read */

/* The names under which one file may be listed. */
struct names {
	char forms[2][PATH_SIZE];
	int count;
};

static void
make_names(struct names *n, const char *path)
{
	static const char *const merged[] = { "/bin/", "/sbin/", "/lib/",
		"/lib32/", "/lib64/", "/libx32/" };
	bool usr = strncmp(path, "/usr/", 5) == 0;
	const char *rest = usr ? path + 4 : path;
	snprintf(n->forms[0], PATH_SIZE, "%s", path);
	n->count = 1;
	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++) {
		if (strncmp(rest, merged[i], strlen(merged[i])) == 0) {
			snprintf(n->forms[1], PATH_SIZE, "%s%s",
			    usr ? "" : "/usr", rest);
			n->count = 2;
		}
	}
}

static bool
is_one(const struct names *n, const char *text, size_t len)
{
	for (int i = 0; i < n->count; i++)
		if (strlen(n->forms[i]) == len &&
		    memcmp(n->forms[i], text, len) == 0)
			return true;
	return false;
}

bool
packages_same_path(const char *path, const char *text, size_t len)
{
	struct names n;
	make_names(&n, path);
	return is_one(&n, text, len);
}

/* A file in memory; data is null when it cannot be read or is empty. */
struct content {
	char *data;
	size_t len;
};

/* Read, not mapped: a container may cut its files short meanwhile. */
static struct content
load(const char *root, const char *path)
{
	struct content c = { 0 };
	struct stat st;
	ssize_t n = 1;
	int fd = in_root_open(root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
	    O_NOCTTY);
	if (fd == -1)
		return c;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    st.st_size <= LARGEST)
		c.data = malloc((size_t)st.st_size);
	while (c.data != NULL && n > 0 && c.len < (size_t)st.st_size) {
		n = read(fd, c.data + c.len, (size_t)st.st_size - c.len);
		c.len += n > 0 ? (size_t)n : 0;
	}
	close(fd);
	if (c.len == 0) {
		free(c.data);
		c.data = NULL;
	}
	return c;
}

static DIR *
open_directory(const char *root, const char *path)
{
	int fd = in_root_open(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd != -1 ? fdopendir(fd) : NULL;
	if (dir == NULL && fd != -1)
		close(fd);
	return dir;
}

static void
unload(struct content *c)
{
	free(c->data);
}

static const char *
end_of(const struct content *c)
{
	return c->data != NULL ? c->data + c->len : NULL;
}

/* Does a whole line say one of the names? */
static bool
lists(const struct content *c, const struct names *n)
{
	for (int i = 0; i < n->count; i++) {
		const char *form = n->forms[i];
		size_t len = strlen(form);
		const char *at = c->data, *end = c->data + c->len;
		while (len > 0 && at < end && (at = memmem(at, (size_t)(end - at), form,
		    len)) != NULL) {
			bool starts = at == c->data || at[-1] == '\n';
			bool ends = at + len == end || at[len] == '\n';
			if (starts && ends)
				return true;
			at += len;
		}
	}
	return false;
}

static const char *
next_line(const char **at, const char *end, size_t *len)
{
	const char *line = *at;
	if (line >= end)
		return NULL;
	const char *newline = memchr(line, '\n', (size_t)(end - line));
	*len = (size_t)((newline != NULL ? newline : end) - line);
	*at = line + *len + 1;
	return line;
}

/*
 * dpkg.
 */

/* Diversions come as three lines: the original path, where it was diverted
 * to, and the package that did it (its own file has the original path). */
struct diversion {
	char by[PACKAGE_NAME];	/* the owner is this one, */
	char not_by[PACKAGE_NAME];	/* or any but this one, */
	bool local;		/* or nobody: what stands there is local */
};

static void
read_diversions(const char *root, struct names *n, struct diversion *d)
{
	size_t from_len, to_len, by_len;
	const char *from, *to, *by;
	*d = (struct diversion){ 0 };
	struct content c = load(root, "/var/lib/dpkg/diversions");
	const char *at = c.data, *end = end_of(&c);
	while (c.data != NULL &&
	    (from = next_line(&at, end, &from_len)) != NULL &&
	    (to = next_line(&at, end, &to_len)) != NULL &&
	    (by = next_line(&at, end, &by_len)) != NULL) {
		bool local = by_len == 1 && by[0] == ':';
		if (from_len == 0 || from[0] != '/')
			continue;
		if (is_one(n, to, to_len) && from_len < PATH_SIZE) {
			char original[PATH_SIZE];
			memcpy(original, from, from_len);
			original[from_len] = '\0';
			text_clean(d->not_by, PACKAGE_NAME, by, by_len);
			make_names(n, original);
			break;
		}
		if (is_one(n, from, from_len)) {
			d->local = local;
			if (!local)
				text_clean(d->by, PACKAGE_NAME, by, by_len);
			break;
		}
	}
	unload(&c);
}

/* In PACKAGE.md5sums: "digest  usr/bin/file". */
static void
read_md5(const char *root, const char *base, const struct names *n,
    struct package *p)
{
	char path[PATH_SIZE];
	size_t len;
	const char *line;
	snprintf(path, sizeof(path), "/var/lib/dpkg/info/%s.md5sums", base);
	struct content c = load(root, path);
	const char *at = c.data, *end = end_of(&c);
	while (c.data != NULL && (line = next_line(&at, end, &len)) != NULL) {
		char full[PATH_SIZE];
		if (len < 35 || len - 34 >= PATH_SIZE - 1)
			continue;
		snprintf(full, sizeof(full), "/%.*s", (int)(len - 34),
		    line + 34);
		if (is_one(n, full, strlen(full))) {
			text_clean(p->digest, 33, line, 32);
			break;
		}
	}
	unload(&c);
}

static bool
dpkg_find(const char *root, const char *file, struct package *p)
{
	char path[PATH_SIZE];
	struct names names;
	struct diversion d;
	struct dirent *entry;
	DIR *dir = open_directory(root, "/var/lib/dpkg/info");
	if (dir == NULL)
		return false;
	make_names(&names, file);
	read_diversions(root, &names, &d);
	while (!d.local && p->name[0] == '\0' &&
	    (entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);
		char base[PACKAGE_NAME];
		if (len <= 5 || len - 5 >= sizeof(base) ||
		    strcmp(entry->d_name + len - 5, ".list") != 0)
			continue;
		memcpy(base, entry->d_name, len - 5);
		base[len - 5] = '\0';
		char name[PACKAGE_NAME];	/* without ":amd64" */
		text_clean(name, sizeof(name), base, strcspn(base, ":"));
		if ((d.by[0] != '\0' && strcmp(name, d.by) != 0) ||
		    (d.not_by[0] != '\0' && strcmp(name, d.not_by) == 0))
			continue;
		snprintf(path, sizeof(path), "/var/lib/dpkg/info/%s",
		    entry->d_name);
		struct content c = load(root, path);
		if (c.data != NULL && lists(&c, &names)) {
			memcpy(p->name, name, sizeof(name));
			read_md5(root, base, &names, p);
		}
		unload(&c);
	}
	closedir(dir);
	return true;
}

/*
 * apk: one file; "P:" a package, "F:" a directory, "R:" a file in it.
 */

/* A length for printf; a longer path is none of ours. */
static int
clip(size_t len)
{
	return len < PATH_SIZE ? (int)len : PATH_SIZE;
}

static bool
apk_find(const char *root, const char *file, struct package *p)
{
	char name[PACKAGE_NAME] = "", folder[PATH_SIZE] = "";
	char full[2 * PATH_SIZE];
	struct names names;
	const char *line;
	size_t len;
	struct content c = load(root, "/lib/apk/db/installed");
	if (c.data == NULL)
		return false;
	make_names(&names, file);
	const char *at = c.data, *end = end_of(&c);
	while ((line = next_line(&at, end, &len)) != NULL) {
		if (len < 2 || line[1] != ':')
			continue;
		if (line[0] == 'P')
			text_clean(name, sizeof(name), line + 2, len - 2);
		else if (line[0] == 'F')	/* "" is the root */
			snprintf(folder, sizeof(folder), "%s%.*s",
			    len > 2 ? "/" : "", clip(len - 2), line + 2);
		if (line[0] != 'R')
			continue;
		snprintf(full, sizeof(full), "%s/%.*s", folder,
		    clip(len - 2), line + 2);
		if (is_one(&names, full, strlen(full))) {
			memcpy(p->name, name, sizeof(name));
			break;
		}
	}
	unload(&c);
	return true;
}

/*
 * pacman: local/NAME-VERSION-RELEASE/files has paths without the first /.
 */

static bool
pacman_find(const char *root, const char *file, struct package *p)
{
	char path[PATH_SIZE];
	struct names names;
	struct dirent *entry;
	DIR *dir = open_directory(root, "/var/lib/pacman/local");
	if (dir == NULL)
		return false;
	make_names(&names, file);
	for (int i = 0; i < names.count; i++)
		memmove(names.forms[i], names.forms[i] + 1,
		    strlen(names.forms[i]));
	while (p->name[0] == '\0' && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/var/lib/pacman/local/%s/files",
		    entry->d_name);
		struct content c = load(root, path);
		if (c.data != NULL && lists(&c, &names)) {
			/* Two dashes from the end the name ends. */
			size_t len = strlen(entry->d_name);
			for (int dashes = 0; len > 0 && dashes < 2; len--)
				dashes += entry->d_name[len - 1] == '-';
			text_clean(p->name, PACKAGE_NAME, entry->d_name, len);
		}
		unload(&c);
	}
	closedir(dir);
	return true;
}

bool
packages_find(const char *root, const char *path, struct package *p)
{
	*p = (struct package){ 0 };
	bool any = dpkg_find(root, path, p);
	if (p->name[0] == '\0')
		any = apk_find(root, path, p) || any;
	if (p->name[0] == '\0')
		any = pacman_find(root, path, p) || any;
	if (p->name[0] == '\0')
		any = rpm_find(root, path, p) || any;
	return any;
}
