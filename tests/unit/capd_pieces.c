/* SPDX-License-Identifier: MIT
 *
 * A capture that comes through a pipe in pieces of any size, of either
 * format and byte order, has the packets that it has as a whole, and no
 * byte of them is made up.
 *
 * uses: capd/pcapfile.c capd/pcapng.c
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capd/pcapfile.h"
#include "lib/buf.h"

enum { PACKETS = 5, SIMPLE = 2 };	/* a simple packet, in pcapng */

static int failures;
static bool big;	/* endian, the file that is being made */

static void
number(struct buf *b, unsigned size, uint32_t n)
{
	for (unsigned i = 0; i < size; i++)
		buf_add_char(b, (char)(n >> 8 * (big ? size - 1 - i : i)));
}

/* So many bytes of the packet of that number, up to a multiple of `unit`. */
static uint32_t
length_of(unsigned packet)
{
	return 14 + 31 * packet;
}

static void
content(struct buf *b, unsigned packet, unsigned unit)
{
	uint32_t len = length_of(packet);
	for (uint32_t i = 0; i < len; i++)
		buf_add_char(b, (char)(packet * 50 + i));
	for (; len % unit != 0; len++)
		buf_add_char(b, 0);
}

static void
make_pcap(struct buf *b)
{
	number(b, 4, 0xa1b2c3d4);
	number(b, 2, 2);
	number(b, 2, 4);
	number(b, 4, 0);
	number(b, 4, 0);
	number(b, 4, 65535);
	number(b, 4, 1);
	for (unsigned i = 0; i < PACKETS; i++) {
		number(b, 4, 1000 + i);
		number(b, 4, 5);
		number(b, 4, length_of(i));
		number(b, 4, length_of(i) + 3);
		content(b, i, 1);
	}
}

static void
block(struct buf *b, uint32_t type, const struct buf *body)
{
	number(b, 4, type);
	number(b, 4, (uint32_t)body->len + 12);
	buf_add(b, body->data, body->len);
	number(b, 4, (uint32_t)body->len + 12);
}

static void
make_pcapng(struct buf *b)
{
	struct buf body = { 0 };
	number(&body, 4, 0x1a2b3c4d);
	number(&body, 2, 1);
	number(&body, 2, 0);
	number(&body, 4, UINT32_MAX);
	number(&body, 4, UINT32_MAX);
	block(b, 0x0a0d0d0a, &body);
	buf_reset(&body);
	number(&body, 2, 1);
	number(&body, 2, 0);
	number(&body, 4, 65535);
	block(b, 1, &body);
	for (unsigned i = 0; i < PACKETS; i++) {
		uint64_t us = (1000 + (uint64_t)i) * 1000000 + 5;
		buf_reset(&body);
		if (i != SIMPLE) {
			number(&body, 4, 0);
			number(&body, 4, (uint32_t)(us >> 32));
			number(&body, 4, (uint32_t)us);
			number(&body, 4, length_of(i));
		}
		number(&body, 4, length_of(i) + (i == SIMPLE ? 0 : 3));
		content(&body, i, 4);
		block(b, i == SIMPLE ? 3 : 6, &body);
	}
	buf_done(&body);
}

/* A simple packet has neither a time nor a length of its own. */
static bool
is_packet(const struct pcapfile_packet *p, unsigned i, bool simple)
{
	struct buf b = { 0 };
	content(&b, i, 1);
	uint64_t second = 1000 + (simple ? i - 1 : i);
	bool good = p->captured == length_of(i) &&
	    p->length == length_of(i) + (simple ? 0 : 3) &&
	    p->linktype == 1 && p->ts == second * 1000000000 + 5000 &&
	    memcmp(p->bytes, b.data, b.len) == 0;
	buf_done(&b);
	return good;
}

/* Written `piece` bytes at a time, up to the place `until`, where it ends. */
static void
read_pieces(const char *what, const struct buf *all, size_t piece,
    size_t until)
{
	int ends[2];
	if (pipe2(ends, O_NONBLOCK) == -1)
		err(EXIT_FAILURE, "pipe2");
	struct pcapfile *f = pcapfile_new(ends[0]);
	struct pcapfile_packet p;
	enum pcapfile_status status;
	size_t at = 0, tries = 0;
	unsigned n = 0;
	bool good = true;
	while ((status = pcapfile_next(f, &p)) != PCAPFILE_END &&
	    status != PCAPFILE_BAD && tries++ < 10000) {
		if (status == PCAPFILE_PACKET) {
			good = good && n < PACKETS && is_packet(&p, n,
			    n == SIMPLE && pcapfile_may_mix(f));
			n++;
			continue;
		}
		if (pcapfile_fill(f))
			continue;
		size_t len = until - at < piece ? until - at : piece;
		if (len > 0 && write(ends[1], all->data + at, len) == -1)
			err(EXIT_FAILURE, "write");
		if (len == 0)
			close(ends[1]);
		at += len;
	}
	bool whole = until == all->len;
	const char *cut = "cut short in the packet or block";
	if (!good || (whole && (n != PACKETS || status != PCAPFILE_END)) ||
	    (!whole && (n != PACKETS - 1 || status != PCAPFILE_BAD ||
	    strstr(pcapfile_error(f), cut) == NULL))) {
		failures++;
		printf("%s in pieces of %zu, up to %zu of %zu: %u packets, "
		    "%s\n", what, piece, until, all->len, n,
		    pcapfile_error(f));
	}
	pcapfile_free(f);
	close(ends[0]);
}

static void
read_all(const char *what, void (*make)(struct buf *))
{
	for (int order = 0; order < 2; order++) {
		struct buf b = { 0 };
		big = order == 1;
		make(&b);
		for (size_t piece = 1; piece < 200; piece++) {
			read_pieces(what, &b, piece, b.len);
			read_pieces(what, &b, piece, b.len - 1);
			read_pieces(what, &b, piece, b.len - 100);
		}
		buf_done(&b);
	}
}

int
main(void)
{
	read_all("pcap", make_pcap);
	read_all("pcapng", make_pcapng);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
