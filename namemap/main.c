/* SPDX-License-Identifier: MIT
 *
 * namemap: copy snapshots through, adding host and service names.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/invoker.h"
#include "lib/io.h"
#include "lib/num.h"
#include "lib/options.h"
#include "namemap/filter.h"

enum { NO_DNS = 'n', NO_SERVICES = 'N', DNS = 256, SERVICES, NAMES_FROM,
	SERVER, RATE, IN_FLIGHT, CACHE, WAIT, SHOW_OWN, HOSTS, SERVICES_FILE,
	CONTROL };

static const struct option_spec table[] = {
	{ NO_SERVICES, "no-services", NULL,
	    "no service names, as --services off" },
	{ NO_DNS, "no-dns", NULL, "no host names, as --dns off" },
	{ CACHE, "cache", "N", "addresses to remember (10000)" },
	{ CONTROL, "control", "PATH", "take commands from this FIFO" },
	{ DNS, "dns", "LEVEL",
	    "whom to ask about: full, global or off (global)" },
	{ HOSTS, "hosts", "FILE", "names by hand (/etc/hosts)" },
	{ IN_FLIGHT, "in-flight", "N", "questions under way at most (32)" },
	{ NAMES_FROM, "names-from", "SOURCE",
	    "dns, or nss: the system's name service switch (dns)" },
	{ RATE, "rate", "N", "questions per second at most (50)" },
	{ SERVER, "server", "ADDR[:PORT]",
	    "ask this DNS server; may be repeated" },
	{ SERVICES, "services", "on|off", "give service names (on)" },
	{ SERVICES_FILE, "services-file", "FILE",
	    "table of services (/etc/services)" },
	{ SHOW_OWN, "show-own-queries", NULL,
	    "keep the flows of namemap's own questions" },
	{ WAIT, "wait", "SECONDS",
	    "hold each snapshot until its names are known (0)" },
	{ 0, NULL, NULL, NULL },
};

static uint64_t
number(const struct options *o, const char *what, uint64_t max)
{
	uint64_t value;
	if (!num_unsigned(o->value, 1, max, &value))
		options_fail(o, "%s must be a number from 1 to %llu, not "
		    "'%s'", what, (unsigned long long)max, o->value);
	return value;
}

static bool
on_or_off(const struct options *o)
{
	if (strcmp(o->value, "on") != 0 && strcmp(o->value, "off") != 0)
		options_fail(o, "--services takes on or off, not '%s'",
		    o->value);
	return strcmp(o->value, "on") == 0;
}

static enum lookups_source
source(const struct options *o)
{
	if (strcmp(o->value, "nss") != 0 && strcmp(o->value, "dns") != 0)
		options_fail(o, "--names-from takes dns or nss, not '%s'",
		    o->value);
	return strcmp(o->value, "nss") == 0 ? LOOKUPS_NSS : LOOKUPS_DNS;
}

static void
add_server(const struct options *o, struct lookups_config *c)
{
	if (c->server_count == SERVERS)
		options_fail(o, "more than %d servers", SERVERS);
	if (!server_parse(o->value, &c->servers[c->server_count++]))
		options_fail(o, "--server takes an address and maybe a port, "
		    "as in 192.0.2.53:5353 or [fd00::53]:5353, not '%s'",
		    o->value);
}

static uint64_t
milliseconds(const struct options *o)
{
	double seconds;
	if (!num_decimal(o->value, 0, 3600, &seconds))
		options_fail(o, "--wait must be a number of seconds from 0 "
		    "to 3600, not '%s'", o->value);
	return (uint64_t)(seconds * 1000);
}

/* A file that was asked for; only the system's own may be missing. */
static const char *
readable(const struct options *o)
{
	struct stat st;
	if (access(o->value, R_OK) == -1 || stat(o->value, &st) == -1)
		err(EXIT_FAILURE, "%s", o->value);
	if (S_ISDIR(st.st_mode))
		errx(EXIT_FAILURE, "%s: %s", o->value, strerror(EISDIR));
	return o->value;
}

static void
apply(const struct options *o, int id, struct filter_config *c)
{
	switch (id) {
	case NO_DNS:
		c->lookups.level = POLICY_OFF;
		break;
	case NO_SERVICES:
		c->services = false;
		break;
	case DNS:
		if (!policy_parse(o->value, &c->lookups.level))
			options_fail(o, "--dns takes full, global or off, "
			    "not '%s'", o->value);
		break;
	case SERVICES:
		c->services = on_or_off(o);
		break;
	case NAMES_FROM:
		c->lookups.source = source(o);
		break;
	case SERVER:
		add_server(o, &c->lookups);
		break;
	case RATE:
		c->lookups.rate = (uint32_t)number(o, "--rate", 100000);
		break;
	case IN_FLIGHT:
		c->lookups.in_flight = (uint32_t)number(o, "--in-flight",
		    10000);
		break;
	case CACHE:
		c->lookups.cache = (size_t)number(o, "--cache", 10000000);
		break;
	case WAIT:
		c->wait = milliseconds(o);
		break;
	case SHOW_OWN:
		c->show_own = true;
		break;
	case HOSTS:
		c->lookups.hosts = readable(o);
		break;
	case SERVICES_FILE:
		c->services_file = readable(o);
		break;
	case CONTROL:
		c->control = o->value;
		break;
	}
}

int
main(int argc, char **argv)
{
	struct options o = {
		.program = "namemap",
		.synopsis = "[options] < snapshots",
		.purpose = "Add host and service names to snapshots of flows.",
		.table = table,
	};
	struct filter_config c = {
		.lookups = { .source = LOOKUPS_DNS, .level = POLICY_GLOBAL,
			.rate = 50, .in_flight = 32, .cache = 10000,
			.hosts = "/etc/hosts" },
		.services = true,
		.services_file = "/etc/services",
	};
	int id;
	/* While we may: the pipe can be root's. */
	io_widen_pipe(STDOUT_FILENO, IO_PIPE_SNAPSHOTS);
	io_unshare_pipe(STDOUT_FILENO);
	if (!invoker_become())
		err(EXIT_FAILURE, "cannot become the user who called sudo");
	options_init(&o, argc, argv);
	while ((id = options_next(&o)) != -1)
		apply(&o, id, &c);
	if (options_rest(&o) < argc)
		options_fail(&o, "unexpected argument '%s': snapshots come on "
		    "standard input", argv[options_rest(&o)]);
	if (c.lookups.source == LOOKUPS_NSS && c.lookups.server_count > 0)
		options_fail(&o, "--server is of no use with --names-from "
		    "nss");
	return filter_run(&c);
}
