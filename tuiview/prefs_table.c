/* SPDX-License-Identifier: MIT
 *
 * The table of settings: reading, checking, printing and the manual page's
 * test go by it.
 */
#include "tuiview/prefs.h"

#include <string.h>
#include <strings.h>

#include "tuiview/prefs_state.h"

#define CHOICES(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define BOOL(key, standard, help) \
	{ key, PREF_BOOL, standard, 0, 0, NULL, help }
#define TEXT(key, type, help) \
	{ key, type, "", 0, 0, NULL, help }

const struct pref_spec pref_table[] = {
	[PREF_THEME] = { "theme", PREF_CHOICE, THEME_DEFAULT, 0, 0, NULL,
	    "a built-in theme, see iftoprs --list-colors" },
	[PREF_ACTIVE_CUSTOM_THEME] = TEXT("active_custom_theme", PREF_TEXT,
	    "a theme of custom_themes, in force instead of theme"),
	[PREF_BACKGROUND] = { "background", PREF_CHOICE, "auto", 0, 0,
	    CHOICES("auto", "dark", "light"),
	    "what the terminal's own background is" },
	[PREF_COLOURS] = { "colours", PREF_CHOICE, "auto", 0, 0,
	    CHOICES("auto", "mono", "16", "256", "rgb"),
	    "how many colours the terminal is given" },
	[PREF_ASCII] = BOOL("ascii", "false",
	    "draw with ASCII characters only"),
	[PREF_VIEW] = { "view", PREF_CHOICE, "flows", 0, 0,
	    CHOICES("flows", "processes", "hosts", "services", "publishers"),
	    "the view at start" },
	[PREF_LINE_MODE] = { "line_mode", PREF_CHOICE, "two-line", 0, 0,
	    CHOICES("two-line", "one-line", "sent",
	    "received"),
	    "sent and received apart, together, or only one" },
	[PREF_SORT] = { "sort", PREF_CHOICE, "10s", 0, 0,
	    CHOICES("2s", "10s", "40s", "total", "source",
	    "destination", "process"), "the order of the rows" },
	[PREF_REVERSE] = BOOL("reverse", "false", "turn the order round"),
	[PREF_AGGREGATE] = { "aggregate", PREF_CHOICE, "none", 0, 0,
	    CHOICES("none", "source", "destination", "both"),
	    "ends whose hosts are merged into one row" },
	[PREF_SHOW_PORTS] = BOOL("show_ports", "true", "show ports"),
	[PREF_PORT_DISPLAY] = { "port_display", PREF_CHOICE, "both", 0, 0,
	    CHOICES("both", "source", "destination"),
	    "whose ports show_ports shows" },
	[PREF_SHOW_PROCESSES] = BOOL("show_processes", "true",
	    "show the process column"),
	[PREF_SHOW_CUMULATIVE] = BOOL("show_cumulative", "true",
	    "show the column of totals"),
	[PREF_SHOW_BARS] = BOOL("show_bars", "true", "bars behind the rows"),
	[PREF_BAR_STYLE] = { "bar_style", PREF_CHOICE, "Gradient", 0, 0,
	    CHOICES("Gradient", "Solid", "Thin", "Ascii"),
	    "what bars look like" },
	[PREF_SCALE] = { "scale", PREF_CHOICE, "log", 0, 0,
	    CHOICES("log", "linear"), "the scale of the bars" },
	[PREF_MAX_BANDWIDTH] = { "max_bandwidth", PREF_RATE, "0", 0, 1e15,
	    NULL, "the top of the scale; 0 lets it grow by itself" },
	[PREF_UNITS] = { "units", PREF_CHOICE, "bits", 0, 0,
	    CHOICES("bits", "bytes", "packets"), "what rates are shown in" },
	[PREF_SHOW_BORDER] = BOOL("show_border", "true",
	    "a border round the screen"),
	[PREF_SHOW_HEADER] = BOOL("show_header", "true", "the header bar"),
	[PREF_HOVER_TOOLTIPS] = BOOL("hover_tooltips", "true",
	    "tooltips when the pointer rests on the header bar"),
	[PREF_MOUSE] = BOOL("mouse", "true", "use the mouse"),
	[PREF_REFRESH_RATE] = { "refresh_rate", PREF_NUMBER, "1", 0.2, 3600,
	    NULL, "seconds between two snapshots" },
	[PREF_ALERT_THRESHOLD] = { "alert_threshold", PREF_RATE, "0", 0, 1e15,
	    NULL, "alert when a flow is faster; 0 never" },
	[PREF_DNS_RESOLUTION] = BOOL("dns_resolution", "true",
	    "show host names"),
	[PREF_PORT_RESOLUTION] = BOOL("port_resolution", "true",
	    "show service names"),
	[PREF_INTERFACE] = TEXT("interface", PREF_TEXT,
	    "the interface to capture on"),
	[PREF_PROMISCUOUS] = BOOL("promiscuous", "false",
	    "capture packets for other machines too"),
	[PREF_BPF_FILTER] = TEXT("bpf_filter", PREF_TEXT,
	    "what to capture, as in pcap-filter(7)"),
	[PREF_NET_FILTER] = TEXT("net_filter", PREF_PREFIX,
	    "count only what crosses this IPv4 network's border"),
	[PREF_NET_FILTER6] = TEXT("net_filter6", PREF_PREFIX,
	    "the same for an IPv6 network"),
	[PREF_LINK_LOCAL] = BOOL("link_local", "true",
	    "count IPv6 link-local packets"),
	[PREF_FILTER_HISTORY] = TEXT("filter_history", PREF_LIST,
	    "what was typed behind /, newest first"),
	[PREF_EXPORT_FORMAT] = { "export_format", PREF_CHOICE, "text", 0, 0,
	    CHOICES("text", "csv", "json"), "what the key e writes" },
	[PREF_PINNED] = TEXT("pinned", PREF_PINS,
	    "tables with src and dst: flows held at the top"),
	[PREF_CUSTOM_THEMES] = TEXT("custom_themes", PREF_THEMES,
	    "tables by name with the colours c1 to c6"),
};

enum pref
prefs_find(const char *key)
{
	enum pref i = 0;
	while (i < PREF_COUNT && strcmp(pref_table[i].key, key) != 0)
		i++;
	return i;
}

const char *
pref_choice_name(enum pref pref, int choice)
{
	return pref == PREF_THEME ? themes[choice].id :
	    pref_table[pref].choices[choice];
}

static int
find(enum pref pref, const char *text)
{
	const char *const *choices = pref_table[pref].choices;
	if (pref == PREF_THEME) {
		const struct theme *t = theme_find(text);
		return t == NULL ? -1 : (int)(t - themes);
	}
	for (int i = 0; choices[i] != NULL; i++) {
		if (strcasecmp(choices[i], text) == 0)
			return i;
	}
	return -1;
}

int
pref_choice_find(enum pref pref, const char *text)
{
	static const struct {
		const char *text, *name;
	} also[] = {
		{ "src", "source" }, { "dst", "destination" },
		{ "none", "mono" }, { "truecolor", "rgb" },
		{ "24bit", "rgb" }, { "logarithmic", "log" },
		{ "txt", "text" }, { "recv", "received" },
	};
	int choice = find(pref, text);
	for (size_t i = 0; choice == -1 && i < sizeof(also) / sizeof(also[0]);
	    i++) {
		if (strcasecmp(also[i].text, text) == 0)
			choice = find(pref, also[i].name);
	}
	return choice;
}
