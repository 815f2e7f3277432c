/* SPDX-License-Identifier: MIT
 *
 * The TOML document: what is read, what is refused and where, and that an
 * edit changes what it must and not a byte more.
 *
 * uses: tuiview/toml.c tuiview/toml_value.c tuiview/toml_string.c tuiview/toml_tree.c tuiview/toml_edit.c tuiview/toml_place.c
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tuiview/toml.h"
#include "tests/unit/expect.h"

#define PATH(...) ((const char *const[]){ __VA_ARGS__, NULL })

static struct toml *
parse(const char *text)
{
	return toml_new(text, strlen(text));
}

/* Does `k = VALUE` read as this string? */
static void
string(const char *value, const char *expected)
{
	char text[300];
	snprintf(text, sizeof(text), "k = %s\n", value);
	struct toml *t = parse(text);
	const struct toml_node *n = toml_member(t->root, "k");
	if (n == NULL || n->type != TOML_STRING ||
	    strcmp(n->text, expected) != 0) {
		failures++;
		printf("%s reads as %s\n", value, n != NULL &&
		    n->text != NULL ? n->text : "nothing");
	}
	toml_free(t);
}

static void
number(const char *value, enum toml_type type, double expected)
{
	char text[300];
	snprintf(text, sizeof(text), "k = %s # is it?\n", value);
	struct toml *t = parse(text);
	const struct toml_node *n = toml_member(t->root, "k");
	if (n == NULL || n->type != type || t->error_count != 0 ||
	    !(fabs(n->number - expected) <= 1e-12 * fabs(expected))) {
		failures++;
		printf("%s reads as %.17g\n", value, n == NULL ? 0 :
		    n->number);
	}
	toml_free(t);
}

/* Is the text refused at this place, and the line behind it read? */
static void
bad(const char *text, size_t line, size_t column)
{
	struct toml *t = parse(text);
	if (t->error_count == 0) {
		failures++;
		printf("accepted: %s\n", text);
	} else if (t->errors[0].line != line ||
	    t->errors[0].column != column) {
		failures++;
		printf("%s\n: error at %zu:%zu, not %zu:%zu: %s\n", text,
		    t->errors[0].line, t->errors[0].column, line, column,
		    t->errors[0].text);
	}
	const struct toml_node *n = toml_member(t->root, "after");
	if (strstr(text, "\nafter = 1\n") != NULL && !t->broken)
		expect("the next line is lost", n != NULL && n->integer == 1);
	toml_free(t);
}

static void
check_values(void)
{
	string("\"plain\"", "plain");
	string("\"a\\tb\\\"c\\\\ \\u00e9 \\U0001F600\"",
	    "a\tb\"c\\ \xc3\xa9 \xf0\x9f\x98\x80");
	string("'C:\\no\\escape'", "C:\\no\\escape");
	string("\"\"\"\nmany\nlines \\\n   joined\"\"\"",
	    "many\nlines joined");
	string("\"\"\"two \"\" and one more\"\"\"\"", "two \"\" and one more\"");
	string("'''\nit's'''", "it's");
	string("\"\"", "");
	number("42", TOML_INTEGER, 42);
	number("-17", TOML_INTEGER, -17);
	number("+1_000", TOML_INTEGER, 1000);
	number("1_2", TOML_INTEGER, 12);
	number("0xDEAD_beef", TOML_INTEGER, 0xdeadbeef);
	number("0o755", TOML_INTEGER, 0755);
	number("0b101", TOML_INTEGER, 5);
	number("0.5", TOML_FLOAT, 0.5);
	number("-3.25e2", TOML_FLOAT, -325);
	number("1e6", TOML_FLOAT, 1e6);
	number("1e+6", TOML_FLOAT, 1e6);
	number("5e-1", TOML_FLOAT, 0.5);
	number("12500000.125", TOML_FLOAT, 12500000.125);
}

static void
check_errors(void)
{
	bad("a = \nafter = 1\n", 1, 5);
	bad("x = 1\na = yes\nafter = 1\n", 2, 5);
	bad("a = \"open\nafter = 1\n", 1, 10);
	bad("a = \"\\q\"\nafter = 1\n", 1, 6);
	bad("a = \"\xff\"\nafter = 1\n", 1, 6);
	bad("a = 01\nafter = 1\n", 1, 5);
	bad("a = 1__0\nafter = 1\n", 1, 5);
	bad("a = 1.\nafter = 1\n", 1, 5);
	bad("a = 1 2\nafter = 1\n", 1, 7);
	bad("a = 99999999999999999999\nafter = 1\n", 1, 5);
	bad("a 1\nafter = 1\n", 1, 3);
	bad("= 1\nafter = 1\n", 1, 1);
	bad("a = 1\na = 2\nafter = 1\n", 2, 1);
	bad("a = { b = 1\nafter = 1\n", 1, 12);
	bad("a = [1 2]\nafter = 1\n", 1, 8);
	bad("\xc3\xa9 = 1\nafter = 1\n", 1, 1);
	bad("'\xc3\xa9' = 1 x\nafter = 1\n", 1, 9);
	bad("[a\nafter = 1\n", 1, 3);
	bad("[a]\n[a]\nafter = 1\n", 2, 1);
	bad("a = 1\n[a.b]\n", 2, 2);
	bad("a = [1,\n", 1, 5);
	bad("a = \"\"\"\nx\n", 1, 5);

	struct toml *t = parse("a = [1,\nb = 2\n");
	expect("an open array leaves it to be edited", t->broken &&
	    !toml_set(t, PATH("c"), "1"));
	toml_free(t);
	t = parse("a = \"\"\"\nb = 2\n");
	expect("an open text leaves it to be edited", t->broken);
	toml_free(t);
	t = parse("");
	expect("an empty text", t->error_count == 0 && t->root->child == NULL);
	toml_free(t);
	char deep[400] = "a = ";
	for (int i = 0; i < 100; i++)
		strcat(deep, "[");
	bad(deep, 1, 37);
}

static void
check_tree(void)
{
	struct toml *t = parse("top = 1\n'a b'.c = 2 # dotted\n"
	    "[[pinned]]\nsrc = 'x'\n[[pinned]]\nsrc = 'y'\n"
	    "[custom_themes.\"My Theme\"]\nc1 = 1\n"
	    "[other]\nwhen = 1979-05-27 07:32:00Z\nlist = [ # first\n"
	    "  1,\n  { x = 'z' },\n]\n");
	expect("errors in good text", t->error_count == 0 && !t->broken);
	const struct toml_node *n = toml_find(t, PATH("a b", "c"));
	expect("a dotted key", n != NULL && n->integer == 2 && n->line == 2);
	n = toml_find(t, PATH("pinned"));
	expect("an array of tables", n != NULL && n->type == TOML_ARRAY &&
	    n->child->next != NULL && n->child->next->next == NULL &&
	    strcmp(n->last->child->text, "y") == 0);
	n = toml_find(t, PATH("custom_themes", "My Theme", "c1"));
	expect("a quoted table", n != NULL && n->integer == 1 &&
	    n->line == 8);
	n = toml_find(t, PATH("other", "when"));
	expect("a date", n != NULL && n->type == TOML_OTHER);
	n = toml_find(t, PATH("other", "list"));
	expect("an array of lines", n != NULL && n->child->integer == 1 &&
	    strcmp(toml_member(n->last, "x")->text, "z") == 0);
	toml_free(t);
}

static void
same(const char *what, struct toml *t, bool done, const char *expected)
{
	if (!done || strcmp(buf_text(&t->text), expected) != 0) {
		failures++;
		printf("%s:\n%s--- not\n%s", what, buf_text(&t->text),
		    expected);
	}
	toml_free(t);
}

static void
set(const char *before, const char *const *path, const char *value,
    const char *after)
{
	struct toml *t = parse(before);
	bool done = toml_set(t, path, value);
	same("set", t, done, after);
}

static void
unset(const char *before, const char *const *path, const char *after)
{
	struct toml *t = parse(before);
	bool done = toml_unset(t, path);
	same("unset", t, done, after);
}

static void
append(const char *before, const char *after)
{
	struct toml *t = parse(before);
	bool done = toml_append(t, "pin", 2, PATH("src", "dst"),
	    PATH("'a'", "'b'"));
	same("append", t, done, after);
}

static void
drop(const char *before, size_t index, const char *after)
{
	struct toml *t = parse(before);
	bool done = toml_drop(t, "pin", index);
	same("drop", t, done, after);
}

static void
check_set(void)
{
	set("", PATH("a"), "1", "a = 1\n");
	set("# c\n  a=  1  # why\nb = 2\n", PATH("a"), "true",
	    "# c\n  a=  true  # why\nb = 2\n");
	set("a = 1\r\nb = 2\r\n", PATH("c"), "3",
	    "a = 1\r\nb = 2\r\nc = 3\r\n");
	set("a = 1", PATH("b"), "2", "a = 1\nb = 2\n");
	set("a = 1\n\n# about t\n[t]\nx = 1\n", PATH("b"), "2",
	    "a = 1\nb = 2\n\n# about t\n[t]\nx = 1\n");
	set("# file\n\n# about t\n[t]\n", PATH("b"), "2",
	    "# file\n\nb = 2\n\n# about t\n[t]\n");
	set("[t]\nx = 1\n", PATH("b"), "2", "b = 2\n\n[t]\nx = 1\n");
	set("\xef\xbb\xbf[t]\n", PATH("b"), "2",
	    "\xef\xbb\xbf" "b = 2\n\n[t]\n");
	set("# The rate.\n#rate = 1\n\nz = 1\n", PATH("rate"), "5",
	    "# The rate.\n#rate = 1\nrate = 5\n\nz = 1\n");
	set("x = \"\"\"\n# a = 1\n\"\"\"\n", PATH("a"), "2",
	    "x = \"\"\"\n# a = 1\n\"\"\"\na = 2\n");
	set("a = nonsense # note\nb = 2\n", PATH("a"), "1",
	    "a = 1 # note\nb = 2\n");
	set("a = \"open\nb = 2\n", PATH("a"), "1", "a = 1\nb = 2\n");
	set("a = [\n 1, # one\n]\nb = 2\n", PATH("a"), "[2]",
	    "a = [2]\nb = 2\n");
	set("[t]\nx = 1\n\n[u]\ny = 1\n", PATH("t", "z"), "2",
	    "[t]\nx = 1\nz = 2\n\n[u]\ny = 1\n");
	set("[t] # empty\n[u]\n", PATH("t", "z"), "2",
	    "[t] # empty\nz = 2\n[u]\n");
	set("a = 1\n", PATH("t", "New One", "c1"), "2",
	    "a = 1\n\n[t.\"New One\"]\nc1 = 2\n");
	set("t = { A = { c1 = 1 } }\n", PATH("t", "A", "c1"), "2",
	    "t = { A = { c1 = 2 } }\n");
	set("t = { A = { c1 = 1 } }\n", PATH("t", "A", "c2"), "2",
	    "t = { A = { c1 = 1, c2 = 2 } }\n");
	set("t = {}\n", PATH("t", "B", "c1"), "2",
	    "t = { B = { c1 = 2 } }\n");
	set("a.b = 1\n", PATH("a", "b"), "2", "a.b = 2\n");

	struct toml *t = parse("a.b = 1\n");
	expect("a dotted table got a header", !toml_set(t, PATH("a", "n",
	    "x"), "1"));
	expect("a refused edit changed bytes", strcmp(buf_text(&t->text),
	    "a.b = 1\n") == 0);
	toml_free(t);
}

static void
check_unset(void)
{
	unset("a = 1\nb = 2 # why\nc = 3\n", PATH("b"), "a = 1\nc = 3\n");
	unset("a = 1\n", PATH("b"), "a = 1\n");
	unset("[t.A]\nx = 1\n\n# about B\n[t.B]\ny = 1\n", PATH("t", "A"),
	    "# about B\n[t.B]\ny = 1\n");
	unset("a = 1\n\n[t.A]\nx = 1\n", PATH("t", "A"), "a = 1\n");
	unset("t = { A = 1, B = 2 }\n", PATH("t", "B"), "t = { A = 1 }\n");
	unset("t = { A = 1, B = 2 }\n", PATH("t", "A"), "t = { B = 2 }\n");

	struct toml *t = parse("a = 1\na = \"\"\"\nb = 2\n");
	expect("an edit that would open a text was done",
	    !toml_unset(t, PATH("a")) && strcmp(buf_text(&t->text),
	    "a = 1\na = \"\"\"\nb = 2\n") == 0);
	toml_free(t);
	t = parse("[t.Old] # mine\nx = 1\n");
	bool done = toml_rename(t, PATH("t", "Old"), "a b");
	same("rename", t, done, "[t.\"a b\"] # mine\nx = 1\n");
	t = parse("t = { Old = { x = 1 } }\n");
	done = toml_rename(t, PATH("t", "Old"), "New");
	same("rename", t, done, "t = { New = { x = 1 } }\n");
}

static void
check_arrays(void)
{
	append("", "[[pin]]\nsrc = 'a'\ndst = 'b'\n");
	append("x = 1\n[[pin]]\nsrc = 'c'\n\n[u]\n",
	    "x = 1\n[[pin]]\nsrc = 'c'\n\n[[pin]]\nsrc = 'a'\ndst = 'b'\n"
	    "\n[u]\n");
	append("pin = []\n", "pin = [{ src = 'a', dst = 'b' }]\n");
	append("pin = [\n  { src = 'x' }, # one\n]\n", "pin = [\n"
	    "  { src = 'x' }, { src = 'a', dst = 'b' }, # one\n]\n");
	drop("pin = [{ a = 1 }, { a = 2 }]\n", 0, "pin = [{ a = 2 }]\n");
	drop("pin = [{ a = 1 }]\n", 0, "pin = []\n");
	drop("[[pin]]\na = 1\n\n# two\n[[pin]]\na = 2\n", 0,
	    "# two\n[[pin]]\na = 2\n");
	drop("x = 1\n\n[[pin]]\na = 1\n\n[[pin]]\na = 2\n", 1,
	    "x = 1\n\n[[pin]]\na = 1\n");

	struct toml *t = parse("pin = 1\n");
	expect("appended to a number", !toml_append(t, "pin", 1, PATH("a"),
	    PATH("1")));
	expect("dropped from a number", !toml_drop(t, "pin", 0));
	toml_free(t);
}

static void
check_quote(void)
{
	struct buf b = { 0 };
	toml_quote(&b, "a\"b\\c\n\001\xff\xc3\xa9");
	expect("quoting", strcmp(buf_text(&b),
	    "\"a\\\"b\\\\c\\n\\u0001\xef\xbf\xbd\xc3\xa9\"") == 0);
	buf_reset(&b);
	toml_quote_key(&b, "a-b_1");
	toml_quote_key(&b, "a.b");
	toml_quote_key(&b, "");
	expect("quoting keys", strcmp(buf_text(&b), "a-b_1\"a.b\"\"\"") == 0);
	buf_done(&b);
}

int
main(void)
{
	check_values();
	check_errors();
	check_tree();
	check_set();
	check_unset();
	check_arrays();
	check_quote();
	return failures > 0;
}
