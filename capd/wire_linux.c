/* SPDX-License-Identifier: MIT
 *
 * Interface counters over rtnetlink.  Not from /sys: that shows the network
 * namespace of whoever mounted it, which need not be ours.
 */
#include "capd/wire.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

enum { ETHERNET_HEADER = 14 };

int
wire_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
}

static bool
find_stats(const char *answer, size_t len, int index,
    struct rtnl_link_stats64 *stats)
{
	struct nlmsghdr head;
	struct if_stats_msg message;
	struct nlattr attribute;
	size_t at = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(message));
	if (len < at + NLA_HDRLEN)
		return false;
	memcpy(&head, answer, sizeof(head));
	memcpy(&message, answer + NLMSG_HDRLEN, sizeof(message));
	if (head.nlmsg_type != RTM_NEWSTATS ||
	    message.ifindex != (unsigned)index)
		return false;
	while (len - at >= NLA_HDRLEN) {
		memcpy(&attribute, answer + at, sizeof(attribute));
		if (attribute.nla_len < NLA_HDRLEN ||
		    attribute.nla_len > len - at)
			return false;
		size_t size = attribute.nla_len - (size_t)NLA_HDRLEN;
		if (attribute.nla_type == IFLA_STATS_LINK_64) {
			*stats = (struct rtnl_link_stats64){ 0 };
			memcpy(stats, answer + at + NLA_HDRLEN,
			    size < sizeof(*stats) ? size : sizeof(*stats));
			return true;
		}
		size_t step = NLA_ALIGN(attribute.nla_len);
		if (step > len - at)
			return false;
		at += step;
	}
	return false;
}

bool
wire_read(int fd, int index, bool loopback, struct wire *w)
{
	struct {
		struct nlmsghdr head;
		struct if_stats_msg message;
	} ask = {
		.head = { .nlmsg_len = sizeof(ask),
			.nlmsg_type = RTM_GETSTATS,
			.nlmsg_flags = NLM_F_REQUEST },
		.message = { .ifindex = (unsigned)index, .filter_mask =
			IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64) },
	};
	char answer[2048];
	struct rtnl_link_stats64 s;
	if (fd == -1 || send(fd, &ask, sizeof(ask), 0) == -1)
		return false;
	/* The kernel answers before send(2) returns. */
	ssize_t n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
	if (n <= 0 || !find_stats(answer, (size_t)n, index, &s))
		return false;
	*w = (struct wire){ .index = index,
		.packets = s.rx_packets + s.tx_packets,
		.bytes = s.rx_bytes + s.tx_bytes,
		.dropped = s.rx_missed_errors + s.rx_fifo_errors };
	if (loopback) {
		w->packets = s.rx_packets;
		w->bytes = s.rx_bytes + ETHERNET_HEADER * s.rx_packets;
	}
	return true;
}
