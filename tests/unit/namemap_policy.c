/* SPDX-License-Identifier: MIT
 *
 * Who may be asked about what.
 *
 * uses: namemap/policy.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "namemap/policy.h"

static int failures;

static void
expect(bool claim, const char *what, const char *text)
{
	if (claim)
		return;
	printf("namemap_policy: %s: %s\n", what, text);
	failures++;
}

static void
levels(void)
{
	static const char *const special[] = { "10.1.2.3", "172.16.0.1",
		"192.168.1.1", "100.64.0.1", "169.254.1.1", "127.0.0.1",
		"224.0.0.251", "255.255.255.255", "192.0.2.1", "198.51.100.1",
		"203.0.113.1", "198.18.0.1", "240.0.0.1", "fe80::1", "fc00::1",
		"fd12::1", "ff02::fb", "::1", "2001:db8::1", "3fff::1",
		"::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b:1::a00:1",
		"192.0.0.8", "5f00::1" };
	static const char *const global[] = { "8.8.8.8", "1.1.1.1",
		"2001:4860:4860::8888", "2a00::1", "172.32.0.1", "11.0.0.1",
		"64:ff9b::808:808", "192.0.1.1" };
	struct addr a;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		addr_parse(special[i], &a);
		expect(!policy_allows(POLICY_GLOBAL, &a, false), "asked",
		    special[i]);
		expect(policy_allows(POLICY_GLOBAL, &a, true), "not asked",
		    special[i]);
		expect(policy_allows(POLICY_FULL, &a, false), "not asked",
		    special[i]);
		expect(!policy_allows(POLICY_OFF, &a, true), "asked",
		    special[i]);
	}
	for (size_t i = 0; i < sizeof(global) / sizeof(global[0]); i++) {
		addr_parse(global[i], &a);
		expect(policy_allows(POLICY_GLOBAL, &a, false), "not asked",
		    global[i]);
		expect(!policy_allows(POLICY_OFF, &a, true), "asked",
		    global[i]);
	}
	addr_parse("::", &a);
	expect(!policy_allows(POLICY_FULL, &a, true), "asked", "::");
	a = (struct addr){ 0 };
	expect(!policy_allows(POLICY_FULL, &a, true), "asked", "no address");
}

static void
servers(void)
{
	static const struct {
		const char *text, *addr;
		uint16_t port;
	} good[] = {
		{ "192.0.2.53", "192.0.2.53", 0 },
		{ "192.0.2.53:5353", "192.0.2.53", 5353 },
		{ "fd00::53", "fd00::53", 0 },
		{ "[fd00::53]", "fd00::53", 0 },
		{ "[fd00::53]:53", "fd00::53", 53 },
	};
	static const char *const bad[] = { "", "localhost", "192.0.2.53:",
		"192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:5x",
		"[fd00::53", "[fd00::53]53", "[fd00::53]:", "[]", ":53",
		"fd00::53%eth0" };
	struct server s;
	char text[ADDR_TEXT];
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		bool ok = server_parse(good[i].text, &s);
		if (ok)
			addr_format(&s.addr, text);
		expect(ok && strcmp(text, good[i].addr) == 0 &&
		    s.port == good[i].port, "misread", good[i].text);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(!server_parse(bad[i], &s), "taken", bad[i]);
}

static bool
local(const char *a, const char *b, const char *upstream)
{
	struct servers s = { .count = 0 };
	if (a != NULL)
		server_parse(a, &s.list[s.count++]);
	if (b != NULL)
		server_parse(b, &s.list[s.count++]);
	return servers_are_local(&s, upstream);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		abort();
}

static void
locality(void)
{
	char path[] = "/tmp/namemap_policy.XXXXXX";
	int fd = mkstemp(path);
	if (fd == -1)
		abort();
	close(fd);
	expect(local(NULL, NULL, path), "not local", "no server");
	expect(local("192.168.1.1", "fe80::1", path), "not local", "router");
	expect(!local("192.168.1.1", "8.8.8.8", path), "local", "one global");
	expect(local("127.0.0.1", NULL, path), "not local", "loopback");
	expect(!local("127.0.0.53", NULL, path), "local", "stub, empty list");
	write_file(path, "# made up\nnameserver 192.168.1.1\n"
	    "nameserver fe80::1%eth0\n");
	expect(local("127.0.0.53", NULL, path), "not local", "stub, router");
	write_file(path, "nameserver 192.168.1.1\nnameserver 9.9.9.9\n");
	expect(!local("127.0.0.53", NULL, path), "local", "stub, global");
	expect(!local("127.0.0.54", NULL, path), "local", "proxy, global");
	write_file(path, "nameserver 192.168.1.1\nnameserver 9.9.9.9,::1\n");
	expect(!local("127.0.0.53", NULL, path), "local", "stub, unreadable");
	write_file(path, "nameserver                                      "
	    "                                                             "
	    "                                                             "
	    "                                                             "
	    "                                            9.9.9.9\n"
	    "nameserver 192.168.1.1\n");
	expect(!local("127.0.0.53", NULL, path), "local", "stub, long line");
	unlink(path);
	expect(!local("127.0.0.53", NULL, path), "local", "stub, no list");
	struct servers many = { .count = 0 };
	struct server here;
	server_parse("127.0.0.1", &here);
	for (int i = 0; i < SERVERS; i++)
		servers_add(&many, &here);
	expect(servers_are_local(&many, NULL), "not local", "many");
	servers_add(&many, &here);
	expect(!servers_are_local(&many, NULL), "local", "more than known");
}

int
main(void)
{
	levels();
	servers();
	locality();
	return failures != 0;
}
