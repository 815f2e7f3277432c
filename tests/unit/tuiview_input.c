/* SPDX-License-Identifier: MIT
 *
 * Bytes to keys, mouse reports and pastes, however they are cut; a line
 * being edited.
 *
 * uses: tuiview/input_decode.c tuiview/input_keys.c tuiview/input_line.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/input_line.h"

static int failures;

static void
check(bool ok, const char *what)
{
	if (!ok) {
		printf("%s\n", what);
		failures++;
	}
}

/* What the bytes mean, as text. */
static const char *
meaning(const char *bytes)
{
	static char text[512];
	struct decoder d = { .len = 0 };
	struct event e;
	size_t len = 0;
	text[0] = '\0';
	for (const char *b = bytes; *b != '\0' || decode_waits(&d); ) {
		enum decoded what = DECODED_EVENT;
		if (*b != '\0')
			what = decode_byte(&d, (unsigned char)*b, &e);
		else if (!decode_timeout(&d, &e))
			what = DECODED_NOTHING;
		b += *b != '\0' && what != DECODED_AGAIN;
		if (what == DECODED_NOTHING)
			continue;
		char name[KEY_NAME] = "";
		if (e.kind == EVENT_MOUSE) {
			len += (size_t)snprintf(text + len,
			    sizeof(text) - len, "m%d@%d,%d ", (int)e.mouse,
			    e.x, e.y);
			continue;
		}
		key_label(e.key, name);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s ", e.kind == EVENT_PASTE ? "=" : "", name);
	}
	return text;
}

static void
means(const char *bytes, const char *want)
{
	const char *got = meaning(bytes);
	if (strcmp(got, want) != 0) {
		printf("got \"%s\", want \"%s\"\n", got, want);
		failures++;
	}
}

static void
test_decode(void)
{
	means("j", "j ");
	means("\033", "Esc ");
	means("\033[A\033OB\033[1~\033[6~\033[Z", "Up Down Home PgDn "
	    "Shift-Tab ");
	means("\033Op\033Oy\033Oj\033Ok\033Ol\033Om\033On\033Oo\033OX\033OM",
	    "0 9 * + , - . / = Enter ");
	/* Of Konsole, with Ctrl or Shift held: F3, F4, F1; of others arrows. */
	means("\033O5R\033O5S\033O2P\033O1;5Aj", "F1 Up j ");
	means("\033O5\033OPj\033O5", "F1 j ");
	means("\033\033[A", "Esc Up ");
	/* Typed fast, over a slow line. */
	means("\033j", "Esc j ");
	means("\033\033q", "Esc Esc q ");
	means("\033\303\251", "Esc \303\251 ");
	means("\033[", "Esc [ ");
	means("\033O", "Esc O ");
	means("\304\211\360\237\230\200", "ĉ 😀 ");
	means("\377j\300\200k", "j k ");
	means("\033[<0;10;5M\033[<0;10;5m", "m0@9,4 m3@9,4 ");
	means("\033[<2;1;1M\033[<1;1;1M\033[<64;3;4M\033[<65;3;4M",
	    "m2@0,0 m1@0,0 m4@2,3 m5@2,3 ");
	means("\033[<35;7;8M\033[<32;7;8M", "m6@6,7 m7@6,7 ");
	means("\033[<0;0;5M\033[<0;99999;5Mj", "j ");
	/* The form of terminals that do not know that one. */
	means("\033[M qj\033[M#!!\033[M\"!\377", "m0@80,73 m3@0,0 "
	    "m2@0,222 ");
	means("\033[M`!!\033[Ma!!\033[MC!!j", "m4@0,0 m5@0,0 m6@0,0 j ");
	means("\033[M !\033[A\033[M", "Up ");
	means("\033[200~qj\033[201~q", "=q =j q ");
	/* However slow the line, no key comes of a paste, and it ends. */
	means("\033[200~\033q\033\033j\033[201~q", "=q =j q ");
	/* Nor does one that it has itself, or a click. */
	means("\033[200~a\033[A\033OM\033[<0;1;1M\033[3~b\033[201~q",
	    "=a =b q ");
	means("\033[999;999;999q\033[[A", "F1 ");
	means("\033[12", "");
	/* What is cut or no UTF-8 takes nothing with it. */
	means("caf\351q", "c a f q ");
	means("\351\033[A\303\303\251\360\237q", "Up \303\251 q ");
	means("\033[1\033[A\033O\033q", "Up Esc q ");
	means("\033[200~f\351\033[201~q", "=f q ");
	means("\033[200~f\360\237\033[201~q", "=f q ");
	means("\033[200~f\033[\033[201~q", "=f q ");
	means("\033[200~f\033O\033[201~q", "=f q ");
}

/* Of a terminal whose Shift-Tab is an Escape and a Tab; of others these are
 * two keys. */
static void
test_tab(void)
{
	struct decoder d = { .tab_turns = true };
	struct event e = { .kind = EVENT_MOUSE };
	means("\033\t", "Esc Tab ");
	check(decode_byte(&d, 0x1b, &e) == DECODED_NOTHING &&
	    decode_byte(&d, '\t', &e) == DECODED_EVENT &&
	    e.kind == EVENT_KEY && e.key == KEY_BACKTAB, "Shift-Tab");
	check(decode_byte(&d, '\t', &e) == DECODED_EVENT &&
	    e.key == KEY_TAB, "Tab behind Shift-Tab");
}

/* The end of a paste comes in two pieces, long after each other. */
static void
test_slow_paste(void)
{
	struct decoder d = { .len = 0 };
	struct event e;
	const char *b = "\033[200~\033";
	while (*b != '\0')
		decode_byte(&d, (unsigned char)*b++, &e);
	check(!decode_waits(&d) && !decode_timeout(&d, &e),
	    "a key in the middle of a paste");
	for (b = "[201~"; *b != '\0'; b++)
		decode_byte(&d, (unsigned char)*b, &e);
	check(decode_byte(&d, 'q', &e) == DECODED_EVENT &&
	    e.kind == EVENT_KEY, "a paste without an end");
}

/* What comes in two pieces, long after each other, and is no key. */
static void
halves(const char *first, const char *second, enum event_kind kind)
{
	struct decoder d = { .len = 0 };
	struct event e = { .kind = EVENT_PASTE };
	int events = 0;
	for (const char *b = first; *b != '\0'; b++)
		events += decode_byte(&d, (unsigned char)*b, &e) !=
		    DECODED_NOTHING;
	while (decode_timeout(&d, &e))
		events++;
	check(events == 0, "an event of half a sequence");
	for (const char *b = second; *b != '\0'; b++)
		events += decode_byte(&d, (unsigned char)*b, &e) !=
		    DECODED_NOTHING;
	check(events == 1 && e.kind == kind, "two halves are not one event");
}

static void
test_halves(void)
{
	halves("\033[<35;1", "0;20M", EVENT_MOUSE);
	halves("\033[<", "0;1;2M", EVENT_MOUSE);
	halves("\033[M ", "!!", EVENT_MOUSE);
	halves("\033[1", "~", EVENT_KEY);
	halves("\303", "\251", EVENT_KEY);
}

/* Any bytes at all: no event comes of nothing, and nothing breaks. */
static void
test_noise(void)
{
	struct decoder d = { .len = 0 };
	struct event e;
	srand(7);
	for (int i = 0; i < 200000; i++) {
		unsigned char b = rand() % 3 == 0 ? "\033[<;M~0O"[rand() % 8] :
		    (unsigned char)rand();
		enum decoded what = decode_byte(&d, b, &e);
		if (what != DECODED_NOTHING && e.kind == EVENT_MOUSE)
			check(e.x >= 0 && e.y >= 0, "a cell below 0");
		check(d.len <= DECODE_PENDING, "too much pending");
	}
}

static const char *
earlier(const void *context, size_t n)
{
	static const char *const list[] = { "newest", "older" };
	(void)context;
	return n < 2 ? list[n] : NULL;
}

static void
type(struct line *l, const char *keys)
{
	struct decoder d = { .len = 0 };
	struct event e;
	while (*keys != '\0') {
		enum decoded what = decode_byte(&d, (unsigned char)*keys, &e);
		if (what != DECODED_NOTHING)
			line_event(l, &e, earlier, NULL);
		keys += what != DECODED_AGAIN;
	}
}

static void
edits(const char *keys, const char *want)
{
	struct line l;
	line_set(&l, "");
	type(&l, keys);
	if (strcmp(l.text, want) != 0) {
		printf("edited \"%s\", want \"%s\"\n", l.text, want);
		failures++;
	}
}

static void
test_line(void)
{
	edits("a\304\211b\033[D\177X", "aXb");
	edits("one two\027three", "one three");
	edits("abc\001\004", "bc");
	edits("abc\002\013", "ab");
	edits("abc\025d", "d");
	edits("abc\033[H\033[3~\005!", "bc!");
	edits("x\033[A\033[A\033[A", "older");
	edits("x\033[A\033[A\033[B\033[B", "x");
	edits("\033[200~a\tb\nc\033[201~", "a b c");
	struct line l;
	line_set(&l, "");
	for (int i = 0; i < 1000; i++)
		type(&l, "\342\202\254");
	check(l.len < LINE_TEXT && l.len % 3 == 0, "a character was cut");
	/* A text that was saved may be longer than the line. */
	char text[400] = "x";
	for (size_t i = 1; i + 3 < sizeof(text); i += 3)
		memcpy(text + i, "\342\202\254", 4);
	line_set(&l, text);
	check(l.len == 253 && strlen(l.text) == 253 && l.cursor == 253,
	    "a recalled character was cut");
}

int
main(void)
{
	test_decode();
	test_tab();
	test_slow_paste();
	test_halves();
	test_noise();
	test_line();
	return failures != 0;
}
