/* SPDX-License-Identifier: MIT
 *
 * Replies to PTR questions, good and malicious, and every one of them cut at
 * every length.
 *
 * uses: namemap/answer.c namemap/hostname.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "namemap/answer.h"

#define TEXT(literal) literal, sizeof(literal) - 1

/* The question for 198.51.100.7 starts at byte 12 of each message. */
#define QUESTION "\1" "7\3" "100\2" "51\3" "198\7in-addr\4arpa\0\0\14\0\1"
#define HEAD(flags, answers, authorities) \
	"\x12\x34" flags "\0\1\0" answers "\0" authorities "\0\0" QUESTION
#define PTR(ttl, length) "\xc0\x0c\0\14\0\1" ttl "\0" length
#define OK "\x81\x80"
#define NXDOMAIN "\x81\x83"
#define MINUTE "\0\0\0\x3c"

static int failures;
static struct addr asked;

static enum answer_kind
parse(const char *message, size_t len, struct answer *a)
{
	/* A heap copy of just this size: the sanitizers see any overrun. */
	uint8_t *copy = malloc(len > 0 ? len : 1);
	if (copy == NULL)
		abort();
	memcpy(copy, message, len);
	enum answer_kind kind = answer_parse(copy, len, &asked, a);
	free(copy);
	return kind;
}

static void
check(const char *what, const char *message, size_t len,
    enum answer_kind kind, const char *name, uint32_t ttl)
{
	struct answer a;
	enum answer_kind got = parse(message, len, &a);
	if (got != kind || (kind == ANSWER_NAME &&
	    strcmp(a.name, name) != 0) ||
	    a.ttl != ttl) {
		printf("namemap_answer: %s: kind %d name '%s' ttl %u\n", what,
		    (int)got, got == ANSWER_NAME ? a.name : "",
		    (unsigned)a.ttl);
		failures++;
	}
	/* What is left of it may hold a name of the whole, never another. */
	for (size_t cut = 0; cut < len; cut++)
		if (parse(message, cut, &a) == ANSWER_NAME &&
		    (name == NULL || (strcmp(a.name, name) != 0 &&
		    strcmp(a.name, "z.b") != 0))) {
			printf("namemap_answer: %s cut at %zu: '%s'\n", what,
			    cut, a.name);
			failures++;
		}
}

static void
questions(void)
{
	char text[ANSWER_QUESTION];
	struct addr a;
	answer_question(&asked, text);
	failures += strcmp(text, "7.100.51.198.in-addr.arpa") != 0;
	addr_parse("2001:db8::567:89ab", &a);	/* RFC 3596 section 2.5 */
	answer_question(&a, text);
	failures += strcmp(text, "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa") != 0;
	if (failures > 0)
		printf("namemap_answer: wrong question\n");
}

static void
good(void)
{
	check("a name", TEXT(HEAD(OK, "\1", "\0") PTR(MINUTE, "\5")
	    "\1a\1b\0"), ANSWER_NAME, "a.b", 60);
	check("a compressed name", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\4") "\1x\xc0\x19"), ANSWER_NAME,
	    "x.in-addr.arpa", 60);
	check("two names, the lesser time", TEXT(HEAD(OK, "\2", "\0")
	    PTR("\0\0\0\x50", "\5") "\1z\1b\0"
	    PTR(MINUTE, "\5") "\1c\1b\0"), ANSWER_NAME, "c.b", 60);
	check("a bad and a good name", TEXT(HEAD(OK, "\2", "\0")
	    PTR(MINUTE, "\5") "\1\33\1b\0"
	    PTR(MINUTE, "\5") "\1c\1b\0"), ANSWER_NAME, "c.b", 60);
	check("an alias", TEXT(HEAD(OK, "\2", "\0")
	    "\xc0\x0c\0\5\0\1\0\0\0\x0a\0\5" "\1q\1r\0"
	    "\1Q\1R\0\0\14\0\1" MINUTE "\0\5" "\1c\1b\0"),
	    ANSWER_NAME, "c.b", 10);
	check("a time to live of 2^31", TEXT(HEAD(OK, "\1", "\0")
	    PTR("\x80\0\0\0", "\5") "\1c\1b\0"), ANSWER_NAME, "c.b", 0);
	check("a record of another class or owner", TEXT(HEAD(OK, "\3", "\0")
	    "\xc0\x0c\0\14\0\3" MINUTE "\0\5" "\1h\1b\0"
	    "\1o\0\0\14\0\1" MINUTE "\0\5" "\1o\1b\0"
	    PTR(MINUTE, "\5") "\1c\1b\0"), ANSWER_NAME, "c.b", 60);
}

static void
none(void)
{
	check("no such name", TEXT(HEAD(NXDOMAIN, "\0", "\0")), ANSWER_NONE,
	    NULL, 0);
	check("no such name, for a while", TEXT(HEAD(NXDOMAIN, "\0", "\1")
	    "\xc0\x19\0\6\0\1\0\0\1\0\0\x1a" "\1m\0\1h\0"
	    "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\x78"), ANSWER_NONE, NULL,
	    120);
	check("no such name, now", TEXT(HEAD(NXDOMAIN, "\0", "\1")
	    "\xc0\x19\0\6\0\1\0\0\0\0\0\x1a" "\1m\0\1h\0"
	    "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\x78"), ANSWER_NONE, NULL,
	    1);
	check("an alias to nothing", TEXT(HEAD(OK, "\1", "\0")
	    "\xc0\x0c\0\5\0\1" MINUTE "\0\3" "\1q\0"), ANSWER_NONE, NULL, 0);
	check("an alias to itself", TEXT(HEAD(OK, "\1", "\0")
	    "\xc0\x0c\0\5\0\1" MINUTE "\0\2" "\xc0\x0c"), ANSWER_NONE, NULL,
	    0);
}

static void
bad(void)
{
	struct answer a;
	check("nothing", "", 0, ANSWER_BAD, NULL, 0);
	check("a question", TEXT(HEAD("\1\0", "\1", "\0")
	    PTR(MINUTE, "\5") "\1a\1b\0"), ANSWER_BAD, NULL, 0);
	check("another question", TEXT("\x12\x34" OK "\0\1\0\1\0\0\0\0"
	    "\1" "8\3" "100\2" "51\3" "198\7in-addr\4arpa\0\0\14\0\1"
	    PTR(MINUTE, "\5") "\1a\1b\0"), ANSWER_BAD, NULL, 0);
	check("an escape sequence", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\x0b") "\5\33[31m\3red\0"), ANSWER_BAD, NULL, 0);
	check("a NUL", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\7") "\3a\0b\1c\0"), ANSWER_BAD, NULL, 0);
	check("a dot in a label", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\7") "\3a.b\1c\0"), ANSWER_BAD, NULL, 0);
	check("the root", TEXT(HEAD(OK, "\1", "\0") PTR(MINUTE, "\1") "\0"),
	    ANSWER_BAD, NULL, 0);
	check("a pointer to itself", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\2") "\xc0\x37"), ANSWER_BAD, NULL, 0);
	check("two pointers in a ring", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\4") "\xc0\x39\xc0\x37"), ANSWER_BAD, NULL, 0);
	check("a ring with a label in it", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\4") "\1a\xc0\x37"), ANSWER_BAD, NULL, 0);
	check("a pointer beyond the end", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\2") "\xff\xff"), ANSWER_BAD, NULL, 0);
	check("an unknown label type", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\2") "\x41\0"), ANSWER_BAD, NULL, 0);
	check("data longer than its name", TEXT(HEAD(OK, "\1", "\0")
	    PTR(MINUTE, "\6") "\1a\1b\0\0"), ANSWER_BAD, NULL, 0);
	if (parse(TEXT(HEAD(OK, "\1", "\0") PTR(MINUTE, "\xff") "\1a\0"),
	    &a) == ANSWER_NAME) {
		printf("namemap_answer: data beyond the message\n");
		failures++;
	}
	if (parse(TEXT(HEAD(OK, "\xff", "\xff") PTR(MINUTE, "\5") "\1a\1b\0"),
	    &a) != ANSWER_NAME) {
		printf("namemap_answer: a name before the records missing\n");
		failures++;
	}
}

/* Names of so many bytes on the wire: three labels of 63, and the rest. */
static void
longest(void)
{
	static const char head[] = HEAD(OK, "\1", "\0") "\xc0\x0c\0\14\0\1"
	    MINUTE;
	for (uint8_t last = 60; last < 64; last++) {
		char message[sizeof(head) + 300], name[300] = "";
		char *at = message + sizeof(head) - 1;
		size_t len = 3 * 64 + 1 + (size_t)last + 1;
		struct answer a;
		memcpy(message, head, sizeof(head) - 1);
		*at++ = (char)(len >> 8);
		*at++ = (char)len;
		for (int i = 0; i < 4; i++) {
			uint8_t n = i < 3 ? 63 : last;
			*at++ = (char)n;
			memset(at, 'a' + i, n);
			strncat(name, at, n);
			strcat(name, i < 3 ? "." : "");
			at += n;
		}
		*at++ = '\0';
		enum answer_kind got = parse(message, (size_t)(at - message),
		    &a);
		/* RFC 1035 section 2.3.4 */
		if (got == (len <= 255 ? ANSWER_NAME : ANSWER_BAD) &&
		    (got == ANSWER_BAD || strcmp(a.name, name) == 0))
			continue;
		printf("namemap_answer: %zu bytes on the wire: kind %d\n",
		    len, (int)got);
		failures++;
	}
}

int
main(void)
{
	addr_parse("198.51.100.7", &asked);
	questions();
	good();
	none();
	bad();
	longest();
	return failures != 0;
}
