/* SPDX-License-Identifier: MIT
 *
 * Any text as a configuration file: reading keeps its bytes, and an edit
 * that says it was done is there when the text is read again, with all other
 * keys of the root as they were.
 *
 * uses: tuiview/toml.c tuiview/toml_value.c tuiview/toml_string.c tuiview/toml_tree.c tuiview/toml_edit.c tuiview/toml_place.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/toml.h"

#define PATH(...) ((const char *const[]){ __VA_ARGS__, NULL })

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

/* Every other key of the root is as it was. */
static void
compare(const struct toml *before, const struct toml *after, const char *key)
{
	const struct toml_node *n = before->root->child;
	for (; n != NULL; n = n->next) {
		const struct toml_node *m = toml_member(after->root, n->key);
		/* A last line may become good by getting its newline. */
		if (strcmp(n->key, key) == 0 || n->type == TOML_BAD ||
		    (m != NULL && m->type == TOML_BAD))
			continue;
		require(m != NULL && m->type == n->type);
		require(n->text == NULL || (m->text_len == n->text_len &&
		    memcmp(m->text, n->text, n->text_len) == 0));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	if (len > 4096)
		return 0;
	struct toml *before = toml_new(text, len);
	require(before->text.len == len &&
	    memcmp(before->text.data, text, len) == 0);

	struct toml *t = toml_new(text, len);
	if (toml_set(t, PATH("theme"), "\"x\"")) {
		const struct toml_node *n = toml_member(t->root, "theme");
		require(n != NULL && n->type == TOML_STRING &&
		    strcmp(n->text, "x") == 0);
		compare(before, t, "theme");
		require(t->error_count <= before->error_count);
	} else {
		require(t->text.len == len);
	}
	toml_free(t);

	t = toml_new(text, len);
	if (toml_set(t, PATH("custom_themes", "A b", "c1"), "7")) {
		const struct toml_node *n = toml_find(t,
		    PATH("custom_themes", "A b", "c1"));
		require(n != NULL && n->integer == 7);
		compare(before, t, "custom_themes");
		require(toml_rename(t, PATH("custom_themes", "A b"), "c") ||
		    toml_find(t, PATH("custom_themes", "c")) != NULL ||
		    toml_find(t, PATH("custom_themes", "A b"))->form ==
		    TOML_IMPLIED);
	}
	toml_free(t);

	t = toml_new(text, len);
	if (toml_append(t, "pinned", 1, PATH("src"), PATH("\"q\""))) {
		const struct toml_node *n = toml_member(t->root, "pinned");
		require(n != NULL && n->last != NULL &&
		    strcmp(toml_member(n->last, "src")->text, "q") == 0);
		compare(before, t, "pinned");
		require(toml_drop(t, "pinned", 0));
		compare(before, t, "pinned");
	}
	/* A mark that comes to stand at the start gets another meaning. */
	if (memmem(text, len, "\xef\xbb\xbf", 3) == NULL &&
	    toml_unset(t, PATH("theme"))) {
		require(toml_member(t->root, "theme") == NULL);
		compare(t, before, "pinned");
	}
	toml_free(t);
	toml_free(before);
	return 0;
}
