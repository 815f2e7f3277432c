/* SPDX-License-Identifier: MIT
 *
 * capd: frames from interfaces or a capture file become packet records on
 * standard output.  Here: the command line.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capd/capd.h"
#include "capd/ifaces.h"
#include "lib/io.h"
#include "lib/num.h"
#include "lib/options.h"

enum { COUNT = 256, LATENCY, ROTATE, SPEED, JSON, CONTROL, DURATION, CHECK,
	WIFI };

enum { SNAPLEN = 128 };
enum { LATENCY_LEAST = 50, LATENCY_MOST = 1050 };	/* ms */
enum { BUFFER = 32 << 20, BUFFER_MIN = 64 << 10, BUFFER_MAX = 1 << 30 };

static const struct option_spec table[] = {
	{ 'B', "buffer", "SIZE", "kernel buffer, 64k to 1G (32M)" },
	{ 'f', "filter", "TEXT", "only what this pcap-filter(7) matches" },
	{ 'i', "interface", "NAME", "capture here; may be repeated" },
	{ 'L', "list", NULL, "list the interfaces and exit" },
	{ 'n', "packets", "NUMBER", "end after so many packets" },
	{ 'o', "output", "FORM", "binary, ndjson or tsv (binary)" },
	{ 'p', "promiscuous", NULL, "also what is not for this machine" },
	{ 'r', "read", "FILE", "read a pcap or pcapng file; - is stdin" },
	{ 's', "snaplen", "BYTES", "bytes taken of a packet (128)" },
	{ 'w', "write", "FILE", "also write the packets as a pcap file" },
	{ CHECK, "check", NULL, "with -r: only see whether it can be read" },
	{ CONTROL, "control", "FIFO", "take commands from this FIFO" },
	{ COUNT, "count", "WHAT", "count the frame or the network length" },
	{ DURATION, "duration", "SECONDS", "end after so long" },
	{ JSON, "json", NULL, "with -L: as JSON" },
	{ LATENCY, "latency", "MS",
	    "hand packets on within 50 to 1050 ms (50)" },
	{ ROTATE, "rotate", "SIZE[:FILES]", "with -w: a new file at this size" },
	{ SPEED, "speed", "NUMBER", "with -r: times real time, or max (max)" },
	{ WIFI, "wifi", NULL, "decode 802.11 frames, too" },
	{ 0, NULL, NULL, NULL },
};

static struct options options = {
	.program = "capd",
	.synopsis = "[-p] [-i NAME]... [-f FILTER] [-o FORM] [-r FILE]",
	.purpose = "Turn captured frames into packet records.",
	.table = table,
};

/* The command line as it is told apart from struct capd. */
struct request {
	struct capd capd;
	bool list, json, check, paced;
	const char *live_option;	/* one that needs a live source */
	unsigned given;		/* options in all */
};

static void
add_interface(struct capd *c, const char *name)
{
	if (*name == '\0' || strlen(name) >= SOURCE_NAME)
		options_fail(&options, "-i: '%s' is no interface name", name);
	for (unsigned i = 0; i < c->interface_count; i++)
		if (strcmp(c->interfaces[i], name) == 0)
			options_fail(&options, "-i: %s is given twice", name);
	if (c->interface_count == CAPD_INTERFACES)
		options_fail(&options, "-i: more than %d interfaces",
		    CAPD_INTERFACES);
	c->interfaces[c->interface_count++] = name;
}

static enum record_form
parse_form(const char *text)
{
	if (strcmp(text, "binary") == 0)
		return FORM_BINARY;
	if (strcmp(text, "ndjson") == 0)
		return FORM_NDJSON;
	if (strcmp(text, "tsv") == 0)
		return FORM_TSV;
	options_fail(&options, "-o: expected binary, ndjson or tsv, not '%s'",
	    text);
}

static bool
parse_count(const char *text)
{
	if (strcmp(text, "frame") != 0 && strcmp(text, "network") != 0)
		options_fail(&options,
		    "--count: expected frame or network, not '%s'", text);
	return strcmp(text, "network") == 0;
}

static void
parse_rotate(struct capd *c, const char *text)
{
	char size[32];
	uint64_t files = 0;
	size_t len = strcspn(text, ":");
	if (len >= sizeof(size))
		len = 0;
	memcpy(size, text, len);
	size[len] = '\0';
	if (!num_size(size, 4096, (uint64_t)1 << 40, &c->rotate_bytes) ||
	    (text[len] != '\0' &&
	    !num_unsigned(text + len + 1, 1, 100000, &files)))
		options_fail(&options, "--rotate: expected SIZE[:FILES] such "
		    "as 100M:10, 4k to 1024G and 1 to 100000, not '%s'", text);
	c->rotate_files = (unsigned)files;
}

static double
parse_speed(const char *text)
{
	double speed;
	if (strcmp(text, "max") == 0)
		return 0;
	if (!num_decimal(text, 0.001, 1000000, &speed))
		options_fail(&options, "--speed: expected max or a number "
		    "from 0.001 to 1000000, not '%s'", text);
	return speed;
}

static uint64_t
parse_number(const char *option, const char *text, uint64_t min,
    uint64_t max)
{
	uint64_t value;
	if (!num_unsigned(text, min, max, &value))
		options_fail(&options,
		    "%s: expected a number from %llu to %llu, not '%s'",
		    option, (unsigned long long)min, (unsigned long long)max,
		    text);
	return value;
}

static uint32_t
parse_buffer(const char *text)
{
	uint64_t size;
	if (!num_size(text, BUFFER_MIN, BUFFER_MAX, &size))
		options_fail(&options,
		    "-B: expected a size from 64k to 1G, not '%s'", text);
	return (uint32_t)size;
}

static double
parse_duration(const char *text)
{
	double seconds;
	if (!num_decimal(text, 0.001, 1e9, &seconds))
		options_fail(&options, "--duration: expected seconds from "
		    "0.001 to 1000000000, not '%s'", text);
	return seconds;
}

static const char *
parse_file(const char *option, const char *text)
{
	if (*text == '\0')
		options_fail(&options, "%s: expected a file name", option);
	return text;
}

static void
take(struct request *r, int id, const char *value)
{
	struct capd *c = &r->capd;
	switch (id) {
	case 'B':
		c->buffer = parse_buffer(value);
		r->live_option = "-B";
		break;
	case 'f':
		c->filter = value;
		break;
	case 'i':
		add_interface(c, value);
		r->live_option = "-i";
		break;
	case 'L':
		r->list = true;
		break;
	case 'n':
		c->packets = parse_number("-n", value, 1, UINT64_MAX);
		break;
	case 'o':
		c->form = parse_form(value);
		break;
	case 'p':
		c->promiscuous = true;
		r->live_option = "-p";
		break;
	case 'r':
		c->file = parse_file("-r", value);
		break;
	case 's':
		c->snaplen = (uint32_t)parse_number("-s", value,
		    CAPD_SNAPLEN_MIN, CAPD_SNAPLEN_MAX);
		r->live_option = "-s";
		break;
	case 'w':
		c->write = parse_file("-w", value);
		break;
	case CHECK:
		r->check = true;
		break;
	case CONTROL:
		c->control = parse_file("--control", value);
		break;
	case COUNT:
		c->count_network = parse_count(value);
		break;
	case DURATION:
		c->duration = parse_duration(value);
		break;
	case JSON:
		r->json = true;
		break;
	case LATENCY:
		c->latency = (unsigned)parse_number("--latency", value,
		    LATENCY_LEAST, LATENCY_MOST);
		r->live_option = "--latency";
		break;
	case ROTATE:
		parse_rotate(c, value);
		break;
	case SPEED:
		c->speed = parse_speed(value);
		r->paced = true;
		break;
	case WIFI:
		c->wifi = true;
		break;
	}
}

/* Is it standard output, by whatever name?  /dev/null takes both. */
static bool
is_output(const char *path)
{
	struct stat file, output;
	return strcmp(path, "-") == 0 || (stat(path, &file) == 0 &&
	    fstat(STDOUT_FILENO, &output) == 0 &&
	    file.st_dev == output.st_dev && file.st_ino == output.st_ino &&
	    (!S_ISCHR(output.st_mode) || isatty(STDOUT_FILENO)));
}

static void
check_interfaces(const struct capd *c)
{
	for (unsigned i = 0; c->interface_count > 1 &&
	    i < c->interface_count; i++)
		if (strcmp(c->interfaces[i], IFACES_ANY) == 0)
			options_fail(&options, "-i any stands for all "
			    "interfaces: it goes with no other");
}

/* Options that do not go together. */
static void
check_request(const struct request *r)
{
	const struct capd *c = &r->capd;
	if (r->json && !r->list)
		options_fail(&options, "--json goes with -L; for packets "
		    "there is -o ndjson");
	if (r->list && r->given > (r->json ? 2u : 1u))
		options_fail(&options, "-L takes no option but --json");
	check_interfaces(c);
	if (c->file != NULL && r->live_option != NULL)
		options_fail(&options, "%s is for interfaces, -r for a file",
		    r->live_option);
	if (c->file == NULL && r->paced)
		options_fail(&options, "--speed needs -r FILE");
	if (c->file == NULL && r->check)
		options_fail(&options, "--check needs -r FILE");
	if (c->file != NULL && c->rotate_bytes != 0)
		options_fail(&options, "--rotate is for interfaces, -r for a "
		    "file");
	if (c->write == NULL && c->rotate_bytes != 0)
		options_fail(&options, "--rotate needs -w FILE");
	if (c->write != NULL && is_output(c->write))
		options_fail(&options, "-w: standard output is taken by the "
		    "records");
}

#if defined(__SANITIZE_ADDRESS__)
/* The leak check at the end of a sanitizer build starts a thread that traces
 * this one, for which the sandbox has no exception. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

int
main(int argc, char **argv)
{
	struct request r = { .capd = { .snaplen = SNAPLEN,
		.buffer = BUFFER, .latency = LATENCY_LEAST } };
	options_init(&options, argc, argv);
	for (int id; (id = options_next(&options)) != -1; r.given++)
		take(&r, id, options.value);
	if (options_rest(&options) < argc)
		options_fail(&options, "unexpected argument '%s'",
		    argv[options_rest(&options)]);
	check_request(&r);
	io_ignore_signals();

	if (r.list)
		return capd_list(r.json);
	if (r.check)
		return capd_check(&r.capd);
	const char *closed = io_closed_stream(false);
	if (closed != NULL)
		errx(EXIT_FAILURE, "%s is closed", closed);
	if (r.capd.form == FORM_BINARY && isatty(STDOUT_FILENO))
		errx(EXIT_USAGE, "standard output is a terminal: pipe it "
		    "into flowagg, or ask for text with -o ndjson");
	return r.capd.file != NULL ? capd_file(&r.capd) : capd_live(&r.capd);
}
