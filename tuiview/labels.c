/* SPDX-License-Identifier: MIT
 *
 * Texts of rows.
 */
#include "tuiview/labels.h"

#include <stdio.h>
#include <string.h>

#include "lib/protocol.h"
#include "tuiview/text.h"

static void
with_port(const char *host, const char *port, char text[LABEL])
{
	if (strchr(host, ':') != NULL)
		snprintf(text, LABEL, "[%.*s]:%.*s", text_bytes(host, 220),
		    host, text_bytes(port, 80), port);
	else
		snprintf(text, LABEL, "%.*s:%.*s", text_bytes(host, 220),
		    host, text_bytes(port, 80), port);
}

void
label_address(const char *addr, unsigned port, char text[LABEL])
{
	char number[12];
	snprintf(number, sizeof(number), "%u", port);
	if (port == 0)
		snprintf(text, LABEL, "%.*s", text_bytes(addr, 300), addr);
	else
		with_port(addr, number, text);
}

/* Of a row that stands for a protocol or an interface: that. */
static bool
label_merged(const struct flow *f, bool source, char text[LABEL])
{
	if (f->src[0] != '\0' || f->dst[0] != '\0' || f->dst_port != 0)
		return false;
	if (source && f->protocol[0] == '\0')
		snprintf(text, LABEL, "%.*s", text_bytes(f->interface,
		    220), f->interface);
	else if (!source && f->protocol[0] != '\0')
		snprintf(text, LABEL, "* %.*s", text_bytes(f->protocol,
		    40), f->protocol);
	else
		snprintf(text, LABEL, "*");
	return true;
}

void
label_end(const struct app *app, const struct row *row, bool source,
    char text[LABEL])
{
	const struct flow *f = row->flow;
	struct rows_how how;
	app_how(app, &how);
	enum pref_aggregate side = source ? AGGREGATE_SOURCE :
	    AGGREGATE_DESTINATION;
	if (how.aggregate == side || how.aggregate == AGGREGATE_BOTH) {
		snprintf(text, LABEL, "*");
		return;
	}
	const char *name = source ? f->src_name : f->dst_name;
	const char *service = source ? f->src_service : f->dst_service;
	unsigned port = source ? f->src_port : f->dst_port;
	const char *host = how.names && name[0] != '\0' ? name :
	    source ? f->src : f->dst;
	if (host[0] == '\0') {
		host = "*";	/* rows that flowagg has merged */
		if (label_merged(f, source, text))
			return;
	}
	bool ports = source ? how.src_ports : how.dst_ports;
	if (!ports) {
		snprintf(text, LABEL, "%.*s", text_bytes(host, 300), host);
	} else if (port == 0) {
		/* No ports in this protocol: its name stands there, once. */
		if (source || f->protocol[0] == '\0' ||
		    protocol_has_ports(f->proto))
			snprintf(text, LABEL, "%.*s", text_bytes(host, 300),
			    host);
		else
			snprintf(text, LABEL, "%.*s %.*s", text_bytes(host,
			    220), host, text_bytes(f->protocol, 40),
			    f->protocol);
	} else if (service[0] != '\0' && prefs_bool(app->prefs,
	    PREF_PORT_RESOLUTION)) {
		with_port(host, service, text);
	} else {
		label_address(host, port, text);
	}
}

void
label_process(const struct row *row, int width, char text[LABEL])
{
	const struct flow *f = row->flow;
	/* A guess is marked as one. */
	const char *guess = strcmp(f->match, "inferred") == 0 ? "?" : "";
	int bytes = text_bytes(f->process, 200);
	text[0] = '\0';
	if (row->mixed_process) {
		snprintf(text, LABEL, "[several]");
	} else if (bytes > 0 && f->pid != 0) {
		snprintf(text, LABEL, "[%u:%.*s]%s", f->pid, bytes,
		    f->process, guess);
		if (text_width(text) > width)
			snprintf(text, LABEL, "%.*s%s", bytes, f->process,
			    guess);
	} else if (bytes > 0) {
		snprintf(text, LABEL, "[%.*s]%s", bytes, f->process, guess);
	} else if (f->pid != 0) {
		snprintf(text, LABEL, "[%u]%s", f->pid, guess);
	}
}

void
label_group(const struct app *app, const struct row *row,
    char text[ROWS_NAME])
{
	rows_name(row, app->view, prefs_bool(app->prefs, PREF_DNS_RESOLUTION),
	    prefs_bool(app->prefs, PREF_PORT_RESOLUTION), text);
}

/* Is that the last word of a text? */
static bool
ends_in(const char *text, const char *word)
{
	size_t len = strlen(text), tail = strlen(word);
	return len > tail && text[len - tail - 1] == ' ' &&
	    strcmp(text + len - tail, word) == 0;
}

void
label_copy(const struct app *app, const struct row *row, char *text,
    size_t size)
{
	const struct flow *f = row->flow;
	char src[LABEL], dst[LABEL], process[LABEL];
	if (app->view != VIEW_FLOWS) {
		label_group(app, row, src);
		snprintf(text, size, "%s", src);
		return;
	}
	label_end(app, row, true, src);
	label_end(app, row, false, dst);
	label_process(row, LABEL, process);
	/* Where there are no ports it stands there already. */
	const char *protocol = row->mixed_protocol ||
	    ends_in(dst, f->protocol) ? "" : f->protocol;
	snprintf(text, size, "%s => %s%s%s%s%s", src, dst,
	    protocol[0] != '\0' ? " " : "", protocol,
	    process[0] != '\0' ? " " : "", process);
}

void
label_rate(const struct app *app, uint64_t rate, char text[FORMAT_TEXT])
{
	format_rate(rate, (enum format_unit)prefs_choice(app->prefs,
	    PREF_UNITS), text);
}

void
label_row_rate(const struct app *app, const struct row *row, uint64_t rate,
    char text[FORMAT_TEXT])
{
	if (prefs_choice(app->prefs, PREF_UNITS) == FORMAT_PACKETS &&
	    !row->n.watched)
		snprintf(text, FORMAT_TEXT, "-");
	else
		label_rate(app, rate, text);
}

void
label_bandwidth(const struct app *app, uint64_t bytes_per_second,
    char text[FORMAT_TEXT])
{
	int unit = prefs_choice(app->prefs, PREF_UNITS);
	format_rate(bytes_per_second, unit == FORMAT_BYTES ? FORMAT_BYTES :
	    FORMAT_BITS, text);
}

void
label_total(const struct app *app, uint64_t total, char text[FORMAT_TEXT])
{
	if (prefs_choice(app->prefs, PREF_UNITS) == FORMAT_PACKETS)
		format_rate(total, FORMAT_PACKETS, text);
	else
		format_bytes(total, text);
}
