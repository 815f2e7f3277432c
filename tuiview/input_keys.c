/* SPDX-License-Identifier: MIT
 *
 * The table, and how keys are called.
 */
#include "tuiview/input_keys.h"

#include <stdio.h>
#include <string.h>

#include "lib/utf8.h"

const struct binding bindings[] = {
	{ ACTION_DOWN, SECTION_MOVE, { 'j', KEY_DOWN }, "next row" },
	{ ACTION_UP, SECTION_MOVE, { 'k', KEY_UP }, "previous row" },
	{ ACTION_HALF_DOWN, SECTION_MOVE, { KEY_CTRL('d') },
	    "half a screen down" },
	{ ACTION_HALF_UP, SECTION_MOVE, { KEY_CTRL('u') },
	    "half a screen up" },
	{ ACTION_PAGE_DOWN, SECTION_MOVE, { KEY_PAGE_DOWN },
	    "a screen down" },
	{ ACTION_PAGE_UP, SECTION_MOVE, { KEY_PAGE_UP }, "a screen up" },
	{ ACTION_FIRST, SECTION_MOVE, { KEY_HOME }, "first row (also g g)" },
	{ ACTION_LAST, SECTION_MOVE, { 'G', KEY_END }, "last row" },
	{ ACTION_ENTER, SECTION_MOVE, { KEY_ENTER },
	    "open: its flows, details" },
	{ ACTION_BACK, SECTION_MOVE, { KEY_ESCAPE },
	    "back, close, deselect" },
	{ ACTION_NEXT_VIEW, SECTION_MOVE, { KEY_TAB }, "next view" },
	{ ACTION_PREVIOUS_VIEW, SECTION_MOVE, { KEY_BACKTAB },
	    "previous view" },

	{ ACTION_SORT_2S, SECTION_SORT, { '1' }, "sort by 2 s rate" },
	{ ACTION_SORT_10S, SECTION_SORT, { '2' }, "sort by 10 s rate" },
	{ ACTION_SORT_40S, SECTION_SORT, { '3' }, "sort by 40 s rate" },
	{ ACTION_SORT_TOTAL, SECTION_SORT, { '4' }, "sort by total" },
	{ ACTION_SORT_SOURCE, SECTION_SORT, { '<' }, "sort by source" },
	{ ACTION_SORT_DESTINATION, SECTION_SORT, { '>' },
	    "sort by destination" },
	{ ACTION_SORT_PROCESS, SECTION_SORT, { '5' }, "sort by process" },
	{ ACTION_REVERSE, SECTION_SORT, { 'r' }, "reverse the order" },
	{ ACTION_FREEZE, SECTION_SORT, { 'o' }, "freeze the order" },
	{ ACTION_FILTER, SECTION_SORT, { '/' }, "filter rows" },
	{ ACTION_FILTER_CLEAR, SECTION_SORT, { '0' }, "clear the filter" },
	{ ACTION_PIN, SECTION_SORT, { 'F' }, "pin the row to the top" },

	{ ACTION_LINE_MODE, SECTION_SHOW, { 't' },
	    "lines: two one sent rcvd" },
	{ ACTION_BAR_STYLE, SECTION_SHOW, { 'b' },
	    "bars: next style or none" },
	{ ACTION_UNITS, SECTION_SHOW, { 'B' }, "bits, bytes, packets" },
	{ ACTION_SCALE, SECTION_SHOW, { 'L' },
	    "log or linear scale" },
	{ ACTION_CUMULATIVE, SECTION_SHOW, { 'U' }, "column of totals" },
	{ ACTION_PROCESSES, SECTION_SHOW, { 'Z' }, "column of processes" },
	{ ACTION_BORDER, SECTION_SHOW, { 'x' }, "border" },
	{ ACTION_HEADER, SECTION_SHOW, { 'g' }, "header bar" },
	{ ACTION_HOVER, SECTION_SHOW, { 'T' }, "tips by hovering" },
	{ ACTION_THEMES, SECTION_SHOW, { 'c' }, "choose a theme" },
	{ ACTION_THEME_EDITOR, SECTION_SHOW, { 'C' }, "edit a theme" },

	{ ACTION_DNS, SECTION_NAMES, { 'n' }, "host names" },
	{ ACTION_SERVICES, SECTION_NAMES, { 'N' }, "service names" },
	{ ACTION_PORTS, SECTION_NAMES, { 'p' },
	    "ports (off: rows merge)" },
	{ ACTION_SOURCE_PORTS, SECTION_NAMES, { 'S' }, "source ports" },
	{ ACTION_DESTINATION_PORTS, SECTION_NAMES, { 'D' },
	    "destination ports" },
	{ ACTION_MERGE_SOURCES, SECTION_NAMES, { 's' },
	    "merge all sources" },
	{ ACTION_MERGE_DESTINATIONS, SECTION_NAMES, { 'd' },
	    "merge all destinations" },

	{ ACTION_REFRESH, SECTION_CAPTURE, { 'f' },
	    "refresh: 1 2 5 10 s" },
	{ ACTION_PAUSE, SECTION_CAPTURE, { 'P', ' ' }, "pause the screen" },
	{ ACTION_INTERFACES, SECTION_CAPTURE, { 'i' },
	    "choose the interface" },
	{ ACTION_EDIT_BPF, SECTION_CAPTURE, { 'E' },
	    "capture filter (BPF)" },
	{ ACTION_ALERT, SECTION_CAPTURE, { 'A' }, "alert threshold" },
	{ ACTION_RESET, SECTION_CAPTURE, { 'X' }, "totals begin at 0" },
	{ ACTION_RECORD, SECTION_CAPTURE, { 'R' },
	    "record what is received" },
	{ ACTION_COPY, SECTION_CAPTURE, { 'y' }, "copy the row" },
	{ ACTION_EXPORT, SECTION_CAPTURE, { 'e' },
	    "export the rows to a file" },

	{ ACTION_FASTER, SECTION_REPLAY, { '+', '=' }, "play faster" },
	{ ACTION_SLOWER, SECTION_REPLAY, { '-' }, "play slower" },
	{ ACTION_STEP, SECTION_REPLAY, { '.' }, "one step while paused" },

	{ ACTION_HELP, SECTION_PROGRAM, { 'h', '?', KEY_F1 }, "this help" },
	{ ACTION_MOUSE, SECTION_PROGRAM, { 'M' }, "mouse on or off" },
	{ ACTION_REPAINT, SECTION_PROGRAM, { KEY_CTRL('l') },
	    "repaint the screen" },
	{ ACTION_SUSPEND, SECTION_PROGRAM, { KEY_CTRL('z') }, "suspend" },
	{ ACTION_QUIT, SECTION_PROGRAM, { 'q' }, "save settings and quit" },
	{ ACTION_QUIT_UNSAVED, SECTION_PROGRAM, { KEY_CTRL('c') }, "quit" },
	{ ACTION_NONE, SECTION_PROGRAM, { KEY_NONE }, NULL },
};

enum action
key_action(uint32_t key)
{
	for (const struct binding *b = bindings; b->help != NULL; b++)
		for (int i = 0; i < BINDING_KEYS && b->keys[i] != KEY_NONE;
		    i++)
			if (b->keys[i] == key)
				return b->action;
	return ACTION_NONE;
}

const char *
key_section_name(enum key_section section)
{
	static const char *const names[] = { "Moving", "Order and filter",
		"Display", "Names and ports", "Capture and data", "Replay",
		"Program" };
	return names[section];
}

void
key_label(uint32_t key, char name[KEY_NAME])
{
	static const struct { uint32_t key; const char *name; } special[] = {
		{ KEY_TAB, "Tab" }, { KEY_ENTER, "Enter" },
		{ KEY_ESCAPE, "Esc" }, { KEY_BACKSPACE, "Backspace" },
		{ KEY_UP, "Up" }, { KEY_DOWN, "Down" },
		{ KEY_LEFT, "Left" }, { KEY_RIGHT, "Right" },
		{ KEY_HOME, "Home" }, { KEY_END, "End" },
		{ KEY_PAGE_UP, "PgUp" }, { KEY_PAGE_DOWN, "PgDn" },
		{ KEY_INSERT, "Ins" }, { KEY_DELETE, "Del" },
		{ KEY_BACKTAB, "Shift-Tab" }, { KEY_F1, "F1" },
		{ ' ', "Space" },
	};
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].key == key) {
			snprintf(name, KEY_NAME, "%s", special[i].name);
			return;
		}
	if (key < 0x20) {
		snprintf(name, KEY_NAME, "Ctrl-%c", (char)('@' + key));
		return;
	}
	name[key < 0x110000 ? utf8_encode(key, name) : 0] = '\0';
}

void
key_names(enum action action, char names[KEY_NAMES])
{
	size_t len = 0;
	names[0] = '\0';
	for (const struct binding *b = bindings; b->help != NULL; b++) {
		if (b->action != action)
			continue;
		for (int i = 0; i < BINDING_KEYS && b->keys[i] != KEY_NONE;
		    i++) {
			char name[KEY_NAME];
			key_label(b->keys[i], name);
			len += (size_t)snprintf(names + len, KEY_NAMES - len,
			    "%s%s", len > 0 ? " " : "", name);
			if (len >= KEY_NAMES)
				return;
		}
	}
}
