/* SPDX-License-Identifier: MIT
 *
 * sock_diag(7).
 */
#include "procmap/diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/protocol.h"

enum { STATE_LISTEN = 10, BUFFER = 65536 };

struct request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
};

int
diag_open(void)
{
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
	    NETLINK_SOCK_DIAG);
	if (fd == -1)
		return -1;
	struct timeval patience = { .tv_usec = 200000 };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static bool
send_request(int fd, const void *request, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	return sendto(fd, request, size, 0, (struct sockaddr *)&kernel,
	    sizeof(kernel)) == (ssize_t)size;
}

static void
put_address(__be32 to[4], const uint8_t bytes[16], bool v4)
{
	memset(to, 0, 16);
	if (v4)
		memcpy(to, bytes + 12, 4);
	else
		memcpy(to, bytes, 16);
}

static void
get_address(uint8_t bytes[16], const __be32 from[4], bool v4)
{
	struct addr a = { .family = v4 ? ADDR_IPV4 : ADDR_IPV6 };
	memcpy(a.bytes, from, v4 ? 4 : 16);
	addr_to_mapped(&a, bytes);
}

/* The attributes behind the message: cgroup and IPV6_V6ONLY. */
static void
read_attributes(const struct nlmsghdr *h, struct diag_socket *s)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	int left = (int)NLMSG_PAYLOAD(h, sizeof(*m));
	const struct rtattr *a =
	    (const void *)((const char *)m + NLMSG_ALIGN(sizeof(*m)));
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == INET_DIAG_CGROUP_ID &&
		    RTA_PAYLOAD(a) >= 8)
			memcpy(&s->cgroup, RTA_DATA(a), 8);
		else if (a->rta_type == INET_DIAG_SKV6ONLY &&
		    RTA_PAYLOAD(a) >= 1)
			s->v6only = *(const uint8_t *)RTA_DATA(a) != 0;
	}
}

static bool
read_socket(const struct nlmsghdr *h, uint8_t proto, struct diag_socket *s)
{
	if (h->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
		return false;
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	bool v4 = m->idiag_family == AF_INET;
	*s = (struct diag_socket){ .inode = m->idiag_inode,
		.uid = m->idiag_uid,
		.listens = proto == PROTOCOL_TCP &&
		    m->idiag_state == STATE_LISTEN };
	s->key.proto = proto;
	s->key.lport = ntohs(m->id.idiag_sport);
	s->key.rport = ntohs(m->id.idiag_dport);
	get_address(s->key.local, m->id.idiag_src, v4);
	if (s->key.rport != 0)
		get_address(s->key.remote, m->id.idiag_dst, v4);
	read_attributes(h, s);
	return true;
}

bool
diag_ask(int fd, const struct sock_key *k, struct diag_socket *s)
{
	_Alignas(struct nlmsghdr) char buffer[4096];
	bool v4 = mapped_is_v4(k->local), udp = k->proto == PROTOCOL_UDP;
	struct request r = {
		.header = { .nlmsg_len = sizeof(r),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST },
		.body = { .sdiag_family = v4 ? AF_INET : AF_INET6,
		    .sdiag_protocol = k->proto, .idiag_states = ~0U },
	};
	struct inet_diag_sockid *id = &r.body.id;
	memset(id->idiag_cookie, 0xff, sizeof(id->idiag_cookie));
	/* For UDP the kernel takes the two ends the other way round. */
	put_address(udp ? id->idiag_dst : id->idiag_src, k->local, v4);
	put_address(udp ? id->idiag_src : id->idiag_dst, k->remote, v4);
	*(udp ? &id->idiag_dport : &id->idiag_sport) = htons(k->lport);
	*(udp ? &id->idiag_sport : &id->idiag_dport) = htons(k->rport);
	/* An answer to a question that timed out must not be taken for ours. */
	while (recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
		;
	if (!send_request(fd, &r, sizeof(r)))
		return false;
	/* It is there when the send returns. */
	ssize_t n = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
	const struct nlmsghdr *h = (const struct nlmsghdr *)buffer;
	return n > 0 && NLMSG_OK(h, (size_t)n) &&
	    h->nlmsg_type == SOCK_DIAG_BY_FAMILY &&
	    read_socket(h, k->proto, s);
}

/* A table that broke off ends as a whole one does, but with an error: as well
 * where the kernel lacks the protocol's module. */
static int
end_of_table(const struct nlmsghdr *h)
{
	int error = 0;
	if (h->nlmsg_len >= NLMSG_LENGTH(sizeof(error)))
		memcpy(&error, NLMSG_DATA(h), sizeof(error));
	if (error >= 0)
		return 1;
	errno = -error;
	return -1;
}

/* One table.  1: done, 0: more to come, -1: errno. */
static int
read_part(int fd, uint8_t proto, char *buffer,
    void (*found)(void *, const struct diag_socket *), void *state)
{
	ssize_t n = recv(fd, buffer, BUFFER, 0);
	if (n == -1)
		return errno == EINTR ? 0 : -1;
	size_t left = (size_t)n;
	for (const struct nlmsghdr *h = (const struct nlmsghdr *)(void *)buffer;
	    NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		struct diag_socket s;
		if (h->nlmsg_type == NLMSG_DONE)
			return end_of_table(h);
		if (h->nlmsg_type == NLMSG_ERROR) {
			const struct nlmsgerr *e = NLMSG_DATA(h);
			errno = -e->error;
			return -1;
		}
		if ((h->nlmsg_type == SOCK_DIAG_BY_FAMILY ||
		    h->nlmsg_type == TCPDIAG_GETSOCK) &&
		    read_socket(h, proto, &s))
			found(state, &s);
	}
	return 0;
}

/* Send a request for a table and read it all; false with errno.  A descriptor
 * of its own: what is left of an answer that broke off would be taken for the
 * next one, and the kernel would begin no other. */
static bool
dump(const void *request, size_t size, uint8_t proto, char *buffer,
    void (*found)(void *, const struct diag_socket *), void *state)
{
	int fd = diag_open();
	if (fd == -1)
		return false;
	int done = send_request(fd, request, size) ? 0 : -1;
	while (done == 0)
		done = read_part(fd, proto, buffer, found, state);
	int error = errno;
	close(fd);
	errno = error;
	return done == 1;
}

enum { STATES = ~(1U << 6) };	/* without time-wait: it has no owner */

/* The older question is answered with both families, in one walk through a
 * table that is large even where there are few sockets. */
static bool
dump_tcp(char *buffer,
    void (*found)(void *, const struct diag_socket *), void *state)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req body;
	} r = { .header = { .nlmsg_len = sizeof(r),
		    .nlmsg_type = TCPDIAG_GETSOCK,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .idiag_states = (uint32_t)STATES } };
	return dump(&r, sizeof(r), PROTOCOL_TCP, buffer, found, state);
}

static bool
dump_family(uint8_t family, uint8_t proto, uint32_t states, char *buffer,
    void (*found)(void *, const struct diag_socket *), void *state)
{
	struct request r = { .header = { .nlmsg_len = sizeof(r),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .sdiag_family = family, .sdiag_protocol = proto,
		    .idiag_states = states } };
	return dump(&r, sizeof(r), proto, buffer, found, state);
}

/* What it lacks for the moment is no refusal. */
static bool
will_pass(int error)
{
	return error == ENOBUFS || error == ENOMEM || error == EAGAIN ||
	    error == EINTR || error == EMFILE || error == ENFILE;
}

/* Those in no state are quickly told. */
bool
diag_tells(uint8_t proto)
{
	_Alignas(struct nlmsghdr) char buffer[BUFFER];
	return dump_family(AF_INET, proto, 0, buffer, NULL, NULL) ||
	    will_pass(errno);
}

bool
diag_dump(void (*found)(void *, const struct diag_socket *),
    void *state, bool *whole)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 },
	    protocols[] = { PROTOCOL_UDP, PROTOCOL_TCP };
	_Alignas(struct nlmsghdr) char buffer[BUFFER];
	bool all_tcp = dump_tcp(buffer, found, state), any = all_tcp;
	*whole = true;
	for (size_t i = 0; i < (all_tcp ? 2 : 4); i++) {
		bool done = dump_family(families[i % 2], protocols[i / 2],
		    (uint32_t)STATES, buffer, found, state);
		any |= done;
		*whole = *whole && (done || !will_pass(errno));
	}
	return any;
}
