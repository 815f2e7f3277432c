/* SPDX-License-Identifier: MIT
 *
 * --print-config: the settings in force, as TOML that says where each comes
 * from, or for a shell's eval.
 */
#include "tuiview/prefs.h"

#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/xalloc.h"
#include "tuiview/prefs_state.h"

static void
print_shell(const struct prefs *p, FILE *f, enum pref pref)
{
	char *text = pref_to_text(pref, &p->value[pref]);
	fprintf(f, "%s='", pref_table[pref].key);
	for (const char *c = text; *c != '\0'; c++) {
		if (*c == '\'')
			fputs("'\\''", f);
		else
			putc(*c, f);
	}
	fputs("'\n", f);
	free(text);
}

/* Where a value comes from, as a comment. */
static void
print_origin(const struct prefs *p, FILE *f, enum pref pref)
{
	const struct pref_value *v = &p->value[pref];
	switch (v->origin) {
	case PREF_FROM_DEFAULT:
		fputs("# default", f);
		break;
	case PREF_FROM_FILE:
		fprintf(f, "# %s:%zu", p->path, v->line);
		break;
	case PREF_FROM_OVERRIDE:
		fputs("# command line", f);
		break;
	case PREF_FROM_USER:
		fputs("# changed, not saved", f);
		break;
	}
	putc('\n', f);
}

static void
print_value(const struct prefs *p, FILE *f, enum pref pref)
{
	char *text = pref_to_toml(pref, &p->value[pref]);
	char *pair = xasprintf("%s = %s", pref_table[pref].key,
	    text != NULL ? text : "\"\"");
	fprintf(f, "%-32s ", pair);
	print_origin(p, f, pref);
	free(pair);
	free(text);
}

static void
print_history(const struct prefs *p, FILE *f)
{
	struct buf b = { 0 };
	buf_add_text(&b, "filter_history = [");
	for (size_t i = 0; i < p->history_count; i++) {
		buf_add_text(&b, i == 0 ? "" : ", ");
		toml_quote(&b, p->history[i]);
	}
	buf_add_char(&b, ']');
	fprintf(f, "%-32s ", buf_text(&b));
	print_origin(p, f, PREF_FILTER_HISTORY);
	buf_done(&b);
}

static void
print_pins(const struct prefs *p, FILE *f)
{
	struct buf b = { 0 };
	for (size_t i = 0; i < p->pin_count; i++) {
		buf_add_text(&b, "\n[[pinned]]\nsrc = ");
		toml_quote(&b, p->pins[i].src);
		buf_add_text(&b, "\ndst = ");
		toml_quote(&b, p->pins[i].dst);
		buf_add_char(&b, '\n');
	}
	fputs(buf_text(&b), f);
	buf_done(&b);
}

static void
print_themes(const struct prefs *p, FILE *f)
{
	struct buf b = { 0 };
	for (size_t i = 0; i < p->theme_count; i++) {
		buf_add_text(&b, "\n[custom_themes.");
		toml_quote_key(&b, p->themes[i].id);
		buf_add_text(&b, "]\n");
		for (size_t slot = 0; slot < THEME_COLOURS; slot++) {
			char *c = pref_colour_toml(p->themes[i].colours[slot]);
			buf_printf(&b, "c%zu = %s\n", slot + 1, c);
			free(c);
		}
	}
	fputs(buf_text(&b), f);
	buf_done(&b);
}

void
prefs_print(const struct prefs *p, FILE *f, bool shell)
{
	for (enum pref i = 0; i < PREF_COUNT; i++) {
		if (pref_table[i].type >= PREF_LIST)
			continue;
		if (shell)
			print_shell(p, f, i);
		else
			print_value(p, f, i);
	}
	if (shell)
		return;
	print_history(p, f);
	print_pins(p, f);
	print_themes(p, f);
}
