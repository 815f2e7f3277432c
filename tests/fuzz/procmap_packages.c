/* SPDX-License-Identifier: MIT
 *
 * Package databases, which a container writes as it likes; and messages of
 * connection tracking.  The first byte chooses.
 *
 * uses: procmap/in_root.c procmap/rpm_copy.c
 * uses: procmap/packages.c procmap/rpm.c procmap/command.c procmap/text.c
 * uses: procmap/socket.c procmap/conntrack_linux.c
 */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/utf8.h"
#include "procmap/conntrack.h"
#include "procmap/packages.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char *const databases[] = { "var/lib/dpkg/info/a:b.list",
	"var/lib/dpkg/info/a:b.md5sums", "var/lib/dpkg/diversions",
	"lib/apk/db/installed", "var/lib/pacman/local/a-1-1/files" };

enum { DATABASES = sizeof(databases) / sizeof(databases[0]) };

static char root[64];

static void
make_folders(char *path)
{
	for (char *at = path + strlen(root) + 1; *at != '\0'; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
}

static void
write_file(const char *name, const void *bytes, size_t len)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", root, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd == -1) {
		make_folders(path);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	}
	assert(fd != -1 && write(fd, bytes, len) == (ssize_t)len);
	close(fd);
}

static void
remove_root(void)
{
	char path[128];
	for (int i = 0; i < DATABASES; i++) {
		snprintf(path, sizeof(path), "%s/%s", root, databases[i]);
		unlink(path);
		for (char *at; (at = strrchr(path, '/')) > path + 1;) {
			*at = '\0';
			if (rmdir(path) == -1)
				break;
		}
	}
}

/* Known names beside, so that a diversion or a digest has its other half. */
static void
start(void)
{
	static const char list[] = "/usr/bin/x\n/bin/y\n";
	static const char sums[] =
	    "00112233445566778899aabbccddeeff  usr/bin/x\n";
	if (root[0] == '\0') {
		snprintf(root, sizeof(root), "%s/fuzz-%d",
		    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
		    (int)getpid());
		mkdir(root, 0700);
		atexit(remove_root);
	}
	write_file(databases[0], list, sizeof(list) - 1);
	write_file(databases[1], sums, sizeof(sums) - 1);
	write_file(databases[2], "", 0);
	write_file(databases[3], "", 0);
	write_file(databases[4], "", 0);
}

static void
check(const char *text, size_t size)
{
	size_t len = strlen(text), n;
	assert(len < size);
	for (; len > 0; text += n, len -= n) {
		n = utf8_length(text, len);
		assert(n > 0 && (unsigned char)*text >= 0x20);
	}
}

static void
look_up(const char *path)
{
	struct package p;
	packages_find(root, path, &p);
	check(p.name, sizeof(p.name));
	check(p.digest, sizeof(p.digest));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len == 0)
		return 0;
	int which = data[0] % (DATABASES + 1);
	if (which == DATABASES) {
		struct conntrack_pair pairs[2];
		void *message = malloc(len);
		memcpy(message, data + 1, len - 1);
		assert(conntrack_pairs(message, len - 1, pairs) <= 2);
		free(message);
		return 0;
	}
	start();
	write_file(databases[which], data + 1, len - 1);
	look_up("/usr/bin/x");
	look_up("/bin/y");
	look_up("/x");
	return 0;
}
