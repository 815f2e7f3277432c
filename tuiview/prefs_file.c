/* SPDX-License-Identifier: MIT
 *
 * From the file to values: each key alone falls back to its default when it
 * is not good, and its place is told.
 */
#include "tuiview/prefs_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"

bool
prefs_read_file(const char *path, struct buf *b)
{
	/* Not to hang on a FIFO of that name. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	long got = -1;
	if (fd == -1)
		return false;
	if (fstat(fd, &st) == -1)
		goto out;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (!S_ISREG(st.st_mode))
		goto out;
	do {
		char *room = buf_reserve(b, 4096);
		got = read(fd, room, 4096);
		b->len += got > 0 ? (size_t)got : 0;
		if (b->len > PREFS_LONGEST) {
			errno = EFBIG;
			got = -1;
		}
	} while (got > 0 || (got == -1 && errno == EINTR));
out:;
	int saved = errno;
	close(fd);
	errno = saved;
	return got == 0;
}

const char *
prefs_read_error(void)
{
	if (errno == EFBIG)
		return "it is longer than 256 KiB";
	if (errno == EINVAL)
		return "it is no ordinary file";
	return strerror(errno);
}

static bool
is_text(const struct toml_node *n)
{
	return n != NULL && n->type == TOML_STRING &&
	    strlen(n->text) == n->text_len;
}

static void
load_history(struct prefs *p, const struct toml_node *n)
{
	const struct toml_node *c = n->child;
	for (; c != NULL && p->history_count < PREFS_HISTORY; c = c->next) {
		if (is_text(c))
			p->history[p->history_count++] = xstrdup(c->text);
		else
			prefs_complain(p, c->line, c->column,
			    "filter_history: one of its elements is no text");
	}
}

static void
load_pins(struct prefs *p, const struct toml_node *n)
{
	const struct toml_node *c = n->child;
	for (; c != NULL; c = c->next) {
		const struct toml_node *src = toml_member(c, "src");
		const struct toml_node *dst = toml_member(c, "dst");
		if (is_text(src) && is_text(dst))
			prefs_pin_add(p, src->text, dst->text);
		else
			prefs_complain(p, c->line, c->column,
			    "pinned: src and dst are both needed, as texts");
	}
}

static void
load_themes(struct prefs *p, const struct toml_node *n)
{
	static const char *const keys[THEME_COLOURS] = {
		"c1", "c2", "c3", "c4", "c5", "c6",
	};
	for (const struct toml_node *c = n->child; c != NULL; c = c->next) {
		uint32_t colours[THEME_COLOURS];
		size_t i = 0;
		if (!prefs_theme_name_good(c->key)) {
			prefs_complain(p, c->line, c->column, "custom_themes:"
			    " \"%s\" is the name of a built-in theme, empty, "
			    "too long, or has a control character", c->key);
			continue;
		}
		while (i < THEME_COLOURS && pref_colour(toml_member(c,
		    keys[i]), &colours[i]))
			i++;
		if (i == THEME_COLOURS) {
			prefs_theme_add(p, c->key, colours);
			continue;
		}
		const struct toml_node *bad = toml_member(c, keys[i]);
		prefs_complain(p, bad != NULL ? bad->line : c->line,
		    bad != NULL ? bad->column : c->column,
		    "custom_themes: %s of \"%s\" is a number from 0 to 255 "
		    "or a text like \"#ff8800\"", keys[i], c->key);
	}
}

static void
load_key(struct prefs *p, enum pref pref, const struct toml_node *n)
{
	struct pref_value *v = &p->value[pref];
	enum pref_type type = pref_table[pref].type;
	char *why = NULL;
	v->line = n->line;
	v->column = n->column;
	if (n->type == TOML_BAD)
		return;		/* the reader told already */
	bool fits = true;
	if (type == PREF_LIST || type == PREF_PINS)
		fits = n->type == TOML_ARRAY;
	else if (type == PREF_THEMES)
		fits = n->type == TOML_TABLE;
	if (fits && type == PREF_LIST)
		load_history(p, n);
	else if (fits && type == PREF_PINS)
		load_pins(p, n);
	else if (fits && type == PREF_THEMES)
		load_themes(p, n);
	else
		fits = pref_from_node(pref, n, v, &why);
	if (fits) {
		v->origin = PREF_FROM_FILE;
		return;
	}
	prefs_complain(p, n->line, n->column, "%s", why);
	free(why);
}

/* use_bytes of older files says what units says now. */
static void
load_use_bytes(struct prefs *p, const struct toml_node *n)
{
	struct pref_value *v = &p->value[PREF_UNITS];
	if (n->type == TOML_BAD)
		return;
	if (n->type != TOML_BOOL) {
		prefs_complain(p, n->line, n->column,
		    "use_bytes is true or false");
		return;
	}
	if (v->origin == PREF_FROM_FILE)
		return;
	v->choice = n->boolean ? 1 : 0;
	v->origin = PREF_FROM_FILE;
	v->line = n->line;
	v->column = n->column;
}

/* The key that was meant, by the fewest characters to change. */
static const char *
similar(const char *key)
{
	size_t len = strlen(key), row[64];
	const char *best = NULL;
	size_t least = 3;
	for (enum pref i = 0; i < PREF_COUNT && len < 64; i++) {
		const char *other = pref_table[i].key;
		for (size_t c = 0; c <= len; c++)
			row[c] = c;
		for (size_t r = 0; other[r] != '\0'; r++) {
			size_t corner = row[0]++;
			for (size_t c = 0; c < len; c++) {
				size_t change = corner + (key[c] != other[r]);
				corner = row[c + 1];
				size_t add = (corner < row[c] ? corner :
				    row[c]) + 1;
				row[c + 1] = change < add ? change : add;
			}
		}
		if (len < 63 && row[len] < least) {
			least = row[len];
			best = other;
		}
	}
	return best;
}

static void
load_unknown(struct prefs *p, const struct toml_node *n)
{
	const char *meant = similar(n->key);
	prefs_complain(p, n->line, n->column, "unknown key %s%s%s", n->key,
	    meant != NULL ? "; is it " : "", meant != NULL ? meant : "");
}

void
prefs_load(struct prefs *p, const struct toml *t)
{
	const struct toml_node *use_bytes = NULL;
	for (size_t i = 0; i < t->error_count; i++)
		prefs_complain(p, t->errors[i].line, t->errors[i].column,
		    "%s", t->errors[i].text);
	for (const struct toml_node *n = t->root->child; n != NULL;
	    n = n->next) {
		enum pref pref = prefs_find(n->key);
		if (pref != PREF_COUNT)
			load_key(p, pref, n);
		else if (strcmp(n->key, "use_bytes") == 0)
			use_bytes = n;
		else
			load_unknown(p, n);
	}
	if (use_bytes != NULL)
		load_use_bytes(p, use_bytes);
	/* A theme that is not there must not hide the built-in one. */
	struct pref_value *v = &p->value[PREF_ACTIVE_CUSTOM_THEME];
	for (size_t i = 0; i < p->theme_count; i++) {
		if (strcmp(p->themes[i].id, v->text) == 0)
			return;
	}
	if (v->text[0] == '\0')
		return;
	prefs_complain(p, v->line, v->column, "there is no theme \"%s\" in "
	    "custom_themes", v->text);
	v->text[0] = '\0';
	v->origin = PREF_FROM_DEFAULT;
}
