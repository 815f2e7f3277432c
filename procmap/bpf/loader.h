/* SPDX-License-Identifier: MIT
 *
 * What a light skeleton of bpftool needs at run time, so that neither libbpf
 * nor its headers are needed to build: it runs the loader program that is
 * part of the skeleton, and maps the programs' variables.  The names and
 * types are those that the generated header uses.
 */
#ifndef PROCMAP_BPF_LOADER_H
#define PROCMAP_BPF_LOADER_H

#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct bpf_map_desc {
	int map_fd;			/* out */
	__u32 max_entries;		/* in; 0: as it was compiled */
	__aligned_u64 initial_value;	/* in: address of the variables */
};

struct bpf_prog_desc {
	int prog_fd;			/* out */
};

/* The loader program's context, at the start of the skeleton. */
struct bpf_loader_ctx {
	__u32 sz;
	__u32 flags;
	__u32 log_level;
	__u32 log_size;
	__u64 log_buf;
};

struct bpf_load_and_run_opts {
	struct bpf_loader_ctx *ctx;
	const void *data;
	const void *insns;
	__u32 data_sz;
	__u32 insns_sz;
	const char *errstr;		/* out: what failed */
};

static inline int
loader_call(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static inline void *
skel_alloc(size_t size)
{
	return calloc(1, size);
}

static inline void
skel_free(void *p)
{
	free(p);
}

static inline void
skel_closenz(int fd)
{
	if (fd > 0)
		close(fd);
}

/* Variables live in anonymous memory until the map is there, then in it. */
static inline void *
skel_prep_map_data(const void *value, size_t mapped, size_t size)
{
	void *at = mmap(NULL, mapped, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return at != MAP_FAILED ? memcpy(at, value, size) : NULL;
}

static inline void *
skel_finalize_map_data(__u64 *value, size_t mapped, int protection, int fd)
{
	void *at = mmap((void *)(uintptr_t)*value, mapped, protection,
	    MAP_SHARED | MAP_FIXED, fd, 0);
	return at != MAP_FAILED ? at : NULL;
}

static inline void
skel_free_map_data(void *at, __u64 value, size_t mapped)
{
	(void)value;
	munmap(at, mapped);
}

static inline int
skel_raw_tracepoint_open(const char *name, int program)
{
	union bpf_attr attr = { 0 };
	attr.raw_tracepoint.name = (uintptr_t)name;
	attr.raw_tracepoint.prog_fd = (__u32)program;
	return loader_call(BPF_RAW_TRACEPOINT_OPEN, &attr);
}

static inline int
skel_link_create(int program, int target, enum bpf_attach_type type)
{
	union bpf_attr attr = { 0 };
	attr.link_create.prog_fd = (__u32)program;
	attr.link_create.target_fd = (__u32)target;
	attr.link_create.attach_type = type;
	return loader_call(BPF_LINK_CREATE, &attr);
}

/* A map of one element that holds the loader's data. */
static inline int
loader_data(const struct bpf_load_and_run_opts *o)
{
	union bpf_attr create = { .map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(__u32), .value_size = o->data_sz,
		.max_entries = 1, .map_name = "procmap_load" };
	__u32 first = 0;
	int fd = loader_call(BPF_MAP_CREATE, &create);
	if (fd == -1)
		return -1;
	union bpf_attr fill = { 0 };
	fill.map_fd = (__u32)fd;
	fill.key = (uintptr_t)&first;
	fill.value = (uintptr_t)o->data;
	if (loader_call(BPF_MAP_UPDATE_ELEM, &fill) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static inline int
loader_program(const struct bpf_load_and_run_opts *o, int *data)
{
	union bpf_attr load = { .prog_type = BPF_PROG_TYPE_SYSCALL,
		.insn_cnt = o->insns_sz / (__u32)sizeof(struct bpf_insn),
		.insns = (uintptr_t)o->insns,
		.license = (uintptr_t)"Dual MIT/GPL",
		.prog_flags = BPF_F_SLEEPABLE, .prog_name = "procmap_load",
		.fd_array = (uintptr_t)data };
	return loader_call(BPF_PROG_LOAD, &load);
}

/* Negative error numbers, as the generated code expects. */
static inline int
bpf_load_and_run(struct bpf_load_and_run_opts *o)
{
	int result = -1, program = -1, data = loader_data(o);
	o->errstr = "the loader's data";
	if (data != -1) {
		o->errstr = "the loader";
		program = loader_program(o, &data);
	}
	if (program != -1) {
		union bpf_attr run = { 0 };
		run.test.prog_fd = (__u32)program;
		run.test.ctx_in = (uintptr_t)o->ctx;
		run.test.ctx_size_in = o->ctx->sz;
		o->errstr = "loading the programs";
		result = loader_call(BPF_PROG_RUN, &run);
		if (result == 0 && (int)run.test.retval < 0) {
			errno = -(int)run.test.retval;
			result = -1;
		}
	}
	result = result == 0 ? 0 : -errno;
	skel_closenz(program);
	skel_closenz(data);
	return result;
}

#endif
