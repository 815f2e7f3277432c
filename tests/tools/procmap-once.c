/* SPDX-License-Identifier: MIT
 *
 * Processes that live for one datagram, each a program of its own name, with
 * a user and a control group of its own:
 *
 *   procmap-once COUNT ADDRESS PORT GROUPS
 *
 * Runs COUNT copies of itself one after the other, through links in the
 * current directory named p0, p1, ..., each as user 20000 + n, in the control
 * group GROUPS/n.service when GROUPS is not "-", and prints a snapshot of
 * their flows with what is true of each: truth_pid, truth_uid, truth_name,
 * truth_unit.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Standard output is a pipe to who collects. */
static int
send_one(const char *address, const char *port, const char *number)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((unsigned short)atoi(port)) }, here;
	socklen_t len = sizeof(here);
	char text[64];
	long long begin = milliseconds();
	inet_pton(AF_INET, address, &to.sin_addr);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == -1 ||
	    send(fd, "x", 1, 0) != 1 ||
	    getsockname(fd, (struct sockaddr *)&here, &len) == -1)
		return 1;
	dprintf(STDOUT_FILENO, "{\"id\":%d,\"src\":\"%s\",\"src_port\":%d,"
	    "\"dst\":\"%s\",\"dst_port\":%s,\"proto\":17,\"delta_sent\":1,"
	    "\"first_seen\":%lld,\"last_seen\":%lld,\"truth_pid\":%d,"
	    "\"truth_uid\":%d,\"truth_name\":\"p%s\",\"truth_unit\":"
	    "\"%s.service\"}", atoi(number) + 1, inet_ntop(AF_INET,
	    &here.sin_addr, text, sizeof(text)), ntohs(here.sin_port),
	    address, port, begin, milliseconds(), (int)getpid(),
	    (int)getuid(), number, number);
	return 0;
}

static void
enter(const char *groups, int number)
{
	char path[PATH_MAX];
	if (strcmp(groups, "-") == 0)
		return;
	snprintf(path, sizeof(path), "%s/%d.service", groups, number);
	mkdir(path, 0755);
	strcat(path, "/cgroup.procs");
	int fd = open(path, O_WRONLY);
	if (fd == -1 || write(fd, "0", 1) != 1)
		err(1, "%s", path);
	close(fd);
}

int
main(int argc, char **argv)
{
	char host[256] = "", self[PATH_MAX] = "", name[32];
	if (argc == 4)
		return send_one(argv[1], argv[2], argv[3]);
	if (argc != 5 || readlink("/proc/self/exe", self,
	    sizeof(self) - 1) == -1)
		errx(2, "usage: procmap-once COUNT ADDRESS PORT GROUPS");
	gethostname(host, sizeof(host) - 1);
	printf("{\"schema\":1,\"type\":\"snapshot\",\"host\":\"%s\",\"seq\":1,"
	    "\"ts\":%lld,\"interval\":60.0,\"source\":{\"kind\":\"live\"},"
	    "\"flows\":[", host, milliseconds());
	for (int i = 0; i < atoi(argv[1]); i++) {
		printf("%s", i > 0 ? "," : "");
		fflush(stdout);
		snprintf(name, sizeof(name), "p%d", i);
		if (link(self, name) == -1)
			err(1, "%s", name);
		pid_t pid = fork();
		if (pid == 0) {
			enter(argv[4], i);
			if (setgid(20000 + (unsigned)i) == -1 ||
			    setuid(20000 + (unsigned)i) == -1)
				err(1, "user");
			execl(name, name, argv[2], argv[3], name + 1,
			    (char *)NULL);
			err(1, "%s", name);
		}
		int status;
		if (waitpid(pid, &status, 0) == -1 || status != 0)
			errx(1, "%s failed", name);
	}
	printf("]}\n");
	return 0;
}
