/* SPDX-License-Identifier: MIT
 *
 * The program itself stays in the locale "C", in which there is nothing
 * beyond ASCII: cases are asked of a locale of their own.
 */
#include "tuiview/lower.h"

#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <wctype.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif

#include "lib/utf8.h"

static locale_t unicode;	/* or 0: there is none */

static void
find_unicode(void)
{
	static const char *const names[] = { "", "C.UTF-8", "en_US.UTF-8" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		locale_t l = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
		if (l != (locale_t)0 && strcmp(nl_langinfo_l(CODESET, l),
		    "UTF-8") == 0) {
			unicode = l;
			return;
		}
		if (l != (locale_t)0)
			freelocale(l);
	}
}

bool
lower_ascii(char *text, size_t len)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
	uint64_t more = 0;
	for (size_t i = 0; i < len; i += 8) {
		uint64_t w = 0, low;
		size_t n = len - i < 8 ? len - i : 8;
		memcpy(&w, text + i, n);
		more |= w;
		low = w & ~tops;
		/* From 'A' on, not beyond 'Z', and below 0x80. */
		w |= ((low + (0x80 - 'A') * ones) & ~(low +
		    (0x7f - 'Z') * ones) & ~w & tops) >> 2;
		memcpy(text + i, &w, n);
	}
	return (more & tops) != 0;
}

/* One character, or a byte that is none; returns its bytes, and how many it
 * was in *n. */
static size_t
lower_one(const char *from, size_t len, size_t *n, char bytes[4])
{
	unsigned char first = (unsigned char)*from;
	uint32_t c;
	bytes[0] = *from;
	*n = 1;
	if (first < 0x80) {
		if (first >= 'A' && first <= 'Z')
			bytes[0] = (char)(first + ('a' - 'A'));
		return 1;
	}
	size_t bytes_of = utf8_decode(from, len, &c);
	if (bytes_of == 0)
		return 1;
	*n = bytes_of;
	if (unicode != (locale_t)0)
		c = (uint32_t)towlower_l((wint_t)c, unicode);
	return utf8_encode(c, bytes);
}

size_t
lower_text(char *to, size_t size, const char *from, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	size_t used = 0;
	pthread_once(&once, find_unicode);
	for (size_t i = 0, n; i < len; i += n) {
		char bytes[4];
		size_t count = lower_one(from + i, len - i, &n, bytes);
		if (used + count >= size)
			break;
		memcpy(to + used, bytes, count);
		used += count;
	}
	to[used] = '\0';
	return used;
}
