/* SPDX-License-Identifier: MIT
 *
 * Whatever bytes a DNS server sends: a name that passes is fit to show, and
 * passes again.
 *
 * uses: namemap/answer.c namemap/hostname.c
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "namemap/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct addr v4 = { ADDR_IPV4, { 198, 51, 100, 7 } };
	struct addr v6 = { ADDR_IPV6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 } };
	struct answer a;
	char again[HOSTNAME_TEXT];
	if (answer_parse(data, len, &v4, &a) == ANSWER_NAME &&
	    (!hostname_check(a.name, strlen(a.name), again) ||
	    strcmp(a.name, again) != 0))
		abort();
	answer_parse(data, len, &v6, &a);
	/* The same bytes as a name by themselves. */
	if (hostname_check((const char *)data, len, a.name) &&
	    (strlen(a.name) == 0 || strlen(a.name) >= HOSTNAME_TEXT))
		abort();
	return 0;
}
