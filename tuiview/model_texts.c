/* SPDX-License-Identifier: MIT
 *
 * What a snapshot's texts live in, and how they are cleaned.
 */
#include "tuiview/model_texts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "tuiview/width.h"

enum { CHUNK = 64 * 1024, SLOTS = 256 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
};

/* A chunk with so much room, a spare one if that will do. */
static struct chunk *
add_chunk(struct texts *t, size_t len)
{
	struct chunk *c = t->spare;
	if (c != NULL && c->size >= len) {
		t->spare = c->next;
	} else {
		size_t size = len > CHUNK ? len : CHUNK;
		c = xmalloc(sizeof(*c) + size);
		c->size = size;
	}
	c->used = 0;
	c->next = t->chunks;
	t->chunks = c;
	return c;
}

char *
flows_room(struct flows *f, size_t len)
{
	struct chunk *c = f->texts.chunks;
	if (c == NULL || c->size - c->used < len)
		c = add_chunk(&f->texts, len);
	char *at = c->bytes + c->used;
	c->used += len;
	return at;
}

static void
free_chunks(struct chunk *c)
{
	for (struct chunk *next; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
}

void
texts_reset(struct texts *t)
{
	/* What was not needed this time is not kept for the next. */
	free_chunks(t->spare);
	t->spare = t->chunks;
	t->chunks = NULL;
	if (t->slots != NULL)
		memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
	t->count = 0;
}

void
texts_done(struct texts *t)
{
	free_chunks(t->spare);
	free_chunks(t->chunks);
	free(t->slots);
}

/* Nothing but printable ASCII?  Eight bytes at a time. */
static bool
is_plain(const char *text, size_t len)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
	uint64_t bytes;
	for (; len >= sizeof(bytes); len -= sizeof(bytes)) {
		memcpy(&bytes, text, sizeof(bytes));
		uint64_t low = (bytes - 0x20 * ones) & ~bytes;
		if ((low | bytes | (bytes + ones)) & tops)
			return false;
		text += sizeof(bytes);
	}
	for (size_t i = 0; i < len; i++)
		if (text[i] < 0x20 || text[i] >= 0x7f)
			return false;
	return true;
}

/* A clean copy in the snapshot's memory. */
static const char *
copy_text(struct flows *f, const char *text, size_t len)
{
	if (is_plain(text, len)) {
		char *copy = flows_room(f, len + 1);
		memcpy(copy, text, len);
		copy[len] = '\0';
		return copy;
	}
	char *copy = flows_room(f, len * 2 + 1), *at = copy;
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;
		n = utf8_decode(text + i, len - i, &c);
		if (n != 0 && !width_is_unsafe(c)) {
			memcpy(at, text + i, n);
			at += n;
			continue;
		}
		if (n == 0)
			n = 1;
		memcpy(at, "\302\267", 2);
		at += 2;
	}
	*at = '\0';
	return copy;
}

static uint32_t
hash_of(const char *text, size_t len)
{
	uint64_t hash = len, bytes;
	for (; len > sizeof(bytes); len -= sizeof(bytes)) {
		memcpy(&bytes, text, sizeof(bytes));
		hash = (hash ^ bytes) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 32;
		text += sizeof(bytes);
	}
	bytes = 0;
	memcpy(&bytes, text, len);
	hash = (hash ^ bytes) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(hash >> 32);
}

static void
grow(struct texts *t)
{
	struct text_slot *old = t->slots;
	size_t size = t->slot_count;
	t->slot_count = size != 0 ? size * 2 : SLOTS;
	t->slots = xcalloc(t->slot_count, sizeof(*t->slots));
	for (size_t i = 0; i < size; i++) {
		if (old[i].text == NULL)
			continue;
		size_t at = old[i].hash & (t->slot_count - 1);
		while (t->slots[at].text != NULL)
			at = (at + 1) & (t->slot_count - 1);
		t->slots[at] = old[i];
	}
	free(old);
}

const char *
flows_intern(struct flows *f, const char *text, size_t len)
{
	struct texts *t = &f->texts;
	if (t->count * 2 >= t->slot_count)
		grow(t);
	/* What is not plain is changed on the way: not found again. */
	uint32_t hash = hash_of(text, len);
	size_t at = hash & (t->slot_count - 1);
	for (const struct text_slot *s; (s = &t->slots[at])->text != NULL;
	    at = (at + 1) & (t->slot_count - 1))
		if (s->hash == hash && s->len == len &&
		    memcmp(s->text, text, len) == 0)
			return s->text;
	const char *copy = copy_text(f, text, len);
	if (!is_plain(text, len))
		return copy;
	t->slots[at] = (struct text_slot){ hash, (uint32_t)len, copy };
	t->count++;
	return copy;
}
