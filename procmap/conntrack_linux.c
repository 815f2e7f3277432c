/* SPDX-License-Identifier: MIT
 *
 * ctnetlink: get one entry by a tuple of either of its directions, and be
 * told of new ones.
 */
#include "procmap/conntrack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/protocol.h"

int
conntrack_open(void)
{
	return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
}

struct request {
	_Alignas(struct nlmsghdr) uint8_t bytes[256];
	size_t len;
};

static void
put(struct request *r, uint16_t type, const void *value, size_t len)
{
	struct nlattr a = { .nla_len = (uint16_t)(NLA_HDRLEN + len),
		.nla_type = type };
	memcpy(r->bytes + r->len, &a, sizeof(a));
	if (len > 0)
		memcpy(r->bytes + r->len + NLA_HDRLEN, value, len);
	r->len += NLA_ALIGN(a.nla_len);
}

/* A nested attribute: open, put, close. */
static size_t
nest(struct request *r, uint16_t type)
{
	size_t at = r->len;
	put(r, type | NLA_F_NESTED, NULL, 0);
	return at;
}

static void
close_nest(struct request *r, size_t at)
{
	uint16_t len = (uint16_t)(r->len - at);
	memcpy(r->bytes + at, &len, sizeof(len));
}

/* What an ICMP echo has in place of ports; the first of these is its
 * identifier in a sock_key. */
struct echo {
	uint16_t id, type, code;	/* attributes */
	uint8_t request, reply;		/* types of messages */
};

static const struct echo *
echo_of(uint8_t proto)
{
	static const struct echo v4 = { CTA_PROTO_ICMP_ID, CTA_PROTO_ICMP_TYPE,
		CTA_PROTO_ICMP_CODE, 8, 0 };			/* RFC 792 */
	static const struct echo v6 = { CTA_PROTO_ICMPV6_ID,
		CTA_PROTO_ICMPV6_TYPE, CTA_PROTO_ICMPV6_CODE,
		128, 129 };					/* RFC 4443 */
	return proto == PROTOCOL_ICMP ? &v4 :
	    proto == PROTOCOL_ICMPV6 ? &v6 : NULL;
}

/* Who is asked about is the one that gets answers. */
static void
put_proto(struct request *r, const struct sock_key *k)
{
	const struct echo *e = echo_of(k->proto);
	uint16_t from = htons(k->rport), to = htons(k->lport);
	put(r, CTA_PROTO_NUM, &k->proto, 1);
	if (e == NULL) {
		put(r, CTA_PROTO_SRC_PORT, &from, 2);
		put(r, CTA_PROTO_DST_PORT, &to, 2);
		return;
	}
	put(r, e->id, &to, 2);
	put(r, e->type, &e->reply, 1);
	put(r, e->code, &(uint8_t){ 0 }, 1);
}

static void
build(struct request *r, const struct sock_key *k)
{
	bool v4 = mapped_is_v4(k->local);
	size_t skip = v4 ? 12 : 0;
	struct nlmsghdr header = { .nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 |
		IPCTNL_MSG_CT_GET };
	struct nfgenmsg family = { .nfgen_family = v4 ? AF_INET : AF_INET6,
		.version = NFNETLINK_V0 };
	*r = (struct request){ .len = NLMSG_HDRLEN + sizeof(family) };
	memcpy(r->bytes + NLMSG_HDRLEN, &family, sizeof(family));
	size_t tuple = nest(r, CTA_TUPLE_ORIG);
	size_t ip = nest(r, CTA_TUPLE_IP);
	put(r, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, k->remote + skip,
	    16 - skip);
	put(r, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, k->local + skip,
	    16 - skip);
	close_nest(r, ip);
	size_t proto = nest(r, CTA_TUPLE_PROTO);
	put_proto(r, k);
	close_nest(r, proto);
	close_nest(r, tuple);
	header.nlmsg_len = (uint32_t)r->len;
	memcpy(r->bytes, &header, sizeof(header));
}

/* The attribute's value; null when it is not there or too short. */
static const uint8_t *
find(const uint8_t *at, size_t left, uint16_t type, size_t least, size_t *len)
{
	while (left >= NLA_HDRLEN) {
		struct nlattr a;
		memcpy(&a, at, sizeof(a));
		if (a.nla_len < NLA_HDRLEN || a.nla_len > left)
			return NULL;
		if ((a.nla_type & NLA_TYPE_MASK) == type) {
			*len = a.nla_len - (size_t)NLA_HDRLEN;
			return *len >= least ? at + NLA_HDRLEN : NULL;
		}
		size_t step = NLA_ALIGN(a.nla_len);
		if (step >= left)
			return NULL;
		at += step;
		left -= step;
	}
	return NULL;
}

static bool
read_address(const uint8_t *ip, size_t len, uint16_t v4, uint16_t v6,
    uint8_t bytes[16])
{
	struct addr a = { .family = ADDR_IPV4 };
	size_t n;
	const uint8_t *at = find(ip, len, v4, 4, &n);
	if (at != NULL) {
		memcpy(a.bytes, at, 4);
	} else {
		at = find(ip, len, v6, 16, &n);
		if (at == NULL)
			return false;
		a.family = ADDR_IPV6;
		memcpy(a.bytes, at, 16);
	}
	addr_to_mapped(&a, bytes);
	return true;
}

static bool
read_port(const uint8_t *proto, size_t len, uint16_t type, uint16_t *port)
{
	size_t n;
	const uint8_t *at = find(proto, len, type, 2, &n);
	if (at == NULL)
		return false;
	*port = (uint16_t)(at[0] << 8 | at[1]);
	return true;
}

/* Of an echo only its identifier, as `lport`; of its request and its answer,
 * not of ICMP's other questions. */
static bool
read_ports(const uint8_t *proto, size_t len, struct sock_key *k)
{
	const struct echo *e = echo_of(k->proto);
	size_t n;
	if (e == NULL)
		return read_port(proto, len, CTA_PROTO_SRC_PORT, &k->lport) &&
		    read_port(proto, len, CTA_PROTO_DST_PORT, &k->rport);
	const uint8_t *type = find(proto, len, e->type, 1, &n);
	return type != NULL && (*type == e->request || *type == e->reply) &&
	    read_port(proto, len, e->id, &k->lport);
}

/* Its source becomes `local`. */
static bool
read_tuple(const uint8_t *at, size_t len, uint16_t type, struct sock_key *k)
{
	size_t tuple_len = 0, ip_len = 0, proto_len = 0, n = 0;
	const uint8_t *tuple = find(at, len, type, 0, &tuple_len);
	if (tuple == NULL)
		return false;
	const uint8_t *ip = find(tuple, tuple_len, CTA_TUPLE_IP, 0, &ip_len);
	const uint8_t *proto = find(tuple, tuple_len, CTA_TUPLE_PROTO, 0,
	    &proto_len);
	if (ip == NULL || proto == NULL)
		return false;
	const uint8_t *number = find(proto, proto_len, CTA_PROTO_NUM, 1, &n);
	*k = (struct sock_key){ .proto = number != NULL ? *number : 0 };
	return number != NULL &&
	    read_address(ip, ip_len, CTA_IP_V4_SRC, CTA_IP_V6_SRC,
	    k->local) &&
	    read_address(ip, ip_len, CTA_IP_V4_DST, CTA_IP_V6_DST,
	    k->remote) &&
	    read_ports(proto, proto_len, k);
}

/* Packets of one direction arrive at the tuple's destination; the sender of
 * the other direction is who gets them. */
static size_t
pair(struct conntrack_pair *p, const struct sock_key *arriving,
    const struct sock_key *leaving)
{
	p->outer = *arriving;
	key_swap(&p->outer);
	if (echo_of(p->outer.proto) != NULL) {
		p->outer.lport = p->outer.rport;
		p->outer.rport = 0;
	}
	p->inner = *leaving;
	return memcmp(p->outer.local, p->inner.local, 16) != 0 ||
	    p->outer.lport != p->inner.lport;
}

static bool
same_remote(const struct conntrack_pair *p)
{
	return memcmp(p->outer.remote, p->inner.remote, 16) == 0 &&
	    p->outer.rport == p->inner.rport;
}

size_t
conntrack_pairs(const void *message, size_t len,
    struct conntrack_pair pairs[2])
{
	struct nlmsghdr h;
	size_t skip = NLMSG_HDRLEN + sizeof(struct nfgenmsg), count;
	struct sock_key original, reply;
	if (len < skip)
		return 0;
	memcpy(&h, message, sizeof(h));
	if (h.nlmsg_type == NLMSG_ERROR || h.nlmsg_len < skip ||
	    h.nlmsg_len > len)
		return 0;
	const uint8_t *at = (const uint8_t *)message + skip;
	if (!read_tuple(at, h.nlmsg_len - skip, CTA_TUPLE_ORIG, &original) ||
	    !read_tuple(at, h.nlmsg_len - skip, CTA_TUPLE_REPLY, &reply))
		return 0;
	/* Who opened it may have meant another address than packets show. */
	count = pair(&pairs[0], &reply, &original);
	if (count == 0 && !same_remote(&pairs[0]))
		count = 1;
	if (echo_of(original.proto) != NULL)	/* the kernel answers it */
		return count;
	return count + pair(&pairs[count], &original, &reply);
}

bool
conntrack_read(const void *message, size_t len, struct sock_key *k)
{
	struct conntrack_pair pairs[2];
	size_t count = conntrack_pairs(message, len, pairs);
	for (size_t i = 0; i < count; i++) {
		const struct sock_key *outer = &pairs[i].outer;
		if (memcmp(outer->local, k->local, 16) != 0 ||
		    memcmp(outer->remote, k->remote, 16) != 0 ||
		    outer->lport != k->lport || outer->rport != k->rport)
			continue;
		memcpy(k->local, pairs[i].inner.local, 16);
		memcpy(k->remote, pairs[i].inner.remote, 16);
		k->lport = pairs[i].inner.lport;
		k->rport = pairs[i].inner.rport;
		return true;
	}
	return false;
}

bool
conntrack_ask(int fd, struct sock_key *k)
{
	_Alignas(struct nlmsghdr) char answer[8192];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct request r;
	while (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		;
	build(&r, k);
	if (sendto(fd, r.bytes, r.len, 0, (struct sockaddr *)&kernel,
	    sizeof(kernel)) == -1)
		return false;
	ssize_t n = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
	return n > 0 && conntrack_read(answer, (size_t)n, k);
}

/* The kernel passes on only what has one of these bits in its status. */
static bool
want_translated(int fd)
{
	enum { FIRST = NLMSG_HDRLEN + sizeof(struct nfgenmsg) };
	struct sock_filter code[] = {
		{ BPF_LD | BPF_IMM, 0, 0, FIRST },
		{ BPF_LDX | BPF_IMM, 0, 0, CTA_STATUS },
		{ BPF_LD | BPF_B | BPF_ABS, 0, 0,
		    (uint32_t)(SKF_AD_OFF + SKF_AD_NLATTR) },
		{ BPF_JMP | BPF_JEQ | BPF_K, 4, 0, 0 },
		{ BPF_MISC | BPF_TAX, 0, 0, 0 },
		{ BPF_LD | BPF_W | BPF_IND, 0, 0, NLA_HDRLEN },
		{ BPF_JMP | BPF_JSET | BPF_K, 0, 1,
		    IPS_SRC_NAT | IPS_DST_NAT },
		{ BPF_RET | BPF_K, 0, 0, UINT32_MAX },
		{ BPF_RET | BPF_K, 0, 0, 0 },
	};
	struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program)) == 0;
}

/* Room for the time between two lines at 15,000 flows a second. */
enum { WAITING = 10 << 20 };

int
conntrack_watch(void)
{
	int fd = conntrack_open(), room = WAITING;
	/* Without an address of its own it would get nothing. */
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	if (fd == -1)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (want_translated(fd) && bind(fd, (struct sockaddr *)&any,
	    sizeof(any)) == 0)
		return fd;
	close(fd);
	return -1;
}

bool
conntrack_join(int fd)
{
	int group = NFNLGRP_CONNTRACK_NEW;
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
	    sizeof(group)) == 0;
}

size_t
conntrack_news(int fd, struct conntrack_pair pairs[CONNTRACK_NEWS],
    enum conntrack_rest *rest)
{
	enum { EACH = 1024, MESSAGES = CONNTRACK_NEWS / 2 };
	_Alignas(struct nlmsghdr) char bytes[MESSAGES][EACH];
	struct iovec parts[MESSAGES];
	struct mmsghdr messages[MESSAGES] = { 0 };
	size_t count = 0;
	for (int i = 0; i < MESSAGES; i++) {
		parts[i] = (struct iovec){ bytes[i], EACH };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	int got = recvmmsg(fd, messages, MESSAGES, MSG_DONTWAIT, NULL);
	*rest = got == MESSAGES ? CONNTRACK_MORE :
	    got == -1 && errno == ENOBUFS ? CONNTRACK_LOST : CONNTRACK_NO_MORE;
	for (int i = 0; i < got; i++)
		count += conntrack_pairs(bytes[i], messages[i].msg_len,
		    pairs + count);
	return count;
}
