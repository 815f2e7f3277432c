/* SPDX-License-Identifier: MIT
 *
 * The hosts file as an array sorted by address.
 */
#include "namemap/hosts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "namemap/hostname.h"
#include "namemap/stamp.h"
#include "namemap/textfile.h"

enum { HOSTS_MAX = 100000 };

struct host {
	struct addr addr;
	uint32_t line;		/* earlier lines win */
	char *name;		/* owned */
};

struct hosts {
	char *path;
	struct stamp stamp;
	struct host *list;
	size_t count, size;
	uint32_t lines;		/* read so far */
};

static int
compare(const void *a, const void *b)
{
	const struct host *x = a, *y = b;
	int order = addr_compare(&x->addr, &y->addr);
	if (order != 0)
		return order;
	return x->line < y->line ? -1 : x->line > y->line;
}

static void
add(void *state, char *line)
{
	struct hosts *h = state;
	uint32_t number = h->lines++;
	char *rest = NULL, name[HOSTNAME_TEXT];
	struct addr addr;
	line[strcspn(line, "#\r\n")] = '\0';
	char *address = strtok_r(line, " \t", &rest);
	char *host = strtok_r(NULL, " \t", &rest);
	if (h->count == HOSTS_MAX || address == NULL || host == NULL ||
	    !addr_parse(address, &addr) || addr_is_unspecified(&addr) ||
	    !hostname_check(host, strlen(host), name))
		return;
	if (h->count == h->size) {
		h->size = h->size != 0 ? h->size * 2 : 64;
		h->list = xreallocarray(h->list, h->size, sizeof(*h->list));
	}
	h->list[h->count++] = (struct host){ addr, number, xstrdup(name) };
}

static void
clear(struct hosts *h)
{
	for (size_t i = 0; i < h->count; i++)
		free(h->list[i].name);
	h->count = h->lines = 0;
}

static void
drop_repeated(struct hosts *h)
{
	size_t kept = 0;
	for (size_t i = 0; i < h->count; i++) {
		if (kept > 0 && addr_equal(&h->list[kept - 1].addr,
		    &h->list[i].addr))
			free(h->list[i].name);
		else
			h->list[kept++] = h->list[i];
	}
	h->count = kept;
}

static void
read_file(struct hosts *h, int patience)
{
	clear(h);
	textfile_read(h->path, patience, add, h);
	if (h->count > 0)
		qsort(h->list, h->count, sizeof(*h->list), compare);
	drop_repeated(h);
}

bool
hosts_refresh(struct hosts *h)
{
	if (!stamp_update(&h->stamp, h->path))
		return false;
	read_file(h, 0);
	return true;
}

struct hosts *
hosts_new(const char *path)
{
	struct hosts *h = xcalloc(1, sizeof(*h));
	h->path = xstrdup(path);
	stamp_update(&h->stamp, path);
	read_file(h, TEXTFILE_PATIENCE);
	return h;
}

void
hosts_free(struct hosts *h)
{
	if (h == NULL)
		return;
	clear(h);
	free(h->list);
	free(h->path);
	free(h);
}

const char *
hosts_find(const struct hosts *h, const struct addr *addr)
{
	size_t low = 0, high = h->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = addr_compare(addr, &h->list[middle].addr);
		if (order == 0)
			return h->list[middle].name;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
