/* SPDX-License-Identifier: MIT
 *
 * Quiet flows: in the table, but without bytes in any window.  They are shown
 * where there is room behind all others, and their order, that of their ends,
 * stays as it is: so the first of them are kept, and a snapshot needs not look
 * for them among a million.  Part of rank.
 *
 * A flow in the list may have gone, or be no longer quiet: its limit in the
 * ledger, 0 only for quiet flows, tells.
 */
#ifndef FLOWAGG_RANK_QUIET_H
#define FLOWAGG_RANK_QUIET_H

#include "flowagg/rank.h"

void quiet_done(struct quiet *);

/* No flow is known to be quiet. */
void quiet_forget(struct quiet *);

/* A flow became quiet; at most `top` will be asked for. */
void quiet_add(struct quiet *, const struct flows *, enum rank_key,
    size_t top, const struct row *);

/* The first quiet flows, at most `top`, in order, to `rows`; how many. */
size_t quiet_first(struct quiet *, const struct flows *, enum rank_key,
    size_t top, struct row *rows);

#endif
