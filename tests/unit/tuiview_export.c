/* SPDX-License-Identifier: MIT
 *
 * The export: whole texts in three formats, hostile names, and where the
 * file may and may not go.
 *
 * uses: tuiview/export.c tuiview/export_data.c tuiview/export_text.c tuiview/replace.c tuiview/text.c tuiview/width.c
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tuiview/export.h"
#include "tests/unit/expect.h"

static const struct export_row rows[] = {
	{ .src = "192.0.2.1", .dst = "198.51.100.7", .src_port = 43814,
	    .dst_port = 443, .src_name = "laptop.lan",
	    .dst_name = "example.net", .dst_service = "https",
	    .protocol = "tcp", .pid = 4821, .process = "fire\"fox",
	    .user = "ann", .sent = { 125000, 250000, 1, 1340000000, 0 },
	    .received = { 0, 7, 8, 9, 0 } },
	{ .src = "fd00::1", .dst = "fd00::2", .dst_port = 53,
	    .protocol = "udp", .process = "\xe6\x97\xa5\xe6\x9c\xac\033[2J\xff",
	    .sent = { 1, 2, 3, 4, 0 } },
};

static const struct export_table table = {
	.view = "flows", .time = "2026-11-21T19:28:40.000Z", .host = "web1",
	.interface = "eth0", .unit = FORMAT_BITS, .rows = rows, .count = 2,
	.sent = { 125001, 250002, 4, 1340000004, 500000 },
	.received = { 0, 7, 8, 9, 1000 },
	.both = { 125001, 250009, 12, 1340000013, 500100 },
};

static void
same(enum export_format format, const char *expected)
{
	struct buf b = { 0 };
	export_render(&table, format, &b);
	if (strcmp(buf_text(&b), expected) != 0) {
		failures++;
		printf("format %d is\n%s--- not\n%s", format, buf_text(&b),
		    expected);
	}
	buf_done(&b);
}

static void
check_files(void)
{
	char home[] = "/tmp/iftoprs-export.XXXXXX", outside[100], link[100];
	char *why = NULL;
	struct stat st;
	if (mkdtemp(home) == NULL)
		err(EXIT_FAILURE, "%s", home);
	setenv("HOME", home, 1);
	char *path = export_path(EXPORT_CSV);
	expect("path", strstr(path, "/.iftoprs.export.csv") != NULL);
	expect("write", export_write(path, &table, EXPORT_CSV, &why));
	expect("mode", stat(path, &st) == 0 && (st.st_mode & 07777) == 0600 &&
	    st.st_size > 100);
	off_t size = st.st_size;

	snprintf(link, sizeof(link), "%s/kept", home);
	rename(path, link);
	expect("symlink", symlink(link, path) == 0);
	expect("a link inside the home", export_write(path, &table,
	    EXPORT_CSV, &why) && lstat(path, &st) == 0 &&
	    S_ISLNK(st.st_mode) && stat(link, &st) == 0 &&
	    st.st_size == size);
	unlink(path);
	snprintf(outside, sizeof(outside), "%s.outside", home);
	FILE *f = fopen(outside, "w");
	fclose(f);
	expect("symlink", symlink(outside, path) == 0);
	expect("a link out of the home", !export_write(path, &table,
	    EXPORT_CSV, &why) && strstr(why, "out of") != NULL &&
	    stat(outside, &st) == 0 && st.st_size == 0);
	free(why);
	why = NULL;
	unlink(path);
	mkdir(path, 0700);
	expect("a directory", !export_write(path, &table, EXPORT_CSV, &why));
	free(why);
	rmdir(path);
	unlink(link);
	unlink(outside);
	free(path);
	expect("left something behind", rmdir(home) == 0);
}

int
main(void)
{
	same(EXPORT_TEXT,
	    "iftoprs flows\n"
	    "time       2026-11-21T19:28:40.000Z\n"
	    "host       web1\n"
	    "interface  eth0\n"
	    "rows       2\n\n"
	    "SOURCE                DESTINATION        PROTO  PROCESS        "
	    "      2s       10s       40s     TOTAL\n"
	    "laptop.lan:43814  =>  example.net:https  tcp    4821:fire\"fox"
	    "    1.00Mb    2.00Mb        8b    1.34GB\n"
	    "                  <=                                         "
	    "        0b       56b       64b        9B\n"
	    "fd00::1           =>  [fd00::2]:53       udp    "
	    "\xe6\x97\xa5\xe6\x9c\xac\xc2\xb7[2J\xc2\xb7"
	    "            8b       16b       24b        4B\n"
	    "                  <=                                         "
	    "        0b        0b        0b        0B\n\n"
	    "sent       cum:   1.34GB  peak:   4.00Mb  rates:   1.00Mb"
	    "    2.00Mb       32b\n"
	    "received   cum:       9B  peak:   8.00kb  rates:       0b"
	    "       56b       64b\n"
	    "total      cum:   1.34GB  peak:   4.00Mb  rates:   1.00Mb"
	    "    2.00Mb       96b\n");
	same(EXPORT_CSV,
	    "src,src_name,src_port,src_service,dst,dst_name,dst_port,"
	    "dst_service,protocol,pid,process,user,sent_2s,sent_10s,sent_40s,"
	    "total_sent,recv_2s,recv_10s,recv_40s,total_recv\r\n"
	    "192.0.2.1,laptop.lan,43814,,198.51.100.7,example.net,443,https,"
	    "tcp,4821,\"fire\"\"fox\",ann,125000,250000,1,1340000000,"
	    "0,7,8,9\r\n"
	    "fd00::1,,,,fd00::2,,53,,udp,,"
	    "\xe6\x97\xa5\xe6\x9c\xac\xc2\xb7[2J\xc2\xb7,,1,2,3,4,0,0,0,0"
	    "\r\n");
	same(EXPORT_JSON,
	    "{\"view\":\"flows\",\"timestamp\":\"2026-11-21T19:28:40.000Z\","
	    "\"host\":\"web1\",\"interface\":\"eth0\",\"sent_2s\":125001,"
	    "\"sent_10s\":250002,\"sent_40s\":4,\"total_sent\":1340000004,"
	    "\"recv_2s\":0,\"recv_10s\":7,\"recv_40s\":8,\"total_recv\":9,"
	    "\"peak_sent\":500000,\"peak_recv\":1000,\"peak_total\":500100,"
	    "\"rows\":[{\"src\":\"192.0.2.1\",\"src_name\":\"laptop.lan\","
	    "\"src_port\":43814,\"dst\":\"198.51.100.7\","
	    "\"dst_name\":\"example.net\",\"dst_port\":443,"
	    "\"dst_service\":\"https\",\"protocol\":\"tcp\",\"pid\":4821,"
	    "\"process\":\"fire\\\"fox\",\"user\":\"ann\","
	    "\"sent_2s\":125000,\"sent_10s\":250000,\"sent_40s\":1,"
	    "\"total_sent\":1340000000,\"recv_2s\":0,\"recv_10s\":7,"
	    "\"recv_40s\":8,\"total_recv\":9},"
	    "{\"src\":\"fd00::1\",\"dst\":\"fd00::2\",\"dst_port\":53,"
	    "\"protocol\":\"udp\",\"process\":\"\xe6\x97\xa5\xe6\x9c\xac"
	    "\\u001b[2J\xef\xbf\xbd\",\"sent_2s\":1,\"sent_10s\":2,"
	    "\"sent_40s\":3,\"total_sent\":4,\"recv_2s\":0,\"recv_10s\":0,"
	    "\"recv_40s\":0,\"total_recv\":0}]}\n");
	check_files();
	return failures > 0;
}
