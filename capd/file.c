/* SPDX-License-Identifier: MIT
 *
 * From a capture file to the record stream.  The clock is the packets'.
 */
#include "capd/file.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

bool
file_wrote(struct file *s, bool good)
{
	if (good)
		return true;
	if (errno != EPIPE) {	/* EPIPE: the reader left, an ordinary end */
		warn("standard output");
		s->status = EXIT_FAILURE;
	}
	s->gone = s->stop = true;
	return false;
}

bool
file_tick(struct file *s, uint64_t ts)
{
	struct record_tick t = { .kind = RECORD_TICK, .state = STATE_FILE,
		.tail = 2, .ts = ts, .counters = s->counters };
	pcapfile_drops(s->in, &t.counters.kernel_dropped,
	    &t.counters.interface_dropped);
	return file_wrote(s, record_write_tick(&s->out, &t));
}

bool
file_event(struct file *s, enum record_level level, const char *text)
{
	return file_wrote(s, record_write_event(&s->out, s->ticks.last, level,
	    text));
}

/* What became of a write to the file of -w. */
static void
copied(struct file *s, bool good)
{
	if (good)
		return;
	warn("%s", s->c->write);
	s->status = EXIT_FAILURE;
	s->stop = true;
}

bool
file_flush(struct file *s)
{
	s->flushed = file_clock();
	copied(s, pcapwrite_flush(&s->copy));
	return s->out.buf.len == 0 || file_wrote(s, record_flush(&s->out));
}

/* `first` is null when there are no packets at all. */
static bool
start(struct file *s, const struct pcapfile_packet *first)
{
	file_make_session(s, first);
	s->start = s->ts = first != NULL ? first->ts : 0;
	double ns = s->c->duration * 1e9;
	s->end = ns > 0 && ns < (double)(UINT64_MAX - s->start) ?
	    s->start + (uint64_t)ns : UINT64_MAX;
	ticks_start(&s->ticks, s->start);
	pace_start(&s->pace, s->c->speed, s->start, file_clock());
	if (!file_write_source(s))
		return false;
	s->started = true;
	file_commands(s);
	return !s->stop;
}

/* Before a packet: a tick, or that time stepped back, or may have. */
static bool
tick_before(struct file *s, uint64_t ts, enum ticks_due due)
{
	if (due == TICKS_LATE) {
		s->late = s->counters.packets + s->filtered + 1;
		return true;
	}
	if (due == TICKS_BACK) {
		char text[128];
		snprintf(text, sizeof(text), "time in the file steps back at "
		    "packet %" PRIu64, s->late);
		pace_set_time(&s->pace, ts, file_clock());
		if (!file_event(s, LEVEL_WARN, text))
			return false;
	}
	return file_tick(s, s->ticks.last);
}

/* pcap files are of one link type: here, that of the first packet taken. */
static void
copy_packet(struct file *s, const struct pcapfile_packet *p)
{
	file_begin_copy(s, p->linktype);
	if (p->linktype == s->copy_linktype)
		copied(s, pcapwrite_packet(&s->copy, p->ts, p->bytes,
		    p->captured, p->length));
	else
		s->not_copied++;
}

/* No more packets are wanted.  A replay at a pace goes on to that time. */
static void
reach_end(struct file *s)
{
	s->ts = s->end;
	if (pace_is_on(&s->pace) && !file_wait_packet(s))
		s->ts = s->ticks.last;
	s->stop = true;
}

/* Is the packet wanted, and is it its time? */
static bool
admit(struct file *s, const struct pcapfile_packet *p)
{
	if (s->takes_all)
		return true;
	if (p->ts >= s->end) {
		reach_end(s);
		return false;
	}
	if (s->c->filter != NULL && !filter_match(s->filter, p->linktype,
	    p->bytes, p->captured, p->length)) {
		file_tell_filter(s, p->linktype);
		s->filtered++;
		return false;
	}
	if (pace_is_on(&s->pace) && !file_wait_packet(s))
		return false;
	if (s->copy.fd != -1)
		copy_packet(s, p);
	return !s->stop;
}

static void
take_packet(struct file *s, const struct pcapfile_packet *p)
{
	s->ts = p->ts;
	if (!admit(s, p))
		return;
	if (p->interface >= s->interfaces && !file_write_source(s))
		return;
	enum ticks_due due = ticks_packet(&s->ticks, p->ts);
	if (due != TICKS_NONE && !tick_before(s, p->ts, due))
		return;

	bool in_place = s->out.form == FORM_BINARY;
	struct record_packet text;
	struct record_packet *r = in_place ? record_packet_next(&s->out) :
	    &text;
	r->ts = p->ts;
	r->interface = p->interface;
	enum frame_class class = decode(s->decoder, p->linktype, p->bytes,
	    p->captured, p->length, r);
	uint32_t bytes = s->c->count_network ? r->network_length : p->length;
	s->counters.packets++;
	s->counters.bytes += bytes;
	if (class == FRAME_FLOW) {
		if (r->direction == DIRECTION_UNKNOWN)
			r->direction = p->direction;
		file_wrote(s, in_place ? record_packet_done(&s->out) :
		    record_write_packet(&s->out, r));
	} else {
		decode_count(&s->counters, class, bytes);
		s->undecoded += class == FRAME_UNSUPPORTED &&
		    !decode_knows(p->linktype, s->c->wifi);
	}
	if (s->counters.packets == s->c->packets)
		s->stop = true;
}

/* From the first packet on, which is at hand if there is one. */
static void
read_packets(struct file *s, struct pcapfile_packet *p,
    enum pcapfile_status status)
{
	while (!s->stop) {
		if (status == PCAPFILE_MORE) {
			if (file_wait_input(s))
				pcapfile_fill(s->in);
		} else if (status == PCAPFILE_PACKET) {
			if (!s->started && !start(s, p))
				break;
			take_packet(s, p);
		} else {
			break;
		}
		if (!s->stop)
			status = pcapfile_next(s->in, p);
	}
	if (s->stop || status != PCAPFILE_BAD)
		return;
	s->status = EXIT_FAILURE;
	warnx("%s: %s; %" PRIu64 " packets before it were read", s->name,
	    pcapfile_error(s->in), s->counters.packets + s->filtered);
	if (s->started || start(s, NULL))
		file_event(s, LEVEL_ERROR, pcapfile_error(s->in));
}

/* The end of the stream, when it is still wanted. */
static void
finish(struct file *s)
{
	file_begin_copy(s, s->copy_linktype);	/* of nothing */
	copied(s, pcapwrite_flush(&s->copy));
	if (s->gone || (!s->started && !start(s, NULL)))
		return;
	uint64_t ts = ticks_end(&s->ticks);
	if (s->end != UINT64_MAX && s->ts >= s->end)
		ts = s->end;
	if (file_tick(s, ts) && file_wrote(s, record_write_end(&s->out, ts)))
		file_flush(s);
	if (s->counters.packets > 0 && s->undecoded == s->counters.packets)
		s->status = EXIT_FAILURE;
	if (s->not_copied > 0)
		warnx("%s: %" PRIu64 " packets are not in it: a pcap file has "
		    "one link type", s->c->write, s->not_copied);
}

int
capd_file(const struct capd *c)
{
	struct file s;
	struct pcapfile_packet first;
	enum pcapfile_status status;
	file_catch_signals();
	if (!file_open(&s, c))
		return EXIT_FAILURE;
	if (file_open_outputs(&s) && file_look(&s, &first, &status) &&
	    file_prepare(&s)) {
		file_answer_signals();
		read_packets(&s, &first, status);
		finish(&s);
	}
	file_close(&s);
	return s.status;
}
