/* SPDX-License-Identifier: MIT
 *
 * Which bytes may be shown as a host name.
 *
 * uses: namemap/hostname.c
 */
#include <stdio.h>
#include <string.h>

#include "namemap/hostname.h"

static int failures;

static void
check(const char *text, size_t len, const char *expected)
{
	char name[HOSTNAME_TEXT];
	bool good = hostname_check(text, len, name);
	if (good == (expected != NULL) &&
	    strcmp(name, expected != NULL ? expected : "") == 0)
		return;
	printf("namemap_hostname: '%.*s' gave '%s', expected %s\n", (int)len,
	    text, name, expected != NULL ? expected : "a refusal");
	failures++;
}

static void
passes(const char *text)
{
	check(text, strlen(text), text);
}

#define REFUSED(literal) check(literal, sizeof(literal) - 1, NULL)

/* Labels of 62 letters: four of them and dots are 251 bytes. */
static void
lengths(void)
{
	char text[400];
	memset(text, 'a', sizeof(text));
	for (size_t i = 62; i < sizeof(text); i += 63)
		text[i] = '.';
	check(text, 251, (text[251] = '\0', text));
	text[251] = '.';
	text[255] = '\0';
	check(text, 255, text);
	text[255] = 'a';
	check(text, 256, NULL);
	memset(text, 'a', sizeof(text));
	check(text, 64, NULL);
	text[63] = '\0';
	check(text, 63, text);
}

int
main(void)
{
	passes("example.net");
	passes("a");
	passes("_dmarc.x-y.Example");
	passes("1e100.net");
	passes("7.in-addr.arpa");
	passes("b\xc3\xbc" "cher.example");
	passes("\xe4\xbe\x8b.jp");
	check("example.net.", 12, "example.net");
	REFUSED("");
	REFUSED(".");
	REFUSED("a..b");
	REFUSED(".a");
	REFUSED("a..");
	REFUSED("-rf.example");
	REFUSED("192.0.2.1");
	REFUSED("host.42");
	REFUSED("two words");
	REFUSED("tab\there");
	REFUSED("\x1b[31mred");
	REFUSED("a\0b");
	REFUSED("line\nbreak");
	REFUSED("del\x7f");
	REFUSED("\"quoted\"");
	REFUSED("back\\slash");
	REFUSED("$(reboot)");
	REFUSED("<b>");
	REFUSED("fe80::1");
	REFUSED("\xff\xfe");
	REFUSED("cut\xc3");
	REFUSED("c1\xc2\x9b" "31m");		/* CSI in one character */
	REFUSED("over\xc0\xae" "long");
	REFUSED("surrogate\xed\xa0\x80");
	REFUSED("turned\xe2\x80\xae" "ten.elpmaxe");	/* U+202E */
	REFUSED("zero\xe2\x80\x8bwidth");
	REFUSED("wide\xe3\x80\x80space");
	REFUSED("stop\xe3\x80\x82" "cn");	/* U+3002 reads as a dot */
	REFUSED("small\xef\xb9\x92" "cn");	/* U+FE52, too */
	REFUSED("arabic\xe0\xa3\xa2");	/* U+08E2, a format control */
	REFUSED("kaithi\xf0\x91\x82\xbd");	/* U+110BD */
	REFUSED("duployan\xf0\x9b\xb2\xa0");	/* U+1BCA0 */
	REFUSED("tag\xf3\xa0\x81\xa1");
	REFUSED("bom\xef\xbb\xbf");
	REFUSED("8.8.8.\xef\xbc\x98");	/* U+FF18, a wide 8 */
	REFUSED("8.8.8.\xf0\x9d\x9f\xbe");	/* U+1D7FE, a typewriter's */
	REFUSED("8.8.8.\xf0\x9f\xaf\xb8");	/* U+1FBF8, of segments */
	lengths();
	return failures != 0;
}
