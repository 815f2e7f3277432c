/* SPDX-License-Identifier: MIT
 *
 * In the kernel: who a process is, written into its record while it lives.
 */
#ifndef PROCMAP_BPF_PROCESS_H
#define PROCMAP_BPF_PROCESS_H

enum { KTHREAD = 0x00200000 };
enum { PARTS = 20 };		/* of a path, mount points counted too */
enum { CGROUPS = 12 };		/* one within the other */
enum { LONGEST = 255 };		/* of a name, for the verifier */

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
		bool alone = dentry == parent && dentry != root;
		if (dentry == root) {
			struct mount *above = BPF_CORE_READ(mount, mnt_parent);
			if (above == mount) {
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
		/* What is in no tree has a name all the same. */
		long n = alone && len > 0 ? 0 :
		    bpf_probe_read_kernel_str(e->path + len, EVENT_PART, name);
		if (n > 0)
			len += (uint32_t)n & LONGEST;
		if (n == EVENT_PART)	/* and there may be more of it */
			break;
		if (alone)
			e->flags &= (uint8_t)~EVENT_PATH_CUT;
		if (n <= 0 || alone)
			break;
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
	uint32_t len = 0;
#pragma clang loop unroll(disable)
	for (int i = 0; i < CGROUPS; i++) {
		if (node == 0 || len >= EVENT_CGROUPS)
			break;
		long n = bpf_probe_read_kernel_str(e->cgroups + len,
		    EVENT_CGROUP, BPF_CORE_READ(node, name));
		if (n <= 1)		/* the root's is empty */
			break;
		len += (uint32_t)n & LONGEST;
		node = kernfs_parent(node);
	}
	e->cgroups_len = len;
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

#endif
