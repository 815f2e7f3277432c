/* SPDX-License-Identifier: MIT
 *
 * Words to terms, terms against flows.  What is matched is in lower case
 * already, so patterns are lowered once and compared as bytes.
 */
#include "tuiview/filter.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "tuiview/lower.h"
#include "tuiview/search.h"

static const char *
field_of(const char *at, enum filter_field *field)
{
	static const struct { const char *name; enum filter_field field; }
	    names[] = {
		{ "host:", FIELD_HOST }, { "port:", FIELD_PORT },
		{ "proc:", FIELD_PROCESS }, { "proto:", FIELD_PROTOCOL },
		{ "user:", FIELD_USER },
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i].name);
		if (strncasecmp(at, names[i].name, len) == 0) {
			*field = names[i].field;
			return at + len;
		}
	}
	*field = FIELD_ANY;
	return at;
}

/* Copy up to `stop`, or to a blank where it is 0.  An end that is not typed
 * yet is the end of the text. */
static const char *
copy_word(const char *at, char stop, char word[FILTER_TEXT])
{
	size_t len = 0;
	for (; *at != '\0' && len + 1 < FILTER_TEXT; at++) {
		if (stop != '\0' ? *at == stop : isspace((unsigned char)*at))
			break;
		if (*at == '\\' && stop == '/' && at[1] == '/')
			at++;
		else if (*at == '\\' && stop == '/' && at[1] != '\0')
			word[len++] = *at++;
		word[len++] = *at;
	}
	word[len] = '\0';
	if (stop != '\0' && *at == stop)
		at++;
	return at;
}

static void
set_word(struct filter_term *t, const char *word)
{
	char *to = t->word, *end = t->word + sizeof(t->word);
	for (;;) {
		size_t n = t->is_regex ? strcspn(word, "\\") : strlen(word);
		to += lower_text(to, (size_t)(end - to), word, n);
		word += n;
		/* In an expression \W is not \w. */
		for (n = 0; n < 2 && *word != '\0' && to + 1 < end; n++)
			*to++ = *word++;
		*to = '\0';
		if (*word == '\0')
			return;
	}
}

static const char *
parse_term(const char *at, struct filter_term *t)
{
	char word[FILTER_TEXT];
	*t = (struct filter_term){ .negated = *at == '!' };
	if (t->negated)
		at++;
	at = field_of(at, &t->field);
	t->is_regex = *at == '/';
	char stop = *at == '/' || *at == '"' ? *at : '\0';
	at = copy_word(stop != '\0' ? at + 1 : at, stop, word);
	set_word(t, word);
	return at;
}

static void
free_terms(struct filter *f)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->terms[i].is_regex)
			regfree(&f->terms[i].regex);
	f->count = 0;
}

/* Fields are lines: ^ and $ are a field's ends.  Of all that a pattern may
 * hold one class alone is not found in lower case; to look for both cases
 * takes longer. */
static int
compile(struct filter_term *t)
{
	int cases = strstr(t->word, "[:upper:]") != NULL ? REG_ICASE : 0;
	return regcomp(&t->regex, t->word, REG_EXTENDED | REG_NOSUB |
	    REG_NEWLINE | cases);
}

bool
filter_set(struct filter *f, const char *text, char *why, size_t size)
{
	struct filter fresh = { .count = 0 };
	const char *at = text;
	snprintf(fresh.text, sizeof(fresh.text), "%s", text);
	for (;;) {
		while (isspace((unsigned char)*at))
			at++;
		if (*at == '\0')
			break;
		if (fresh.count == FILTER_TERMS) {
			snprintf(why, size, "more than %d words",
			    FILTER_TERMS);
			free_terms(&fresh);
			return false;
		}
		struct filter_term *t = &fresh.terms[fresh.count];
		at = parse_term(at, t);
		if (t->word[0] == '\0')
			continue;
		if (t->is_regex) {
			int error = compile(t);
			if (error != 0) {
				regerror(error, &t->regex, why, size);
				free_terms(&fresh);
				return false;
			}
		}
		fresh.count++;
	}
	free_terms(f);
	*f = fresh;
	return true;
}

void
filter_done(struct filter *f)
{
	free_terms(f);
}

static bool
matches_text(const struct filter_term *t, const char *low)
{
	return t->is_regex ? regexec(&t->regex, low, 0, NULL, 0) == 0 :
	    strstr(low, t->word) != NULL;
}

/* `text` may be in any case. */
static bool
contains(const struct filter_term *t, const char *text)
{
	char low[1536];
	lower_text(low, sizeof(low), text, strlen(text));
	return matches_text(t, low);
}

static bool
equals(const struct filter_term *t, const char *text)
{
	char low[1536];
	if (t->is_regex)
		return contains(t, text);
	lower_text(low, sizeof(low), text, strlen(text));
	return strcmp(t->word, low) == 0;
}

static bool
equals_number(const struct filter_term *t, unsigned number)
{
	char text[12];
	snprintf(text, sizeof(text), "%u", number);
	return number != 0 && equals(t, text);
}

/* In one of the fields; or, if it may have a sign that rows put between or
 * around them, in what a row shows. */
static bool
matches_any(const struct filter_term *t, const struct flow *f)
{
	char shown[4096];
	if (matches_text(t, f->search))
		return true;
	if (strpbrk(t->word, t->is_regex ? ":[ .\\" : ":[] ") == NULL)
		return false;
	search_shown(f, shown, sizeof(shown));
	return matches_text(t, shown);
}

static bool
matches_field(const struct filter_term *t, const struct flow *f)
{
	switch (t->field) {
	case FIELD_HOST:
		return contains(t, f->src) || contains(t, f->dst) ||
		    contains(t, f->src_name) || contains(t, f->dst_name);
	case FIELD_PORT:
		return equals_number(t, f->src_port) ||
		    equals_number(t, f->dst_port) ||
		    equals(t, f->src_service) || equals(t, f->dst_service);
	case FIELD_PROCESS:
		return contains(t, f->process) || equals_number(t, f->pid);
	case FIELD_PROTOCOL:
		return equals(t, f->protocol);
	case FIELD_USER:
		return contains(t, f->user);
	case FIELD_ANY:
		break;
	}
	return matches_any(t, f);
}

unsigned
filter_words_in(const struct filter *filter, const char *text)
{
	unsigned words = 0;
	for (unsigned i = 0; i < filter->count; i++) {
		const struct filter_term *t = &filter->terms[i];
		if (t->field == FIELD_ANY && contains(t, text))
			words |= 1u << i;
	}
	return words;
}

bool
filter_matches(const struct filter *filter, const struct flow *f,
    unsigned words)
{
	for (unsigned i = 0; i < filter->count; i++) {
		const struct filter_term *t = &filter->terms[i];
		bool has = (words >> i & 1) != 0 || matches_field(t, f);
		if (has == t->negated)
			return false;
	}
	return true;
}
