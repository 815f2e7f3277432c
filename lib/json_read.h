/* SPDX-License-Identifier: MIT
 *
 * JSON input (RFC 8259, strictly), one text at a time, as a flat list of
 * nodes that point into the text.  Nothing is copied or converted until
 * asked for, and every value knows its bytes, so a filter can pass on byte
 * for byte what it does not understand.  Why not a DOM library: none that
 * systems package keeps the spans, and snapshots are large and frequent.
 *
 * A node is known by its number; JSON_NONE (0xffffffff) is no node, and
 * every function takes it and answers "nothing".
 */
#ifndef LIB_JSON_READ_H
#define LIB_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
	JSON_ARRAY, JSON_OBJECT };

enum { JSON_DEPTH = 64 };	/* deeper nesting is refused */

#define JSON_NONE UINT32_MAX

struct json_node {
	uint32_t at;		/* first byte of the value in the text */
	uint32_t len;		/* bytes, with brackets or quotes */
	uint32_t after;		/* the node behind this value */
	uint8_t kind;		/* enum json_kind */
	bool escaped;		/* a string with a backslash in it */
	bool alike;		/* an object in an array: its names are, in
				 * order, those of the object before it there */
};

struct json {
	const char *text;	/* borrowed from the caller of json_parse() */
	struct json_node *nodes;	/* node 0 is the whole value */
	uint32_t count, size;
	bool skips_numbers;	/* set by who is not interested: an array of
				 * plain whole numbers gets no nodes inside */
	const char *error;	/* why json_parse() refused, and where */
	size_t error_at;
	struct json_growing *growing;	/* inner; see json_begin() */
};

/* Read one whole value of at most 2 GiB; the text must stay as long as the
 * nodes are used.  The memory of an earlier parse is used again.  False
 * with ->error and ->error_at when it is not JSON. */
bool json_parse(struct json *, const char *text, size_t len);
void json_done(struct json *);

/* A text that is still on its way, read as it grows.  After json_begin(),
 * json_more() is given all of it that is there, each time from its start,
 * though it may have moved, and reads on as far as it goes.  It returns the
 * array that is open, if that is in the outermost object, nothing in the
 * array is open, and its last value is an object; else JSON_NONE.  Until the
 * next call, what is open ends behind the last node.
 *
 * Then json_forget() drops the array's elements but the last, which it
 * returns, so that memory does not grow.
 *
 * json_end() reads the rest of the whole text.  False: nothing holds of what
 * was read, and json_parse() may find out why. */
void json_begin(struct json *);
uint32_t json_more(struct json *, const char *text, size_t len);
uint32_t json_forget(struct json *);
bool json_end(struct json *, const char *text, size_t len);

/* Members of an object come as pairs: the key's node, then its value's.
 * The first element of an array, or key of an object; and the one behind
 * `node` within the same `parent`. */
uint32_t json_first(const struct json *, uint32_t parent);
uint32_t json_next(const struct json *, uint32_t parent, uint32_t node);
uint32_t json_next_member(const struct json *, uint32_t object, uint32_t key);

/* The value of a member (the first of that name). */
uint32_t json_get(const struct json *, uint32_t object, const char *name);

/* Is this node a string (a key too) of exactly these bytes? */
bool json_is(const struct json *, uint32_t node, const char *text);

/* Conversions; false, leaving *value as it is, when the node is no such
 * value or does not fit.  A number such as 7.0 or 7e3 counts as whole. */
bool json_read_unsigned(const struct json *, uint32_t node, uint64_t *value);
bool json_read_number(const struct json *, uint32_t node, double *value);
bool json_read_bool(const struct json *, uint32_t node, bool *value);

/* The first `size` numbers of an array that was skipped, see
 * ->skips_numbers, those beyond 2^60 as some number beyond 2^60; returns how
 * many there are, 0 when the array has nodes inside. */
size_t json_read_skipped(const struct json *, uint32_t array,
    uint64_t *values, size_t size);

/* A string as UTF-8 with its escapes undone, cut at whole characters to fit
 * `size` bytes with its NUL; U+0000 and lone surrogates become U+FFFD. */
bool json_read_text(const struct json *, uint32_t node, char *text,
    size_t size);

#endif
