/* SPDX-License-Identifier: MIT
 *
 * Interface counters over rtnetlink.  Not from /sys: that shows the network
 * namespace of whoever mounted it, which need not be ours.
 */
#include "capd/wire.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ETHERNET_HEADER = 14 };

int
wire_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

/* An attribute, of those behind a message's head or in another one.  Null:
 * there is none. */
static const char *
find_attribute(const char *at, size_t left, unsigned type, size_t *size)
{
	struct nlattr attribute;
	while (left >= NLA_HDRLEN) {
		memcpy(&attribute, at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > left)
			return NULL;
		*size = attribute.nla_len - (size_t)NLA_HDRLEN;
		if ((attribute.nla_type & NLA_TYPE_MASK) == type)
			return at + NLA_HDRLEN;
		size_t step = NLA_ALIGN(attribute.nla_len);
		if (step > left)
			return NULL;
		at += step;
		left -= step;
	}
	return NULL;
}

/* Ask about an interface with a message, which is as long as its head says, and
 * find an attribute of the answer, whose head is followed by `body` bytes with
 * the interface's number at `place`. */
static const char *
ask(int fd, const void *question, int index, unsigned answer_type,
    size_t body, size_t place, unsigned type, char *answer, size_t room,
    size_t *size)
{
	const struct nlmsghdr *asked = question;
	struct nlmsghdr head;
	int about;
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(body);
	if (fd == -1 || write(fd, question, asked->nlmsg_len) == -1)
		return NULL;
	/* The kernel answers before write(2) returns. */
	ssize_t n = recv(fd, answer, room, MSG_DONTWAIT);
	if (n < (ssize_t)at)
		return NULL;
	memcpy(&head, answer, sizeof(head));
	memcpy(&about, answer + NLMSG_HDRLEN + place, sizeof(about));
	if (head.nlmsg_type != answer_type || about != index)
		return NULL;
	return find_attribute(answer + at, (size_t)n - at, type, size);
}

/* The header is off when these count a frame: see net/bridge/br_input.c,
 * net/8021q/vlan_core.c, drivers/net/team, vxlan and geneve; and what goes into
 * a tunnel is counted by iptunnel_xmit() from its network header on. */
uint8_t
wire_headless(int fd, int index)
{
	static const struct {
		char name[12];
		uint8_t headless;
	} kinds[] = {
		{ "bridge", WIRE_RECEIVED }, { "vlan", WIRE_RECEIVED },
		{ "team", WIRE_RECEIVED },
		{ "vxlan", WIRE_RECEIVED | WIRE_SENT },
		{ "geneve", WIRE_RECEIVED | WIRE_SENT },
	};
	struct {
		struct nlmsghdr head;
		struct ifinfomsg message;
	} question = {
		.head = { .nlmsg_len = sizeof(question),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST },
		.message = { .ifi_index = index },
	};
	char answer[16384];
	size_t size;
	const char *info = ask(fd, &question, index, RTM_NEWLINK,
	    sizeof(question.message), offsetof(struct ifinfomsg, ifi_index),
	    IFLA_LINKINFO, answer, sizeof(answer), &size);
	const char *kind = info == NULL ? NULL :
	    find_attribute(info, size, IFLA_INFO_KIND, &size);
	for (size_t i = 0; kind != NULL &&
	    i < sizeof(kinds) / sizeof(*kinds); i++)
		if (size == strlen(kinds[i].name) + 1 &&
		    memcmp(kinds[i].name, kind, size) == 0)
			return kinds[i].headless;
	return 0;
}

bool
wire_read(int fd, int index, bool loopback, struct wire *w)
{
	struct {
		struct nlmsghdr head;
		struct if_stats_msg message;
	} question = {
		.head = { .nlmsg_len = sizeof(question),
			.nlmsg_type = RTM_GETSTATS,
			.nlmsg_flags = NLM_F_REQUEST },
		.message = { .ifindex = (unsigned)index, .filter_mask =
			IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64) },
	};
	char answer[2048];
	struct rtnl_link_stats64 s = { 0 };
	size_t size;
	const char *stats = ask(fd, &question, index, RTM_NEWSTATS,
	    sizeof(question.message), offsetof(struct if_stats_msg, ifindex),
	    IFLA_STATS_LINK_64, answer, sizeof(answer), &size);
	if (stats == NULL)
		return false;
	memcpy(&s, stats, size < sizeof(s) ? size : sizeof(s));
	w->index = index;
	w->packets = s.rx_packets + (loopback ? 0 : s.tx_packets);
	w->bytes = s.rx_bytes + (loopback ? 0 : s.tx_bytes);
	w->dropped = s.rx_missed_errors + s.rx_fifo_errors;
	if (loopback || (w->headless & WIRE_RECEIVED) != 0)
		w->bytes += ETHERNET_HEADER * s.rx_packets;
	if ((w->headless & WIRE_SENT) != 0)
		w->bytes += ETHERNET_HEADER * s.tx_packets;
	return true;
}
