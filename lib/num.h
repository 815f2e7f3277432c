/* SPDX-License-Identifier: MIT
 *
 * Numbers from text, strictly: the whole text or nothing.  All of these are
 * false, and leave the value as it is, when the text is no such number.
 */
#ifndef LIB_NUM_H
#define LIB_NUM_H

#include <stdbool.h>
#include <stdint.h>

/* Decimal digits only, from `min` to `max`. */
bool num_unsigned(const char *text, uint64_t min, uint64_t max,
    uint64_t *value);

/* A plain decimal number such as 0.5 or 10, from `min` to `max`; no sign,
 * no exponent, no locale. */
bool num_decimal(const char *text, double min, double max, double *value);

/* Bytes per second, at least 1, rounded: a number with an optional suffix k,
 * M, G or T (steps of 1000) and an optional unit: B or none for bytes, b or
 * bit for bits.  "10Mb" is 1,250,000; "500k" is 500,000. */
bool num_rate(const char *text, uint64_t *bytes_per_second);

/* A size in bytes: a number with an optional suffix k, M, G or T (steps
 * of 1024).  "32M" is 33,554,432. */
bool num_size(const char *text, uint64_t min, uint64_t max, uint64_t *bytes);

#endif
