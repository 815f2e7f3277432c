/* SPDX-License-Identifier: MIT
 *
 * Names from the system's name service switch, nsswitch.conf(5): whatever
 * is set up there (mDNS, LDAP, DNS).  It only knows how to wait, so child
 * processes do the waiting, one question each.
 */
#ifndef NAMEMAP_NSS_H
#define NAMEMAP_NSS_H

#include <poll.h>
#include <stddef.h>

#include "namemap/reply.h"

enum { NSS_WORKERS = 8 };

struct nss;

/* At most `in_flight` workers, and NSS_WORKERS; they start when needed. */
struct nss *nss_new(size_t in_flight, struct reply_to);

/* Drop every question: replies say so before this returns. */
void nss_withdraw(struct nss *);

/* End the workers at once, whatever they are waiting for. */
void nss_free(struct nss *);

/* As in dns.h.  Beyond the number of workers, questions queue. */
void nss_ask(struct nss *, const struct addr *);
size_t nss_fds(const struct nss *, struct pollfd *, size_t room);
void nss_handle(struct nss *, const struct pollfd *, size_t count);

#endif
