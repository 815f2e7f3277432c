/* SPDX-License-Identifier: MIT
 *
 * Other network namespaces.
 */
#include "procmap/netns.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/text.h"

enum { LONGEST = 4 << 20 };	/* of fib_trie; the rest is not read */

void
netns_note(struct netns_list *l, uint32_t netns, uint32_t pid, uint64_t start)
{
	struct netns_member member = { netns, pid, start };
	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].netns != netns)
			continue;
		if (start < l->list[i].start)
			l->list[i] = member;
		return;
	}
	if (l->count == NETNS_MAX)
		return;
	if (l->list == NULL)
		l->list = xcalloc(NETNS_MAX, sizeof(*l->list));
	l->list[l->count++] = member;
}

void
netns_done(struct netns_list *l)
{
	free(l->list);
	*l = (struct netns_list){ 0 };
}

struct found {
	struct addresses *addresses;
	uint32_t netns;
};

static void
take(void *state, const uint8_t bytes[16])
{
	struct found *f = state;
	if (!address_is_loopback(bytes))
		addresses_add(f->addresses, f->netns, bytes);
}

static size_t
read_whole(const char *root, uint32_t pid, const char *file, char *text)
{
	char path[128];
	size_t len = 0;
	ssize_t n;
	snprintf(path, sizeof(path), "%s/%u/net/%s", root, pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	while (len < LONGEST && (n = read(fd, text + len, LONGEST - len)) > 0)
		len += (size_t)n;
	close(fd);
	return len;
}

/* The first one is always there, and another user's or root's. */
static bool
is_hidden(const char *root)
{
	char path[128];
	struct stat st;
	snprintf(path, sizeof(path), "%s/1/net", root);
	return stat(path, &st) == -1;
}

bool
netns_addresses(const struct netns_list *l, const char *proc_root,
    struct addresses *a)
{
	if (l->count == 0)
		return true;
	char *text = xmalloc(LONGEST);
	for (size_t i = 0; i < l->count; i++) {
		struct found f = { a, l->list[i].netns };
		size_t len = read_whole(proc_root, l->list[i].pid,
		    "fib_trie", text);
		text_fib_trie(text, len, take, &f);
		len = read_whole(proc_root, l->list[i].pid, "if_inet6", text);
		text_if_inet6(text, len, take, &f);
	}
	free(text);
	return !is_hidden(proc_root);
}
