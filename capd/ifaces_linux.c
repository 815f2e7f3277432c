/* SPDX-License-Identifier: MIT
 *
 * Interfaces as Linux tells of them: AF_PACKET addresses, routes in
 * /proc/net (which are those of our own network namespace), ethtool for
 * the driver's name, rtnetlink for changes.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capd/ifaces_system.h"

void
ifaces_system_link(const struct sockaddr *a, struct iface *i)
{
	static const uint8_t zero[6];
	struct sockaddr_ll link;
	if (a->sa_family != AF_PACKET)
		return;
	memcpy(&link, a, sizeof(link));
	if (link.sll_halen != sizeof(i->mac) ||
	    memcmp(link.sll_addr, zero, sizeof(zero)) == 0)
		return;
	memcpy(i->mac, link.sll_addr, sizeof(i->mac));
	i->has_mac = true;
}

/* The route with the smallest metric to 0.0.0.0/0. */
static bool
route_ipv4(char best[SOURCE_NAME])
{
	char line[512], name[SOURCE_NAME];
	unsigned long lowest = ~0ul;
	FILE *f = fopen("/proc/net/route", "re");
	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		unsigned long to, flags, metric, mask;
		if (sscanf(line, "%63s %lx %*s %lx %*s %*s %lu %lx", name, &to,
		    &flags, &metric, &mask) == 5 && to == 0 && mask == 0 &&
		    (flags & 1) != 0 && metric < lowest) {
			lowest = metric;
			memcpy(best, name, SOURCE_NAME);
		}
	}
	fclose(f);
	return lowest != ~0ul;
}

/* To ::/0; lo has one too, which rejects, flag 0x200. */
static bool
route_ipv6(char best[SOURCE_NAME])
{
	char line[512], to[40], name[SOURCE_NAME];
	unsigned long lowest = ~0ul;
	FILE *f = fopen("/proc/net/ipv6_route", "re");
	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		unsigned long bits, metric, flags;
		if (sscanf(line, "%39s %lx %*s %*s %*s %lx %*s %*s %lx %63s",
		    to, &bits, &metric, &flags, name) == 5 && bits == 0 &&
		    strspn(to, "0") == 32 && (flags & 0x201) == 1 &&
		    metric < lowest) {
			lowest = metric;
			memcpy(best, name, SOURCE_NAME);
		}
	}
	fclose(f);
	return lowest != ~0ul;
}

bool
ifaces_system_route(enum addr_family family, char name[SOURCE_NAME])
{
	return family == ADDR_IPV4 ? route_ipv4(name) : route_ipv6(name);
}

static const char *
hardware(unsigned type)
{
	switch (type) {
	case ARPHRD_ETHER:
		return "Ethernet";
	case ARPHRD_LOOPBACK:
		return "loopback";
	case ARPHRD_PPP:
		return "PPP";
	case ARPHRD_IEEE80211_RADIOTAP:
		return "802.11 monitor";
	case ARPHRD_NONE:
		return "IP without a link layer";
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_IP6GRE:
		return "tunnel";
	default:
		return "other";
	}
}

void
ifaces_system_describe(const struct iface *i, char *text, size_t size)
{
	struct ifreq r = { 0 };
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	snprintf(text, size, "unknown");
	if (s == -1)
		return;
	snprintf(r.ifr_name, sizeof(r.ifr_name), "%.15s", i->name);
	if (ioctl(s, SIOCGIFHWADDR, &r) == 0)
		snprintf(text, size, "%s",
		    hardware(r.ifr_hwaddr.sa_family));
	r.ifr_data = (void *)&info;
	if (ioctl(s, SIOCETHTOOL, &r) == 0 && info.driver[0] != '\0') {
		size_t len = strlen(text);
		snprintf(text + len, size - len, ", driver %.31s",
		    info.driver);
	}
	close(s);
}

int
ifaces_watch(void)
{
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    NETLINK_ROUTE);
	struct sockaddr_nl us = { .nl_family = AF_NETLINK, .nl_groups =
		RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR };
	if (s != -1 && bind(s, (void *)&us, sizeof(us)) == -1) {
		close(s);
		return -1;
	}
	return s;
}

/* What exactly changed does not matter: the list is read anew, which is
 * right even after messages were lost (ENOBUFS). */
bool
ifaces_changed(int fd)
{
	char message[8192];
	bool any = false;
	while (recv(fd, message, sizeof(message), 0) > 0 || errno == ENOBUFS)
		any = true;
	return any;
}
