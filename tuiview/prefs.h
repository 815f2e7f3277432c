/* SPDX-License-Identifier: MIT
 *
 * The settings, iftoprs.conf(5): one table of keys with type, default,
 * range and help; read from the file with a fallback for each key alone,
 * overridden by the command line, and saved key by key into a fresh
 * reading of the file, so that comments, order, unknown keys and what
 * another instance wrote stay.
 *
 * A value comes from the default, the file, an override (command line: in
 * force, but never stored) or a set (the user toggled it: in force and
 * stored at the next save).  This module prints nothing by itself.
 */
#ifndef TUIVIEW_PREFS_H
#define TUIVIEW_PREFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tuiview/theme.h"

/* One per row of the table, sorted as the file and the manual have them. */
enum pref {
	PREF_THEME,		/* choice: a built-in theme's identifier */
	PREF_ACTIVE_CUSTOM_THEME,	/* text: empty for none */
	PREF_BACKGROUND,	/* choice: auto dark light */
	PREF_COLOURS,		/* choice: auto mono 16 256 rgb */
	PREF_ASCII,		/* bool */
	PREF_VIEW,		/* choice: enum pref_view */
	PREF_LINE_MODE,		/* choice: enum pref_line */
	PREF_SORT,		/* choice: enum pref_sort */
	PREF_REVERSE,		/* bool */
	PREF_AGGREGATE,		/* choice: enum pref_aggregate */
	PREF_SHOW_PORTS,	/* bool */
	PREF_PORT_DISPLAY,	/* choice: enum pref_port; with show_ports */
	PREF_SHOW_PROCESSES,	/* bool */
	PREF_SHOW_CUMULATIVE,	/* bool */
	PREF_SHOW_BARS,		/* bool */
	PREF_BAR_STYLE,		/* choice: enum pref_bar */
	PREF_SCALE,		/* choice: enum pref_scale */
	PREF_MAX_BANDWIDTH,	/* rate: bytes per second, 0 automatic */
	PREF_UNITS,		/* choice: enum format_unit of lib/format.h;
				 * use_bytes of old files is read as this */
	PREF_SHOW_BORDER,	/* bool */
	PREF_SHOW_HEADER,	/* bool */
	PREF_HOVER_TOOLTIPS,	/* bool */
	PREF_MOUSE,		/* bool */
	PREF_REFRESH_RATE,	/* number: seconds, 0.2 to 3600 */
	PREF_ALERT_THRESHOLD,	/* rate: bytes per second, 0 off */
	PREF_DNS_RESOLUTION,	/* bool */
	PREF_PORT_RESOLUTION,	/* bool */
	PREF_INTERFACE,		/* text: empty for the default */
	PREF_PROMISCUOUS,	/* bool */
	PREF_BPF_FILTER,	/* text */
	PREF_NET_FILTER,	/* text: an IPv4 prefix */
	PREF_NET_FILTER6,	/* text: an IPv6 prefix */
	PREF_LINK_LOCAL,	/* bool */
	PREF_FILTER_HISTORY,	/* list of texts, newest first */
	PREF_EXPORT_FORMAT,	/* choice: enum export_format of export.h */
	PREF_PINNED,		/* array of tables: src, dst */
	PREF_CUSTOM_THEMES,	/* table of tables: c1 to c6 */
	PREF_COUNT
};

enum pref_view {
	VIEW_FLOWS, VIEW_PROCESSES, VIEW_HOSTS, VIEW_SERVICES,
	VIEW_PUBLISHERS
};
enum pref_line { LINE_TWO, LINE_ONE, LINE_SENT, LINE_RECEIVED };
enum pref_sort {
	SORT_2S, SORT_10S, SORT_40S, SORT_TOTAL, SORT_SOURCE,
	SORT_DESTINATION, SORT_PROCESS
};
enum pref_aggregate {		/* bits */
	AGGREGATE_NONE, AGGREGATE_SOURCE, AGGREGATE_DESTINATION,
	AGGREGATE_BOTH
};
enum pref_port { PORT_BOTH, PORT_SOURCE, PORT_DESTINATION };
enum pref_bar { BAR_GRADIENT, BAR_SOLID, BAR_THIN, BAR_ASCII };
enum pref_scale { SCALE_LOG, SCALE_LINEAR };

enum pref_type {
	PREF_BOOL, PREF_NUMBER, PREF_RATE, PREF_CHOICE, PREF_TEXT,
	PREF_PREFIX, PREF_LIST, PREF_PINS, PREF_THEMES
};

struct pref_spec {
	const char *key;
	enum pref_type type;
	const char *standard;	/* the default, as the file would say it */
	double min, max;	/* of a number or rate */
	const char *const *choices;	/* of a choice, ends with null */
	const char *help;	/* one line */
};

/* The table, PREF_COUNT rows. */
extern const struct pref_spec pref_table[];

enum pref_origin {
	PREF_FROM_DEFAULT, PREF_FROM_FILE, PREF_FROM_OVERRIDE, PREF_FROM_USER
};

struct prefs;

/* All defaults, and the file's values over them.  `path` null: .iftoprs.conf
 * in HOME.  Never fails: a missing file is no error, and every other trouble
 * is a message.  Free with prefs_free(). */
struct prefs *prefs_new(const char *path);
void prefs_free(struct prefs *);

/* The file's path; null without -c and HOME. */
const char *prefs_path(const struct prefs *);

/* What was wrong, "PATH:LINE:COLUMN: text", in the file's order; null past
 * the last. */
const char *prefs_message(const struct prefs *, size_t i);

/* The value in force.  A text is empty for none; borrowed until the next
 * set.  Asking with the wrong type is a bug and aborts. */
bool prefs_bool(const struct prefs *, enum pref);
double prefs_number(const struct prefs *, enum pref);
uint64_t prefs_rate(const struct prefs *, enum pref);
int prefs_choice(const struct prefs *, enum pref);
const char *prefs_text(const struct prefs *, enum pref);

/* Where it comes from; the line in the file, or 0. */
enum pref_origin prefs_origin(const struct prefs *, enum pref);
size_t prefs_line(const struct prefs *, enum pref);

/* The user changed it on the screen: in force, stored at the next save, even
 * when it was overridden.  Setting what already is in force for an
 * overridden key stores it too. */
void prefs_set_bool(struct prefs *, enum pref, bool);
void prefs_set_number(struct prefs *, enum pref, double);
void prefs_set_rate(struct prefs *, enum pref, uint64_t);
void prefs_set_choice(struct prefs *, enum pref, int);
void prefs_set_text(struct prefs *, enum pref, const char *);

/* From the command line: in force, not stored.  `text` is as a person
 * types it ("true", "10Mb", "Gradient").  False with a message in *why
 * (the caller's to free) when the value is not good. */
bool prefs_override(struct prefs *, enum pref, const char *text, char **why);

/* "KEY=VALUE" of --set: as prefs_override() when `store` is false, as the
 * user's change when true. */
bool prefs_assign(struct prefs *, const char *assignment, bool store,
    char **why);

/* The row of a key; PREF_COUNT when there is none. */
enum pref prefs_find(const char *key);

/* The filter history, newest first; null past the last.  Adding moves an
 * equal text to the front; at most PREFS_HISTORY are kept. */
enum { PREFS_HISTORY = 50 };
const char *prefs_history(const struct prefs *, size_t i);
void prefs_history_add(struct prefs *, const char *text);

/* Pinned pairs: texts as the screen or the original wrote them, addresses
 * with or without port. */
struct pref_pin {
	char *src, *dst;
};
const struct pref_pin *prefs_pins(const struct prefs *, size_t *count);
/* Pin or unpin; true when it is pinned now. */
bool prefs_pin_toggle(struct prefs *, const char *src, const char *dst);

/* The theme in force: the active custom one, else the built-in.  Borrowed
 * until the next change of themes. */
const struct theme *prefs_theme(const struct prefs *);
/* Choose by identifier or custom name; false when there is none. */
bool prefs_set_theme(struct prefs *, const char *id);

/* Custom themes, in the file's order; null past the last. */
const struct theme *prefs_custom_theme(const struct prefs *, size_t i);
/* Add or replace by name; false when the name is empty, too long, holds a
 * control character, or is that of a built-in theme. */
bool prefs_custom_theme_store(struct prefs *, const char *name,
    const uint32_t colours[THEME_COLOURS]);
bool prefs_custom_theme_rename(struct prefs *, const char *old,
    const char *name);
bool prefs_custom_theme_remove(struct prefs *, const char *name);

/* Is something set and not saved? */
bool prefs_unsaved(const struct prefs *);

/* Save what was set: under a lock, into a fresh reading, atomically.  True
 * when nothing was to do.  False with a message in *why (the caller's to
 * free; `why` may be null): what cannot be changed as the file is written, or
 * all when it cannot be read or written, stays unsaved then. */
bool prefs_save(struct prefs *, char **why);

/* The same in three steps, so that the slow one can run on another thread:
 * take the changes out, write them (touches no struct prefs), and put the
 * outcome back.  Null from _begin: nothing to do. */
struct prefs_job *prefs_save_begin(struct prefs *);
void prefs_job_run(struct prefs_job *);
bool prefs_save_end(struct prefs *, struct prefs_job *, char **why);

/* --print-config: every key with its value; `shell`: key='value' lines for
 * eval, numbers plain, lists left out; else TOML with a comment that tells
 * where each value comes from. */
void prefs_print(const struct prefs *, FILE *, bool shell);

/* --check-config: the messages to `f`; true when there are none. */
bool prefs_check(const struct prefs *, FILE *);

#endif
