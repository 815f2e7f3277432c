/* SPDX-License-Identifier: MIT
 *
 * Questions to DNS servers, without ever waiting: c-ares holds the sockets,
 * the caller's poll(2) watches them.
 */
#ifndef NAMEMAP_DNS_H
#define NAMEMAP_DNS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "namemap/own.h"
#include "namemap/policy.h"
#include "namemap/reply.h"

struct dns;

/* Ask `count` servers, or those of resolv.conf(5) when there are none.
 * Null when c-ares cannot start; *why says why. */
struct dns *dns_new(const struct server *, size_t count, struct reply_to,
    const char **why);
void dns_free(struct dns *);

/* Read resolv.conf(5) again; questions under way are withdrawn. */
void dns_reload(struct dns *);

/* Whom it asks, as c-ares has understood resolv.conf(5). */
void dns_servers(const struct dns *, struct servers *);

/* Drop every question: replies say so before this returns. */
void dns_withdraw(struct dns *);

/* May it be asked?  Not while questions are under way, of which many in a row
 * had no answer: the next one has another socket then.  The address of the old
 * one may be none of ours any more. */
bool dns_is_ready(struct dns *);

/* Ask for the name of an address.  The reply may come before this
 * returns. */
void dns_ask(struct dns *, const struct addr *);

/* What to poll(2): at most `room` descriptors, returns how many; ms until
 * dns_handle() is due anyway, -1: never. */
size_t dns_fds(const struct dns *, struct pollfd *, size_t room);
int dns_timeout(const struct dns *);

/* Go on after poll(2). */
void dns_handle(struct dns *, const struct pollfd *, size_t count);

/* Our sockets, for telling our own flows. */
const struct own *dns_own(const struct dns *);

#endif
