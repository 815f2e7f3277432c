/* SPDX-License-Identifier: MIT
 *
 * In the kernel: note which process connects, listens on or sends from which
 * socket, at the moment it does, and who that process is, so that a
 * connection of a millisecond by a process of two has its owner.
 *
 * Two tracepoints see all of it, in every network namespace: a TCP socket
 * changes its state, and a socket sends.  A third sees a process become
 * another program.  An iterator tells all sockets with their holders at once.
 */
#include "kernel.h"
/* The types come before the headers that use them. */
#define __u8 uint8_t
#define __u16 uint16_t
#define __u32 uint32_t
#define __u64 uint64_t
#define __s32 int
#define __s64 int64_t
#define __be16 uint16_t
#define __be32 uint32_t
#define __wsum uint32_t
enum { BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_RB_NO_WAKEUP = 1 };
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

#include "event.h"
#include "process.h"
#include "users.h"

enum { FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };
enum { TYPE_RAW = 3 };
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58,
	PROTO_MPTCP = 262 };	/* its low byte is TCP's */
enum { STATE_ESTABLISHED = 1, STATE_SYN_SENT = 2, STATE_CLOSE = 7,
	STATE_LISTEN = 10 };
enum { SOCKFS = 0x534F434B, ANON_INODE_FS = 0x09041934 };

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENT_RING);
} ring SEC(".maps");

struct event_counter counters[EVENT_CPUS];
/* The iterator's: of this reading, the process met last and the one told of
 * last; and room for one record. */
uint64_t last_session, last_visited, last_task;
struct event_process scratch;
uint32_t own_netns;		/* set by the loader */

static inline struct event_counter *
counter(void)
{
	return &counters[bpf_get_smp_processor_id() & (EVENT_CPUS - 1)];
}

static __noinline void
note_lost(void)
{
	struct event_counter *c = counter();
	if (c->lost_since == 0)
		c->lost_since = bpf_ktime_get_boot_ns();
	__sync_fetch_and_add(&c->lost, 1);
}

/* Where the verifier knows the type of a pointer, members are read straight,
 * which costs a tenth of a call; `straight` is a constant. */
#define READ(straight, sk, member) \
	((straight) ? (sk)->member : BPF_CORE_READ(sk, member))

/* What all records of sockets have. */
static __always_inline void
put_socket(struct event_owner *e, const struct sock *sk, bool straight)
{
	e->proto = (uint8_t)READ(straight, sk, sk_protocol);
	e->netns = straight ? sk->__sk_common.skc_net.net->ns.inum :
	    BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	e->lport = READ(straight, sk, __sk_common.skc_num);
	e->rport = __builtin_bswap16(READ(straight, sk,
	    __sk_common.skc_dport));
	if (READ(straight, sk, sk_type) == TYPE_RAW) {
		e->flags |= EVENT_RAW;
		e->lport = 0;
	}
	/* SO_REUSEADDR and SO_REUSEPORT matter where packets of all remotes
	 * come to one port; who listens shares it by the latter alone.  Each
	 * interface may have a socket of its own without them. */
	const struct sock_common *c = &sk->__sk_common;
	e->reuse = 0;
	if ((e->flags & EVENT_LISTENS) != 0)
		e->reuse = BPF_CORE_READ_BITFIELD_PROBED(c,
		    skc_reuseport) != 0 ||
		    READ(straight, sk, __sk_common.skc_bound_dev_if) != 0;
	if (e->proto == PROTO_UDP && e->rport == 0) {
		e->reuse = READ(straight, sk,
		    __sk_common.skc_bound_dev_if) != 0 ||
		    BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuse) != 0 ||
		    BPF_CORE_READ_BITFIELD_PROBED(c, skc_reuseport) != 0;
	}
}

static __always_inline void
put_ipv4(struct event_owner *e, const struct sock *sk, bool straight)
{
	e->flags |= EVENT_SHORT;
	e->local4 = READ(straight, sk, __sk_common.skc_rcv_saddr);
	e->remote4 = READ(straight, sk, __sk_common.skc_daddr);
}

static __always_inline void
put_ipv6(struct event_owner *e, const struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;
	BPF_CORE_READ_INTO(&e->local, c, skc_v6_rcv_saddr);
	BPF_CORE_READ_INTO(&e->remote, c, skc_v6_daddr);
	if (BPF_CORE_READ_BITFIELD_PROBED(c, skc_ipv6only))
		e->flags |= EVENT_V6ONLY;
}

/* Tell who the running process is, unless that was done already. */
static __noinline void
tell_process(struct task_struct *task, uint64_t start, bool again)
{
	uint32_t tgid = (uint32_t)(bpf_get_current_pid_tgid() >> 32);
	uint32_t uid = task->cred->euid.val;
	uint64_t mm = (uint64_t)task->mm;
	enum told before = told_find(tgid, start, mm, uid);
	if (before == TOLD_SAME)
		return;
	if (before == TOLD_NEVER && again)
		return;		/* it has no socket so far */
	struct event_process *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (e == 0) {
		note_lost();
		return;
	}
	put_process(e, task);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	told_note(tgid, start, mm, uid);
}

static __always_inline void
put_owner(struct event_owner *e, const struct sock *sk, const struct user *u,
    uint16_t lport, uint8_t flags)
{
	e->kind = EVENT_OWNER;
	e->flags = flags;
	e->ts = u->since;
	e->start = u->start;
	e->tgid = u->tgid;
	e->end = (flags & EVENT_ENDED) != 0 ? bpf_ktime_get_boot_ns() : 0;
	put_socket(e, sk, 1);
	if (lport != 0)
		e->lport = lport;
}

static __noinline void
tell_owner(const struct sock *sk, const struct user *u, uint16_t lport,
    uint8_t flags)
{
	struct event_owner *e;
	if (sk->__sk_common.skc_family == FAMILY_IPV4) {
		e = bpf_ringbuf_reserve(&ring, EVENT_SHORT_SIZE, 0);
		if (e != 0) {
			put_owner(e, sk, u, lport, flags);
			put_ipv4(e, sk, 1);
		}
	} else {
		e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
		if (e != 0) {
			put_owner(e, sk, u, lport, flags);
			put_ipv6(e, sk);
		}
	}
	if (e != 0)
		bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	else
		note_lost();
}

static inline uint64_t
start_of(struct task_struct *task)
{
	return task->group_leader->start_boottime;
}

/* What a process has of Multipath TCP is a socket above the one that packets
 * belong to, with its state, ends and inode: it is told of as if it were that
 * one. */
static inline bool
is_tcp(uint16_t proto)
{
	return proto == PROTO_TCP || proto == PROTO_MPTCP;
}

static inline bool
is_inet(uint16_t family, uint16_t proto)
{
	return (family == FAMILY_IPV4 || family == FAMILY_IPV6) &&
	    (is_tcp(proto) || proto == PROTO_UDP ||
	    proto == PROTO_ICMP || proto == PROTO_ICMPV6);
}

/* A socket's address as a number to reckon with: its distance from a place
 * that stays.  (The verifier allows no other arithmetic.) */
static __always_inline uint64_t
number_of(const struct sock *sk)
{
	uint64_t number = (uint64_t)sk;
	asm volatile("%0 -= %1" : "+r"(number) : "r"(counters));
	return number;
}

/* Both addresses and the remote port in 16 bits: a UDP socket may be bound or
 * connected again, or a new one may live where it was.  Multiplied, so that
 * no pattern in them (8.8.8.8) falls together with another. */
static __always_inline uint16_t
ends_of(const struct sock *sk)
{
	const struct sock_common *c = &sk->__sk_common;
	uint32_t remote = c->skc_daddr, local = c->skc_rcv_saddr;
	if (c->skc_family == FAMILY_IPV6) {
		remote ^= c->skc_v6_daddr.in6_u.u6_addr32[3];
		local ^= c->skc_v6_rcv_saddr.in6_u.u6_addr32[3];
	}
	uint64_t ends = (uint64_t)(remote ^ (uint32_t)c->skc_dport << 15) *
	    0x9e3779b97f4a7c15U + (uint64_t)local * 0xc2b2ae3d27d4eb4fU;
	return (uint16_t)(ends >> 40);
}

SEC("tp_btf/inet_sock_set_state")
int
on_state(uint64_t *ctx)
{
	struct sock *sk = (void *)ctx[0];
	int before = (int)ctx[1], now = (int)ctx[2];
	uint64_t key = number_of(sk);
	if (now != STATE_SYN_SENT && now != STATE_LISTEN &&
	    now != STATE_ESTABLISHED && before != STATE_SYN_SENT)
		return 0;
	if (sk->sk_protocol != PROTO_TCP)
		return 0;
	if (now == STATE_SYN_SENT || now == STATE_LISTEN) {
		/* In the context of the process that calls connect, listen. */
		struct task_struct *task = bpf_get_current_task_btf();
		struct user u = { .start = start_of(task),
			.since = bpf_ktime_get_boot_ns(),
			.tgid = (uint32_t)(bpf_get_current_pid_tgid() >> 32),
			.lport = sk->__sk_common.skc_num,
			.ends = ends_of(sk) };
		user_note(key, &u);
		tell_process(task, u.start, 0);
		if (now == STATE_LISTEN)
			tell_owner(sk, &u, 0, EVENT_LISTENS);
		return 0;
	}
	if (before == STATE_SYN_SENT) {
		/* A packet's arrival did this, in whatever context. */
		struct inet_sock *inet = (void *)sk;
		struct user u;
		if (!user_find(key, &u))
			return 0;
		/* Since then it may have got its port. */
		u.lport = __builtin_bswap16(BPF_CORE_READ(inet, inet_sport));
		tell_owner(sk, &u, u.lport, EVENT_CLIENT |
		    (now == STATE_CLOSE ? EVENT_ENDED : 0));
		if (now == STATE_ESTABLISHED)
			user_note(key, &u);
		return 0;
	}
	if (now == STATE_ESTABLISHED)
		user_forget(key);
	return 0;
}

/* A sender that was held up until its peer had read and reset: the socket is
 * closed and has given its port back, but knows which one it was. */
static __always_inline int
tell_reset(struct sock *sk, struct task_struct *task, const struct user *u)
{
	struct inet_sock *inet = (void *)sk;
	uint16_t lport = __builtin_bswap16(BPF_CORE_READ(inet, inet_sport));
	if (lport == 0)
		return 0;	/* it never had one */
	tell_process(task, u->start, 0);
	tell_owner(sk, u, lport, EVENT_ENDED);
	return 0;
}

SEC("tp_btf/sock_send_length")
int
on_send(uint64_t *ctx)
{
	struct sock *sk = (void *)ctx[0];
	uint64_t key = number_of(sk);
	counter()->sends++;
	uint16_t family = sk->__sk_common.skc_family;
	if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
		return 0;
	uint32_t tgid = (uint32_t)(bpf_get_current_pid_tgid() >> 32);
	uint16_t lport = sk->__sk_common.skc_num;
	uint16_t ends = ends_of(sk);
	struct user last;
	struct task_struct *task = bpf_get_current_task_btf();
	uint64_t start = start_of(task);
	/* The start too: a process may have the PID of the one before.  And the
	 * ends: a new socket may live where an old one was, and no program
	 * runs in an interrupt of itself, so that may be missed. */
	if (user_find(key, &last) && last.tgid == tgid &&
	    last.start == start && last.lport == lport && last.ends == ends)
		return 0;
	uint16_t proto = sk->sk_protocol;
	if (!is_inet(family, proto))
		return 0;
	struct user u = { .start = start,
		.since = bpf_ktime_get_boot_ns(), .tgid = tgid,
		.lport = lport, .ends = ends };
	if (is_tcp(proto) && lport == 0)
		return tell_reset(sk, task, &u);
	user_note(key, &u);
	tell_process(task, u.start, 0);
	tell_owner(sk, &u, 0, 0);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int
on_exec(uint64_t *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	tell_process(task, start_of(task), 1);
	return 0;
}

/* Is it a ring of io_uring(7) with files that need no descriptors? */
static __always_inline bool
is_ring_of_files(struct file *file)
{
	char name[8];
	struct io_ring_ctx *ring = BPF_CORE_READ(file, private_data);
	struct io_ring_ctx___old *old = (void *)ring;
	/* "[io_uring]" */
	if (bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(file,
	    f_path.dentry, d_name.name)) != sizeof(name) || name[1] != 'i' ||
	    name[2] != 'o' || name[3] != '_' || name[4] != 'u')
		return 0;
	if (bpf_core_field_exists(old->nr_user_files))
		return BPF_CORE_READ(old, nr_user_files) != 0;
	if (bpf_core_field_exists(ring->file_table.data.nr))
		return BPF_CORE_READ(ring, file_table.data.nr) != 0;
	return 1;
}

/* One descriptor of a process; false when there was no room for all of it. */
static __always_inline bool
tell_file(struct seq_file *seq, struct task_struct *task, struct file *file)
{
	uint64_t start = start_of(task);
	uint32_t tgid = (uint32_t)BPF_CORE_READ(task, tgid);
	uint64_t visited = start ^ ((uint64_t)tgid << 40);
	if (last_visited != visited) {
		struct event_owner n = { .kind = EVENT_NETNS, .tgid = tgid,
			.start = start, .netns = BPF_CORE_READ(task, nsproxy,
			net_ns, ns.inum), .flags = EVENT_SHORT };
		if (n.netns != own_netns &&
		    bpf_seq_write(seq, &n, EVENT_SHORT_SIZE) != 0)
			return 0;
		last_visited = visited;
	}
	unsigned long magic = BPF_CORE_READ(file, f_inode, i_sb, s_magic);
	if (magic == ANON_INODE_FS && is_ring_of_files(file) &&
	    BPF_CORE_READ(task, cred, euid.val) == 0) {
		struct event_owner r = { .kind = EVENT_FILES, .tgid = tgid,
			.start = start, .flags = EVENT_SHORT };
		return bpf_seq_write(seq, &r, EVENT_SHORT_SIZE) == 0;
	}
	if (magic != SOCKFS)
		return 1;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	if (sk == 0)
		return 1;
	uint16_t proto = BPF_CORE_READ(sk, sk_protocol);
	uint16_t family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (!is_inet(family, proto))
		return 1;
	if (last_task != visited) {
		put_process(&scratch, task);
		if (bpf_seq_write(seq, &scratch, sizeof(scratch)) != 0)
			return 0;
		last_task = visited;
	}
	struct event_owner e = { .kind = EVENT_SOCKET, .start = start,
		.tgid = tgid };
	if (BPF_CORE_READ(sk, __sk_common.skc_state) == STATE_LISTEN &&
	    is_tcp(proto))
		e.flags |= EVENT_LISTENS;
	put_socket(&e, sk, 0);
	e.inode = BPF_CORE_READ(file, f_inode, i_ino);
	if (family == FAMILY_IPV4) {
		put_ipv4(&e, sk, 0);
		return bpf_seq_write(seq, &e, EVENT_SHORT_SIZE) == 0;
	}
	put_ipv6(&e, sk);
	return bpf_seq_write(seq, &e, sizeof(e)) == 0;
}

/* All descriptors of all processes: tell the sockets among them, each
 * process before its first socket; and who is in another namespace. */
SEC("iter/task_file")
int
on_file(struct bpf_iter__task_file *ctx)
{
	struct bpf_iter_meta *meta = ctx->meta;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	if (task == 0 || file == 0)
		return 0;
	/* The process that was last in one reading may be first in the
	 * next. */
	if (last_session != meta->session_id) {
		last_session = meta->session_id;
		last_visited = last_task = 0;
	}
	/* Without room the kernel drops all that was written for this
	 * descriptor, and comes back with it. */
	if (!tell_file(meta->seq, task, file))
		last_visited = last_task = 0;
	return 0;
}

char license_text[] SEC("license") = "Dual MIT/GPL";
