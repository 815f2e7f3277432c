/* SPDX-License-Identifier: MIT
 *
 * Settings that are more than a value: the filter history, pinned flows and
 * custom themes.
 */
#include "tuiview/prefs.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "tuiview/prefs_state.h"

const char *
prefs_history(const struct prefs *p, size_t i)
{
	return i < p->history_count ? p->history[i] : NULL;
}

void
prefs_history_add(struct prefs *p, const char *text)
{
	size_t at = 0;
	char *copy = xstrdup(text);
	if (text[0] == '\0') {
		free(copy);
		return;
	}
	while (at < p->history_count && strcmp(p->history[at], text) != 0)
		at++;
	if (at == p->history_count && at < PREFS_HISTORY)
		p->history_count++;
	else if (at == p->history_count)
		free(p->history[--at]);
	else
		free(p->history[at]);
	memmove(p->history + 1, p->history, at * sizeof(p->history[0]));
	p->history[0] = copy;
	p->value[PREF_FILTER_HISTORY].origin = PREF_FROM_USER;
	prefs_change(p, CHANGE_HISTORY, p->history[0], NULL);
}

void
prefs_pin_add(struct prefs *p, const char *src, const char *dst)
{
	p->pins = xreallocarray(p->pins, p->pin_count + 1, sizeof(*p->pins));
	p->pins[p->pin_count++] = (struct pref_pin){ xstrdup(src),
		xstrdup(dst) };
}

const struct pref_pin *
prefs_pins(const struct prefs *p, size_t *count)
{
	*count = p->pin_count;
	return p->pins;
}

static size_t
find_pin(const struct prefs *p, const char *src, const char *dst)
{
	size_t i = 0;
	while (i < p->pin_count && (strcmp(p->pins[i].src, src) != 0 ||
	    strcmp(p->pins[i].dst, dst) != 0))
		i++;
	return i;
}

bool
prefs_pin_toggle(struct prefs *p, const char *src, const char *dst)
{
	size_t i = find_pin(p, src, dst);
	bool pin = i == p->pin_count;
	prefs_change(p, pin ? CHANGE_PIN : CHANGE_UNPIN, src, dst);
	p->value[PREF_PINNED].origin = PREF_FROM_USER;
	if (pin) {
		prefs_pin_add(p, src, dst);
		return true;
	}
	free(p->pins[i].src);
	free(p->pins[i].dst);
	memmove(p->pins + i, p->pins + i + 1,
	    (--p->pin_count - i) * sizeof(*p->pins));
	return false;
}

bool
prefs_theme_name_good(const char *name)
{
	size_t len = strlen(name);
	if (len == 0 || len >= THEME_NAME || theme_find(name) != NULL)
		return false;
	for (size_t i = 0, part; i < len; i += part) {
		part = utf8_length(name + i, len - i);
		if (part == 0 || (unsigned char)name[i] < 0x20 ||
		    name[i] == 0x7f)
			return false;
	}
	return true;
}

static size_t
find_theme(const struct prefs *p, const char *name)
{
	size_t i = 0;
	while (i < p->theme_count && strcmp(p->themes[i].id, name) != 0)
		i++;
	return i;
}

struct theme *
prefs_theme_add(struct prefs *p, const char *name,
    const uint32_t colours[THEME_COLOURS])
{
	p->themes = xreallocarray(p->themes, p->theme_count + 1,
	    sizeof(*p->themes));
	struct theme *t = &p->themes[p->theme_count++];
	*t = (struct theme){ .id = xstrdup(name), .mood = "your own" };
	t->name = t->id;
	memcpy(t->colours, colours, sizeof(t->colours));
	return t;
}

const struct theme *
prefs_theme(const struct prefs *p)
{
	size_t i = find_theme(p, p->value[PREF_ACTIVE_CUSTOM_THEME].text);
	return i < p->theme_count ? &p->themes[i] :
	    &themes[p->value[PREF_THEME].choice];
}

bool
prefs_set_theme(struct prefs *p, const char *id)
{
	const struct theme *t = theme_find(id);
	if (t == NULL && find_theme(p, id) == p->theme_count)
		return false;
	const char *active = p->value[PREF_ACTIVE_CUSTOM_THEME].text;
	if (t != NULL)
		prefs_set_choice(p, PREF_THEME, (int)(t - themes));
	if (t == NULL || active[0] != '\0' ||
	    p->value[PREF_ACTIVE_CUSTOM_THEME].line != 0 ||
	    p->value[PREF_ACTIVE_CUSTOM_THEME].origin != PREF_FROM_DEFAULT)
		prefs_set_text(p, PREF_ACTIVE_CUSTOM_THEME, t != NULL ? "" :
		    id);
	return true;
}

const struct theme *
prefs_custom_theme(const struct prefs *p, size_t i)
{
	return i < p->theme_count ? &p->themes[i] : NULL;
}

bool
prefs_custom_theme_store(struct prefs *p, const char *name,
    const uint32_t colours[THEME_COLOURS])
{
	if (!prefs_theme_name_good(name))
		return false;
	size_t i = find_theme(p, name);
	struct change *c = prefs_change(p, CHANGE_THEME, name, NULL);
	memcpy(c->colours, colours, sizeof(c->colours));
	if (i < p->theme_count)
		memcpy(p->themes[i].colours, colours, sizeof(c->colours));
	else
		prefs_theme_add(p, name, colours);
	p->value[PREF_CUSTOM_THEMES].origin = PREF_FROM_USER;
	return true;
}

bool
prefs_custom_theme_rename(struct prefs *p, const char *old, const char *name)
{
	size_t i = find_theme(p, old);
	if (i == p->theme_count || !prefs_theme_name_good(name) ||
	    find_theme(p, name) < p->theme_count)
		return false;
	bool active = strcmp(p->value[PREF_ACTIVE_CUSTOM_THEME].text, old) ==
	    0;
	char *copy = xstrdup(name);
	prefs_change(p, CHANGE_THEME_NAME, old, name);
	/* `old` may be the very text that goes now. */
	free((char *)(uintptr_t)p->themes[i].id);
	p->themes[i].id = p->themes[i].name = copy;
	if (active)
		prefs_set_text(p, PREF_ACTIVE_CUSTOM_THEME, copy);
	return true;
}

bool
prefs_custom_theme_remove(struct prefs *p, const char *name)
{
	size_t i = find_theme(p, name);
	if (i == p->theme_count)
		return false;
	bool active = strcmp(p->value[PREF_ACTIVE_CUSTOM_THEME].text, name) ==
	    0;
	prefs_change(p, CHANGE_THEME_GONE, name, NULL);
	free((char *)(uintptr_t)p->themes[i].id);
	memmove(p->themes + i, p->themes + i + 1,
	    (--p->theme_count - i) * sizeof(*p->themes));
	if (active)
		prefs_set_text(p, PREF_ACTIVE_CUSTOM_THEME, "");
	return true;
}
