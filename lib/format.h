/* SPDX-License-Identifier: MIT
 *
 * Bytes and rates for people: three significant digits, steps of 1000, the
 * unit chosen after rounding, so 999,999 never reads "1000k".
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdint.h>

enum format_unit { FORMAT_BITS, FORMAT_BYTES, FORMAT_PACKETS };

enum { FORMAT_TEXT = 16 };

/* A rate: from bytes per second "0b", "536b", "98.8kb", "1.06Mb", or in bytes
 * "67B", "12.3kB"; from packets per second "950p", "1.20kp". */
void format_rate(uint64_t per_second, enum format_unit,
    char text[FORMAT_TEXT]);

/* An amount of bytes: "999B", "12.3kB", "1.34GB". */
void format_bytes(uint64_t bytes, char text[FORMAT_TEXT]);

#endif
