/* SPDX-License-Identifier: MIT
 *
 * Lines "key: value" with # comments and a backslash that joins lines, as
 * iftop(8) describes them.
 */
#include "tuiview/iftoprc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xalloc.h"
#include "tuiview/prefs_state.h"

/* A value of iftop's and what it is called here; several keys with a bar
 * between assignments; with a sign in front an end that is merged or not. */
struct word {
	const char *from, *to;
};

struct rule {
	const char *key;
	const char *setting;	/* takes the value as it is */
	const struct word *words;	/* or one of these assignments */
	const char *instead;	/* or why there is nothing like it */
};

#define WORDS(...) ((const struct word[]){ __VA_ARGS__, { NULL, NULL } })
#define YES_NO(setting) \
	WORDS({ "yes", setting "=true" }, { "no", setting "=false" })

static const struct rule rules[] = {
	{ "interface", "interface", NULL, NULL },
	{ "dns-resolution", NULL, YES_NO("dns_resolution"), NULL },
	{ "port-resolution", NULL, YES_NO("port_resolution"), NULL },
	{ "filter-code", "bpf_filter", NULL, NULL },
	{ "show-bars", NULL, YES_NO("show_bars"), NULL },
	{ "promiscuous", NULL, YES_NO("promiscuous"), NULL },
	{ "hide-source", NULL, WORDS({ "yes", "+source" },
	    { "no", "-source" }), NULL },
	{ "hide-destination", NULL, WORDS({ "yes", "+destination" },
	    { "no", "-destination" }), NULL },
	{ "use-bytes", NULL, WORDS({ "yes", "units=bytes" },
	    { "no", "units=bits" }), NULL },
	{ "bandwidth-unit", "units", NULL, NULL },
	{ "sort", NULL, WORDS({ "2s", "sort=2s" }, { "10s", "sort=10s" },
	    { "40s", "sort=40s" }, { "source", "sort=source" },
	    { "destination", "sort=destination" }), NULL },
	{ "line-display", NULL, WORDS({ "two-line", "line_mode=two-line" },
	    { "one-line-both", "line_mode=one-line" },
	    { "one-line-sent", "line_mode=sent" },
	    { "one-line-received", "line_mode=received" }), NULL },
	{ "show-totals", NULL, YES_NO("show_cumulative"), NULL },
	{ "log-scale", NULL, WORDS({ "yes", "scale=log" },
	    { "no", "scale=linear" }), NULL },
	{ "max-bandwidth", "max_bandwidth", NULL, NULL },
	{ "net-filter", "net_filter", NULL, NULL },
	{ "net-filter6", "net_filter6", NULL, NULL },
	{ "port-display", NULL, WORDS({ "off", "show_ports=false" },
	    { "source-only", "show_ports=true|port_display=source" },
	    { "destination-only",
	    "show_ports=true|port_display=destination" },
	    { "on", "show_ports=true|port_display=both" }), NULL },
	{ "link-local", NULL, YES_NO("link_local"), NULL },
	{ "timed-output", NULL, NULL, "see iftoprs --text --seconds" },
	{ "no-curses", NULL, NULL, "see iftoprs --text" },
	{ "num-lines", NULL, NULL, "see iftoprs --top" },
	{ "screen-filter", NULL, NULL, "type it behind /" },
	{ "http-port", NULL, NULL, "see iftoprs --json" },
	{ "http-user", NULL, NULL, "see iftoprs --json" },
	{ "http-group", NULL, NULL, "see iftoprs --json" },
};

/* Where it stands, for the report. */
struct place {
	const char *path;
	size_t line;
	FILE *report;
};

static void
tell(const struct place *at, const char *key, const char *text)
{
	fprintf(at->report, "%s:%zu: %s: %s\n", at->path, at->line, key,
	    text);
}

/* One end at a time: what is set of the other stays. */
static const char *
merge(const struct prefs *p, const char *end)
{
	static const char *const sums[] = {
		[AGGREGATE_NONE] = "aggregate=none",
		[AGGREGATE_SOURCE] = "aggregate=source",
		[AGGREGATE_DESTINATION] = "aggregate=destination",
		[AGGREGATE_BOTH] = "aggregate=both",
	};
	unsigned ends = (unsigned)prefs_choice(p, PREF_AGGREGATE);
	unsigned one = strcmp(end + 1, "source") == 0 ? AGGREGATE_SOURCE :
	    AGGREGATE_DESTINATION;
	return sums[*end == '+' ? ends | one : ends & ~one];
}

static void
assign(struct prefs *p, const struct place *at, const char *key,
    const char *assignment)
{
	char *why = NULL;
	if (*assignment == '+' || *assignment == '-')
		assignment = merge(p, assignment);
	if (prefs_assign(p, assignment, true, &why))
		tell(at, key, assignment);
	else
		tell(at, key, why);
	free(why);
}

static void
assign_all(struct prefs *p, const struct place *at, const char *key,
    const char *to)
{
	while (*to != '\0') {
		size_t len = strcspn(to, "|");
		char *one = xstrdup(to);
		one[len] = '\0';
		assign(p, at, key, one);
		free(one);
		to += len + (to[len] == '|');
	}
}

/* iftop's limit is in bits per second.  Its M is 2^20 and ours a million:
 * near enough for the top of a scale. */
static char *
bandwidth(const char *value)
{
	size_t len = strlen(value);
	bool unit = len > 0 && strchr("bB", value[len - 1]) != NULL;
	return xasprintf("max_bandwidth=%s%s", value, unit ? "" : "b");
}

static void
apply(struct prefs *p, const struct place *at, const char *key,
    const char *value)
{
	const struct rule *r = rules;
	const size_t count = sizeof(rules) / sizeof(rules[0]);
	while (r < rules + count && strcasecmp(r->key, key) != 0)
		r++;
	if (r == rules + count) {
		tell(at, key, "not a key of iftop; left out");
		return;
	}
	if (r->instead != NULL) {
		char *text = xasprintf("left out; %s", r->instead);
		tell(at, key, text);
		free(text);
		return;
	}
	if (r->setting != NULL) {
		bool limit = strcmp(r->setting, "max_bandwidth") == 0;
		char *text = limit ? bandwidth(value) :
		    xasprintf("%s=%s", r->setting, value);
		assign(p, at, key, text);
		free(text);
		return;
	}
	if (strcasecmp(value, "true") == 0)
		value = "yes";
	else if (strcasecmp(value, "false") == 0)
		value = "no";
	for (const struct word *w = r->words; w->from != NULL; w++) {
		if (strcasecmp(w->from, value) == 0) {
			assign_all(p, at, key, w->to);
			return;
		}
	}
	char *text = xasprintf("left out; \"%s\" is none of its values",
	    value);
	tell(at, key, text);
	free(text);
}

/* Text without blanks at its ends. */
static char *
trimmed(char *text)
{
	text += strspn(text, " \t\r");
	size_t len = strlen(text);
	while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

static void
read_line(struct prefs *p, const struct place *at, char *line)
{
	/* iftop begins a comment at any #, with or without a blank. */
	line[strcspn(line, "#")] = '\0';
	line = trimmed(line);
	if (line[0] == '\0')
		return;
	char *colon = strchr(line, ':');
	if (colon == NULL) {
		tell(at, line, "left out; not a line of key: value");
		return;
	}
	*colon = '\0';
	apply(p, at, trimmed(line), trimmed(colon + 1));
}

static void
read_lines(struct prefs *p, struct place *at, char *text)
{
	size_t number = 0;
	struct buf line = { 0 };
	for (char *next; text != NULL; text = next) {
		next = strchr(text, '\n');
		if (next != NULL)
			*next++ = '\0';
		number++;
		if (line.len == 0)
			at->line = number;
		size_t len = strlen(text);
		if (len > 0 && text[len - 1] == '\r')
			len--;
		bool joins = len > 0 && text[len - 1] == '\\';
		buf_add(&line, text, len - joins);
		if (joins && next != NULL)
			continue;
		buf_text(&line);
		read_line(p, at, line.data);
		buf_reset(&line);
	}
	buf_done(&line);
}

bool
iftoprc_import(struct prefs *p, const char *path, FILE *report, char **why)
{
	const char *home = getenv("HOME");
	struct buf text = { 0 };
	char *own = path[0] != '\0' ? xstrdup(path) :
	    xasprintf("%s/.iftoprc", home != NULL ? home : "");
	bool good = prefs_read_file(own, &text);
	if (good) {
		struct place at = { own, 0, report };
		buf_text(&text);
		read_lines(p, &at, text.data);
	} else {
		*why = xasprintf("cannot read %s: %s", own,
		    prefs_read_error());
	}
	buf_done(&text);
	free(own);
	return good;
}
