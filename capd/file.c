/* SPDX-License-Identifier: MIT
 *
 * From a capture file to the record stream.  The clock is the packets'.
 */
#include "capd/file.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"

static const uint64_t NEVER = UINT64_MAX;

/* A write that failed: the reader left, which is an ordinary end, or the
 * disk is full. */
static bool
written(struct file *s, bool good)
{
	if (good)
		return true;
	if (errno != EPIPE) {
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
	return written(s, record_write_tick(&s->out, &t));
}

bool
file_event(struct file *s, enum record_level level, const char *text)
{
	uint64_t ts = s->started ? s->ticks.last : s->start;
	return written(s, record_write_event(&s->out, ts, level, text));
}

bool
file_flush(struct file *s)
{
	s->flushed = file_clock();
	return s->out.buf.len == 0 || written(s, record_flush(&s->out));
}

static void
linktype_name(int linktype, char *name, size_t size)
{
	const char *known = pcap_datalink_val_to_name(linktype);
	if (known != NULL)
		snprintf(name, size, "%s", known);
	else
		snprintf(name, size, "%d", linktype);
}

static void
tell_undecoded(const struct file *s, int linktype)
{
	char name[SOURCE_NAME];
	linktype_name(linktype, name, sizeof(name));
	warnx("%s: link type %s is not decoded%s", s->name, name,
	    decode_knows(linktype, true) ? " without --wifi" :
	    "; its frames can only be counted");
}

/* Once for each link type that is not decoded, also of several interfaces. */
static void
check_linktype(const struct file *s, const struct pcapfile_interface *list,
    uint16_t at)
{
	for (uint16_t i = 0; i < at; i++)
		if (list[i].linktype == list[at].linktype)
			return;
	if (!decode_knows(list[at].linktype, s->c->wifi))
		tell_undecoded(s, list[at].linktype);
}

/* The source as far as it is known, now and again when there is more. */
static bool
write_source(struct file *s)
{
	const struct pcapfile_interface *list;
	struct record_source source;
	uint16_t count = pcapfile_interfaces(s->in, &list);
	record_source_init(&source);
	snprintf(source.host, sizeof(source.host), "capture");
	snprintf(source.session, sizeof(source.session), "%s", s->session);
	source.count_network = s->c->count_network;
	source.start = s->start;
	source.snaplen = count > 0 ? list[0].snaplen : 0;
	if (s->c->filter != NULL) {
		free(source.filter);
		source.filter = xstrdup(s->c->filter);
	}
	source.interface_count = count;
	source.interfaces = xcalloc(count + 1u, sizeof(*source.interfaces));
	for (uint16_t i = 0; i < count; i++) {
		memcpy(source.interfaces[i].name, list[i].name, SOURCE_NAME);
		linktype_name(list[i].linktype, source.interfaces[i].linktype,
		    SOURCE_NAME);
		if (i >= s->interfaces)
			check_linktype(s, list, i);
	}
	s->interfaces = count;
	bool good = record_write_source(&s->out, &source);
	record_source_done(&source);
	return written(s, good);
}

/* FNV-1a */
static uint64_t
hash(uint64_t h, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	for (size_t i = 0; i < len; i++)
		h = (h ^ at[i]) * 0x100000001b3;
	return h;
}

static uint64_t
hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];	/* the same on every machine */
	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(number >> (56 - 8 * i));
	return hash(h, bytes, sizeof(bytes));
}

/* A replay must repeat to the byte, so the session comes from the content. */
static void
make_session(struct file *s, const struct pcapfile_packet *first)
{
	const struct pcapfile_interface *list;
	uint64_t h = 0xcbf29ce484222325;
	if (pcapfile_interfaces(s->in, &list) > 0) {
		h = hash_number(h, (uint64_t)list[0].linktype);
		h = hash_number(h, list[0].snaplen);
	}
	if (first != NULL) {
		h = hash_number(h, first->ts);
		h = hash_number(h, first->captured);
		h = hash_number(h, first->length);
		h = hash(h, first->bytes, first->captured);
	}
	snprintf(s->session, sizeof(s->session), "%016" PRIx64, h);
}

/* `first` is null when there are no packets at all. */
static bool
start(struct file *s, const struct pcapfile_packet *first)
{
	make_session(s, first);
	s->start = s->ts = first != NULL ? first->ts : 0;
	double ns = s->c->duration * 1e9;
	s->end = ns > 0 && ns < (double)(NEVER - s->start) ?
	    s->start + (uint64_t)ns : NEVER;
	ticks_start(&s->ticks, s->start);
	pace_start(&s->pace, s->c->speed, s->start, file_clock());
	if (!write_source(s))
		return false;
	s->started = true;
	file_commands(s);
	return !s->stop;
}

static void
count(struct file *s, enum frame_class class, const struct record_packet *p)
{
	struct record_counters *n = &s->counters;
	uint64_t bytes = s->c->count_network ? p->network_length :
	    p->frame_length;
	n->packets++;
	n->bytes += bytes;
	switch (class) {
	case FRAME_FLOW:
		break;
	case FRAME_NON_IP:
		n->non_ip_packets++;
		n->non_ip_bytes += bytes;
		break;
	case FRAME_MALFORMED:
		n->malformed++;
		n->malformed_bytes += bytes;
		break;
	case FRAME_UNSUPPORTED:
		n->unsupported++;
		n->unsupported_bytes += bytes;
		break;
	}
}

/* What is rare at a packet: ticks, new interfaces.  False: stop. */
static bool
before_packet(struct file *s, const struct pcapfile_packet *p,
    enum ticks_due due)
{
	const struct pcapfile_interface *list;
	if (pcapfile_interfaces(s->in, &list) != s->interfaces &&
	    !write_source(s))
		return false;
	if (due == TICKS_NONE)
		return true;
	if (due == TICKS_BACK) {
		char text[128];
		snprintf(text, sizeof(text), "time in the file steps back at "
		    "packet %" PRIu64, s->counters.packets + 1);
		pace_set_time(&s->pace, p->ts, file_clock());
		if (!file_event(s, LEVEL_WARN, text))
			return false;
	}
	return file_tick(s, s->ticks.last);
}

static void
take_packet(struct file *s, const struct pcapfile_packet *p)
{
	const struct capd *c = s->c;
	if (c->filter != NULL && !filter_match(s->filter, p->linktype,
	    p->bytes, p->captured, p->length))
		return;
	s->ts = p->ts;
	if (p->ts >= s->end) {
		s->stop = true;
		return;
	}
	if (pace_is_on(&s->pace) && !file_wait_packet(s))
		return;
	enum ticks_due due = ticks_packet(&s->ticks, p->ts);
	if ((due != TICKS_NONE || p->interface >= s->interfaces) &&
	    !before_packet(s, p, due))
		return;

	bool in_place = s->out.form == FORM_BINARY;
	struct record_packet here;
	struct record_packet *r = in_place ? record_packet_next(&s->out) :
	    &here;
	enum frame_class class = decode(s->decoder, p->linktype, p->bytes,
	    p->captured, p->length, r);
	count(s, class, r);
	if (class == FRAME_FLOW) {
		r->ts = p->ts;
		r->interface = p->interface;
		if (r->direction == DIRECTION_UNKNOWN)
			r->direction = p->direction;
		written(s, in_place ? record_packet_done(&s->out) :
		    record_write_packet(&s->out, r));
	} else if (class == FRAME_UNSUPPORTED &&
	    !decode_knows(p->linktype, c->wifi)) {
		s->undecoded++;
	}
	if (s->counters.packets == c->packets)
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
	    pcapfile_error(s->in), s->counters.packets);
	if (s->started || start(s, NULL))
		file_event(s, LEVEL_ERROR, pcapfile_error(s->in));
}

/* The end of the stream, when it is still wanted. */
static void
finish(struct file *s)
{
	if (s->gone || (!s->started && !start(s, NULL)))
		return;
	uint64_t ts = ticks_end(&s->ticks);
	if (s->end != NEVER && s->ts >= s->end)
		ts = s->end;
	if (file_tick(s, ts) && written(s, record_write_end(&s->out, ts)))
		file_flush(s);
	if (s->counters.packets > 0 && s->undecoded == s->counters.packets)
		s->status = EXIT_FAILURE;
}

static bool
open_file(struct file *s, const struct capd *c)
{
	struct stat st;
	*s = (struct file){ .c = c, .name = c->file, .control.fd = -1,
		.status = EXIT_SUCCESS };
	if (strcmp(c->file, "-") == 0) {
		s->name = "standard input";
		s->fd = STDIN_FILENO;
	} else {
		s->fd = open(c->file, O_RDONLY | O_CLOEXEC);
	}
	if (s->fd == -1 || fstat(s->fd, &st) == -1) {
		warn("%s", s->name);
		return false;
	}
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		warn("%s", s->name);
		return false;
	}
	s->waits = !S_ISREG(st.st_mode);
	s->in = pcapfile_new(s->fd);
	s->filter = filter_new(c->filter);
	return true;
}

static void
close_file(struct file *s)
{
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	control_close(&s->control);
	filter_free(s->filter);
	pcapfile_free(s->in);
}

/* Is it a capture, and does the filter fit?  Reads no further than the first
 * packet, of which *first tells if *status says so. */
static bool
look(struct file *s, struct pcapfile_packet *first,
    enum pcapfile_status *status)
{
	const struct pcapfile_interface *list;
	while ((*status = pcapfile_next(s->in, first)) == PCAPFILE_MORE)
		if (file_wait_input(s))
			pcapfile_fill(s->in);
		else
			return false;
	if (*status == PCAPFILE_BAD && !pcapfile_is_capture(s->in)) {
		warnx("%s: %s", s->name, pcapfile_error(s->in));
		s->status = EXIT_FAILURE;
		return false;
	}
	int linktype = *status == PCAPFILE_PACKET ? first->linktype :
	    pcapfile_interfaces(s->in, &list) > 0 ? list[0].linktype :
	    DLT_EN10MB;
	const char *refusal = filter_refusal(s->filter, linktype);
	if (refusal == NULL)
		return true;
	warnx("filter '%s': %s", s->c->filter, refusal);
	s->status = EXIT_FAILURE;
	return false;
}

int
capd_check(const struct capd *c)
{
	struct file s;
	struct pcapfile_packet first;
	enum pcapfile_status status;
	if (!open_file(&s, c))
		return EXIT_FAILURE;
	if (look(&s, &first, &status)) {
		if (status == PCAPFILE_BAD) {
			warnx("%s: %s", s.name, pcapfile_error(s.in));
			s.status = EXIT_FAILURE;
		} else if (status == PCAPFILE_PACKET &&
		    !decode_knows(first.linktype, c->wifi)) {
			tell_undecoded(&s, first.linktype);
			s.status = EXIT_FAILURE;
		}
	}
	close_file(&s);
	return s.status;
}

int
capd_file(const struct capd *c)
{
	struct file s;
	struct pcapfile_packet first;
	enum pcapfile_status status;
	if (!open_file(&s, c))
		return EXIT_FAILURE;
	file_catch_signals();
	if (c->control != NULL && !control_open(&s.control, c->control)) {
		warn("%s: no control file", c->control);
		s.status = EXIT_FAILURE;
	} else if (look(&s, &first, &status)) {
		s.decoder = decoder_new(c->wifi);
		record_writer_init(&s.out, STDOUT_FILENO, c->form);
		read_packets(&s, &first, status);
		finish(&s);
		record_writer_done(&s.out);
		decoder_free(s.decoder);
	}
	close_file(&s);
	return s.status;
}
