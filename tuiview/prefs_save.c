/* SPDX-License-Identifier: MIT
 *
 * Saving: what was changed, applied to a fresh reading of the file under a
 * lock.  Everything else in the file is another's and stays.
 */
#include "tuiview/prefs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "tuiview/prefs_state.h"
#include "tuiview/replace.h"

enum { LOCK_MS = 3000 };

#define PATH(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct prefs_job {
	char *path;
	struct change *changes;
	char *why;		/* set when it failed */
};

static void
change_free(struct change *c)
{
	free(c->a);
	free(c->b);
	free(c);
}

void
prefs_changes_free(struct change *c)
{
	while (c != NULL) {
		struct change *next = c->next;
		change_free(c);
		c = next;
	}
}

struct change *
prefs_change(struct prefs *p, enum change_kind kind, const char *a,
    const char *b)
{
	struct change *c = xcalloc(1, sizeof(*c)), **last = &p->changes;
	c->kind = kind;
	c->a = a == NULL ? NULL : xstrdup(a);
	c->b = b == NULL ? NULL : xstrdup(b);
	while (*last != NULL)
		last = &(*last)->next;
	*last = c;
	return c;
}

void
prefs_change_value(struct prefs *p, enum pref pref)
{
	/* An earlier value of the same key need not be written. */
	for (struct change **c = &p->changes; *c != NULL;) {
		struct change *gone = *c;
		if (gone->kind == CHANGE_SET && gone->pref == pref) {
			*c = gone->next;
			change_free(gone);
		} else {
			c = &gone->next;
		}
	}
	char *text = pref_to_toml(pref, &p->value[pref]);
	prefs_change(p, CHANGE_SET, text, NULL)->pref = pref;
	free(text);
}

bool
prefs_unsaved(const struct prefs *p)
{
	return p->changes != NULL;
}

static bool
apply_set(struct toml *t, const struct change *c)
{
	const char *key = pref_table[c->pref].key;
	if (c->a == NULL)
		return toml_unset(t, PATH(key));
	/* The older key would contradict. */
	if (c->pref == PREF_UNITS && toml_member(t->root, "use_bytes") &&
	    !toml_set(t, PATH("use_bytes"), strcmp(c->a, "\"bytes\"") == 0 ?
	    "true" : "false"))
		return false;
	return toml_set(t, PATH(key), c->a);
}

static bool
is_text(const struct toml_node *table, const char *key, const char *text)
{
	const struct toml_node *n = toml_member(table, key);
	return n != NULL && n->type == TOML_STRING &&
	    strcmp(n->text, text) == 0;
}

/* The index of a pinned pair, -1 when it is not there. */
static long
find_pin(const struct toml *t, const struct change *c)
{
	const struct toml_node *pins = toml_member(t->root, "pinned");
	long i = 0;
	if (pins == NULL)
		return -1;
	for (const struct toml_node *n = pins->child; n != NULL; n = n->next) {
		if (is_text(n, "src", c->a) && is_text(n, "dst", c->b))
			return i;
		i++;
	}
	return -1;
}

static bool
apply_pin(struct toml *t, const struct change *c)
{
	struct buf src = { 0 }, dst = { 0 };
	if (find_pin(t, c) >= 0)
		return true;
	toml_quote(&src, c->a);
	toml_quote(&dst, c->b);
	bool good = toml_append(t, "pinned", 2, PATH("src", "dst"),
	    PATH(buf_text(&src), buf_text(&dst)));
	buf_done(&src);
	buf_done(&dst);
	return good;
}

static bool
apply_unpin(struct toml *t, const struct change *c)
{
	for (long i; (i = find_pin(t, c)) >= 0;) {
		if (!toml_drop(t, "pinned", (size_t)i))
			return false;
	}
	return true;
}

static bool
apply_history(struct toml *t, const struct change *c)
{
	const struct toml_node *old = toml_member(t->root, "filter_history");
	const struct toml_node *n = old == NULL ? NULL : old->child;
	struct buf b = { 0 };
	size_t count = 1;
	buf_add_char(&b, '[');
	toml_quote(&b, c->a);
	for (; n != NULL && count < PREFS_HISTORY; n = n->next) {
		if (n->type != TOML_STRING || strcmp(n->text, c->a) == 0)
			continue;
		buf_add_text(&b, ", ");
		toml_quote(&b, n->text);
		count++;
	}
	buf_add_char(&b, ']');
	bool good = toml_set(t, PATH("filter_history"), buf_text(&b));
	buf_done(&b);
	return good;
}

static bool
apply_theme(struct toml *t, const struct change *c)
{
	bool good = true;
	for (size_t i = 0; i < THEME_COLOURS && good; i++) {
		char key[] = { 'c', (char)('1' + i), '\0' };
		char *colour = pref_colour_toml(c->colours[i]);
		good = toml_set(t, PATH("custom_themes", c->a, key), colour);
		free(colour);
	}
	return good;
}

static bool
apply(struct toml *t, const struct change *c)
{
	switch (c->kind) {
	case CHANGE_SET:
		return apply_set(t, c);
	case CHANGE_PIN:
		return apply_pin(t, c);
	case CHANGE_UNPIN:
		return apply_unpin(t, c);
	case CHANGE_HISTORY:
		return apply_history(t, c);
	case CHANGE_THEME:
		return apply_theme(t, c);
	case CHANGE_THEME_GONE:
		return toml_unset(t, PATH("custom_themes", c->a));
	case CHANGE_THEME_NAME:
		/* Another instance may have done or undone it. */
		return toml_find(t, PATH("custom_themes", c->a)) == NULL ||
		    toml_rename(t, PATH("custom_themes", c->a), c->b);
	}
	return false;
}

/* What to tell when an edit was refused. */
static char *
refusal(const struct prefs_job *job, const struct toml *t,
    const struct change *c)
{
	if (t->broken)
		return xasprintf("mend %s first, line %zu: %s", job->path,
		    t->errors[t->error_count - 1].line,
		    t->errors[t->error_count - 1].text);
	const char *key = c->kind == CHANGE_SET ? pref_table[c->pref].key :
	    c->kind == CHANGE_PIN || c->kind == CHANGE_UNPIN ? "pinned" :
	    c->kind == CHANGE_HISTORY ? "filter_history" : "custom_themes";
	return xasprintf("%s is written in %s in a way that cannot be "
	    "changed here", key, job->path);
}

/* A theme that the file does not take must not be in force there. */
static bool
names_refused(const struct prefs_job *job, const struct change *c)
{
	const struct change *before = job->changes;
	if (c->kind != CHANGE_SET || c->pref != PREF_ACTIVE_CUSTOM_THEME ||
	    c->a == NULL)
		return false;
	while (before != c && (before->is_made ||
	    (before->kind != CHANGE_THEME &&
	    before->kind != CHANGE_THEME_NAME)))
		before = before->next;
	return before != c;
}

/* One that cannot be made, as the file is written, hinders no other. */
static void
edit(struct prefs_job *job, struct toml *t)
{
	for (struct change *c = job->changes; c != NULL; c = c->next) {
		c->is_made = !names_refused(job, c) && apply(t, c);
		if (!c->is_made && job->why == NULL)
			job->why = refusal(job, t, c);
	}
}

static void
drop_made(struct prefs_job *job)
{
	for (struct change **c = &job->changes; *c != NULL;) {
		struct change *first = *c;
		if (first->is_made) {
			*c = first->next;
			change_free(first);
		} else {
			c = &first->next;
		}
	}
}

static void
edit_and_write(struct prefs_job *job, const char *target)
{
	static const char greeting[] =
	    "# Settings of iftoprs, see iftoprs.conf(5).\n"
	    "# iftoprs saves here what its keys change.\n\n";
	struct buf text = { 0 };
	if (!prefs_read_file(target, &text)) {
		if (errno != ENOENT) {
			job->why = xasprintf("cannot read %s: %s", target,
			    prefs_read_error());
			buf_done(&text);
			return;
		}
		buf_add_text(&text, greeting);
	}
	struct toml *t = toml_new(text.data, text.len);
	char *failure = NULL;
	edit(job, t);
	/* Nothing to write when another instance wrote the same. */
	if (t->text.len > PREFS_LONGEST)
		failure = xasprintf("%s would be too long", job->path);
	else if (t->text.len != text.len ||
	    memcmp(t->text.data, text.data, text.len) != 0)
		replace_file(target, t->text.data, t->text.len, 0600,
		    &failure);
	if (failure == NULL) {
		drop_made(job);
	} else {
		free(job->why);
		job->why = failure;
	}
	toml_free(t);
	buf_done(&text);
}

void
prefs_job_run(struct prefs_job *job)
{
	if (job->path == NULL) {
		job->why = xstrdup("HOME is not set");
		return;
	}
	char *target = replace_target(job->path, NULL, &job->why);
	if (target == NULL)
		return;
	int lock = replace_lock(target, LOCK_MS);
	if (lock == -1)
		job->why = xasprintf("cannot lock the directory of %s: %s",
		    target, strerror(errno));
	else
		edit_and_write(job, target);
	if (lock != -1)
		close(lock);
	free(target);
}

struct prefs_job *
prefs_save_begin(struct prefs *p)
{
	if (p->changes == NULL)
		return NULL;
	struct prefs_job *job = xcalloc(1, sizeof(*job));
	job->path = p->path == NULL ? NULL : xstrdup(p->path);
	job->changes = p->changes;
	p->changes = NULL;
	return job;
}

bool
prefs_save_end(struct prefs *p, struct prefs_job *job, char **why)
{
	bool good = job->why == NULL;
	if (why != NULL)
		*why = job->why;
	else
		free(job->why);
	if (!good) {
		/* Before what was changed meanwhile, which then wins. */
		struct change **last = &job->changes;
		while (*last != NULL)
			last = &(*last)->next;
		*last = p->changes;
		p->changes = job->changes;
		job->changes = NULL;
	}
	prefs_changes_free(job->changes);
	free(job->path);
	free(job);
	return good;
}

bool
prefs_save(struct prefs *p, char **why)
{
	struct prefs_job *job = prefs_save_begin(p);
	if (why != NULL)
		*why = NULL;
	if (job == NULL)
		return true;
	prefs_job_run(job);
	return prefs_save_end(p, job, why);
}
