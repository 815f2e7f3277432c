/* SPDX-License-Identifier: MIT
 *
 * Names made harmless, facts from /proc texts, lsof's addresses.
 *
 * uses: procmap/text.c procmap/socket.c procmap/lsof.c procmap/batch.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/lsof.h"
#include "procmap/text.h"

#define SEVEN "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"

static int failures;

static void
same(const char *what, const char *got, const char *wanted)
{
	if (strcmp(got, wanted) == 0)
		return;
	printf("%s: got \"%s\", wanted \"%s\"\n", what, got, wanted);
	failures++;
}

static void
number(const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return;
	printf("%s: got %lld, wanted %lld\n", what, got, wanted);
	failures++;
}

static void
names(void)
{
	static const struct { const char *from, *to; } clean[] = {
		{ "firefox", "firefox" }, { "a\nb\033[2J", "a?b?[2J" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" }, { "bad\xff\xc3", "bad??" },
		{ "c1\xc2\x9b", "c1?" }, { "rtl\xe2\x80\xaetxt", "rtl?txt" },
		{ "soft\xc2\xadhyphen", "soft?hyphen" },
		{ "mark\xd8\x9c", "mark?" }, { "bom\xef\xbb\xbf", "bom?" },
		{ "join\xe2\x80\x8d", "join?" },
		{ "isolate\xe2\x81\xa6", "isolate?" },
		{ "tag\xf3\xa0\x80\x81", "tag?" },
	};
	char out[64], small[5], name[PROC_NAME], text[] = "a\\x1b\\n\\\\\\101";
	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++) {
		text_clean(out, sizeof(out), clean[i].from,
		    strlen(clean[i].from));
		same("clean", out, clean[i].to);
	}
	text_clean(small, sizeof(small), "abc\xc3\xa9", 5);
	same("cut at a whole character", small, "abc");
	text[text_unescape(text, strlen(text))] = '\0';
	same("unescape", text, "a\033\n\\A");
	text_name(name, "very-long-proce", "/usr/bin/very-long-process-name");
	same("cut name", name, "very-long-process-name");
	text_name(name, "MainThread", "/opt/app/server");
	same("generic name", name, "server");
	text_name(name, SEVEN "?", "/bin/" SEVEN "\xc3\xa9t");
	same("cut within a character", name, SEVEN "\xc3\xa9t");
	text_name(name, "a-name-of-what?", "/usr/bin/a-name-of-whatever");
	same("not cut there", name, "a-name-of-what?");
	text_name(name, "renamed", "/usr/bin/sleep");
	same("own name", name, "renamed");
}

static void
proc_texts(void)
{
	static const char stat_[] = "42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 "
	    "3 4 5 6 7 8 20 0 1 0 98765 1 2";
	static const char status[] = "Name:\tx\nUid:\t0\t1000\t0\t0\n";
	struct stat_text s;
	char path[256], unit[PROC_UNIT], container[PROC_UNIT];
	number("stat", text_stat(stat_, sizeof(stat_) - 1, &s), true);
	same("comm with brackets", s.comm, "a) b (c");
	number("parent", s.ppid, 7);
	number("start", (long long)s.start, 98765);
	number("cut stat", text_stat(stat_, 20, &s), false);
	number("uid", text_status_uid(status, sizeof(status) - 1), 1000);
	static const char groups[] = "4:memory:/x\n0::/system.slice/a.service";
	text_cgroup_path(groups, sizeof(groups) - 1, path, sizeof(path));
	same("cgroup", path, "/system.slice/a.service");
	/* Without version 2: systemd's has the unit, others what they like. */
	static const char first[] = "9:pids:/system.slice\n8:cpu,cpuacct:/\n"
	    "1:name=systemd:/system.slice/b:1.service\n0::/\n";
	text_cgroup_path(first, sizeof(first) - 1, path, sizeof(path));
	same("cgroup of version 1", path, "/system.slice/b:1.service");
	static const char none[] = "9:cpu:/\n8:pids:/x\n1:name=systemd:/\n";
	text_cgroup_path(none, sizeof(none) - 1, path, sizeof(path));
	same("cgroup without systemd", path, "/x");
	text_cgroup_unit("/system.slice/a.service", unit, container);
	same("unit", unit, "a.service");
	text_cgroup_unit("/user.slice/user@1.service/app.slice/app-x.scope",
	    unit, container);
	same("innermost unit", unit, "app-x.scope");
	char docker[128] = "/system.slice/docker-";
	memset(docker + 21, 'a', 64);
	strcpy(docker + 85, ".scope");
	text_cgroup_unit(docker, unit, container);
	number("container", (long long)strlen(container), 64);
	/* With both versions: Docker's is in those of version 1 only. */
	char both[256] = "9:pids:/docker/";
	memset(both + 15, 'b', 64);
	strcpy(both + 79, "\n0::/system.slice/containerd.service\n");
	text_cgroup(both, strlen(both), unit, container);
	number("container of version 1", (long long)strlen(container), 64);
	same("its unit", unit, "");
	text_cgroup(first, sizeof(first) - 1, unit, container);
	same("unit of version 1", unit, "b:1.service");
	text_cgroup(groups, sizeof(groups) - 1, unit, container);
	same("unit of version 2", unit, "a.service");
	number("version 1", text_has_cgroups_v1(none, sizeof(none) - 1), true);
	number("both versions", text_has_cgroups_v1(first, sizeof(first) - 1),
	    true);
	number("version 2 alone", text_has_cgroups_v1("0::/x\n", 6), false);
	number("no control groups", text_has_cgroups_v1("", 0), false);
	text_cgroup_unit("/machine.slice/machine-web.scope", unit, container);
	same("machine", container, "web");
	text_cgroup_unit("/machine.slice/machine-my\\x2dweb\\x1b.scope/payload",
	    unit, container);
	same("machine with an escape", container, "my-web?");
	text_cgroup_unit("/machine.slice/systemd-nspawn@my\\x2dweb.service/"
	    "payload/system.slice/a.service", unit, container);
	same("machine of a service", container, "my-web");
	same("unit in a machine", unit, "a.service");
}

static void
addresses(void)
{
	static const struct {
		const char *text;
		bool good;
		int lport, rport;
	} cases[] = {
		{ "192.0.2.1:22->198.51.100.7:5000", true, 22, 5000 },
		{ "*:68", true, 68, 0 }, { "[::1]:53", true, 53, 0 },
		{ "[fe80::1%eth0]:546", true, 546, 0 },
		{ "127.0.0.1:80 (LISTEN)", true, 80, 0 },
		{ "*:*", false, 0, 0 }, { "", false, 0, 0 },
		{ "192.0.2.1:0", false, 0, 0 }, { "a:b->c:d", false, 0, 0 },
		{ "192.0.2.1:99999", false, 0, 0 },
		{ "192.0.2.1:1->", false, 0, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sock_key k;
		bool good = lsof_addresses(cases[i].text, false, &k);
		number(cases[i].text, good, cases[i].good);
		if (good && cases[i].good) {
			number("port", k.lport, cases[i].lport);
			number("remote port", k.rport, cases[i].rport);
		}
	}
}

static void
count(void *state, const uint8_t bytes[16])
{
	*(int *)state += bytes[15];
}

static void
tries(void)
{
	static const char trie[] = "Local:\n  +-- 0.0.0.0/0 3 0 5\n"
	    "     |-- 10.0.0.7\n        /32 host LOCAL\n"
	    "     |-- 10.0.0.255\n        /32 link BROADCAST\n";
	static const char inet6[] = "fd000000000000000000000000000009 02 40 "
	    "00 80 eth0\nshort\n";
	int sum = 0;
	text_fib_trie(trie, sizeof(trie) - 1, count, &sum);
	number("fib_trie", sum, 7);
	text_if_inet6(inet6, sizeof(inet6) - 1, count, &sum);
	number("if_inet6", sum, 16);
}

/* Only the kernel's own mark is taken off, and not all of a name. */
static void
executables(void)
{
	static const char *const list[][2] = {
		{ "/usr/bin/program", "/usr/bin/program" },
		{ "/usr/bin/program (deleted)", "/usr/bin/program" },
		{ "/usr/bin/a (deletes)", "/usr/bin/a (deletes)" },
		{ " (deleted)", " (deleted)" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		char exe[PROC_EXE];
		text_exe(exe, list[i][0], strlen(list[i][0]));
		same(list[i][0], exe, list[i][1]);
	}
}

int
main(void)
{
	names();
	executables();
	proc_texts();
	addresses();
	tries();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
