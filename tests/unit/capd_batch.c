/* SPDX-License-Identifier: MIT
 *
 * Records of several handles come out in the order of their time.
 *
 * uses: capd/batch.c
 */
#include <stdio.h>

#include "capd/batch.h"

static struct batch batch;

static void
add(uint64_t ts, uint16_t interface)
{
	batch.packets[batch.count++] = (struct record_packet){ .ts = ts,
		.interface = interface };
}

static int
check(const char *what, const uint64_t *want, unsigned count)
{
	const struct record_packet *p = batch_ordered(&batch);
	for (unsigned i = 0; i < count || i < batch.count; i++)
		if (batch.count != count || p[i].ts != want[i]) {
			printf("capd_batch: %s: wrong at %u of %u\n", what, i,
			    batch.count);
			return 1;
		}
	return 0;
}

int
main(void)
{
	static const uint64_t merged[] = { 1, 2, 3, 4, 5, 6, 7 };
	static const uint64_t as_it_came[] = { 5, 3 };
	int failures = 0;
	batch_run(&batch);
	add(2, 0), add(5, 0), add(7, 0);
	batch_run(&batch);	/* a handle that had nothing */
	batch_run(&batch);
	add(1, 2), add(3, 2);
	batch_run(&batch);
	add(4, 3), add(6, 3);
	failures += check("three runs", merged, 7);

	/* One handle: the kernel's order is kept. */
	batch_reset(&batch);
	batch_run(&batch);
	add(5, 0), add(3, 0);
	failures += check("one run", as_it_came, 2);

	/* As many handles as there can be. */
	batch_reset(&batch);
	for (uint64_t i = 0; i < SOURCE_INTERFACES; i++) {
		batch_run(&batch);
		add(SOURCE_INTERFACES - i, (uint16_t)i);
	}
	uint64_t want[SOURCE_INTERFACES];
	for (unsigned i = 0; i < SOURCE_INTERFACES; i++)
		want[i] = i + 1;
	failures += check("every handle", want, SOURCE_INTERFACES);
	return failures != 0;
}
