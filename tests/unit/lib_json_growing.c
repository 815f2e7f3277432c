/* SPDX-License-Identifier: MIT
 *
 * A text that is read while it grows says at its end what it says when read
 * at once, wherever its pieces end, and wherever it has moved to.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_read.h"

enum { ROUNDS = 200, ELEMENTS = 64, LONGEST = 8192 };

static int failures;
static unsigned random_state = 1;

static unsigned
random_below(unsigned n)
{
	random_state = random_state * 1103515245 + 12345;
	return (random_state >> 16) % n;
}

static void
complain(const char *text, const char *what)
{
	printf("%.60s: %s\n", text, what);
	failures++;
}

/* Where the elements of an array begin, and whether each is like the one
 * before. */
struct list {
	size_t at[ELEMENTS];
	bool alike[ELEMENTS];
	unsigned count;
};

static void
add_elements(struct list *l, const struct json *j, uint32_t array,
    uint32_t last)
{
	for (uint32_t n = last == JSON_NONE ? json_first(j, array) :
	    json_next(j, array, last); n != JSON_NONE && l->count < ELEMENTS;
	    n = json_next(j, array, n)) {
		l->at[l->count] = j->nodes[n].at;
		l->alike[l->count++] = j->nodes[n].alike;
	}
}

static uint32_t
last_element(const struct json *j, uint32_t array)
{
	uint32_t last = 0;
	for (uint32_t n = json_first(j, array); n != JSON_NONE;
	    n = json_next(j, array, n))
		last = n;
	return last;
}

static bool
same_nodes(const struct json *a, const struct json *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++)
		if (a->nodes[i].at != b->nodes[i].at ||
		    a->nodes[i].len != b->nodes[i].len ||
		    a->nodes[i].after != b->nodes[i].after ||
		    a->nodes[i].kind != b->nodes[i].kind ||
		    a->nodes[i].escaped != b->nodes[i].escaped ||
		    a->nodes[i].alike != b->nodes[i].alike)
			return false;
	return true;
}

/* The text's first bytes in memory of just that size. */
static char *
copy(const char *text, size_t len)
{
	char *fresh = malloc(len + 1);
	if (fresh == NULL)
		abort();
	memcpy(fresh, text, len);
	return fresh;
}

static bool
same_list(const struct list *a, const struct list *b)
{
	bool same = a->count == b->count;
	for (unsigned i = 0; same && i < a->count; i++)
		same = a->at[i] == b->at[i] && a->alike[i] == b->alike[i];
	return same;
}

/* Read in pieces of up to `most` bytes; forget what was read of "flows" or
 * not.  Was it read to its end? */
static bool
grow(struct json *j, const char *text, unsigned most, struct list *list,
    bool forget)
{
	size_t len = strlen(text), there = 0;
	uint32_t last = JSON_NONE;
	char *piece = NULL;
	json_begin(j);
	while (there < len) {
		there += 1 + random_below(most);
		if (there > len)
			there = len;
		free(piece);
		piece = copy(text, there);
		uint32_t array = json_more(j, piece, there);
		if (array == JSON_NONE || array != json_get(j, 0, "flows"))
			continue;
		if (j->nodes[last_element(j, array)].kind != JSON_OBJECT)
			complain(text, "its last value is no object");
		if (forget) {
			add_elements(list, j, array, last);
			last = json_forget(j);
		}
	}
	bool good = json_end(j, piece, len);
	if (good && forget)
		add_elements(list, j, json_get(j, 0, "flows"), last);
	/* Nodes know places, not bytes: these are not looked at again. */
	free(piece);
	return good;
}

/* `read`: as it should be, it is read to its end. */
static void
try(const char *text, bool read)
{
	struct json whole = { 0 }, j = { 0 };
	bool good = json_parse(&whole, text, strlen(text));
	struct list want = { .count = 0 };
	unsigned ended = 0;
	if (good)
		add_elements(&want, &whole, json_get(&whole, 0, "flows"),
		    JSON_NONE);
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned most = i % 2 != 0 ? 4 : 1 + random_below(100);
		struct list got = { .count = 0 };
		if (grow(&j, text, most, &got, true)) {
			ended++;
			if (!good)
				complain(text, "taken only in pieces");
			else if (!same_list(&want, &got))
				complain(text, "other elements");
		}
		if (grow(&j, text, most, &got, false) && good &&
		    !same_nodes(&whole, &j))
			complain(text, "other nodes");
	}
	if (read && ended < ROUNDS / 4)
		complain(text, "not read ahead");
	json_done(&whole);
	json_done(&j);
}

/* Many flows, with something before and behind them. */
static void
try_flows(const char *before, const char *behind)
{
	char text[LONGEST];
	int len = snprintf(text, sizeof(text), "{%s\"flows\":[", before);
	for (int i = 0; i < 40; i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len,
		    "%s{\"id\":%d,\"src\":\"192.0.2.%d\",\"history\":"
		    "[%d,2,3]%s}", i > 0 ? "," : "", i, i % 7, i,
		    i % 5 == 0 ? ",\"ended\":true" : "");
	snprintf(text + len, sizeof(text) - (size_t)len, "]%s}", behind);
	try(text, true);
}

int
main(void)
{
	try_flows("", "");
	try_flows("\"capture\":{\"a\":{}},\"alerts\":[{},{\"b\":[{},{}]}],",
	    ",\"events\":[{\"a\":1},{\"a\":2},{\"a\":3}],\"flows\":[{},{}]");
	try("{\"flows\":[{},{},{},{},{},{}]}", true);
	try("{\"flows\":[{} , {} ,\t{}, {}\n,{},{}] }  ", true);
	try("{\"flows\":[{},1,{},\"},\",{},[{},{}],{},null,{}]}", true);
	try("{\"flows\":[{\"a\":[{\"b\":1},{\"b\":2},{\"c\":3}]},{\"a\":[]},"
	    "{\"a\":[{\"b\":1},{\"b\":2}]},{\"a\":{\"b\":{}}}]}", true);
	try("{\"flows\":[{\"a\":\"\\\"},\\\"},{\"},{\"a\":\"},{\"},{}]}",
	    false);
	try("{\"flows\":[[{},{},{}],[{}],{},{}]}", false);
	try("{\"flows\":{\"a\":{},\"b\":[{},{}],\"c\":{}}}", false);
	try("[{\"flows\":[{},{}]},{},{}]", false);
	try("{},{}", false);
	try("{\"flows\":[{},{}]},{}", false);
	try("{\"flows\":[{},{},]}", false);
	try("{\"flows\":[{},{},{}", false);
	try("{\"flows\":[{},{}}", false);
	try("{\"flows\":[{},{a},{},{}]}", false);
	try("{\"flows\":[{},{\"a\":\"\x01\"},{},{}]}", false);
	try("{\"a\":{}},\"flows\":[{},{},{}]}", false);
	try("{\"a\":{},,\"flows\":[{},{},{}]}", false);
	try("},},},", false);
	try("", false);
	return failures != 0;
}
