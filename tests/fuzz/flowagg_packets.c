/* SPDX-License-Identifier: MIT
 *
 * Each four bytes are a packet, a step in time, a command or a change of
 * the reader's mind: deep states of the aggregate, at small bounds.
 *
 * uses: flowagg/admit.c flowagg/aggregate.c flowagg/aggregate_change.c flowagg/alert.c flowagg/clock.c flowagg/crew.c flowagg/commands.c flowagg/flows.c flowagg/flows_queue.c flowagg/group.c flowagg/halves.c flowagg/hash.c flowagg/interfaces.c flowagg/late.c flowagg/orient.c flowagg/packets.c flowagg/past.c flowagg/pages.c flowagg/pool.c flowagg/rank.c flowagg/rank_all.c flowagg/rank_quiet.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c flowagg/report.c flowagg/report_csv.c flowagg/report_json.c flowagg/report_json_row.c flowagg/report_text.c flowagg/journal.c flowagg/poster.c flowagg/ledger.c flowagg/rows.c flowagg/steps.c flowagg/totals.c
 */
#include <string.h>

#include "flowagg/commands.h"
#include "tests/fuzz/flowagg.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool ready;

static bool
is_ready(void *context)
{
	(void)context;
	return ready;
}

static void
command(struct aggregate *a, uint8_t which)
{
	static const char *const commands[][2] = {
		{ "by", "flow" }, { "by", "hosts" }, { "by", "service" },
		{ "by", "interface" }, { "interval", "1" },
		{ "interval", "0.2" }, { "interval", "7" }, { "reset", "" },
		{ "top", "0" }, { "top", "2" }, { "sort", "total" },
		{ "sort", "2s" }, { "alert", "800" }, { "alert", "off" },
		{ "alert", "3k:total" }, { "alert", "x" },
	};
	commands_run(a, commands[which % 16][0], commands[which % 16][1]);
}

static void
packet(struct aggregate *a, uint64_t ns, const uint8_t bytes[4])
{
	union record r = { .packet = { .kind = RECORD_PACKET, .ts = ns,
		.family = bytes[0] & 64 ? ADDR_IPV6 : ADDR_IPV4,
		.protocol = bytes[0] & 32 ? 17 : 6,
		.tcp_flags = bytes[2] & 31, .direction = bytes[2] >> 5 & 3,
		.frame_length = (uint32_t)bytes[3] << (bytes[0] & 16 ? 24 :
		    2), .interface = bytes[2] >> 7 } };
	bool back = (bytes[0] & 8) != 0;
	(back ? r.packet.dst : r.packet.src)[0] = 10;
	(back ? r.packet.src : r.packet.dst)[0] = 20;
	r.packet.dst[3] = bytes[1] & 7;
	*(back ? &r.packet.dst_port : &r.packet.src_port) = bytes[1];
	*(back ? &r.packet.src_port : &r.packet.dst_port) = 80;
	aggregate_records(a, &r, 1);
}

static void
tick(struct aggregate *a, uint64_t ns)
{
	struct record_tick t = { .kind = RECORD_TICK, .tail = 2,
		.state = STATE_UP, .ts = ns };
	aggregate_records(a, (const union record *)(const void *)&t, 3);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct settings s = { .interval = NS_PER_SECOND, .top = 3,
		.history = 40, .idle = 5, .max_flows = 6 };
	struct aggregate a;
	uint64_t ns = 1000 * (uint64_t)NS_PER_SECOND;
	aggregate_init(&a, &s);
	a.is_ready = is_ready;
	a.tell = check_snapshot;
	ready = true;
	for (size_t i = 0; i + 4 <= len && i < 1200; i += 4) {
		const uint8_t *b = data + i;
		if (b[0] < 128) {
			ns += (uint64_t)(b[0] & 7) * 50 * NS_PER_MS;
			packet(&a, ns, b);
		} else if (b[0] < 160) {
			command(&a, b[1]);
		} else if (b[0] < 176) {
			ready = b[1] & 1;
		} else if (b[0] < 192) {
			ns -= (uint64_t)b[1] * 100 * NS_PER_MS;
			tick(&a, ns);
		} else {
			ns += (uint64_t)b[1] << (b[2] % 40);
			tick(&a, ns);
		}
	}
	aggregate_end(&a);
	aggregate_done(&a);
	return 0;
}
