/* SPDX-License-Identifier: MIT
 *
 * getopt_long(3) fed from a table.
 */
#include "lib/options.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/xalloc.h"

struct state {
	struct buf letters;
	struct option *longs;
};

static const struct option_spec common[] = {
	{ 'h', "help", NULL, "print this help and exit" },
	{ 'V', "version", NULL, "print the version and exit" },
	{ 0, NULL, NULL, NULL },
};

static size_t
count(const struct option_spec *table)
{
	size_t n = 0;
	while (table[n].help != NULL)
		n++;
	return n;
}

static void
add(struct state *s, size_t *n, const struct option_spec *table)
{
	for (; table->help != NULL; table++) {
		bool takes = table->argument != NULL;
		if (table->id < 256)
			buf_printf(&s->letters, "%c%s", table->id,
			    takes ? ":" : "");
		s->longs[(*n)++] = (struct option){ table->name,
			takes ? required_argument : no_argument, NULL,
			table->id };
	}
}

/* What was printed has to arrive; a reader that left is an ordinary end. */
static void
finish_output(void)
{
	bool failed = ferror(stdout) != 0;
	if (fflush(stdout) == EOF) {
		if (errno == EPIPE)
			return;
		warn("standard output");
	} else if (failed) {
		warnx("standard output: not all could be written");
	} else {
		return;
	}
	_exit(EXIT_FAILURE);
}

void
options_init(struct options *o, int argc, char **argv)
{
	atexit(finish_output);
	struct state *s = xcalloc(1, sizeof(*s));
	size_t n = 0;
	o->argc = argc;
	o->argv = argv;
	o->state = s;
	s->longs = xcalloc(count(o->table) + count(common) + 1,
	    sizeof(*s->longs));
	buf_add_char(&s->letters, ':');
	add(s, &n, o->table);
	add(s, &n, common);
	opterr = 0;
}

/* The help of an option, which begins in column HELP, on terminals of 80. */
static void
print_wrapped(const char *text)
{
	enum { HELP = 32, WIDTH = 80 - HELP };
	while (strlen(text) > WIDTH) {
		int n = WIDTH;
		while (n > 0 && text[n] != ' ')
			n--;
		if (n == 0)
			break;
		printf("%.*s\n%-*s", n, text, HELP, "");
		text += n + 1;
	}
	puts(text);
}

static void
print_option(const struct option_spec *spec)
{
	char names[64];
	int len = 0;
	if (spec->id < 256)
		len = snprintf(names, sizeof(names), "-%c, ", spec->id);
	else
		len = snprintf(names, sizeof(names), "    ");
	snprintf(names + len, sizeof(names) - (size_t)len, "--%s%s%s",
	    spec->name, spec->argument != NULL ? " " : "",
	    spec->argument != NULL ? spec->argument : "");
	if (strlen(names) > 28)
		printf("  %s\n  %-28s  ", names, "");
	else
		printf("  %-28s  ", names);
	print_wrapped(spec->help);
}

static void
print_help(const struct options *o)
{
	printf("usage: %s %s\n%s\n\n", o->program, o->synopsis, o->purpose);
	for (const struct option_spec *s = o->table; s->help != NULL; s++)
		print_option(s);
	for (const struct option_spec *s = common; s->help != NULL; s++)
		print_option(s);
	printf("\nThe manual page %s(1) says more.\n", o->program);
}

/* What getopt_long(3) stumbled over, as the user wrote it.  A letter that is
 * known, but wrong, is that of a long option with an argument it does not
 * take; an unknown one is seen before the word that it stands in is over. */
static const char *
culprit(const struct options *o, bool missing)
{
	static char letter[3] = "-?";
	struct state *s = o->state;
	bool known = strchr(buf_text(&s->letters), optopt) != NULL;
	/* musl goes on behind the end for an argument that is not there. */
	const char *word = o->argv[(optind > o->argc ? o->argc : optind) - 1];
	if (optopt == 0 || optopt > 255 || (strncmp(word, "--", 2) == 0 &&
	    (missing || known)))
		return word;
	letter[1] = (char)optopt;
	return letter;
}

/* The tables are of no use once all options are read. */
static void
forget(struct options *o)
{
	struct state *s = o->state;
	buf_done(&s->letters);
	free(s->longs);
	free(s);
	o->state = NULL;
}

int
options_next(struct options *o)
{
	struct state *s = o->state;
	if (s == NULL)
		return -1;
	int id = getopt_long(o->argc, o->argv, buf_text(&s->letters),
	    s->longs, NULL);
	switch (id) {
	case -1:
		forget(o);
		return -1;
	case ':':
		options_fail(o, "option %s needs an argument",
		    culprit(o, true));
	case '?':
		options_fail(o, "unknown option %s", culprit(o, false));
	case 'h':
		print_help(o);
		exit(EXIT_SUCCESS);
	case 'V':
		printf("%s %s\n", o->program, VERSION);
		exit(EXIT_SUCCESS);
	default:
		o->value = optarg;
		return id;
	}
}

int
options_rest(const struct options *o)
{
	(void)o;
	return optind;
}

void
options_fail(const struct options *o, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "%s: ", o->program);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (see %s --help)\n", o->program);
	exit(EXIT_USAGE);
}
