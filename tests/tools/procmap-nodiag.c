/* SPDX-License-Identifier: MIT
 *
 * To be loaded into procmap before the C library: the kernel has no table of
 * the sockets of the protocols whose numbers are in $WITHOUT ("6 17"), as where
 * it cannot load the modules for them.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { TCP = 6, TABLE = 65536 };	/* who asks for a table has that room */

static _Thread_local int missing;

ssize_t
sendto(int fd, const void *bytes, size_t len, int flags,
    const struct sockaddr *to, socklen_t size)
{
	static ssize_t (*real)(int, const void *, size_t, int,
	    const struct sockaddr *, socklen_t);
	const struct nlmsghdr *h = bytes;
	const struct inet_diag_req_v2 *r = NLMSG_DATA(h);
	const char *without = getenv("WITHOUT");
	char number[8];
	if (real == 0)
		*(void **)&real = dlsym(RTLD_NEXT, "sendto");
	if (to != NULL && to->sa_family == AF_NETLINK &&
	    len >= NLMSG_LENGTH(sizeof(*r)) &&
	    (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		snprintf(number, sizeof(number), "%d",
		    h->nlmsg_type == TCPDIAG_GETSOCK ? TCP :
		    r->sdiag_protocol);
		missing = without != NULL && strstr(without, number) != NULL;
	}
	return real(fd, bytes, len, flags, to, size);
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	static ssize_t (*real)(int, void *, size_t, int);
	struct {
		struct nlmsghdr header;
		int error;
	} none = { { .nlmsg_len = sizeof(none), .nlmsg_type = NLMSG_DONE },
	    -ENOENT };
	if (real == 0)
		*(void **)&real = dlsym(RTLD_NEXT, "recv");
	if (len < TABLE || !missing)
		return real(fd, bytes, len, flags);
	memcpy(bytes, &none, sizeof(none));
	return sizeof(none);
}
