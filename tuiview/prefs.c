/* SPDX-License-Identifier: MIT
 *
 * The settings in force: defaults, the file over them, the command line over
 * that, and what the user does on the screen over all.
 */
#include "tuiview/prefs.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/prefs_state.h"
#include "tuiview/text.h"

enum { MESSAGES_MOST = 100 };

void
prefs_complain(struct prefs *p, size_t line, size_t column,
    const char *format, ...)
{
	struct buf b = { 0 };
	va_list arguments;
	char text[400];
	if (p->message_count == MESSAGES_MOST)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	buf_printf(&b, "%s:", p->path);
	if (line > 0)
		buf_printf(&b, "%zu:%zu:", line, column);
	buf_add_char(&b, ' ');
	/* What stands in the file may steer a terminal. */
	text_add_shown(&b, text, strlen(text));
	/* In the file's order, whatever found it. */
	size_t at = p->message_count;
	p->messages = xreallocarray(p->messages, at + 1,
	    sizeof(*p->messages));
	for (; at > 0 && (p->messages[at - 1].line > line ||
	    (p->messages[at - 1].line == line &&
	    p->messages[at - 1].column > column)); at--)
		p->messages[at] = p->messages[at - 1];
	p->messages[at] = (struct pref_message){ line, column,
		xstrdup(buf_text(&b)) };
	p->message_count++;
	buf_done(&b);
}

static void
set_default(struct prefs *p, enum pref pref)
{
	struct pref_value *v = &p->value[pref];
	char *why = NULL;
	v->text = xstrdup("");
	if (pref_table[pref].type < PREF_LIST &&
	    !pref_from_text(pref, pref_table[pref].standard, v, &why))
		abort();	/* the table is wrong */
}

struct prefs *
prefs_new(const char *path)
{
	struct prefs *p = xcalloc(1, sizeof(*p));
	const char *home = getenv("HOME");
	for (enum pref i = 0; i < PREF_COUNT; i++)
		set_default(p, i);
	if (path != NULL)
		p->path = xstrdup(path);
	else if (home != NULL && home[0] == '/')
		p->path = xasprintf("%s/.iftoprs.conf", home);
	if (p->path == NULL)
		return p;
	struct buf b = { 0 };
	if (prefs_read_file(p->path, &b)) {
		struct toml *t = toml_new(b.data, b.len);
		prefs_load(p, t);
		toml_free(t);
	} else if (errno != ENOENT) {
		prefs_complain(p, 0, 0, "%s; the defaults are used, and it "
		    "will not be written", prefs_read_error());
	}
	buf_done(&b);
	return p;
}

static void
free_themes(struct prefs *p)
{
	for (size_t i = 0; i < p->theme_count; i++)
		free((char *)(uintptr_t)p->themes[i].id);
	free(p->themes);
}

void
prefs_free(struct prefs *p)
{
	if (p == NULL)
		return;
	for (enum pref i = 0; i < PREF_COUNT; i++)
		free(p->value[i].text);
	for (size_t i = 0; i < p->message_count; i++)
		free(p->messages[i].text);
	for (size_t i = 0; i < p->history_count; i++)
		free(p->history[i]);
	for (size_t i = 0; i < p->pin_count; i++) {
		free(p->pins[i].src);
		free(p->pins[i].dst);
	}
	free_themes(p);
	prefs_changes_free(p->changes);
	free(p->pins);
	free(p->messages);
	free(p->path);
	free(p);
}

const char *
prefs_path(const struct prefs *p)
{
	return p->path;
}

const char *
prefs_message(const struct prefs *p, size_t i)
{
	return i < p->message_count ? p->messages[i].text : NULL;
}

static const struct pref_value *
value(const struct prefs *p, enum pref pref, enum pref_type type)
{
	if (pref_table[pref].type != type)
		abort();
	return &p->value[pref];
}

bool
prefs_bool(const struct prefs *p, enum pref pref)
{
	return value(p, pref, PREF_BOOL)->boolean;
}

double
prefs_number(const struct prefs *p, enum pref pref)
{
	return value(p, pref, PREF_NUMBER)->number;
}

uint64_t
prefs_rate(const struct prefs *p, enum pref pref)
{
	return value(p, pref, PREF_RATE)->rate;
}

int
prefs_choice(const struct prefs *p, enum pref pref)
{
	return value(p, pref, PREF_CHOICE)->choice;
}

const char *
prefs_text(const struct prefs *p, enum pref pref)
{
	return value(p, pref, pref_table[pref].type == PREF_PREFIX ?
	    PREF_PREFIX : PREF_TEXT)->text;
}

enum pref_origin
prefs_origin(const struct prefs *p, enum pref pref)
{
	return p->value[pref].origin;
}

size_t
prefs_line(const struct prefs *p, enum pref pref)
{
	return p->value[pref].line;
}

/* Make a value the user's: in force, and to be saved. */
static void
stored(struct prefs *p, enum pref pref)
{
	p->value[pref].origin = PREF_FROM_USER;
	prefs_change_value(p, pref);
}

void
prefs_set_bool(struct prefs *p, enum pref pref, bool on)
{
	(void)value(p, pref, PREF_BOOL);
	p->value[pref].boolean = on;
	stored(p, pref);
}

/* Within the range, whatever is asked for. */
static double
clamped(enum pref pref, double number)
{
	const struct pref_spec *s = &pref_table[pref];
	return !(number >= s->min) ? s->min :
	    number > s->max ? s->max : number;
}

void
prefs_set_number(struct prefs *p, enum pref pref, double number)
{
	(void)value(p, pref, PREF_NUMBER);
	p->value[pref].number = clamped(pref, number);
	stored(p, pref);
}

void
prefs_set_rate(struct prefs *p, enum pref pref, uint64_t rate)
{
	(void)value(p, pref, PREF_RATE);
	p->value[pref].rate = (uint64_t)clamped(pref, (double)rate);
	stored(p, pref);
}

void
prefs_set_choice(struct prefs *p, enum pref pref, int choice)
{
	(void)value(p, pref, PREF_CHOICE);
	p->value[pref].choice = choice;
	stored(p, pref);
}

void
prefs_set_text(struct prefs *p, enum pref pref, const char *text)
{
	struct pref_value *v = &p->value[pref];
	(void)prefs_text(p, pref);
	char *copy = xstrdup(text);
	free(v->text);
	v->text = copy;
	stored(p, pref);
}

static bool
is_custom(const struct prefs *p, const char *name)
{
	for (size_t i = 0; i < p->theme_count; i++)
		if (strcmp(p->themes[i].id, name) == 0)
			return true;
	return false;
}

/* A name that is no built-in theme may be a custom one. */
static bool
override_theme(struct prefs *p, const char *name, enum pref_origin origin)
{
	struct pref_value *active = &p->value[PREF_ACTIVE_CUSTOM_THEME];
	bool built_in = theme_find(name) != NULL;
	const char *custom = built_in ? "" : name;
	if (!built_in && !is_custom(p, name))
		return false;
	if (strcmp(active->text, custom) != 0) {
		char *copy = xstrdup(custom);
		free(active->text);
		active->text = copy;
		active->origin = origin;
	}
	return !built_in;
}

bool
prefs_override(struct prefs *p, enum pref pref, const char *text, char **why)
{
	*why = NULL;
	if (pref == PREF_THEME && override_theme(p, text, PREF_FROM_OVERRIDE))
		return true;
	if (pref == PREF_ACTIVE_CUSTOM_THEME && text[0] != '\0' &&
	    !is_custom(p, text)) {
		*why = xasprintf("there is no theme \"%s\" in custom_themes",
		    text);
		return false;
	}
	if (!pref_from_text(pref, text, &p->value[pref], why))
		return false;
	p->value[pref].origin = PREF_FROM_OVERRIDE;
	return true;
}

bool
prefs_assign(struct prefs *p, const char *assignment, bool store, char **why)
{
	const char *equals = strchr(assignment, '=');
	*why = NULL;
	if (equals == NULL) {
		*why = xasprintf("%s is not KEY=VALUE", assignment);
		return false;
	}
	char *key = xstrdup(assignment);
	key[equals - assignment] = '\0';
	const char *text = equals + 1;
	enum pref pref = prefs_find(key);
	struct pref_value on = { 0 };
	if (strcmp(key, "use_bytes") == 0) {
		pref = PREF_UNITS;
		if (pref_from_text(PREF_MOUSE, text, &on, why))
			text = on.boolean ? "bytes" : "bits";
		free(*why);
	}
	bool good = pref != PREF_COUNT &&
	    prefs_override(p, pref, text, why);
	if (pref == PREF_COUNT)
		*why = xasprintf("there is no setting %s", key);
	if (good && store && pref == PREF_THEME)
		good = prefs_set_theme(p, text);
	else if (good && store)
		stored(p, pref);
	free(key);
	return good;
}

bool
prefs_check(const struct prefs *p, FILE *f)
{
	for (size_t i = 0; i < p->message_count; i++)
		fprintf(f, "%s\n", p->messages[i].text);
	return p->message_count == 0;
}
