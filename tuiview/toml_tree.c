/* SPDX-License-Identifier: MIT
 *
 * The tree a document is read into: its nodes, and what is looked up in it.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/toml_value.h"

struct toml_node *
toml_node_new(struct toml_node *parent, enum toml_type type)
{
	struct toml_node *n = xcalloc(1, sizeof(*n));
	n->type = type;
	n->parent = parent;
	if (parent == NULL)
		return n;
	if (parent->last != NULL)
		parent->last->next = n;
	else
		parent->child = n;
	parent->last = n;
	return n;
}

void
toml_node_empty(struct toml_node *n)
{
	while (n->child != NULL) {
		struct toml_node *child = n->child;
		n->child = child->next;
		toml_node_free(child);
	}
	n->last = NULL;
}

void
toml_node_free(struct toml_node *n)
{
	toml_node_empty(n);
	free(n->key);
	free(n->text);
	free(n);
}

struct toml_node *
toml_node_member(const struct toml_node *table, const char *key)
{
	if (table == NULL || table->type != TOML_TABLE)
		return NULL;
	struct toml_node *n = table->child;
	while (n != NULL && strcmp(n->key, key) != 0)
		n = n->next;
	return n;
}

const struct toml_node *
toml_member(const struct toml_node *table, const char *key)
{
	return toml_node_member(table, key);
}

const struct toml_node *
toml_find(const struct toml *t, const char *const *path)
{
	const struct toml_node *n = t->root;
	for (; *path != NULL && n != NULL; path++)
		n = toml_node_member(n, *path);
	return n;
}
