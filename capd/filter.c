/* SPDX-License-Identifier: MIT
 *
 * Programs by link type.  libpcap compiles for captures of this machine;
 * what others write differently is spelt its way before it is looked at.
 */
#include "capd/filter.h"

#include <arpa/inet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capd/decode.h"
#include "capd/filter_loops.h"
#include "lib/xalloc.h"

enum { SNAPLEN = 262144, MOST_LINKTYPE = 400 };

struct program {
	int linktype;
	bool told;			/* that it is refused */
	char *refusal;			/* why; null: the code is good */
	struct bpf_program code;
};

struct filter {
	const char *text;
	struct program *programs;	/* by link type */
	size_t count;
	uint8_t *frame;			/* one in libpcap's spelling */
	size_t room;
	bool told;			/* that some have no program */
};

struct filter *
filter_new(const char *text)
{
	struct filter *f = xcalloc(1, sizeof(*f));
	f->text = text != NULL ? text : "";
	return f;
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->count; i++)
		if (f->programs[i].refusal == NULL)
			pcap_freecode(&f->programs[i].code);
		else
			free(f->programs[i].refusal);
	free(f->programs);
	free(f->frame);
	free(f);
}

/* For Ethernet and others libpcap looks up direction and interface in what
 * the kernel knows beside a packet, at "offsets" no packet reaches.  In a
 * file these loads would fail, so that nothing matched, not even "not". */
static bool
asks_kernel(const struct bpf_program *code)
{
	enum { BEYOND = 0xfffff000u };	/* SKF_AD_OFF, <linux/filter.h> */
	for (unsigned i = 0; i < code->bf_len; i++) {
		const struct bpf_insn *n = &code->bf_insns[i];
		if (BPF_CLASS(n->code) == BPF_LD && n->k >= BEYOND &&
		    (BPF_MODE(n->code) == BPF_ABS ||
		    BPF_MODE(n->code) == BPF_IND))	/* radiotap */
			return true;
	}
	return false;
}

static struct program *
add(struct filter *f, int linktype, bool optimize)
{
	f->programs = xreallocarray(f->programs, f->count + 1,
	    sizeof(*f->programs));
	struct program *p = &f->programs[f->count++];
	*p = (struct program){ .linktype = linktype };
	pcap_t *dead = pcap_open_dead(linktype, SNAPLEN);
	if (dead == NULL) {
		p->refusal = xstrdup("no memory");
		return p;
	}
	/* With no netmask "ip broadcast" means 255.255.255.255, as in
	 * tcpdump -r. */
	if (pcap_compile(dead, &p->code, f->text, optimize, 0) != 0) {
		p->refusal = xstrdup(pcap_geterr(dead));
	} else if (asks_kernel(&p->code)) {
		pcap_freecode(&p->code);
		p->refusal = xstrdup("a capture file of this link type does "
		    "not tell inbound, outbound or ifindex");
	} else {
		filter_unroll(&p->code);
	}
	pcap_close(dead);
	return p;
}

/* The program for this link type; null when none was made. */
static struct program *
find(struct filter *f, int linktype)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->programs[i].linktype == linktype)
			return &f->programs[i];
	return NULL;
}

/* Most of these will not be needed, and a long filter takes a second to
 * optimize. */
void
filter_compile_all(struct filter *f, bool wifi)
{
	for (int type = 0; f->text[0] != '\0' && type < MOST_LINKTYPE; type++)
		if (decode_knows(type, wifi) && find(f, type) == NULL)
			add(f, type, false);
}

const char *
filter_refusal(struct filter *f, int linktype)
{
	if (f->text[0] == '\0')
		return NULL;
	const struct program *p = find(f, linktype);
	if (p == NULL)
		p = add(f, linktype, true);
	return p->refusal;
}

const char *
filter_news(struct filter *f, int linktype)
{
	if (f->text[0] == '\0')
		return NULL;
	struct program *p = find(f, linktype);
	bool *told = p != NULL ? &p->told : &f->told;
	if (*told)
		return NULL;
	*told = true;
	return p != NULL ? p->refusal :
	    "it is compiled only for what is decoded";
}

/* The frame of a BSD loopback capture with the family that libpcap looks for:
 * this machine's number in its byte order, for LOOP in network order. */
static const uint8_t *
respell(struct filter *f, int linktype, const uint8_t *frame,
    uint32_t captured)
{
	if ((linktype != DLT_NULL && linktype != DLT_LOOP) || captured < 4)
		return frame;
	unsigned version = decode_loopback(frame);
	if (version == 0)
		return frame;
	if (f->room < captured) {
		f->room = captured;
		f->frame = xreallocarray(f->frame, f->room, 1);
	}
	uint32_t family = version == 4 ? AF_INET : AF_INET6;
	if (linktype == DLT_LOOP)
		family = htonl(family);
	memcpy(f->frame, &family, 4);
	memcpy(f->frame + 4, frame + 4, captured - 4);
	return f->frame;
}

bool
filter_match(struct filter *f, int linktype, const uint8_t *frame,
    uint32_t captured, uint32_t length)
{
	if (f->text[0] == '\0')
		return true;
	const struct program *p = find(f, linktype);
	struct pcap_pkthdr header = { .caplen = captured, .len = length };
	return p != NULL && p->refusal == NULL &&
	    pcap_offline_filter(&p->code, &header,
	    respell(f, linktype, frame, captured)) != 0;
}
