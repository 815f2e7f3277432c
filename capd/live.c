/* SPDX-License-Identifier: MIT
 *
 * Stands in for the live half until it is there.
 */
#include <err.h>
#include <stdlib.h>

#include "capd/capd.h"

int
capd_live(const struct capd *c)
{
	(void)c;
	warnx("live capture is not built in; read a file with -r");
	return EXIT_FAILURE;
}

int
capd_list(bool json)
{
	(void)json;
	warnx("live capture is not built in; read a file with -r");
	return EXIT_FAILURE;
}
