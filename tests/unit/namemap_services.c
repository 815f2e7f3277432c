/* SPDX-License-Identifier: MIT
 *
 * Service names from a bad table, a good one and none.
 *
 * uses: namemap/services.c namemap/services_known.c namemap/textfile.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "namemap/services.h"

enum { TCP = 6, UDP = 17, DCCP = 33, ICMP = 1, SCTP = 132, UDPLITE = 136 };

static int failures;

static void
expect(const struct services *s, uint8_t protocol, uint16_t port,
    const char *name)
{
	const char *got = services_find(s, protocol, port);
	if (strcmp(got, name) == 0)
		return;
	printf("namemap_services: %u/%u is '%s', not '%s'\n", port, protocol,
	    got, name);
	failures++;
}

static void
without_a_table(void)
{
	struct services *s = services_new("/nonexistent/services");
	expect(s, TCP, 443, "https");
	expect(s, UDP, 53, "domain");
	expect(s, UDPLITE, 53, "domain");
	expect(s, SCTP, 2905, "m3ua");
	expect(s, SCTP, 36412, "s1-control");
	expect(s, TCP, 36412, "");
	expect(s, DCCP, 5004, "avt-profile-1");
	expect(s, ICMP, 443, "");
	expect(s, TCP, 0, "");
	services_free(s);
}

static const char table[] =
    "# a comment\n"
    "mine\t\t443/tcp\talias  # what is here wins\n"
    "second 443/tcp\n"
    "caf\xe9 99/tcp\n"
    "\xff\xfe\n"
    "after-bad-bytes 98/tcp\r\n"
    "\x1b[31m 97/tcp\n"
    "no-port\n"
    "zero 0/tcp\n"
    "large 65536/tcp\n"
    "odd 12x/tcp\n"
    "ephemeral 40000/tcp\n"
    "streams 5000/sctp\n"
    "quo\"te 96/tcp\n"
    "a-name-that-is-much-too-long-to-be-one 95/tcp\n"
    "last 94/udp";

static void
with_a_table(void)
{
	char path[] = "/tmp/namemap_services.XXXXXX";
	int fd = mkstemp(path);
	if (fd == -1 || write(fd, table, sizeof(table) - 1) !=
	    (ssize_t)sizeof(table) - 1)
		abort();
	close(fd);
	struct services *s = services_new(path);
	unlink(path);
	expect(s, TCP, 443, "mine");
	expect(s, UDP, 443, "https");	/* not in the table: built in */
	expect(s, TCP, 99, "");
	expect(s, TCP, 98, "after-bad-bytes");
	expect(s, TCP, 97, "");
	expect(s, TCP, 96, "");
	expect(s, TCP, 95, "");
	expect(s, UDP, 94, "last");
	expect(s, TCP, 12, "");
	expect(s, TCP, 40000, "");
	expect(s, SCTP, 5000, "streams");
	services_free(s);
}

int
main(void)
{
	without_a_table();
	with_a_table();
	return failures != 0;
}
