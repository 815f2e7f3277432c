/* SPDX-License-Identifier: MIT
 *
 * Texts of /proc, lsof, rpm and recorded tables, and the kernel programs'
 * records: all taken for hostile.  The first byte chooses.
 *
 * uses: procmap/text.c procmap/socket.c procmap/lsof.c procmap/batch.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c
 * uses: procmap/recording.c procmap/events.c procmap/match.c procmap/rpm.c
 * uses: procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/command.c procmap/packages.c procmap/in_root.c
 * uses: procmap/rpm_copy.c
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "procmap/batch.h"
#include "procmap/events.h"
#include "procmap/lsof.h"
#include "procmap/recording.h"
#include "procmap/rpm.h"
#include "procmap/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A clean name: valid UTF-8 without control characters. */
static void
check(const char *text)
{
	for (size_t len = strlen(text); len > 0;) {
		size_t n = utf8_length(text, len);
		assert(n > 0 && (unsigned char)*text >= 0x20 &&
		    *text != 0x7f);
		text += n;
		len -= n;
	}
}

static void
check_process(const struct proc_info *p)
{
	check(p->name);
	check(p->exe);
	check(p->unit);
	check(p->container);
}

static void
found(void *state, const uint8_t bytes[16])
{
	*(uint8_t *)state ^= bytes[15];
}

static void
proc_texts(const char *text, size_t len)
{
	struct stat_text s;
	struct proc_info p = { 0 };
	char path[PROC_EXE];
	uint8_t sum = 0;
	if (text_stat(text, len, &s))
		check(s.comm);
	text_status_uid(text, len);
	if (text_cgroup_path(text, len, path, sizeof(path)) > 0)
		text_cgroup_unit(path, p.unit, p.container);
	text_exe(p.exe, text, len);
	text_clean(path, 16, text, len);
	text_name(p.name, path, p.exe);
	check_process(&p);
	text_fib_trie(text, len, found, &sum);
	text_if_inet6(text, len, found, &sum);
}

static void
lsof_text(char *text, size_t len)
{
	struct lsof_parser parser;
	struct batch *b = batch_new(VIA_LSOF);
	lsof_begin(&parser, b);
	for (char *at = text; at < text + len;) {
		char *end = memchr(at, '\n', (size_t)(text + len - at));
		size_t n = end != NULL ? (size_t)(end - at) :
		    (size_t)(text + len - at);
		at[n] = '\0';
		lsof_line(&parser, at, strlen(at));
		at += n + 1;
	}
	lsof_end(&parser);
	for (size_t i = 0; i < b->proc_count; i++)
		check_process(&b->procs[i]);
	for (size_t i = 0; i < b->count; i++)
		assert(b->socks[i].process <= b->proc_count);
	batch_free(b);
}

static void
recorded(const char *text, size_t len)
{
	struct addresses a = { 0 };
	struct recording r = { .owners = owners_new(1024),
		.processes = processes_new(), .addresses = &a };
	recording_line(&r, text, len);
	addresses_done(&a);
	owners_free(r.owners);
	processes_free(r.processes);
}

static void
records(const char *bytes, size_t len)
{
	size_t size;
	while ((size = events_size(bytes, len)) > 0) {
		struct event_process process;
		struct event_owner owner;
		struct proc_info p;
		struct sighting s;
		if (size == sizeof(process)) {
			memcpy(&process, bytes, size);
			events_process(&process, &p);
			check_process(&p);
		} else {
			memcpy(&owner, bytes, size);
			events_sighting(&owner, 1, &s);
		}
		bytes += size;
		len -= size;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct package package = { 0 };
	if (len == 0)
		return 0;
	char *text = xmalloc(len);
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	switch (data[0] % 5) {
	case 0:
		proc_texts(text, len - 1);
		break;
	case 1:
		lsof_text(text, len - 1);
		break;
	case 2:
		recorded(text, len - 1);
		break;
	case 3:
		records(text, len - 1);
		break;
	case 4:
		rpm_line(text, len - 1, "/bin/sh", &package);
		check(package.name);
		break;
	}
	free(text);
	return 0;
}
