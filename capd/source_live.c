/* SPDX-License-Identifier: MIT
 *
 * A live capture handle of libpcap.
 */
#include "capd/source_live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "capd/decode.h"
#include "capd/drops.h"
#include "capd/filter_loops.h"
#include "capd/ifaces.h"

static enum talk_reason
why(int status)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return REASON_DENIED;
	case PCAP_ERROR_IFACE_NOT_UP:
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return REASON_DOWN;
	default:
		return REASON_OTHER;
	}
}

/* What "ip broadcast" needs: that of the first IPv4 address.  With none it
 * means 0.0.0.0 and 255.255.255.255.  libpcap gives it in network byte order
 * and wants it in that of the host (its pull request 1454). */
static bpf_u_int32
netmask(const char *name)
{
	bpf_u_int32 net, mask;
	char errors[PCAP_ERRBUF_SIZE];
	return pcap_lookupnet(name, &net, &mask, errors) == 0 ? ntohl(mask) :
	    0;
}

/* An empty one too: it is the filter that makes the kernel cut frames at the
 * snap length before it copies them. */
static bool
set_filter(pcap_t *p, const char *name, const char *filter)
{
	struct bpf_program program;
	if (pcap_compile(p, &program, filter, 1, netmask(name)) != 0)
		return false;
	filter_unroll(&program);
	int status = pcap_setfilter(p, &program);
	pcap_freecode(&program);
	return status == 0;
}

static enum talk_reason
activate(struct source_live *s, const char *name, const struct settings *t,
    uint32_t buffer, char text[TALK_TEXT])
{
	pcap_t *p = s->pcap;
	pcap_set_snaplen(p, (int)t->snaplen);
	/* There is no promiscuous "any". */
	pcap_set_promisc(p, t->promiscuous && !s->any);
	pcap_set_timeout(p, SOURCE_TIMEOUT);
	pcap_set_buffer_size(p, (int)buffer);
	pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
	int status = pcap_activate(p);
	if (status >= 0)
		return REASON_NONE;
	enum talk_reason reason = why(status);
	if (reason == REASON_DOWN)
		snprintf(text, TALK_TEXT, "%s is %s", name,
		    status == PCAP_ERROR_IFACE_NOT_UP ? "down" : "gone");
	else if (reason == REASON_DENIED)
		snprintf(text, TALK_TEXT, "%s: permission denied", name);
	else
		snprintf(text, TALK_TEXT, "%s: %s", name,
		    status == PCAP_ERROR ? pcap_geterr(p) :
		    pcap_statustostr(status));
	return reason;
}

static enum talk_reason
prepare(struct source_live *s, const char *name, const struct settings *t,
    bool wifi, char text[TALK_TEXT])
{
	pcap_t *p = s->pcap;
	char errors[PCAP_ERRBUF_SIZE];
#ifdef DLT_LINUX_SLL2
	/* The second version names the interface of each packet. */
	if (s->any && pcap_set_datalink(p, DLT_LINUX_SLL2) == 0)
		s->numbered = true;
#endif
	s->linktype = pcap_datalink(p);
	if (!decode_knows(s->linktype, wifi)) {
		const char *type = pcap_datalink_val_to_name(s->linktype);
		snprintf(text, TALK_TEXT, "%s: frames of link type %s are "
		    "not decoded%s", name, type != NULL ? type : "unknown",
		    decode_knows(s->linktype, true) ? " without --wifi" : "");
		return REASON_LINKTYPE;
	}
	if (!set_filter(p, name, t->filter)) {
		snprintf(text, TALK_TEXT, "%.200s", pcap_geterr(p));
		return REASON_FILTER;
	}
	drops_count_once(p);
	s->fd = pcap_get_selectable_fd(p);
	if (s->fd == -1 || pcap_setnonblock(p, 1, errors) != 0) {
		snprintf(text, TALK_TEXT, "%s: cannot be waited for", name);
		return REASON_OTHER;
	}
	s->fraction = pcap_get_tstamp_precision(p) ==
	    PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
	return REASON_NONE;
}

static void
close_source(struct source_live *s)
{
	pcap_close(s->pcap);
	s->pcap = NULL;
}

enum talk_reason
source_live_open(struct source_live *s, const char *name,
    const struct settings *t, uint32_t buffer, bool wifi,
    char text[TALK_TEXT])
{
	char errors[PCAP_ERRBUF_SIZE] = "";
	*s = (struct source_live){ .fd = -1, .linktype = -1,
		.any = strcmp(name, IFACES_ANY) == 0 };
	s->pcap = pcap_create(name, errors);
	if (s->pcap == NULL) {
		snprintf(text, TALK_TEXT, "%s: %.200s", name, errors);
		return REASON_OTHER;
	}
	enum talk_reason reason = activate(s, name, t, buffer, text);
	if (reason == REASON_NONE)
		reason = prepare(s, name, t, wifi, text);
	if (reason != REASON_NONE)
		close_source(s);
	return reason;
}

bool
source_live_fits(struct source_live *s, const char *name, int *type,
    char text[TALK_TEXT])
{
	if (*type == -1)
		*type = s->linktype;
	if (*type == s->linktype)
		return true;
	const char *what = pcap_datalink_val_to_name(*type);
	snprintf(text, TALK_TEXT, "%s: a capture file holds one link type, "
	    "here %s, and this is another", name, what != NULL ? what : "?");
	close_source(s);
	return false;
}

void
source_live_count(struct source_live *s)
{
	struct drops more = drops_read(s->pcap);
	s->came += more.came;
	s->dropped += more.dropped;
}

int
source_live_error(const struct source_live *s)
{
	int error = 0;
	socklen_t len = sizeof(error);
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return errno == ENOTSOCK ? EIO : errno;
	return error;
}

bool
source_live_check(const char *filter, const int32_t *linktypes,
    unsigned count, uint32_t snaplen, char text[TALK_TEXT])
{
	for (unsigned i = 0; i < count; i++) {
		struct bpf_program program;
		int type = linktypes[i] != -1 ? linktypes[i] : DLT_EN10MB;
		pcap_t *p = pcap_open_dead(type, (int)snaplen);
		if (p == NULL)
			return true;	/* the child will tell */
		bool good = pcap_compile(p, &program, filter, 1, 0) == 0;
		if (good)
			pcap_freecode(&program);
		else
			snprintf(text, TALK_TEXT, "%.200s", pcap_geterr(p));
		pcap_close(p);
		if (!good)
			return false;
	}
	return true;
}
