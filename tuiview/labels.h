/* SPDX-License-Identifier: MIT
 *
 * How rows read: the two ends of a flow with ports and names as chosen, the
 * process, what is copied.
 */
#ifndef TUIVIEW_LABELS_H
#define TUIVIEW_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "tuiview/app.h"

enum { LABEL = 320 };

/* "host:port", "[2001:db8::1]:443", "*" for a merged side. */
void label_end(const struct app *, const struct row *, bool source,
    char text[LABEL]);

/* "[4821:firefox]", or the name alone where `width` cells hold no more; ""
 * when nothing is known. */
void label_process(const struct row *, int width, char text[LABEL]);

/* One flow's end with number and address, whatever is chosen. */
void label_address(const char *addr, unsigned port, char text[LABEL]);

/* A group's name, with host and service names as chosen. */
void label_group(const struct app *, const struct row *,
    char text[ROWS_NAME]);

/* What the copy key takes: "a:1 => b:2 TCP [pid:process]". */
void label_copy(const struct app *, const struct row *, char *text,
    size_t size);

/* A rate or an amount in the chosen unit; one of a row's rates, or a dash when
 * they are not known. */
void label_row_rate(const struct app *, const struct row *, uint64_t rate,
    char text[FORMAT_TEXT]);
void label_rate(const struct app *, uint64_t rate, char text[FORMAT_TEXT]);
void label_total(const struct app *, uint64_t total, char text[FORMAT_TEXT]);

/* A rate of bytes even where packets are counted: then in bits. */
void label_bandwidth(const struct app *, uint64_t bytes_per_second,
    char text[FORMAT_TEXT]);

#endif
