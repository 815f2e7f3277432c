/* SPDX-License-Identifier: MIT
 *
 * Captures that are cut.  Each packet of the files named is decoded with
 * every captured length from 0 on, and the files themselves are read cut
 * off at many bytes (at every one with CUT=all).  What is read lies at the
 * end of a page with none behind it, so a read too far is a crash in any
 * build.  What was whole must come out the same, and with the shortcut of
 * decode_plain.c as without.
 *
 * Without arguments: one frame made here.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 * uses: capd/pcapfile.c capd/pcapng.c
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capd/decode.h"
#include "capd/pcapfile.h"

enum { ROOM = 512 << 10, MOST_PACKETS = 1 << 20 };

static uint8_t *fence;		/* the first byte that is not there */
static unsigned long decoded, files_read;

static void
build_fence(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *at = mmap(NULL, ROOM + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED || mprotect(at + ROOM, page, PROT_NONE) == -1)
		err(EXIT_FAILURE, "mmap");
	fence = at + ROOM;
}

static enum frame_class
decode_at_fence(struct decoder *d, const struct pcapfile_packet *p,
    uint32_t captured, struct record_packet *r)
{
	memcpy(fence - captured, p->bytes, captured);
	r->ts = p->ts;
	r->interface = p->interface;
	decoded++;
	return decode(d, p->linktype, fence - captured, captured, p->length,
	    r);
}

static void
fail(const char *file, unsigned long packet, uint32_t cut, const char *what)
{
	errx(EXIT_FAILURE, "%s: packet %lu cut to %u: %s", file, packet, cut,
	    what);
}

static void
cut_packet(struct decoder *d, struct decoder *walker, const char *file,
    unsigned long number, const struct pcapfile_packet *p)
{
	struct record_packet whole, part, walked;
	if (p->captured > ROOM)
		return;
	for (uint32_t n = 0; n < p->captured; n++) {
		enum frame_class class = decode_at_fence(d, p, n, &part);
		enum frame_class then = decode_at_fence(d, p, p->captured,
		    &whole);
		if (decode_at_fence(walker, p, n, &walked) != class ||
		    ((part.flags & RECORD_FRAGMENT) == 0 &&
		    memcmp(&walked, &part, sizeof(part)) != 0))
			fail(file, number, n, "not as its layers say");
		if (part.frame_length != p->length)
			fail(file, number, n, "another length");
		if (part.network_length > p->length)
			fail(file, number, n, "longer than the frame");
		if (class != FRAME_FLOW)
			continue;
		if (then != FRAME_FLOW)
			fail(file, number, n, "a flow only when cut");
		if (memcmp(part.src, whole.src, 16) != 0 ||
		    memcmp(part.dst, whole.dst, 16) != 0 ||
		    part.protocol != whole.protocol ||
		    part.network_length != whole.network_length)
			fail(file, number, n, "another flow");
		if ((part.src_port != whole.src_port && part.src_port != 0) ||
		    (part.dst_port != whole.dst_port && part.dst_port != 0))
			fail(file, number, n, "other ports");
		if (n < p->length && (part.flags & RECORD_TRUNCATED) == 0)
			fail(file, number, n, "not said to be truncated");
	}
}

/* Read the whole of what `fd` has and say what it was in one number for
 * each packet; at most `most`, of which the first must be as in `before`. */
static unsigned long
digest(int fd, const char *file, size_t cut, uint64_t *digests,
    const uint64_t *before, unsigned long most)
{
	struct pcapfile *f = pcapfile_new(fd);
	struct pcapfile_packet p;
	enum pcapfile_status status;
	unsigned long n = 0, fills = 0;
	uint64_t h = 0xcbf29ce484222325;
	files_read++;
	while ((status = pcapfile_next(f, &p)) != PCAPFILE_END &&
	    status != PCAPFILE_BAD) {
		if (status == PCAPFILE_MORE) {
			pcapfile_fill(f);
			if (fills++ > 4096)
				errx(EXIT_FAILURE, "%s: cut at %zu: no end",
				    file, cut);
			continue;
		}
		if (n == most)
			errx(EXIT_FAILURE, "%s: cut at %zu: more packets",
			    file, cut);
		h = (h ^ p.ts ^ p.captured) * 0x100000001b3;
		/* Both ends of it: the middle moves with them. */
		for (uint32_t i = 0; i < p.captured; i++)
			if (i < 4 || p.captured - i <= 4)
				h = (h ^ p.bytes[i]) * 0x100000001b3;
			else
				i = p.captured - 5;
		digests[n] = h;
		if (before != NULL && before[n] != h)
			errx(EXIT_FAILURE, "%s: cut at %zu: packet %lu "
			    "differs", file, cut, n);
		n++;
	}
	if (status == PCAPFILE_BAD && pcapfile_error(f)[0] == '\0')
		errx(EXIT_FAILURE, "%s: cut at %zu: no reason", file, cut);
	pcapfile_free(f);
	return n;
}

/* A copy that can be cut. */
static int
copy(const char *file, size_t *size)
{
	static char block[65536];
	int from = open(file, O_RDONLY), to = memfd_create("cut", 0);
	ssize_t n;
	if (from == -1 || to == -1)
		err(EXIT_FAILURE, "%s", file);
	*size = 0;
	while ((n = read(from, block, sizeof(block))) > 0) {
		if (write(to, block, (size_t)n) != n)
			err(EXIT_FAILURE, "%s", file);
		*size += (size_t)n;
	}
	close(from);
	return to;
}

static void
cut_file(const char *file)
{
	const char *all = getenv("CUT");
	bool every = all != NULL && strcmp(all, "all") == 0;
	size_t size;
	int fd = copy(file, &size);
	uint64_t *whole = calloc(MOST_PACKETS, sizeof(*whole));
	uint64_t *part = calloc(MOST_PACKETS, sizeof(*part));
	if (whole == NULL || part == NULL)
		err(EXIT_FAILURE, "calloc");
	lseek(fd, 0, SEEK_SET);
	unsigned long packets = digest(fd, file, size, whole, NULL,
	    MOST_PACKETS);
	/* About a hundred places, and all near both ends. */
	size_t step = every ? 1 : size / 100 + 1;
	for (size_t cut = size; cut-- > 0;) {
		if (cut % step != 0 && cut > 64 && cut + 8 < size)
			continue;
		if (ftruncate(fd, (off_t)cut) == -1)
			err(EXIT_FAILURE, "ftruncate");
		lseek(fd, 0, SEEK_SET);
		digest(fd, file, cut, part, whole, packets);
	}
	free(whole);
	free(part);
	close(fd);
}

static void
cut_packets(const char *file)
{
	int fd = open(file, O_RDONLY);
	if (fd == -1)
		err(EXIT_FAILURE, "%s", file);
	struct pcapfile *f = pcapfile_new(fd);
	struct decoder *d = decoder_new(true), *walker = decoder_new(true);
	struct pcapfile_packet p;
	enum pcapfile_status status;
	unsigned long n = 0;
	decoder_walk(walker);
	while ((status = pcapfile_next(f, &p)) == PCAPFILE_PACKET ||
	    status == PCAPFILE_MORE) {
		if (status == PCAPFILE_MORE)
			pcapfile_fill(f);
		else
			cut_packet(d, walker, file, ++n, &p);
	}
	decoder_free(d);
	decoder_free(walker);
	pcapfile_free(f);
	close(fd);
}

/* Ethernet, two tags, IPv6, three extension headers, UDP. */
static void
cut_own(void)
{
	static const uint8_t frame[] = {
		2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xa8,
		0, 5, 0x81, 0, 0, 6, 0x86, 0xdd,
		0x60, 0, 0, 0, 0, 32, 0, 64,
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		60, 0, 1, 4, 0, 0, 0, 0, 43, 0, 1, 4, 0, 0, 0, 0,
		17, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0, 53, 0, 8, 0, 0,
	};
	struct pcapfile_packet p = { .bytes = frame,
		.captured = sizeof(frame), .length = sizeof(frame),
		.linktype = 1 };
	struct record_packet r = { .ts = 0 };
	struct decoder *d = decoder_new(false), *walker = decoder_new(false);
	decoder_walk(walker);
	cut_packet(d, walker, "own", 1, &p);
	if (decode(d, 1, frame, sizeof(frame), sizeof(frame), &r) !=
	    FRAME_FLOW || r.src_port != 0x1234 || r.dst_port != 53 ||
	    r.vlan != 5 || r.protocol != 17)
		errx(EXIT_FAILURE, "own: decoded wrong");
	decoder_free(d);
	decoder_free(walker);
}

int
main(int argc, char **argv)
{
	build_fence();
	cut_own();
	for (int i = 1; i < argc; i++) {
		cut_packets(argv[i]);
		cut_file(argv[i]);
	}
	if (argc > 1)
		printf("%d files, %lu frames decoded, %lu cut files read\n",
		    argc - 1, decoded, files_read);
	return EXIT_SUCCESS;
}
