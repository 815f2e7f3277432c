/* SPDX-License-Identifier: MIT
 *
 * In the sandbox of a live capture what it takes goes on, and anything
 * else kills the process.
 *
 * uses: capd/sandbox_linux.c
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capd/sandbox.h"

static int output[2], keeper[2], other[2], packets;

static void
open_a_file(void)
{
	open("/etc/passwd", O_RDONLY);
}

static void
open_a_socket(void)
{
	socket(AF_INET, SOCK_DGRAM, 0);
}

static void
write_elsewhere(void)
{
	(void)!write(other[1], "x", 1);
}

static void
send_a_packet(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	sendto(packets, "x", 1, 0, (void *)&to, sizeof(to));
}

static void
set_an_option(void)
{
	int on = 1;
	setsockopt(packets, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
}

static void
start_a_process(void)
{
	syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void
run_a_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static void
map_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
	    -1, 0);
}

static void
signal_another(void)
{
	kill(getppid(), 0);
}

static void
change_the_interface(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	ioctl(packets, SIOCSIFFLAGS, &r);
}

static void
work_as_usual(void)
{
	struct pollfd p = { .fd = keeper[0], .events = POLLIN };
	struct timespec t;
	void *volatile memory = malloc(1 << 20);	/* not optimised away */
	struct ifreq r = { .ifr_name = "lo" };
	char c;
	bool good = write(output[1], "x", 1) == 1 && poll(&p, 1, 0) == 0 &&
	    clock_gettime(CLOCK_REALTIME, &t) == 0 &&
	    write(keeper[0], "x", 1) == 1 && read(output[0], &c, 1) == 1 &&
	    recv(keeper[0], &c, 1, MSG_DONTWAIT) == -1 &&
	    ioctl(packets, SIOCGIFFLAGS, &r) == 0 &&
	    (memory = realloc(memory, 4 << 20)) != NULL;
	free(memory);
	warnx("as a C library writes it");
	if (!good)
		_exit(1);
}

static const struct {
	const char *what;
	void (*act)(void);
	bool allowed;
} cases[] = {
	{ "work as usual", work_as_usual, true },
	{ "open a file", open_a_file, false },
	{ "open a socket", open_a_socket, false },
	{ "write elsewhere", write_elsewhere, false },
	{ "send a packet", send_a_packet, false },
	{ "set a socket option", set_an_option, false },
	{ "start a process", start_a_process, false },
	{ "run a program", run_a_program, false },
	{ "map code", map_code, false },
	{ "signal another process", signal_another, false },
	{ "change an interface", change_the_interface, false },
};

/* In a process of its own: how did it end? */
static int
try(void (*act)(void))
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		struct sandbox s = { .output = output[1],
			.files = { -1, -1 }, .keeper = keeper[0],
			.netlink = -1 };
		if (dup2(other[1], STDERR_FILENO) == -1 ||
		    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
		    !sandbox_enter_live(&s))
			_exit(2);
		act();
		_exit(0);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return -1;
	return status;
}

static volatile sig_atomic_t is_told;

static void
note(int number)
{
	is_told = number;
}

/* What a C library and a processor make of these calls differs. */
static void
read_as_usual(int fd)
{
	char bytes[64];
	struct stat st;
	void *volatile memory = malloc(1 << 20);
	while (is_told == 0)
		poll(NULL, 0, 10);
	if (fstat(fd, &st) == -1 || read(fd, bytes, sizeof(bytes)) == -1 ||
	    lseek(fd, 0, SEEK_SET) != 0 || (memory = realloc(memory,
	    4 << 20)) == NULL || write(output[1], "x", 1) != 1)
		_exit(1);
	free(memory);
}

static int
try_file(bool as_usual)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		const struct sigaction a = { .sa_handler = note };
		const struct itimerval soon = { .it_value.tv_usec = 1000 };
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		sigaction(SIGALRM, &a, NULL);
		setitimer(ITIMER_REAL, &soon, NULL);
		if (!sandbox_enter_file())
			_exit(2);
		if (as_usual)
			read_as_usual(fd);
		else
			open_a_file();
		_exit(0);
	}
	if (pid == -1 || waitpid(pid, &status, 0) == -1)
		return -1;
	return status;
}

int
main(void)
{
	int failures = 0;
	packets = socket(AF_INET, SOCK_DGRAM, 0);
	if (packets == -1 || pipe(output) == -1 || pipe(other) == -1 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, keeper) == -1) {
		perror("capd_sandbox");
		return 1;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int status = try(cases[i].act);
		bool killed = WIFSIGNALED(status) &&
		    WTERMSIG(status) == SIGSYS;
		if (cases[i].allowed ? status == 0 : killed)
			continue;
		printf("capd_sandbox: %s: status %#x\n", cases[i].what,
		    (unsigned)status);
		failures++;
	}
	int status = try_file(true);
	if (status != 0) {
		printf("capd_sandbox: reading a file: status %#x\n",
		    (unsigned)status);
		failures++;
	}
	status = try_file(false);
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS) {
		printf("capd_sandbox: reading a file, open another: "
		    "status %#x\n", (unsigned)status);
		failures++;
	}
	return failures != 0;
}
