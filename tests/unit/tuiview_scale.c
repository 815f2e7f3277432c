/* SPDX-License-Identifier: MIT
 *
 * How long bars are, and where the ticks stand: the logarithm is a real one.
 *
 * uses: tuiview/scale.c
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tuiview/scale.h"

static int failures;

/* No settings are read here: the scale is given. */
int
prefs_choice(const struct prefs *p, enum pref pref)
{
	(void)p;
	(void)pref;
	return 0;
}

uint64_t
prefs_rate(const struct prefs *p, enum pref pref)
{
	(void)p;
	(void)pref;
	return 0;
}

static void
logarithmic(enum format_unit unit, double top, double factor)
{
	const struct scale s = { .top = top, .unit = unit };
	enum { WIDTH = 80 };
	int before = 0;
	for (double rate = 1; rate * factor < top * 20; rate *= 1.03) {
		uint64_t whole = (uint64_t)rate;
		double wanted = log10((double)whole * factor) / log10(top) *
		    WIDTH;
		int cells = scale_cells(&s, whole, WIDTH);
		wanted = wanted < 0 ? 0 : wanted > WIDTH ? WIDTH : wanted;
		if (fabs(cells - wanted) > 0.52 || cells < before) {
			failures++;
			printf("%.0f of %.0f fills %d of %d, not %.2f\n",
			    (double)whole * factor, top, cells, WIDTH,
			    wanted);
		}
		before = cells;
	}
	if (scale_cells(&s, 0, WIDTH) != 0) {
		failures++;
		printf("nothing is not nothing\n");
	}
}

static void
linear(void)
{
	const struct scale s = { .linear = true, .top = 8000,
		.unit = FORMAT_BITS };
	for (uint64_t rate = 0; rate <= 1200; rate += 4) {
		int wanted = rate >= 1000 ? 50 : (int)((double)rate / 20 + 0.5);
		if (scale_cells(&s, rate, 50) == wanted)
			continue;
		failures++;
		printf("%d of 1000 bytes fill %d of 50, not %d\n", (int)rate,
		    scale_cells(&s, rate, 50), wanted);
	}
}

static void
ticks(const struct scale *s, int count, const char *const labels[],
    const double places[])
{
	double at[SCALE_TICKS];
	char got[SCALE_TICKS][FORMAT_TEXT];
	int n = scale_ticks(s, at, got);
	for (int i = 0; i < n && i < count; i++)
		if (strcmp(got[i], labels[i]) != 0 ||
		    fabs(at[i] - places[i]) > 1e-3) {
			failures++;
			printf("tick %d: %s at %.4f\n", i, got[i], at[i]);
		}
	if (n != count) {
		failures++;
		printf("%d ticks, not %d\n", n, count);
	}
}

int
main(void)
{
	logarithmic(FORMAT_BITS, 1e9, 8);
	logarithmic(FORMAT_BYTES, 1e12, 8);
	logarithmic(FORMAT_PACKETS, 1e6, 1);
	linear();
	ticks(&(struct scale){ .top = 1e9, .unit = FORMAT_BITS }, 5,
	    (const char *const[]){ "10b", "1.00kb", "100kb", "10.0Mb",
	    "1.00Gb" }, (const double[]){ 1 / 9., 3 / 9., 5 / 9., 7 / 9., 1 });
	ticks(&(struct scale){ .top = 1e6, .unit = FORMAT_BITS,
	    .linear = true }, 5, (const char *const[]){ "200kb", "400kb",
	    "600kb", "800kb", "1.00Mb" },
	    (const double[]){ 0.2, 0.4, 0.6, 0.8, 1 });
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
