/* SPDX-License-Identifier: MIT
 *
 * The one table of keys: what each does and what the help says about it.
 * Dispatch, help popup, tooltips and the manual page's test read it.
 */
#ifndef TUIVIEW_INPUT_KEYS_H
#define TUIVIEW_INPUT_KEYS_H

#include <stddef.h>
#include <stdint.h>

/* A key is a Unicode character, a control character, or one of these. */
enum key {
	KEY_NONE = 0, KEY_TAB = 9, KEY_ENTER = 13, KEY_ESCAPE = 27,
	KEY_BACKSPACE = 127,
	KEY_UP = 0x110000, KEY_DOWN, KEY_LEFT, KEY_RIGHT, KEY_HOME, KEY_END,
	KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_INSERT, KEY_DELETE, KEY_BACKTAB,
	KEY_F1, KEY_UNKNOWN,
};
#define KEY_CTRL(c) ((c) & 0x1f)

enum action {
	ACTION_NONE, ACTION_QUIT, ACTION_QUIT_UNSAVED, ACTION_SUSPEND,
	ACTION_REPAINT, ACTION_HELP, ACTION_NEXT_VIEW, ACTION_PREVIOUS_VIEW,
	ACTION_DOWN, ACTION_UP, ACTION_HALF_DOWN, ACTION_HALF_UP,
	ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_FIRST, ACTION_LAST,
	ACTION_ENTER, ACTION_BACK, ACTION_FILTER, ACTION_FILTER_CLEAR,
	ACTION_SORT_2S, ACTION_SORT_10S, ACTION_SORT_40S, ACTION_SORT_TOTAL,
	ACTION_SORT_SOURCE, ACTION_SORT_DESTINATION, ACTION_SORT_PROCESS,
	ACTION_REVERSE, ACTION_FREEZE, ACTION_LINE_MODE, ACTION_BAR_STYLE,
	ACTION_UNITS, ACTION_CUMULATIVE, ACTION_BORDER, ACTION_HEADER,
	ACTION_PROCESSES, ACTION_DNS, ACTION_SERVICES, ACTION_PORTS,
	ACTION_SOURCE_PORTS, ACTION_DESTINATION_PORTS,
	ACTION_MERGE_SOURCES, ACTION_MERGE_DESTINATIONS, ACTION_REFRESH,
	ACTION_PAUSE, ACTION_HOVER, ACTION_PIN, ACTION_COPY, ACTION_EXPORT,
	ACTION_EDIT_BPF, ACTION_ALERT, ACTION_THEMES, ACTION_THEME_EDITOR,
	ACTION_INTERFACES, ACTION_SCALE, ACTION_MOUSE, ACTION_RECORD,
	ACTION_FASTER, ACTION_SLOWER, ACTION_STEP, ACTION_RESET,
	ACTION_COUNT
};

enum key_section { SECTION_MOVE, SECTION_SORT, SECTION_SHOW, SECTION_NAMES,
	SECTION_CAPTURE, SECTION_REPLAY, SECTION_PROGRAM, SECTION_COUNT };

enum { BINDING_KEYS = 4 };

struct binding {
	enum action action;
	enum key_section section;
	uint32_t keys[BINDING_KEYS];	/* ends with KEY_NONE */
	const char *help;
};

/* Ends with ACTION_NONE; in the order of the help. */
extern const struct binding bindings[];

/* What a key does in the main view. */
enum action key_action(uint32_t key);

/* A section's heading. */
const char *key_section_name(enum key_section);

/* "q", "Ctrl-D", "PgDn", "Space"; Unicode arrows for the arrow keys. */
enum { KEY_NAME = 12 };
void key_label(uint32_t key, char name[KEY_NAME]);

/* All keys of an action, with blanks: "j Down". */
enum { KEY_NAMES = 40 };
void key_names(enum action, char names[KEY_NAMES]);

#endif
