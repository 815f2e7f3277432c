/* SPDX-License-Identifier: MIT
 *
 * Both digests in one pass over the bytes: they share the block size.
 */
#include "procmap/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct digest {
	uint32_t md5[4], sha256[8];
	uint64_t len;		/* bytes so far */
	uint8_t block[64];	/* what is not digested yet, at its start */
};

/* The table of RFC 1321: floor(2^32 * abs(sin(i + 1))). */
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf,
	0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af,
	0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
	0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6,
	0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8,
	0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
	0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97,
	0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
	0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static const uint8_t turns[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 },
	{ 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

/* FIPS 180-4, 4.2.2: fractions of the cube roots of the first primes. */
static const uint32_t roots[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
	0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
	0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
	0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t
left(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static uint32_t
right(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void
md5_block(uint32_t state[4], const uint8_t *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t words[16];
	for (unsigned i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] |
		    (uint32_t)block[4 * i + 1] << 8 |
		    (uint32_t)block[4 * i + 2] << 16 |
		    (uint32_t)block[4 * i + 3] << 24;
	for (unsigned i = 0; i < 64; i++) {
		uint32_t f;
		unsigned at;
		switch (i / 16) {
		case 0:
			f = (b & c) | (~b & d);
			at = i;
			break;
		case 1:
			f = (d & b) | (~d & c);
			at = (5 * i + 1) % 16;
			break;
		case 2:
			f = b ^ c ^ d;
			at = (3 * i + 5) % 16;
			break;
		default:
			f = c ^ (b | ~d);
			at = 7 * i % 16;
			break;
		}
		f += a + sines[i] + words[at];
		a = d;
		d = c;
		c = b;
		b += left(f, turns[i / 16][i % 4]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}

static void
sha256_block(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], s[8];
	for (unsigned i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 |
		    (uint32_t)block[4 * i + 1] << 16 |
		    (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (unsigned i = 16; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		    (right(w[i - 15], 7) ^ right(w[i - 15], 18) ^
		    w[i - 15] >> 3) +
		    (right(w[i - 2], 17) ^ right(w[i - 2], 19) ^
		    w[i - 2] >> 10);
	memcpy(s, state, sizeof(s));
	for (unsigned i = 0; i < 64; i++) {
		uint32_t one = s[7] + roots[i] + w[i] +
		    (right(s[4], 6) ^ right(s[4], 11) ^ right(s[4], 25)) +
		    ((s[4] & s[5]) ^ (~s[4] & s[6]));
		uint32_t two = (right(s[0], 2) ^ right(s[0], 13) ^
		    right(s[0], 22)) +
		    ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += one;
		s[0] = one + two;
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

static void
begin(struct digest *d)
{
	*d = (struct digest){
		.md5 = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 },
		.sha256 = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
}

static void
add(struct digest *d, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	while (len > 0) {
		size_t used = d->len % 64;
		size_t n = 64 - used < len ? 64 - used : len;
		memcpy(d->block + used, at, n);
		d->len += n;
		at += n;
		len -= n;
		if (d->len % 64 == 0) {
			md5_block(d->md5, d->block);
			sha256_block(d->sha256, d->block);
		}
	}
}

/* The two end with the length in bits, in their own byte orders. */
static void
finish(struct digest *d, char md5[MD5_TEXT], char sha256[SHA256_TEXT])
{
	static const uint8_t padding[64] = { 0x80 };
	uint64_t bits = d->len * 8;
	add(d, padding, 1 + (119 - d->len % 64) % 64);
	for (int i = 0; i < 8; i++)
		d->block[56 + i] = (uint8_t)(bits >> 8 * i);
	md5_block(d->md5, d->block);
	for (int i = 0; i < 8; i++)
		d->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
	sha256_block(d->sha256, d->block);
	for (size_t i = 0; i < 4; i++)
		snprintf(md5 + 8 * i, 9, "%08x",
		    __builtin_bswap32(d->md5[i]));
	for (size_t i = 0; i < 8; i++)
		snprintf(sha256 + 8 * i, 9, "%08x", d->sha256[i]);
}

bool
digest_fd(int fd, char md5[MD5_TEXT], char sha256[SHA256_TEXT])
{
	uint8_t bytes[65536];
	struct digest d;
	ssize_t n;
	begin(&d);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		add(&d, bytes, (size_t)n);
	finish(&d, md5, sha256);
	return n == 0;
}

bool
digest_file(const char *path, char md5[MD5_TEXT], char sha256[SHA256_TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return false;
	bool done = digest_fd(fd, md5, sha256);
	int error = errno;
	close(fd);
	errno = error;
	return done;
}
