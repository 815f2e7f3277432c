/* SPDX-License-Identifier: MIT
 *
 * Settings: defaults, the file, overrides and what the user sets; and that a
 * save changes what was set and nothing else, whatever another does.
 *
 * uses: tuiview/prefs.c tuiview/prefs_table.c tuiview/prefs_value.c tuiview/prefs_file.c tuiview/prefs_lists.c tuiview/prefs_save.c tuiview/prefs_print.c tuiview/replace.c tuiview/toml.c tuiview/toml_value.c tuiview/toml_string.c tuiview/toml_tree.c tuiview/toml_edit.c tuiview/toml_place.c tuiview/theme.c tuiview/theme_table.c tuiview/colour.c tuiview/text.c tuiview/width.c
 */
#include <err.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/format.h"
#include "tuiview/export.h"
#include "tuiview/prefs.h"
#include "tests/unit/expect.h"

static char directory[] = "/tmp/iftoprs-prefs.XXXXXX";
static char path[100], other[100];

static void
put(const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		err(EXIT_FAILURE, "%s", path);
}

static void
file_is(const char *what, const char *expected)
{
	static char text[20000];
	FILE *f = fopen(path, "r");
	size_t len = f == NULL ? 0 : fread(text, 1, sizeof(text) - 1, f);
	text[len] = '\0';
	if (f != NULL)
		fclose(f);
	if (strcmp(text, expected) == 0)
		return;
	failures++;
	printf("%s: the file is\n%s--- not\n%s", what, text, expected);
}

static void
save(struct prefs *p)
{
	char *why = NULL;
	if (!prefs_save(p, &why)) {
		failures++;
		printf("not saved: %s\n", why);
	}
	free(why);
}

static void
check_defaults(void)
{
	unlink(path);
	struct prefs *p = prefs_new(path);
	expect("a missing file is complained of",
	    prefs_message(p, 0) == NULL);
	expect("default theme", strcmp(prefs_theme(p)->id, THEME_DEFAULT) ==
	    0);
	expect("default dns", prefs_bool(p, PREF_DNS_RESOLUTION));
	expect("default rate", prefs_number(p, PREF_REFRESH_RATE) == 1);
	expect("default sort", prefs_choice(p, PREF_SORT) == SORT_10S);
	expect("default interface", prefs_text(p, PREF_INTERFACE)[0] == '\0');
	expect("unsaved at start", !prefs_unsaved(p));
	save(p);
	expect("an idle save made a file", access(path, F_OK) == -1);
	prefs_set_bool(p, PREF_SHOW_BARS, false);
	expect("set", !prefs_bool(p, PREF_SHOW_BARS) && prefs_unsaved(p));
	save(p);
	file_is("first save", "# Settings of iftoprs, see iftoprs.conf(5).\n"
	    "# iftoprs saves here what its keys change.\n\n"
	    "show_bars = false\n");
	struct stat st;
	expect("mode of a new file", stat(path, &st) == 0 &&
	    (st.st_mode & 07777) == 0600);
	prefs_free(p);
}

/* What the enums say is what the table says. */
static void
check_choices(void)
{
	static const struct {
		const char *text;
		enum pref pref;
		int value;
	} rows[] = {
		{ "publishers", PREF_VIEW, VIEW_PUBLISHERS },
		{ "received", PREF_LINE_MODE, LINE_RECEIVED },
		{ "process", PREF_SORT, SORT_PROCESS },
		{ "total", PREF_SORT, SORT_TOTAL },
		{ "both", PREF_AGGREGATE, AGGREGATE_BOTH },
		{ "destination", PREF_PORT_DISPLAY, PORT_DESTINATION },
		{ "Ascii", PREF_BAR_STYLE, BAR_ASCII },
		{ "linear", PREF_SCALE, SCALE_LINEAR },
		{ "bits", PREF_UNITS, FORMAT_BITS },
		{ "packets", PREF_UNITS, FORMAT_PACKETS },
		{ "json", PREF_EXPORT_FORMAT, EXPORT_JSON },
		{ "src", PREF_SORT, SORT_SOURCE },
		{ "gradient", PREF_BAR_STYLE, BAR_GRADIENT },
	};
	struct prefs *p = prefs_new("/nonexistent/x");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *why = NULL;
		if (!prefs_override(p, rows[i].pref, rows[i].text, &why) ||
		    prefs_choice(p, rows[i].pref) != rows[i].value) {
			failures++;
			printf("%s is no %s: %s\n", rows[i].text,
			    pref_table[rows[i].pref].key, why);
		}
		free(why);
	}
	prefs_free(p);
}

/* A file as the original program writes it. */
static void
check_original(void)
{
	put("theme = \"BladeRunner\"\ndns_resolution = false\n"
	    "port_resolution = false\nshow_ports = false\n"
	    "show_bars = false\nuse_bytes = true\nshow_processes = false\n"
	    "show_cumulative = false\nbar_style = \"Thin\"\n"
	    "show_border = false\nshow_header = false\n"
	    "hover_tooltips = false\nrefresh_rate = 5\n"
	    "alert_threshold = 1250000.0\ninterface = \"eth1\"\n"
	    "active_custom_theme = \"Mine\"\n\n"
	    "[[pinned]]\nsrc = \"10.0.0.1\"\ndst = \"192.0.2.7\"\n\n"
	    "[custom_themes.Mine]\nc1 = 16\nc2 = 46\nc3 = 51\nc4 = 196\n"
	    "c5 = 226\nc6 = 255\n");
	struct prefs *p = prefs_new(path);
	size_t count;
	const struct pref_pin *pins = prefs_pins(p, &count);
	expect("complaints about the original's file",
	    prefs_message(p, 0) == NULL);
	static const enum pref off[] = {
		PREF_DNS_RESOLUTION, PREF_PORT_RESOLUTION, PREF_SHOW_PORTS,
		PREF_SHOW_BARS, PREF_SHOW_PROCESSES, PREF_SHOW_CUMULATIVE,
		PREF_SHOW_BORDER, PREF_SHOW_HEADER, PREF_HOVER_TOOLTIPS,
	};
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		expect(pref_table[off[i]].key, !prefs_bool(p, off[i]) &&
		    prefs_line(p, off[i]) > 0);
	expect("use_bytes", prefs_choice(p, PREF_UNITS) == FORMAT_BYTES);
	expect("bar_style", prefs_choice(p, PREF_BAR_STYLE) == BAR_THIN);
	expect("refresh_rate", prefs_number(p, PREF_REFRESH_RATE) == 5);
	expect("alert", prefs_rate(p, PREF_ALERT_THRESHOLD) == 1250000);
	expect("interface", strcmp(prefs_text(p, PREF_INTERFACE), "eth1") ==
	    0);
	expect("pins", count == 1 && strcmp(pins[0].dst, "192.0.2.7") == 0);
	expect("custom theme", strcmp(prefs_theme(p)->name, "Mine") == 0 &&
	    prefs_theme(p)->colours[3] == 0xff0000);
	prefs_free(p);
}

static void
check_fallback(void)
{
	put("refresh_rate = 0\nbar_style = 7\nthem = \"x\"\n"
	    "theme = \"NoSuch\"\nshow_bars = maybe\nmouse = false\n"
	    "net_filter = \"10.0.0.0/99\"\ninterface = \"a\\nb\"\n");
	struct prefs *p = prefs_new(path);
	static const char *const expected[] = {
		":1:1: refresh_rate is from 0.2 to 3600",
		":2:1: bar_style is a text in quotes",
		":3:1: unknown key them; is it theme",
		":4:1: there is no theme \"NoSuch\"",
		":5:13: maybe is no value",
		":7:1: net_filter is a network such as 192.0.2.0/24",
		":8:1: interface holds a control character",
	};
	size_t count = sizeof(expected) / sizeof(expected[0]);
	for (size_t i = 0; i < count; i++) {
		const char *got = prefs_message(p, i);
		if (got == NULL || strstr(got, expected[i]) == NULL ||
		    strncmp(got, path, strlen(path)) != 0) {
			failures++;
			printf("message %zu is \"%s\", not \"%s\"\n", i,
			    got == NULL ? "" : got, expected[i]);
		}
	}
	expect("too many messages", prefs_message(p, count) == NULL);
	expect("good key beside bad ones", !prefs_bool(p, PREF_MOUSE));
	expect("default of a bad key", prefs_number(p, PREF_REFRESH_RATE) ==
	    1 && prefs_bool(p, PREF_SHOW_BARS));
	prefs_set_bool(p, PREF_SHOW_BARS, false);
	save(p);
	file_is("bad values stay", "refresh_rate = 0\nbar_style = 7\n"
	    "them = \"x\"\ntheme = \"NoSuch\"\nshow_bars = false\n"
	    "mouse = false\nnet_filter = \"10.0.0.0/99\"\n"
	    "interface = \"a\\nb\"\n");
	prefs_free(p);
}

static void
check_override(void)
{
	put("show_bars = true # mine\n");
	struct prefs *p = prefs_new(path);
	char *why = NULL;
	expect("override", prefs_assign(p, "show_bars=false", false, &why) &&
	    !prefs_bool(p, PREF_SHOW_BARS));
	expect("override of bytes", prefs_assign(p, "use_bytes=true", false,
	    &why) && prefs_choice(p, PREF_UNITS) == FORMAT_BYTES);
	prefs_set_bool(p, PREF_MOUSE, false);
	save(p);
	file_is("an override was stored",
	    "show_bars = true # mine\nmouse = false\n");
	prefs_set_bool(p, PREF_SHOW_BARS, false);
	save(p);
	file_is("a toggled override was not stored",
	    "show_bars = false # mine\nmouse = false\n");

	static const char *const bad[] = {
		"show_bars", "no_such=1", "show_bars=maybe", "sort=up",
		"refresh_rate=fast", "refresh_rate=0.1", "pinned=1",
		"net_filter=10/8/8", "theme=NoSuch", "use_bytes=2",
		"alert_threshold=much",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		if (prefs_assign(p, bad[i], false, &why) || why == NULL) {
			failures++;
			printf("%s was accepted\n", bad[i]);
		}
		free(why);
	}
	why = NULL;
	expect("rate", prefs_assign(p, "alert_threshold=10Mb", false, &why) &&
	    prefs_rate(p, PREF_ALERT_THRESHOLD) == 1250000);
	expect("theme", prefs_assign(p, "theme=ghostwire", false, &why) &&
	    strcmp(prefs_theme(p)->id, "GhostWire") == 0);
	expect("nothing to save", !prefs_unsaved(p));
	prefs_free(p);
}

/* Two instances; each saves its own keys only. */
static void
check_two(void)
{
	put("# head\nshow_bars = true\n\nshow_ports = true\nx-other = 1\n");
	struct prefs *a = prefs_new(path), *b = prefs_new(path);
	prefs_set_bool(a, PREF_SHOW_BARS, false);
	prefs_set_bool(b, PREF_SHOW_PORTS, false);
	prefs_pin_toggle(a, "one", "two");
	prefs_pin_toggle(b, "three", "four");
	prefs_pin_toggle(b, "one", "two");
	prefs_history_add(a, "from a");
	prefs_history_add(b, "from b");
	save(a);
	save(b);
	file_is("two instances", "# head\nshow_bars = false\n\n"
	    "show_ports = false\nx-other = 1\n"
	    "filter_history = [\"from b\", \"from a\"]\n\n"
	    "[[pinned]]\nsrc = \"one\"\ndst = \"two\"\n\n"
	    "[[pinned]]\nsrc = \"three\"\ndst = \"four\"\n");
	expect("unpinned", !prefs_pin_toggle(a, "one", "two"));
	save(a);
	file_is("unpinned", "# head\nshow_bars = false\n\n"
	    "show_ports = false\nx-other = 1\n"
	    "filter_history = [\"from b\", \"from a\"]\n\n"
	    "[[pinned]]\nsrc = \"three\"\ndst = \"four\"\n");
	prefs_free(a);
	prefs_free(b);
}

static void *
hammer(void *number)
{
	char text[20];
	struct prefs *p = prefs_new(path);
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "%d.%d", *(int *)number, i);
		prefs_pin_toggle(p, text, "x");
		save(p);
	}
	prefs_free(p);
	return NULL;
}

static void
check_at_once(void)
{
	enum { THREADS = 4 };
	pthread_t threads[THREADS];
	int numbers[THREADS];
	put("");
	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i;
		pthread_create(&threads[i], NULL, hammer, &numbers[i]);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	struct prefs *p = prefs_new(path);
	size_t count;
	prefs_pins(p, &count);
	if (count != THREADS * 10) {
		failures++;
		printf("%zu of %d pins survived\n", count, THREADS * 10);
	}
	prefs_free(p);
}

static void
check_themes(void)
{
	static const uint32_t colours[] = {
		0x5f87af, 0xff0000, 0x123456, 0xffffff, 0, 0x080808,
	};
	put("theme = \"AcidRain\"\n");
	struct prefs *p = prefs_new(path);
	expect("a built-in's name", !prefs_custom_theme_store(p,
	    "ACIDRAIN", colours));
	expect("no name", !prefs_custom_theme_store(p, "", colours));
	expect("stored", prefs_custom_theme_store(p, "My \"own\"", colours) &&
	    prefs_set_theme(p, "My \"own\""));
	expect("in force", prefs_theme(p)->colours[2] == 0x123456);
	save(p);
	file_is("custom theme", "theme = \"AcidRain\"\n"
	    "active_custom_theme = \"My \\\"own\\\"\"\n\n"
	    "[custom_themes.\"My \\\"own\\\"\"]\nc1 = 67\nc2 = 196\n"
	    "c3 = \"#123456\"\nc4 = 231\nc5 = 16\nc6 = 232\n");
	expect("renamed", prefs_custom_theme_rename(p, "My \"own\"", "Dusk") &&
	    strcmp(prefs_theme(p)->id, "Dusk") == 0);
	save(p);
	struct prefs *q = prefs_new(path);
	expect("there again", strcmp(prefs_theme(q)->id, "Dusk") == 0 &&
	    prefs_theme(q)->colours[0] == 0x5f87af &&
	    prefs_custom_theme(q, 1) == NULL &&
	    prefs_message(q, 0) == NULL);
	prefs_free(q);
	expect("removed", prefs_custom_theme_remove(p, "Dusk") &&
	    strcmp(prefs_theme(p)->id, "AcidRain") == 0);
	save(p);
	file_is("removed", "theme = \"AcidRain\"\n");
	expect("no such theme", !prefs_set_theme(p, "Dusk"));
	prefs_free(p);
}

static void
check_refusals(void)
{
	char *why = NULL;
	struct prefs *p = prefs_new("/tmp");
	expect("a directory is complained of", prefs_message(p, 0) != NULL);
	prefs_set_bool(p, PREF_MOUSE, false);
	expect("saved over a directory", !prefs_save(p, &why) && why != NULL);
	expect("lost after a failure", prefs_unsaved(p));
	free(why);
	prefs_free(p);

	put("a = [1,\nmouse = true\n");
	p = prefs_new(path);
	prefs_set_bool(p, PREF_MOUSE, false);
	expect("saved over a broken file", !prefs_save(p, &why) &&
	    strstr(why, "line 2") != NULL);
	file_is("a broken file", "a = [1,\nmouse = true\n");
	free(why);
	put("a = [1]\nmouse = true\n");
	save(p);
	file_is("once mended", "a = [1]\nmouse = false\n");
	prefs_free(p);

	/* What a key's own text does not allow is no matter of others. */
	put("pinned = 7\n");
	p = prefs_new(path);
	prefs_pin_toggle(p, "one", "two");
	prefs_set_bool(p, PREF_MOUSE, false);
	expect("a pin saved into a number", !prefs_save(p, &why) &&
	    strstr(why, "pinned") != NULL);
	file_is("beside what is refused", "pinned = 7\nmouse = false\n");
	expect("forgot what was refused", prefs_unsaved(p));
	free(why);
	put("mouse = true\n");
	save(p);
	file_is("no more refused", "mouse = true\n\n"
	    "[[pinned]]\nsrc = \"one\"\ndst = \"two\"\n");
	prefs_free(p);
}

static void
check_links(void)
{
	struct stat st;
	put("mouse = true\n");
	chmod(path, 0640);
	rename(path, other);
	expect("link", symlink(other, path) == 0);
	struct prefs *p = prefs_new(path);
	prefs_set_bool(p, PREF_MOUSE, false);
	save(p);
	file_is("through a link", "mouse = false\n");
	expect("the link stays", lstat(path, &st) == 0 &&
	    S_ISLNK(st.st_mode));
	expect("the mode stays", stat(path, &st) == 0 &&
	    (st.st_mode & 07777) == 0640);
	if (geteuid() == 0 && lchown(path, 12345, 12345) == 0) {
		char *why = NULL;
		prefs_set_bool(p, PREF_MOUSE, true);
		expect("wrote through another's link", !prefs_save(p, &why));
		file_is("another's link", "mouse = false\n");
		free(why);
		expect("owner", chown(other, 12345, 12345) == 0 &&
		    unlink(path) == 0 && rename(other, path) == 0);
		save(p);
		expect("the owner stays", stat(path, &st) == 0 &&
		    st.st_uid == 12345 && st.st_gid == 12345);
		file_is("another's file", "mouse = true\n");
	}
	unlink(path);
	unlink(other);
	prefs_free(p);
}

static void
check_print(void)
{
	put("theme = \"AcidRain\"\nfilter_history = [\"a\\\"b\"]\n"
	    "bpf_filter = \"host it's\"\nunits = \"packets\"\n"
	    "refresh_rate = 0.25\n[[pinned]]\nsrc = \"s\"\ndst = \"d\"\n"
	    "[custom_themes.\"a b\"]\nc1=1\nc2=2\nc3=3\nc4=4\nc5=5\n"
	    "c6=\"#010203\"\n");
	struct prefs *p = prefs_new(path);
	char *first = NULL, *second = NULL, *shell = NULL;
	size_t len;
	FILE *f = open_memstream(&first, &len);
	prefs_print(p, f, false);
	fclose(f);
	f = open_memstream(&shell, &len);
	prefs_print(p, f, true);
	fclose(f);
	prefs_free(p);
	expect("where from", strstr(first, ".conf:1\n") != NULL &&
	    strstr(first, "# default\n") != NULL);
	expect("shell", strstr(shell, "bpf_filter='host it'\\''s'\n") !=
	    NULL && strstr(shell, "refresh_rate='0.25'\n") != NULL &&
	    strstr(shell, "pinned") == NULL);
	put(first);
	p = prefs_new(path);
	expect("the print is no good file", prefs_message(p, 0) == NULL);
	f = open_memstream(&second, &len);
	prefs_print(p, f, false);
	fclose(f);
	/* The same but for where from. */
	for (char *a = first, *b = second; a != NULL && b != NULL;
	    a = strchr(a, '\n'), b = strchr(b, '\n')) {
		a += *a == '\n';
		b += *b == '\n';
		size_t n = strcspn(a, "#\n");
		if (strncmp(a, b, n) == 0)
			continue;
		failures++;
		printf("printed %.*s, then %.*s\n", (int)n, a, (int)n, b);
	}
	prefs_free(p);
	free(first);
	free(second);
	free(shell);
}

int
main(void)
{
	if (mkdtemp(directory) == NULL)
		err(EXIT_FAILURE, "%s", directory);
	snprintf(path, sizeof(path), "%s/iftoprs.conf", directory);
	snprintf(other, sizeof(other), "%s/target", directory);
	check_defaults();
	check_choices();
	check_original();
	check_fallback();
	check_override();
	check_two();
	check_at_once();
	check_themes();
	check_refusals();
	check_print();
	check_links();
	rmdir(directory);
	expect("left something behind", access(directory, F_OK) == -1);
	return failures > 0;
}
