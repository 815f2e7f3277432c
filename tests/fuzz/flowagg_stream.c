/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a record stream, in its binary or its text form, through the
 * reader and the aggregate: every snapshot adds up and is JSON.
 *
 * uses: flowagg/admit.c flowagg/aggregate.c flowagg/aggregate_change.c flowagg/alert.c flowagg/clock.c flowagg/crew.c flowagg/commands.c flowagg/flows.c flowagg/flows_queue.c flowagg/group.c flowagg/halves.c flowagg/hash.c flowagg/interfaces.c flowagg/late.c flowagg/orient.c flowagg/packets.c flowagg/past.c flowagg/pages.c flowagg/pool.c flowagg/rank.c flowagg/rank_all.c flowagg/rank_quiet.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c flowagg/report.c flowagg/report_csv.c flowagg/report_json.c flowagg/report_json_row.c flowagg/report_text.c flowagg/journal.c flowagg/poster.c flowagg/ledger.c flowagg/rows.c flowagg/steps.c flowagg/totals.c
 */
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/flowagg.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* How many snapshots one input may cause: a flow is kept for a minute at
 * most, and after that time leaps. */
enum { MOST = 2000 };

static unsigned told;

static bool
is_ready(void *context)
{
	(void)context;
	return ++told % 5 != 0;
}

static void
feed(struct aggregate *a, int fd)
{
	struct record_reader *reader = record_reader_new(fd);
	const union record *r;
	enum record_status status;
	size_t slots;
	while (told < MOST && (status = record_read(reader, &r, &slots)) !=
	    RECORD_EOF && status != RECORD_FAILED) {
		a->text = record_reader_is_text(reader);
		if (status == RECORD_GOT)
			aggregate_records(a, r, slots);
	}
	record_reader_free(reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const enum group groups[] = { GROUP_FLOW, GROUP_HOSTS,
		GROUP_FLOW, GROUP_SERVICE };
	static int fd = -1;
	struct alert_rule rules[] = { { .threshold = 1000 },
		{ .threshold = 1000, .what = ALERT_TOTAL } };
	struct aggregate a;
	/* The length chooses the options, so that any input can have any. */
	struct settings s = { .interval = len % 3 == 0 ?
		2500 * (uint64_t)NS_PER_MS : NS_PER_SECOND,
		.top = len % 2 == 0 ? 3 : 0, .sort = (enum rank_key)(len % 6),
		.by = groups[len % 4], .history = len % 5 == 0 ? 40 : 0,
		.final = len % 7 == 0, .idle = 60,
		.max_flows = len % 11 == 0 ? 2 : 1000 };
	if (fd == -1)
		fd = memfd_create("fuzz", 0);
	require(fd != -1 && ftruncate(fd, 0) == 0 &&
	    pwrite(fd, data, len, 0) == (ssize_t)len &&
	    lseek(fd, 0, SEEK_SET) == 0);
	told = 0;
	aggregate_init(&a, &s);
	alerts_add_rule(&a.alerts, &rules[0]);
	alerts_add_rule(&a.alerts, &rules[1]);
	a.is_ready = is_ready;
	a.tell = check_snapshot;
	feed(&a, fd);
	aggregate_end(&a);
	aggregate_done(&a);
	return 0;
}
