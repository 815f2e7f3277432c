/* SPDX-License-Identifier: MIT
 *
 * c-ares as a source of names.  It sends, matches replies to questions and
 * tries again; what an answer says is read in answer.c, since its times to
 * live are wanted too.
 *
 * When a TCP connection fails, c-ares ends all that its channel has under way
 * with that server.  So all are asked over UDP, and one whose answer did not
 * fit is asked again over TCP, with a channel to itself.  So are those that
 * newer versions end all together, when one reply among theirs was malformed.
 */
#include "namemap/dns.h"

#define CARES_NO_DEPRECATED	/* what old versions have, too */
#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/xalloc.h"
#include "namemap/answer.h"
#include "namemap/channel.h"

enum { STREAMS = 8 };		/* at once; further questions wait */
enum { SILENT = 32 };		/* questions in a row that nobody answered */

struct question {
	struct dns *dns;
	struct addr addr;
	struct channel *stream;	/* that asks it, or null */
	bool has_name;		/* the answer that did not fit had this */
	struct answer cut;
	struct question *next;	/* that waits for a stream */
};

struct dns {
	struct channels all;
	struct channel datagrams, streams[STREAMS];
	struct question *waiting, **waiting_end;
	bool is_starting;	/* those that wait */
	unsigned silent;	/* questions since the last answer */
	struct server servers[SERVERS];
	size_t server_count;
	struct reply_to to;
};

static int
set_servers(struct dns *d)
{
	struct ares_addr_port_node nodes[SERVERS] = { 0 };
	for (size_t i = 0; i < d->server_count; i++) {
		const struct server *s = &d->servers[i];
		nodes[i].next = i + 1 < d->server_count ? &nodes[i + 1] : NULL;
		nodes[i].family = s->addr.family == ADDR_IPV6 ?
		    AF_INET6 : AF_INET;
		nodes[i].udp_port = nodes[i].tcp_port = s->port;
		memcpy(&nodes[i].addr, s->addr.bytes,
		    s->addr.family == ADDR_IPV6 ? 16 : 4);
	}
	return ares_set_servers_ports(d->datagrams.ares, nodes);
}

static int
start(struct dns *d)
{
	int status = channel_start(&d->datagrams, &d->all,
	    ARES_FLAG_IGNTC);
	d->waiting_end = &d->waiting;
	return status == ARES_SUCCESS && d->server_count > 0 ?
	    set_servers(d) : status;
}

/* Streams start when there is a question for them.  They ask the very servers
 * that the others ask: by now resolv.conf(5) may be another one, and not
 * judged. */
static bool
start_stream(struct channel *c, struct dns *d)
{
	struct ares_addr_port_node *nodes = NULL;
	if (c->up)
		return true;
	bool good = ares_get_servers_ports(d->datagrams.ares, &nodes) ==
	    ARES_SUCCESS && channel_start(c, &d->all, ARES_FLAG_USEVC) ==
	    ARES_SUCCESS;
	if (good && ares_set_servers_ports(c->ares, nodes) !=
	    ARES_SUCCESS) {
		ares_destroy(c->ares);
		good = c->up = false;
	}
	ares_free_data(nodes);
	return good;
}

/* Instead of no whole answer, what was in the one that did not fit. */
static void
answer(struct question *q, enum reply_kind kind, const struct answer *a)
{
	struct reply_to to = q->dns->to;
	struct reply reply = { .kind = kind, .addr = q->addr,
		.name = a->name, .ttl = a->ttl };
	if ((kind == REPLY_SILENT || kind == REPLY_BAD) && q->has_name) {
		reply.kind = REPLY_NAME;
		reply.name = q->cut.name;
		reply.ttl = q->cut.ttl;
	}
	to.take(to.arg, &reply);
	free(q);
}

static void
withdraw_waiting(struct dns *d)
{
	static const struct answer none;
	while (d->waiting != NULL) {
		struct question *q = d->waiting;
		d->waiting = q->next;
		answer(q, REPLY_WITHDRAWN, &none);
	}
	d->waiting_end = &d->waiting;
}

/* Every question, and with `ends` all else of c-ares. */
static void
drop_all(struct dns *d, void (*drop)(ares_channel), bool ends)
{
	withdraw_waiting(d);
	for (size_t i = 0; i <= STREAMS; i++) {
		struct channel *c = i > 0 ? &d->streams[i - 1] : &d->datagrams;
		if (!c->up)
			continue;
		c->up = !ends;
		drop(c->ares);
	}
}

static void
stop(struct dns *d)
{
	drop_all(d, ares_destroy, true);
}

struct dns *
dns_new(const struct server *servers, size_t count, struct reply_to to,
    const char **why)
{
	struct dns *d = xcalloc(1, sizeof(*d));
	d->to = to;
	d->server_count = count < SERVERS ? count : SERVERS;
	for (size_t i = 0; i < d->server_count; i++)
		d->servers[i] = servers[i];
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = start(d);
	if (status == ARES_SUCCESS)
		return d;
	*why = ares_strerror(status);
	dns_free(d);
	return NULL;
}

void
dns_free(struct dns *d)
{
	if (d == NULL)
		return;
	stop(d);
	ares_library_cleanup();
	free(d);
}

void
dns_reload(struct dns *d)
{
	stop(d);
	d->all.count = 0;
	if (start(d) != ARES_SUCCESS)
		stop(d);
}

void
dns_servers(const struct dns *d, struct servers *s)
{
	struct ares_addr_port_node *nodes = NULL;
	*s = (struct servers){ 0 };
	if (!d->datagrams.up)
		return;
	if (ares_get_servers_ports(d->datagrams.ares, &nodes) != ARES_SUCCESS)
		s->more = true;
	for (struct ares_addr_port_node *n = nodes; n != NULL; n = n->next) {
		struct server server = { .port = (uint16_t)n->udp_port };
		bool is_v6 = n->family == AF_INET6;
		server.addr.family = is_v6 ? ADDR_IPV6 : ADDR_IPV4;
		memcpy(server.addr.bytes, &n->addr, is_v6 ? 16 : 4);
		servers_add(s, &server);
	}
	ares_free_data(nodes);
}

void
dns_withdraw(struct dns *d)
{
	drop_all(d, ares_cancel, false);
}

/* What became of a question, as c-ares and the message have it. */
static enum reply_kind
judge(const struct question *q, int status, const unsigned char *message,
    int len, struct answer *a)
{
	static const enum reply_kind kinds[] = {
		[ANSWER_NAME] = REPLY_NAME,
		[ANSWER_NONE] = REPLY_NONE,
		[ANSWER_BAD] = REPLY_BAD,
	};
	*a = (struct answer){ .ttl = 0 };
	if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
		return REPLY_WITHDRAWN;
	if (message != NULL && len > 0 && (status == ARES_SUCCESS ||
	    status == ARES_ENODATA || status == ARES_ENOTFOUND))
		return kinds[answer_parse(message, (size_t)len, &q->addr, a)];
	return status == ARES_EBADRESP || status == ARES_EFORMERR ?
	    REPLY_BAD : REPLY_SILENT;
}

static void start_waiting(struct dns *);

static void
answered_whole(void *arg, int status, int timeouts, unsigned char *message,
    int len)
{
	struct question *q = arg;
	struct dns *d = q->dns;
	struct answer a;
	(void)timeouts;
	q->stream->is_busy = false;
	enum reply_kind kind = judge(q, status, message, len, &a);
	answer(q, kind, &a);
	start_waiting(d);
}

static struct channel *
idle_stream(struct dns *d)
{
	for (size_t i = 0; i < STREAMS; i++)
		if (!d->streams[i].is_busy)
			return &d->streams[i];
	return NULL;
}

static void
ask(struct dns *d, struct question *q, struct channel *c,
    ares_callback take)
{
	char text[ANSWER_QUESTION];
	answer_question(&q->addr, text);
	if (c == &d->datagrams ? c->up : start_stream(c, d))
		ares_query(c->ares, text, ns_c_in, ns_t_ptr, take, q);
	else
		take(q, ARES_ESERVFAIL, 0, NULL, 0);
}

/* Some are answered, or have failed, before ares_query() returns. */
static void
start_waiting(struct dns *d)
{
	struct channel *c;
	if (d->is_starting)
		return;
	d->is_starting = true;
	while (d->waiting != NULL && (c = idle_stream(d)) != NULL) {
		struct question *q = d->waiting;
		d->waiting = q->next;
		if (d->waiting == NULL)
			d->waiting_end = &d->waiting;
		q->stream = c;
		c->is_busy = true;
		ask(d, q, c, answered_whole);
	}
	d->is_starting = false;
}

static bool
is_truncated(const unsigned char *message, int len)	/* RFC 1035 4.1.1 */
{
	return message != NULL && len > 2 && (message[2] & 2) != 0;
}

static void
answered(void *arg, int status, int timeouts, unsigned char *message, int len)
{
	struct question *q = arg;
	struct dns *d = q->dns;
	struct answer a;
	(void)timeouts;
	enum reply_kind kind = judge(q, status, message, len, &a);
	if (status == ARES_ETIMEOUT)
		d->silent++;
	else if (kind != REPLY_WITHDRAWN && status != ARES_ECONNREFUSED)
		d->silent = 0;
	if (kind == REPLY_WITHDRAWN || kind == REPLY_SILENT ||
	    (!is_truncated(message, len) && status != ARES_EBADRESP)) {
		answer(q, kind, &a);
		return;
	}
	q->has_name = kind == REPLY_NAME;
	q->cut = a;
	*d->waiting_end = q;
	d->waiting_end = &q->next;
	start_waiting(d);
}

void
dns_ask(struct dns *d, const struct addr *a)
{
	struct question *q = xcalloc(1, sizeof(*q));
	q->dns = d;
	q->addr = *a;
	ask(d, q, &d->datagrams, answered);
}

/* c-ares closes its sockets when nothing is under way. */
bool
dns_is_ready(struct dns *d)
{
	int ms = -1;
	if (d->silent < SILENT)
		return true;
	channel_timeout(&d->datagrams, &ms);
	if (ms == -1)
		d->silent = 0;
	return ms == -1;
}

size_t
dns_fds(const struct dns *d, struct pollfd *fds, size_t room)
{
	return channels_fds(&d->all, fds, room);
}

int
dns_timeout(const struct dns *d)
{
	int ms = -1;
	channel_timeout(&d->datagrams, &ms);
	for (size_t i = 0; i < STREAMS; i++)
		channel_timeout(&d->streams[i], &ms);
	return ms;
}

void
dns_handle(struct dns *d, const struct pollfd *fds, size_t count)
{
	channels_handle(&d->all, fds, count);
	channel_go_on(&d->datagrams);
	for (size_t i = 0; i < STREAMS; i++)
		channel_go_on(&d->streams[i]);
}

const struct own *
dns_own(const struct dns *d)
{
	return &d->all.own;
}
