/* SPDX-License-Identifier: MIT
 *
 * What prefs.c and its neighbours share: values in force, and the changes
 * that wait to be saved.  For everybody else there is prefs.h.
 */
#ifndef TUIVIEW_PREFS_STATE_H
#define TUIVIEW_PREFS_STATE_H

#include "tuiview/prefs.h"
#include "tuiview/toml.h"

struct pref_value {
	enum pref_origin origin;
	size_t line, column;	/* in the file, 0: not there */
	bool boolean;
	double number;
	uint64_t rate;
	int choice;
	char *text;		/* never null for texts */
};

struct pref_message {
	size_t line, column;
	char *text;
};

enum change_kind {
	CHANGE_SET, CHANGE_PIN, CHANGE_UNPIN, CHANGE_HISTORY, CHANGE_THEME,
	CHANGE_THEME_GONE, CHANGE_THEME_NAME
};

/* One thing to do to the file; applying it twice does no harm. */
struct change {
	enum change_kind kind;
	enum pref pref;		/* of CHANGE_SET */
	char *a, *b;		/* the value as TOML, null: unset; src and
				 * dst; a filter; names of themes */
	uint32_t colours[THEME_COLOURS];
	bool is_made;		/* in the text that is to be written */
	struct change *next;
};

struct prefs {
	char *path;
	struct pref_value value[PREF_COUNT];
	struct pref_message *messages;
	size_t message_count;
	char *history[PREFS_HISTORY];
	size_t history_count;
	struct pref_pin *pins;
	size_t pin_count;
	struct theme *themes;	/* custom: id and name are one text */
	size_t theme_count;
	struct change *changes;	/* in order */
};

/* prefs_table.c: a choice's canonical name and its number; -1: none. */
const char *pref_choice_name(enum pref, int choice);
int pref_choice_find(enum pref, const char *text);

/* prefs_value.c: a value from the file or from text.  False with what is
 * wrong in *why, the caller's to free. */
bool pref_from_node(enum pref, const struct toml_node *,
    struct pref_value *, char **why);
bool pref_from_text(enum pref, const char *text, struct pref_value *,
    char **why);

/* The value as TOML; null: nothing to write.  The caller frees it. */
char *pref_to_toml(enum pref, const struct pref_value *);

/* The value as people and shells see it.  The caller frees it. */
char *pref_to_text(enum pref, const struct pref_value *);

/* A colour of a custom theme, read and as TOML. */
bool pref_colour(const struct toml_node *, uint32_t *rgb);
char *pref_colour_toml(uint32_t rgb);

/* prefs_file.c: the file's text, at most PREFS_LONGEST bytes.  False with
 * errno; ENOENT when there is none. */
enum { PREFS_LONGEST = 256 * 1024 };
bool prefs_read_file(const char *path, struct buf *);

/* What errno says after it, in words. */
const char *prefs_read_error(void);

/* Take the values of a document over. */
void prefs_load(struct prefs *, const struct toml *);

/* prefs.c: note what is wrong at a place. */
void prefs_complain(struct prefs *, size_t line, size_t column,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
bool prefs_theme_name_good(const char *name);
struct theme *prefs_theme_add(struct prefs *, const char *name,
    const uint32_t colours[THEME_COLOURS]);
void prefs_pin_add(struct prefs *, const char *src, const char *dst);

/* prefs_save.c: remember a change. */
struct change *prefs_change(struct prefs *, enum change_kind, const char *a,
    const char *b);
void prefs_change_value(struct prefs *, enum pref);
void prefs_changes_free(struct change *);

#endif
