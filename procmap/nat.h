/* SPDX-License-Identifier: MIT
 *
 * Which tuple is behind a translated one: asked of connection tracking by a
 * child that keeps the one capability this needs, and that sees nothing but
 * addresses and ports.
 */
#ifndef PROCMAP_NAT_H
#define PROCMAP_NAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

struct nat;

/* Start the child, before privilege is dropped.  Null when there is no
 * privilege or no connection tracking for it. */
struct nat *nat_start(void);

/* End the child, and free all. */
void nat_stop(struct nat *);

/* A snapshot begins. */
void nat_begin(struct nat *);

/* Be told of translations as they begin, so that few have to be asked for.
 * It costs some microseconds for each new translated flow. */
void nat_watch(struct nat *);

/* Take what was told so far, for so many microseconds at most.  True when
 * there is more. */
bool nat_take(struct nat *, int64_t budget);

/* For match_env: key->local is our address as the packets show it.
 * NAT_FOUND when it stands for another one, which then is in *key.  What is
 * not known yet is noted as a question.  At most so many answers, and so many
 * that were told unasked, are remembered for a while. */
enum { NAT_ANSWERS = 32768, NAT_NEWS = 32768 };
enum nat_answer { NAT_NONE, NAT_FOUND, NAT_ASKED };
/* A child that has not answered for so many microseconds is asked on, but not
 * waited for any more: it is NAT_NONE then. */
enum { NAT_SILENCE = 1000000 };
enum nat_answer nat_ask(struct nat *, struct sock_key *key);

/* The same of a tuple that a socket of ours fits, too, and that was first seen
 * then; few of them are asked for at once.  NAT_NONE may become NAT_FOUND with
 * the answers. */
enum nat_answer nat_check(struct nat *, struct sock_key *key, int64_t first);

/* How often the kernel had no room for what it tells. */
uint64_t nat_lost(const struct nat *);

/* How many questions there are; put them all, and wait for answers so
 * many microseconds at most.  True when some came: ask again. */
size_t nat_waiting(const struct nat *);
bool nat_finish(struct nat *, int64_t budget);

#endif
