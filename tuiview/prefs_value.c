/* SPDX-License-Identifier: MIT
 *
 * One value: from the file's TOML, from a command line, and back.
 */
#include "tuiview/prefs_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/addr.h"
#include "lib/num.h"
#include "lib/xalloc.h"
#include "tuiview/colour.h"

static void
set_text(struct pref_value *v, const char *text)
{
	char *copy = xstrdup(text);
	free(v->text);
	v->text = copy;
}

/* "a, b or c" */
static char *
list_choices(enum pref pref)
{
	struct buf b = { 0 };
	const char *const *choices = pref_table[pref].choices;
	for (size_t i = 0; choices[i] != NULL; i++)
		buf_printf(&b, "%s%s", i == 0 ? "" :
		    choices[i + 1] == NULL ? " or " : ", ", choices[i]);
	char *list = xstrdup(buf_text(&b));
	buf_done(&b);
	return list;
}

static bool
take_choice(enum pref pref, const char *text, struct pref_value *v,
    char **why)
{
	int choice = pref_choice_find(pref, text);
	if (choice >= 0) {
		v->choice = choice;
		return true;
	}
	if (pref == PREF_THEME) {
		*why = xasprintf("there is no theme \"%s\"; iftoprs "
		    "--list-colors prints them", text);
		return false;
	}
	char *list = list_choices(pref);
	*why = xasprintf("%s is %s, not \"%s\"", pref_table[pref].key, list,
	    text);
	free(list);
	return false;
}

static bool
take_prefix(enum pref pref, const char *text, struct pref_value *v,
    char **why)
{
	struct prefix prefix;
	bool six = pref == PREF_NET_FILTER6;
	if (text[0] != '\0' && (!prefix_parse(text, &prefix) ||
	    prefix.addr.family != (six ? ADDR_IPV6 : ADDR_IPV4))) {
		*why = xasprintf("%s is a network such as %s, not \"%s\"",
		    pref_table[pref].key, six ? "2001:db8::/32" :
		    "192.0.2.0/24", text);
		return false;
	}
	set_text(v, text);
	return true;
}

static bool
take_number(enum pref pref, double number, struct pref_value *v, char **why)
{
	const struct pref_spec *s = &pref_table[pref];
	if (number >= s->min && number <= s->max) {
		/* As it will be written: thousandths. */
		v->number = round(number * 1000) / 1000;
		v->rate = (uint64_t)llround(s->type == PREF_RATE ? number :
		    0);
		return true;
	}
	*why = xasprintf("%s is from %.15g to %.16g", s->key, s->min, s->max);
	return false;
}

static bool
wrong_type(enum pref pref, char **why)
{
	static const char *const kinds[] = {
		[PREF_BOOL] = "true or false",
		[PREF_NUMBER] = "a number",
		[PREF_RATE] = "bytes per second, or a text like \"10Mb\"",
		[PREF_CHOICE] = "a text in quotes",
		[PREF_TEXT] = "a text in quotes",
		[PREF_PREFIX] = "a text in quotes",
		[PREF_LIST] = "an array of texts",
		[PREF_PINS] = "an array of tables with src and dst",
		[PREF_THEMES] = "a table of tables with c1 to c6",
	};
	*why = xasprintf("%s is %s", pref_table[pref].key,
	    kinds[pref_table[pref].type]);
	return false;
}

/* A text as people type it, already known to be one. */
static bool
take_text(enum pref pref, const char *text, struct pref_value *v, char **why)
{
	uint64_t rate;
	for (const char *c = text; *c != '\0'; c++) {
		/* They would end a line of a control file, or worse. */
		if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			continue;
		*why = xasprintf("%s holds a control character",
		    pref_table[pref].key);
		return false;
	}
	switch (pref_table[pref].type) {
	case PREF_CHOICE:
		return take_choice(pref, text, v, why);
	case PREF_PREFIX:
		return take_prefix(pref, text, v, why);
	case PREF_RATE:
		if (strcmp(text, "0") == 0 || strcasecmp(text, "off") == 0)
			return take_number(pref, 0, v, why);
		return num_rate(text, &rate) ? take_number(pref,
		    (double)rate, v, why) : wrong_type(pref, why);
	case PREF_TEXT:
		set_text(v, text);
		return true;
	default:
		return wrong_type(pref, why);
	}
}

bool
pref_from_node(enum pref pref, const struct toml_node *n,
    struct pref_value *v, char **why)
{
	enum pref_type type = pref_table[pref].type;
	bool is_number = n->type == TOML_INTEGER || n->type == TOML_FLOAT;
	if (type == PREF_BOOL && n->type == TOML_BOOL) {
		v->boolean = n->boolean;
		return true;
	}
	if ((type == PREF_NUMBER || type == PREF_RATE) && is_number)
		return take_number(pref, n->number, v, why);
	if (n->type != TOML_STRING || type == PREF_BOOL ||
	    type == PREF_NUMBER)
		return wrong_type(pref, why);
	if (strlen(n->text) != n->text_len) {
		*why = xasprintf("%s holds a NUL", pref_table[pref].key);
		return false;
	}
	return take_text(pref, n->text, v, why);
}

bool
pref_from_text(enum pref pref, const char *text, struct pref_value *v,
    char **why)
{
	static const char *const yes[] = { "true", "on", "yes", "1" };
	static const char *const no[] = { "false", "off", "no", "0" };
	double number;
	switch (pref_table[pref].type) {
	case PREF_BOOL:
		for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
			if (strcasecmp(text, yes[i]) == 0 ||
			    strcasecmp(text, no[i]) == 0) {
				v->boolean = strcasecmp(text, yes[i]) == 0;
				return true;
			}
		}
		return wrong_type(pref, why);
	case PREF_NUMBER:
		return num_decimal(text, 0, 1e15, &number) ?
		    take_number(pref, number, v, why) :
		    wrong_type(pref, why);
	default:
		return take_text(pref, text, v, why);
	}
}

/* A number without exponent or locale, to thousandths. */
static char *
number_text(double number)
{
	unsigned long long milli = (unsigned long long)llround(number * 1000);
	char *text = xasprintf("%llu.%03llu", milli / 1000, milli % 1000);
	size_t len = strlen(text);
	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	text[len] = '\0';
	return text;
}

char *
pref_to_text(enum pref pref, const struct pref_value *v)
{
	switch (pref_table[pref].type) {
	case PREF_BOOL:
		return xstrdup(v->boolean ? "true" : "false");
	case PREF_NUMBER:
		return number_text(v->number);
	case PREF_RATE:
		return xasprintf("%llu", (unsigned long long)v->rate);
	case PREF_CHOICE:
		return xstrdup(pref_choice_name(pref, v->choice));
	case PREF_TEXT:
	case PREF_PREFIX:
		return xstrdup(v->text);
	default:
		return xstrdup("");
	}
}

char *
pref_to_toml(enum pref pref, const struct pref_value *v)
{
	enum pref_type type = pref_table[pref].type;
	char *text = pref_to_text(pref, v);
	if (type != PREF_CHOICE && type != PREF_TEXT && type != PREF_PREFIX)
		return text;
	struct buf b = { 0 };
	/* A text that is not there is written by leaving it out. */
	if (text[0] != '\0')
		toml_quote(&b, text);
	free(text);
	text = b.len == 0 ? NULL : xstrdup(buf_text(&b));
	buf_done(&b);
	return text;
}

bool
pref_colour(const struct toml_node *n, uint32_t *rgb)
{
	if (n == NULL)
		return false;
	if (n->type == TOML_INTEGER && n->integer >= 0 && n->integer <= 255) {
		*rgb = colour_xterm((int)n->integer);
		return true;
	}
	if (n->type != TOML_STRING || n->text_len != 7 || n->text[0] != '#' ||
	    strspn(n->text + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*rgb = (uint32_t)strtoul(n->text + 1, NULL, 16);
	return true;
}

char *
pref_colour_toml(uint32_t rgb)
{
	/* Runs on the thread that saves: no tables that are filled once. */
	for (int i = 16; i < 256; i++) {
		if (colour_xterm(i) == rgb)
			return xasprintf("%d", i);
	}
	return xasprintf("\"#%06x\"", rgb);
}
