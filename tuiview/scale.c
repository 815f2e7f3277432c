/* SPDX-License-Identifier: MIT
 *
 * Bars and ticks from one formula.  No libm: a base ten logarithm good to a
 * thousandth is all a bar needs, and the same on every machine.
 */
#include "tuiview/scale.h"

#include <stdio.h>

enum { STEPS = 60 };

static double
log_ten(double x)
{
	double whole = 0;
	if (x <= 1)
		return 0;
	while (x >= 10) {
		x /= 10;
		whole++;
	}
	/* ln x = 2 artanh((x - 1) / (x + 1)), x below 10; halve twice. */
	int roots = 0;
	while (x > 1.5) {
		double r = x / 2;
		for (int i = 0; i < 6; i++)
			r = (r + x / r) / 2;
		x = r;
		roots++;
	}
	double t = (x - 1) / (x + 1), square = t * t;
	double ln = 2 * t * (1 + square / 3 + square * square / 5 +
	    square * square * square / 7);
	while (roots-- > 0)
		ln *= 2;
	return whole + ln / 2.302585092994046;
}

static double
largest(const struct app *app)
{
	const struct flows *f = app->flows;
	uint64_t top = f != NULL ? f->peak_total : 0;
	/* Peaks begin anew with the totals, means do not. */
	for (int w = 0; f != NULL && w < WINDOWS; w++)
		if (f->total.sent[w] + f->total.recv[w] > top)
			top = f->total.sent[w] + f->total.recv[w];
	return (double)top * 8;
}

void
scale_of(const struct app *app, struct scale *s)
{
	uint64_t fixed = prefs_rate(app->prefs, PREF_MAX_BANDWIDTH);
	s->linear = prefs_choice(app->prefs, PREF_SCALE) == SCALE_LINEAR;
	s->unit = (enum format_unit)prefs_choice(app->prefs, PREF_UNITS);
	double most = largest(app);
	if (s->unit == FORMAT_PACKETS) {
		/* A full line rate of small packets is never more. */
		s->top = s->linear ? 1e3 : 1e6;
		while (s->top < most / 512)
			s->top *= 10;
		return;
	}
	if (fixed > 0) {
		s->top = (double)fixed * 8;
		return;
	}
	s->top = s->linear ? 1e5 : 1e9;
	static const double steps[] = { 2, 2.5, 2 };	/* 1 2 5 10 */
	for (int i = 0; s->top < most && s->top < 1e15; i++)
		s->top *= s->linear ? steps[i % 3] : 10;
}

static double
fraction(const struct scale *s, double value)
{
	double f = s->linear ? value / s->top :
	    log_ten(value) / log_ten(s->top);
	return f < 0 ? 0 : f > 1 ? 1 : f;
}

int
scale_cells(const struct scale *s, uint64_t rate, int width)
{
	double value = (double)rate * (s->unit == FORMAT_PACKETS ? 1 : 8);
	double cells = fraction(s, value) * width;
	/* Sixty steps or so, however wide: fewer changes to send, and ends
	 * that do not tremble. */
	int step = width < STEPS * 3 / 2 ? 1 : (width + STEPS / 2) / STEPS;
	return cells >= width ? width : (int)(cells / step + 0.5) * step;
}

int
scale_ticks(const struct scale *s, double at[SCALE_TICKS],
    char labels[SCALE_TICKS][FORMAT_TEXT])
{
	int count = 0;
	double factor = s->unit == FORMAT_PACKETS ? 1 : 8;
	if (s->linear) {
		for (int i = 1; i <= 5; i++, count++) {
			at[count] = i / 5.0;
			format_rate((uint64_t)(s->top * i / 5 / factor),
			    s->unit, labels[count]);
		}
		return count;
	}
	for (double v = 10; v <= s->top * 1.0001 && count < SCALE_TICKS;
	    v *= 100, count++) {
		at[count] = fraction(s, v);
		/* 10 bits are no whole bytes. */
		if (s->unit == FORMAT_BITS && v < 100)
			snprintf(labels[count], FORMAT_TEXT, "10b");
		else
			format_rate((uint64_t)(v / factor), s->unit,
			    labels[count]);
	}
	return count;
}
