/* SPDX-License-Identifier: MIT
 *
 * What may change while a live capture runs.
 */
#ifndef CAPD_SETTINGS_H
#define CAPD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/record.h"

struct settings {
	unsigned count;
	char names[SOURCE_INTERFACES][SOURCE_NAME];
	char *filter;		/* owned; "" for none */
	bool promiscuous;
	uint32_t snaplen;
};

void settings_copy(struct settings *to, const struct settings *from);

#endif
