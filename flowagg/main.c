/* SPDX-License-Identifier: MIT
 *
 * flowagg: packet records in, a snapshot of the flows out at each interval
 * of the records' own time.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flowagg/aggregate.h"
#include "flowagg/commands.h"
#include "flowagg/outbox.h"
#include "flowagg/report.h"
#include "lib/control.h"
#include "lib/invoker.h"
#include "lib/io.h"
#include "lib/num.h"
#include "lib/options.h"
#include "lib/stop.h"

enum { OPT_ALERT = 256, OPT_BY, OPT_CONTROL, OPT_COUNT, OPT_CSV, OPT_FINAL,
	OPT_HISTORY, OPT_IDLE, OPT_INTERVAL, OPT_MAX_FLOWS,
	OPT_NO_LINK_LOCAL, OPT_SORT, OPT_TEXT, OPT_TOP };

static const struct option_spec options[] = {
	{ OPT_ALERT, "alert", "RATE[:WHAT]",
	    "raise an alert at this 2 s rate of a flow (both, sent or recv)"
	    " or of everything (total)" },
	{ 'B', "bytes", NULL, "with --text: rates in bytes, not bits" },
	{ OPT_BY, "by", "KEY", "rows: flow, hosts, src-port, dst-port, local,"
	    " remote, service, protocol, interface" },
	{ OPT_CONTROL, "control", "FIFO", "take commands from this FIFO" },
	{ OPT_COUNT, "count", "N", "end after N snapshots" },
	{ OPT_CSV, "csv", NULL, "write comma-separated values" },
	{ OPT_FINAL, "final", NULL,
	    "one snapshot of every flow, at the end of the input" },
	{ 'F', "net-filter", "NET", "count what crosses the border of this"
	    " IPv4 network (CIDR or netmask)" },
	{ 'G', "net-filter6", "NET", "the same for an IPv6 network" },
	{ OPT_HISTORY, "history", "N",
	    "samples of a flow's history, 0 to 40 (default 40)" },
	{ OPT_IDLE, "idle", "SECONDS",
	    "drop a flow that is silent for so long (default 60)" },
	{ OPT_INTERVAL, "interval", "SECONDS",
	    "time between snapshots, 0.2 to 3600 (default 1)" },
	{ OPT_MAX_FLOWS, "max-flows", "N",
	    "keep at most N flows (default 1000000)" },
	{ OPT_NO_LINK_LOCAL, "no-link-local", NULL,
	    "do not count packets from or to IPv6 link-local addresses" },
	{ OPT_SORT, "sort", "KEY",
	    "order: 2s, 10s (default), 40s, total, src, dst" },
	{ OPT_TEXT, "text", NULL, "write tables for people" },
	{ OPT_TOP, "top", "N", "show only the first N flows; 0: all" },
	{ 0, NULL, NULL, NULL },
};

struct program {
	struct aggregate aggregate;
	struct outbox outbox;
	enum report_form form;
	uint64_t count;		/* snapshots still to be told; 0: no end */
	bool counted;
	bool done;
	const char *control_path;
	struct control control;
};

static bool
is_ready(void *context)
{
	struct program *p = context;
	p->outbox.waits = !p->aggregate.source.live;
	return p->outbox.waits || outbox_is_ready(&p->outbox);
}

static void
tell(void *context, struct aggregate *a, uint64_t at, bool last)
{
	struct program *p = context;
	struct figures f;
	if (p->done)
		return;
	p->outbox.waits = last || !a->source.live;
	if (p->outbox.error != 0 || !outbox_is_ready(&p->outbox))
		return;
	report_figures(a, at, last, &f);
	if (p->form == REPORT_JSON)
		report_json(a, &f, &p->outbox.sink);
	else if (p->form == REPORT_TEXT)
		report_text(a, &f, &p->outbox.sink);
	else
		report_csv(a, &f, &p->outbox.sink);
	outbox_send(&p->outbox);
	if (p->counted && --p->count == 0)
		p->done = true;
}

static void
add_net(const struct options *o, struct orient *orient, uint8_t family)
{
	struct prefix net;
	if (!prefix_parse(o->value, &net) || net.addr.family != family)
		options_fail(o, "'%s' is no IPv%d network such as %s",
		    o->value, (int)family, family == ADDR_IPV4 ?
		    "192.0.2.0/24 or 192.0.2.0/255.255.255.0" :
		    "fd00::/8 or fd00::/ff00::");
	if (!orient_add_net(orient, &net))
		options_fail(o, "more than %d networks", (int)ORIENT_NETS);
}

static uint64_t
number(const struct options *o, const char *name, uint64_t min, uint64_t max)
{
	uint64_t value;
	if (!num_unsigned(o->value, min, max, &value))
		options_fail(o, "--%s '%s': expected a number from %llu to "
		    "%llu", name, o->value, (unsigned long long)min,
		    (unsigned long long)max);
	return value;
}

static void
add_alert(const struct options *o, struct alerts *alerts)
{
	struct alert_rule rule;
	if (!alert_parse(o->value, &rule))
		options_fail(o, "--alert '%s': expected a rate such as 10Mb "
		    "or 500kB, and :both, :sent, :recv or :total behind it",
		    o->value);
	if (!alerts_add_rule(alerts, &rule))
		options_fail(o, "more than %d alerts", (int)ALERT_RULES);
}

static void
set_form(const struct options *o, struct program *p, enum report_form form)
{
	if (p->form != REPORT_JSON && p->form != form)
		options_fail(o, "--text and --csv are two forms of output; "
		    "give one of them");
	p->form = form;
}

static void
take_option(struct options *o, int id, struct program *p,
    struct settings *s, struct orient *orient, struct alerts *alerts)
{
	switch (id) {
	case OPT_ALERT:
		add_alert(o, alerts);
		break;
	case 'B':
		s->bytes = true;
		break;
	case OPT_BY:
		if (!group_parse(o->value, &s->by))
			options_fail(o, "--by '%s': expected flow, hosts, "
			    "src-port, dst-port, local, remote, service, "
			    "protocol or interface", o->value);
		break;
	case OPT_CONTROL:
		p->control_path = o->value;
		break;
	case OPT_COUNT:
		p->count = number(o, "count", 1, UINT32_MAX);
		p->counted = true;
		break;
	case OPT_CSV:
		set_form(o, p, REPORT_CSV);
		break;
	case OPT_FINAL:
		s->final = true;
		break;
	case 'F':
		add_net(o, orient, ADDR_IPV4);
		break;
	case 'G':
		add_net(o, orient, ADDR_IPV6);
		break;
	case OPT_HISTORY:
		s->history = (unsigned)number(o, "history", 0, RATE_HISTORY);
		break;
	case OPT_IDLE:
		s->idle = (uint32_t)number(o, "idle", 1, 86400);
		break;
	case OPT_INTERVAL:
		if (!commands_interval(o->value, &s->interval))
			options_fail(o, "--interval '%s': expected seconds "
			    "from 0.2 to 3600", o->value);
		break;
	case OPT_MAX_FLOWS:
		s->max_flows = (uint32_t)number(o, "max-flows", 1,
		    100000000);
		break;
	case OPT_NO_LINK_LOCAL:
		orient->no_link_local = true;
		break;
	case OPT_SORT:
		if (!rank_parse(o->value, &s->sort))
			options_fail(o, "--sort '%s': expected 2s, 10s, 40s, "
			    "total, src or dst", o->value);
		break;
	case OPT_TEXT:
		set_form(o, p, REPORT_TEXT);
		break;
	case OPT_TOP:
		s->top = (uint32_t)number(o, "top", 0, UINT32_MAX);
		break;
	}
}

static void
parse(int argc, char **argv, struct program *p)
{
	struct settings s = { .interval = NS_PER_SECOND, .sort = RANK_10S,
		.history = UINT32_MAX, .idle = 60, .max_flows = 1000000 };
	struct orient orient = { 0 };
	struct alerts alerts = { 0 };
	struct options o = { .program = "flowagg",
		.synopsis = "[options] < records",
		.purpose = "Packet records to flow snapshots, one line of "
		    "JSON an interval.",
		.table = options };
	options_init(&o, argc, argv);
	for (int id; (id = options_next(&o)) != -1;)
		take_option(&o, id, p, &s, &orient, &alerts);
	if (options_rest(&o) != argc)
		options_fail(&o, "unexpected argument '%s'; records come on "
		    "standard input", argv[options_rest(&o)]);
	if (s.final && (p->counted || alerts.rule_count > 0))
		options_fail(&o, "--final makes one snapshot: no --count and "
		    "no --alert with it");
	if (s.bytes && p->form != REPORT_TEXT)
		options_fail(&o, "--bytes goes with --text; other output is "
		    "always in bytes");
	if (p->form != REPORT_JSON && s.history != UINT32_MAX)
		options_fail(&o, "--history is of JSON; --text and --csv "
		    "have none");
	if (p->form == REPORT_CSV && alerts.rule_count > 0)
		options_fail(&o, "--alert goes with JSON or --text; --csv "
		    "has rows alone");
	if (s.history == UINT32_MAX)	/* left open */
		s.history = s.final || p->form != REPORT_JSON ? 0 :
		    RATE_HISTORY;
	aggregate_init(&p->aggregate, &s);
	orient.guess = true;
	p->aggregate.orient = orient;
	p->aggregate.alerts = alerts;
}

static void
run_commands(struct program *p)
{
	char *word, *argument;
	while (control_next(&p->control, &word, &argument))
		commands_run(&p->aggregate, word, argument);
}

/* Wait for input, for room in the output, for a command; notice at once
 * that the reader has left. */
static bool
wait_for_input(struct program *p)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = STDOUT_FILENO,
		    .events = outbox_is_pending(&p->outbox) ? POLLOUT : 0 },
		{ .fd = p->control.fd, .events = POLLIN },
	};
	int ready = poll(fds, 3, 0);
	while (ready == 0)
		ready = aggregate_use_time(&p->aggregate) ?
		    poll(fds, 3, 0) : stop_poll(fds, 3);
	if (ready == -1)
		return false;
	if (io_reader_left(fds[1].revents)) {
		p->done = true;
		return false;
	}
	if ((fds[1].revents & POLLOUT) != 0)
		outbox_send(&p->outbox);
	if ((fds[2].revents & POLLIN) != 0)
		run_commands(p);
	return fds[0].revents != 0;
}

/* Read until the input ends; the exit status. */
static int
pump(struct program *p)
{
	struct record_reader *reader = record_reader_new(STDIN_FILENO);
	int status = EXIT_SUCCESS;
	uint64_t bad_lines = 0;
	while (!p->done && !stop_asked() && p->outbox.error == 0) {
		const union record *records;
		size_t slots;
		if (!wait_for_input(p))
			continue;
		enum record_status got = record_read(reader, &records,
		    &slots);
		if (got == RECORD_FAILED) {
			warnx("standard input: %s",
			    record_reader_error(reader));
			status = EXIT_FAILURE;
		}
		if (got == RECORD_FAILED || got == RECORD_EOF)
			break;
		p->aggregate.text = record_reader_is_text(reader);
		if (record_reader_bad_lines(reader) > bad_lines) {
			if (bad_lines == 0)
				warnx("standard input: a line that is no "
				    "record was skipped; more are only "
				    "counted");
			bad_lines = record_reader_bad_lines(reader);
		}
		if (got == RECORD_GOT)
			aggregate_records(&p->aggregate, records, slots);
	}
	if (bad_lines > 1)
		warnx("standard input: %llu lines were no records",
		    (unsigned long long)bad_lines);
	if (record_reader_torn(reader) > 0)
		warnx("standard input: the last record was torn (%llu bytes "
		    "ignored)",
		    (unsigned long long)record_reader_torn(reader));
	if (p->aggregate.beyond_end) {
		warnx("standard input: what follows the end of the stream was "
		    "ignored; give each recording to a flowagg of its own");
		status = EXIT_FAILURE;
	}
	record_reader_free(reader);
	return status;
}

int
main(int argc, char **argv)
{
	static struct program p;
	/* While we may: the pipe can be root's. */
	io_widen_pipe(STDOUT_FILENO, IO_PIPE_SNAPSHOTS);
	io_unshare_pipe(STDOUT_FILENO);
	if (!invoker_become())
		err(EXIT_FAILURE, "cannot become the user behind sudo");
	p.control.fd = -1;
	outbox_init(&p.outbox, STDOUT_FILENO);
	parse(argc, argv, &p);
	const char *closed = io_closed_stream(true);
	if (closed != NULL)
		errx(EXIT_FAILURE, "%s is closed", closed);
	p.aggregate.is_ready = is_ready;
	p.aggregate.tell = tell;
	p.aggregate.context = &p;
	if (p.control_path != NULL &&
	    !control_open(&p.control, p.control_path))
		err(EXIT_FAILURE, "%s: cannot take commands from it (it must "
		    "be a FIFO, or be possible to make)", p.control_path);
	io_ignore_signals();
	stop_catch();

	int status = pump(&p);
	if (status == EXIT_SUCCESS && !p.done && p.outbox.error == 0)
		aggregate_end(&p.aggregate);
	p.outbox.waits = true;	/* there is nothing else left to do */
	outbox_send(&p.outbox);
	if (p.outbox.error != 0 && p.outbox.error != EPIPE) {
		errno = p.outbox.error;
		warn("standard output");
		status = EXIT_FAILURE;
	}
	control_close(&p.control);
	aggregate_done(&p.aggregate);
	outbox_done(&p.outbox);
	return status;
}
