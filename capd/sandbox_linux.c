/* SPDX-License-Identifier: MIT
 *
 * The sandbox as a seccomp filter.  A packet socket sends what is written
 * to it, so a live child may write to named descriptors alone, and by
 * write(2) alone: where send(2) and its like are socketcall(2), no filter
 * sees to what they send.
 */
#include "capd/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reading, waiting, telling the time, memory, the end.  Here and below a call
 * has several names, of which a processor has one or two; what it has not is
 * left out. */
static const int common[] = {
	SCMP_SYS(read), SCMP_SYS(poll), SCMP_SYS(ppoll),
	SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	SCMP_SYS(ppoll_time64), SCMP_SYS(clock_gettime64),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(restart_syscall), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(close),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
#if defined(__SANITIZE_ADDRESS__)
	/* What the sanitizers' run time needs to report and to end. */
	SCMP_SYS(futex), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(sched_yield), SCMP_SYS(sigaltstack), SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask), SCMP_SYS(readlink),
#endif
};

static const int live[] = {
	SCMP_SYS(recvmsg), SCMP_SYS(recvfrom), SCMP_SYS(recv),
	SCMP_SYS(getsockopt),
};

static const int file[] = {
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pread64),
	SCMP_SYS(readv), SCMP_SYS(lseek), SCMP_SYS(_llseek),
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64), SCMP_SYS(statx),
	SCMP_SYS(alarm), SCMP_SYS(setitimer),
};

static bool
allow(scmp_filter_ctx c, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(c, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

/* This call when an argument, masked, has this value. */
static bool
allow_when(scmp_filter_ctx c, int call, unsigned argument, uint64_t mask,
    uint64_t value)
{
	const struct scmp_arg_cmp when = { .arg = argument,
		.op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value };
	return seccomp_rule_add_array(c, SCMP_ACT_ALLOW, call, 1, &when) == 0;
}

/* This call with this first argument. */
static bool
allow_on(scmp_filter_ctx c, int call, int fd)
{
	return fd == -1 || allow_when(c, call, 0, UINT32_MAX, (unsigned)fd);
}

/* Memory, but none that can be run, and no file.  S/390 has the arguments
 * of mmap(2) in memory, where no filter sees them. */
static bool
allow_memory(scmp_filter_ctx c)
{
	const struct scmp_arg_cmp when[] = {
		{ .arg = 2, .op = SCMP_CMP_MASKED_EQ,
			.datum_a = PROT_EXEC, .datum_b = 0 },
		{ .arg = 3, .op = SCMP_CMP_MASKED_EQ,
			.datum_a = MAP_ANONYMOUS, .datum_b = MAP_ANONYMOUS },
	};
	unsigned count = seccomp_arch_native() == SCMP_ARCH_S390X ? 0 : 2;
	return seccomp_rule_add_array(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap),
	    count, when) == 0 && seccomp_rule_add_array(c, SCMP_ACT_ALLOW,
	    SCMP_SYS(mmap2), 2, when) == 0 &&
	    allow_when(c, SCMP_SYS(mprotect), 2, PROT_EXEC, 0);
}

static scmp_filter_ctx
start(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (c == NULL)
		return NULL;
	if (!allow(c, common, sizeof(common) / sizeof(*common)) ||
	    !allow_memory(c) ||
	    !allow_on(c, SCMP_SYS(write), STDERR_FILENO) ||
	    !allow_on(c, SCMP_SYS(writev), STDERR_FILENO)) {
		seccomp_release(c);
		return NULL;
	}
	return c;
}

static bool
load(scmp_filter_ctx c, bool good)
{
	int status = good ? seccomp_load(c) : -EINVAL;
	seccomp_release(c);
	errno = -status;
	return status == 0;
}

bool
sandbox_enter_live(const struct sandbox *s)
{
	scmp_filter_ctx c = start();
	if (c == NULL) {
		errno = EINVAL;
		return false;
	}
	/* libpcap asks whether an interface that went down is up again. */
	bool good = allow(c, live, sizeof(live) / sizeof(*live)) &&
	    allow_when(c, SCMP_SYS(ioctl), 1, UINT32_MAX, SIOCGIFFLAGS) &&
	    allow_on(c, SCMP_SYS(write), s->output) &&
	    allow_on(c, SCMP_SYS(write), s->files[0]) &&
	    allow_on(c, SCMP_SYS(write), s->files[1]) &&
	    allow_on(c, SCMP_SYS(write), s->keeper) &&
	    allow_on(c, SCMP_SYS(write), s->netlink);
	return load(c, good);
}

bool
sandbox_enter_file(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return false;
	scmp_filter_ctx c = start();
	if (c == NULL) {
		errno = EINVAL;
		return false;
	}
	return load(c, allow(c, file, sizeof(file) / sizeof(*file)));
}
