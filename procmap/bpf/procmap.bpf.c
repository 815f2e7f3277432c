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
enum { BPF_MAP_TYPE_LRU_HASH = 9, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_ANY = 0, BPF_RB_NO_WAKEUP = 1 };
#include <bpf/bpf_helpers.h>

#include <bpf/bpf_core_read.h>

#include "event.h"

enum { FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };
enum { TYPE_RAW = 3 };
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58 };
enum { STATE_ESTABLISHED = 1, STATE_SYN_SENT = 2, STATE_CLOSE = 7,
	STATE_LISTEN = 10 };
enum { KTHREAD = 0x00200000, SOCKFS = 0x534F434B };
enum { PARTS = 20 };		/* of a path, mount points counted too */

/* Who used this socket last. */
struct user {
	uint64_t start;
	uint64_t since;		/* ns since boot */
	uint32_t tgid;
	uint16_t lport, unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, uint64_t);		/* address of the socket */
	__type(value, struct user);
} users SEC(".maps");

/* Processes that were told of: which program they ran then. */
struct told {
	uint64_t start;
	uint64_t mm;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, uint32_t);		/* tgid */
	__type(value, struct told);
} told SEC(".maps");

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

static inline void
put_ipv4(uint8_t to[16], uint32_t from)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, &from, 4);
}

/* Where the verifier knows the type of a pointer, members are read straight,
 * which costs a tenth of a call; `straight` is a constant. */
#define READ(straight, sk, member) \
	((straight) ? (sk)->member : BPF_CORE_READ(sk, member))

static __always_inline void
put_socket(struct event_owner *e, const struct sock *sk, bool straight)
{
	uint32_t remote = READ(straight, sk, __sk_common.skc_daddr);
	e->proto = (uint8_t)READ(straight, sk, sk_protocol);
	e->netns = straight ? sk->__sk_common.skc_net.net->ns.inum :
	    BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	e->lport = READ(straight, sk, __sk_common.skc_num);
	e->rport = __builtin_bswap16(READ(straight, sk,
	    __sk_common.skc_dport));
	if (READ(straight, sk, __sk_common.skc_family) == FAMILY_IPV4) {
		put_ipv4(e->local, READ(straight, sk,
		    __sk_common.skc_rcv_saddr));
		if (e->rport != 0 || remote != 0)
			put_ipv4(e->remote, remote);
		else
			__builtin_memset(e->remote, 0, 16);
	} else {
		const struct sock_common *c = &sk->__sk_common;
		BPF_CORE_READ_INTO(&e->local, c, skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&e->remote, c, skc_v6_daddr);
		if (BPF_CORE_READ_BITFIELD_PROBED(c, skc_ipv6only))
			e->flags |= EVENT_V6ONLY;
	}
	if (READ(straight, sk, sk_type) == TYPE_RAW) {
		e->flags |= EVENT_RAW;
		e->lport = 0;
	}
}

/* The path of its executable, through the mounts above it, from the last
 * component to the first. */
static __noinline void
put_path(struct event_process *e, struct file *file)
{
	uint32_t len = 0;
	e->path_len = 0;
	if (file == 0)
		return;
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct vfsmount *vfs = BPF_CORE_READ(file, f_path.mnt);
	struct mount *mount = (void *)((char *)vfs -
	    bpf_core_field_offset(struct mount, mnt));
	e->flags |= EVENT_PATH_CUT;
#pragma clang loop unroll(disable)
	for (int i = 0; i < PARTS; i++) {
		struct dentry *root = BPF_CORE_READ(mount, mnt.mnt_root);
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		if (dentry == root || dentry == parent) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);
			if (above == mount || dentry != root) {
				e->flags &= (uint8_t)~EVENT_PATH_CUT;
				break;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			continue;
		}
		const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
		if (len >= EVENT_PATH)
			break;
		long n = bpf_probe_read_kernel_str(e->path + len, EVENT_PART,
		    name);
		if (n <= 0)
			break;
		len += (uint32_t)n & (EVENT_PART * 2 - 1);
		dentry = parent;
	}
	e->path_len = len;
}

static inline struct kernfs_node *
kernfs_parent(struct kernfs_node *node)
{
	struct kernfs_node___new *new = (void *)node;
	if (bpf_core_field_exists(new->__parent))
		return BPF_CORE_READ(new, __parent);
	return BPF_CORE_READ(node, parent);
}

static __noinline void
put_cgroups(struct event_process *e, struct task_struct *task)
{
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
#pragma clang loop unroll(disable)
	for (int i = 0; i < EVENT_CGROUPS; i++) {
		e->cgroup[i][0] = '\0';
		if (node == 0)
			continue;
		bpf_probe_read_kernel_str(e->cgroup[i], EVENT_CGROUP,
		    BPF_CORE_READ(node, name));
		node = kernfs_parent(node);
	}
}

static __noinline void
put_process(struct event_process *e, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);
	e->kind = EVENT_PROCESS;
	e->flags = 0;
	e->tgid = (uint32_t)BPF_CORE_READ(task, tgid);
	e->start = BPF_CORE_READ(leader, start_boottime);
	e->uid = BPF_CORE_READ(task, cred, euid.val);
	e->ppid = (uint32_t)BPF_CORE_READ(leader, real_parent, tgid);
	BPF_CORE_READ_STR_INTO(&e->comm, leader, comm);
	put_cgroups(e, task);
	if ((BPF_CORE_READ(task, flags) & KTHREAD) != 0) {
		e->flags |= EVENT_KTHREAD;
		e->path_len = 0;
	} else
		put_path(e, BPF_CORE_READ(task, mm, exe_file));
}

/* Tell who the running process is, unless that was done already. */
static __noinline void
tell_process(struct task_struct *task, uint64_t start, bool again)
{
	uint32_t tgid = (uint32_t)(bpf_get_current_pid_tgid() >> 32);
	struct told now = { .start = start,
		.mm = (uint64_t)task->mm };
	struct told *before = bpf_map_lookup_elem(&told, &tgid);
	if (before != 0 && before->start == start && before->mm == now.mm)
		return;
	if (before == 0 && again)
		return;		/* it has no socket so far */
	struct event_process *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (e == 0) {
		__sync_fetch_and_add(&counter()->lost, 1);
		return;
	}
	put_process(e, task);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
	bpf_map_update_elem(&told, &tgid, &now, BPF_ANY);
}

static __noinline void
tell_owner(const struct sock *sk, const struct user *u, uint16_t lport,
    uint8_t flags)
{
	struct event_owner *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (e == 0) {
		__sync_fetch_and_add(&counter()->lost, 1);
		return;
	}
	e->kind = EVENT_OWNER;
	e->flags = flags;
	e->unused = 0;
	e->ts = u->since;
	e->start = u->start;
	e->tgid = u->tgid;
	e->end = (flags & EVENT_ENDED) != 0 ? bpf_ktime_get_boot_ns() : 0;
	put_socket(e, sk, 1);
	if (lport != 0)
		e->lport = lport;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static inline uint64_t
start_of(struct task_struct *task)
{
	return task->group_leader->start_boottime;
}

static inline bool
is_inet(uint16_t family, uint16_t proto)
{
	return (family == FAMILY_IPV4 || family == FAMILY_IPV6) &&
	    (proto == PROTO_TCP || proto == PROTO_UDP ||
	    proto == PROTO_ICMP || proto == PROTO_ICMPV6);
}

SEC("tp_btf/inet_sock_set_state")
int
on_state(uint64_t *ctx)
{
	struct sock *sk = (void *)ctx[0];
	int before = (int)ctx[1], now = (int)ctx[2];
	uint64_t key = (uint64_t)sk;
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
			.lport = sk->__sk_common.skc_num };
		bpf_map_update_elem(&users, &key, &u, BPF_ANY);
		tell_process(task, u.start, 0);
		if (now == STATE_LISTEN)
			tell_owner(sk, &u, 0, EVENT_LISTENS);
		return 0;
	}
	if (before == STATE_SYN_SENT) {
		/* A packet's arrival did this, in whatever context. */
		struct user *u = bpf_map_lookup_elem(&users, &key);
		struct inet_sock *inet = (void *)sk;
		if (u != 0)
			tell_owner(sk, u, __builtin_bswap16(
			    BPF_CORE_READ(inet, inet_sport)), EVENT_CLIENT |
			    (now == STATE_CLOSE ? EVENT_ENDED : 0));
		return 0;
	}
	/* A new socket may live where an old one was. */
	if (now == STATE_ESTABLISHED)
		bpf_map_delete_elem(&users, &key);
	return 0;
}

SEC("tp_btf/sock_send_length")
int
on_send(uint64_t *ctx)
{
	struct sock *sk = (void *)ctx[0];
	uint64_t key = (uint64_t)sk;
	counter()->sends++;
	uint16_t family = sk->__sk_common.skc_family;
	if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
		return 0;
	uint32_t tgid = (uint32_t)(bpf_get_current_pid_tgid() >> 32);
	uint16_t lport = sk->__sk_common.skc_num;
	struct user *last = bpf_map_lookup_elem(&users, &key);
	if (last != 0 && last->tgid == tgid && last->lport == lport)
		return 0;
	uint16_t proto = sk->sk_protocol;
	if (!is_inet(family, proto))
		return 0;
	struct task_struct *task = bpf_get_current_task_btf();
	struct user u = { .start = start_of(task),
		.since = bpf_ktime_get_boot_ns(), .tgid = tgid,
		.lport = lport };
	bpf_map_update_elem(&users, &key, &u, BPF_ANY);
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
			net_ns, ns.inum) };
		if (n.netns != own_netns &&
		    bpf_seq_write(seq, &n, sizeof(n)) != 0)
			return 0;
		last_visited = visited;
	}
	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != SOCKFS)
		return 1;
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);
	uint16_t proto = sk != 0 ? BPF_CORE_READ(sk, sk_protocol) : 0;
	if (sk == 0 || !is_inet(BPF_CORE_READ(sk, __sk_common.skc_family),
	    proto))
		return 1;
	if (last_task != visited) {
		put_process(&scratch, task);
		if (bpf_seq_write(seq, &scratch, sizeof(scratch)) != 0)
			return 0;
		last_task = visited;
	}
	struct event_owner e = { .kind = EVENT_SOCKET, .start = start,
		.tgid = tgid };
	put_socket(&e, sk, 0);
	e.inode = BPF_CORE_READ(file, f_inode, i_ino);
	if (BPF_CORE_READ(sk, __sk_common.skc_state) == STATE_LISTEN &&
	    proto == PROTO_TCP)
		e.flags |= EVENT_LISTENS;
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
