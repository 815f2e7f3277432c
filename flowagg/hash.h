/* SPDX-License-Identifier: MIT
 *
 * A keyed hash of a flow key, for a table that strangers fill.
 *
 * Multilinear hashing over 32-bit words (Lemire and Kaser, "Strongly
 * universal string hashing is fast", 2014, MULTILINEAR-HM): the high half of
 * k0 + (k1 + w1) (k2 + w2) + (k3 + w3) (k4 + w4) + ... modulo 2^64 with random
 * 64-bit k.  For any two different keys the chance of the same 32-bit value
 * is exactly 2^-32 over the choice of k, whatever the sender knows short of k
 * itself.  That is more than SipHash can prove, at a fraction of its cost:
 * five independent multiplications.  k is random at each start and never
 * leaves the program; no output depends on it, because nothing is ever listed
 * in table order.
 */
#ifndef FLOWAGG_HASH_H
#define FLOWAGG_HASH_H

#include <stdint.h>
#include <string.h>

enum { HASH_WORDS = 10 };	/* a key of 40 bytes */

struct hash {
	uint64_t k[HASH_WORDS + 1];
};

/* Fill k from the system's random numbers; exits where there are none. */
void hash_init(struct hash *);

static inline uint32_t
hash_key(const struct hash *h, const void *key)
{
	uint32_t w[HASH_WORDS];
	const uint64_t *k = h->k;
	memcpy(w, key, sizeof(w));
	/* Written out: two sums that do not wait for each other. */
	uint64_t one = k[0] + (k[1] + w[0]) * (k[2] + w[1]) +
	    (k[5] + w[4]) * (k[6] + w[5]) + (k[9] + w[8]) * (k[10] + w[9]);
	uint64_t other = (k[3] + w[2]) * (k[4] + w[3]) +
	    (k[7] + w[6]) * (k[8] + w[7]);
	return (uint32_t)((one + other) >> 32);
}

#endif
