/* SPDX-License-Identifier: MIT
 *
 * Interfaces by numbers that stay.
 */
#include "flowagg/interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

/* The number of this name, which may be new; 0 when there are too many. */
static uint16_t
find_or_add(struct interfaces *i, const char *name)
{
	for (uint16_t n = 0; n < i->count; n++)
		if (strcmp(i->names[n], name) == 0)
			return (uint16_t)(n + 1);
	if (i->count == INTERFACES_MOST)
		return 0;
	i->names = xreallocarray(i->names, i->count + 1u, sizeof(*i->names));
	memcpy(i->names[i->count], name, strlen(name) + 1);
	return ++i->count;
}

void
interfaces_take(struct interfaces *i, const struct record_source *s)
{
	memset(i->numbers, 0, sizeof(i->numbers));
	for (uint16_t place = 0; place < s->interface_count; place++)
		i->numbers[place] = find_or_add(i,
		    s->interfaces[place].name);
}

void
interfaces_done(struct interfaces *i)
{
	free(i->names);
	*i = (struct interfaces){ 0 };
}

const char *
interfaces_name(const struct interfaces *i, uint16_t number)
{
	return number > 0 && number <= i->count ? i->names[number - 1] : "";
}
