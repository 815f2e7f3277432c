/* SPDX-License-Identifier: MIT
 *
 * The few kernel structures that procmap.bpf.c looks into, with only the
 * members it needs: their places are filled in when the program is loaded
 * (CO-RE), from the running kernel's own description of its types.
 */
#ifndef PROCMAP_BPF_KERNEL_H
#define PROCMAP_BPF_KERNEL_H

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef long long int64_t;
typedef int bool;

#define PLACED __attribute__((preserve_access_index))

struct in6_addr {
	union {
		uint8_t u6_addr8[16];
		uint32_t u6_addr32[4];
	} in6_u;
} PLACED;

struct ns_common {
	unsigned int inum;
} PLACED;

struct net {
	struct ns_common ns;
} PLACED;

typedef struct {
	struct net *net;
} PLACED possible_net_t;

struct sock_common {
	uint32_t skc_daddr;
	uint32_t skc_rcv_saddr;
	uint16_t skc_dport;
	uint16_t skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	unsigned char skc_reuse : 4;
	unsigned char skc_reuseport : 1;
	unsigned char skc_ipv6only : 1;
	int skc_bound_dev_if;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
} PLACED;

struct socket;

struct sock {
	struct sock_common __sk_common;
	uint16_t sk_type;
	uint16_t sk_protocol;
	struct socket *sk_socket;
} PLACED;

struct inet_sock {
	struct sock sk;
	uint16_t inet_sport;
} PLACED;

struct socket {
	struct sock *sk;
} PLACED;

struct qstr {
	const unsigned char *name;
} PLACED;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
} PLACED;

struct vfsmount {
	struct dentry *mnt_root;
} PLACED;

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
} PLACED;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
} PLACED;

struct super_block {
	unsigned long s_magic;
} PLACED;

struct inode {
	unsigned long i_ino;
	struct super_block *i_sb;
} PLACED;

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
} PLACED;

struct io_rsrc_data {
	unsigned int nr;
} PLACED;

struct io_file_table {
	struct io_rsrc_data data;
} PLACED;

struct io_ring_ctx {
	struct io_file_table file_table;
} PLACED;

/* Until 6.12 it counted its files itself. */
struct io_ring_ctx___old {
	unsigned int nr_user_files;
} PLACED;

struct mm_struct {
	struct file *exe_file;
} PLACED;

struct kernfs_node {
	const char *name;
	struct kernfs_node *parent;
} PLACED;

/* Since 6.15 the parent is reached by another name. */
struct kernfs_node___new {
	struct kernfs_node *__parent;
} PLACED;

struct cgroup {
	struct kernfs_node *kn;
} PLACED;

struct css_set {
	struct cgroup *dfl_cgrp;
} PLACED;

struct nsproxy {
	struct net *net_ns;
} PLACED;

typedef struct {
	uint32_t val;
} kuid_t;

struct cred {
	kuid_t euid;
} PLACED;

struct task_struct {
	unsigned int flags;
	int pid;
	int tgid;
	char comm[16];
	uint64_t start_boottime;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct mm_struct *mm;
	struct css_set *cgroups;
	struct nsproxy *nsproxy;
	const struct cred *cred;
} PLACED;

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	uint64_t session_id;
	uint64_t seq_num;
} PLACED;

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	uint32_t fd;
	struct file *file;
} PLACED;

#endif
