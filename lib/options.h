/* SPDX-License-Identifier: MIT
 *
 * Command line options of a tool, from one table, which parses, prints
 * --help, feeds the completions and is compared with the manual page.
 *
 * -h/--help and -V/--version need not be in the table: they print to
 * standard output and exit 0.  A bad option prints one line and exits 2.
 * What was printed and cannot be written, at any exit, makes the status 1.
 */
#ifndef LIB_OPTIONS_H
#define LIB_OPTIONS_H

#include <stddef.h>

enum { EXIT_USAGE = 2 };

struct option_spec {
	int id;			/* a letter, or a number above 255 when the
				 * option has no short form */
	const char *name;	/* long name, without dashes */
	const char *argument;	/* what it takes, for people; null: nothing */
	const char *help;	/* one line; null ends the table */
};

struct options {
	const char *program;
	const char *synopsis;	/* behind the program's name in the usage */
	const char *purpose;	/* one sentence */
	const struct option_spec *table;
	int argc;
	char **argv;
	const char *value;	/* of the option returned last */
	void *state;		/* getopt_long(3)'s own table */
};

/* Start parsing main()'s arguments. */
void options_init(struct options *, int argc, char **argv);

/* The id of the next option with its argument in ->value; -1 at the end. */
int options_next(struct options *);

/* The place in argv of the first argument that is no option. */
int options_rest(const struct options *);

/* Say what is wrong with the command line, in one line with a hint to
 * --help, and exit with EXIT_USAGE. */
void options_fail(const struct options *, const char *format, ...)
    __attribute__((noreturn, format(printf, 2, 3)));

#endif
