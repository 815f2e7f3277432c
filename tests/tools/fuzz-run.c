/* SPDX-License-Identifier: MIT
 *
 * Give a fuzz target the files named, one after the other, without a fuzzer.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
main(int argc, char **argv)
{
	enum { MOST = 1 << 20 };
	for (int i = 1; i < argc; i++) {
		uint8_t *data = malloc(MOST);
		FILE *f = fopen(argv[i], "rb");
		if (data == NULL || f == NULL)
			err(EXIT_FAILURE, "%s", argv[i]);
		size_t len = fread(data, 1, MOST, f);
		if (ferror(f))
			err(EXIT_FAILURE, "%s", argv[i]);
		fclose(f);
		LLVMFuzzerTestOneInput(data, len);
		free(data);
	}
	return EXIT_SUCCESS;
}
