/* SPDX-License-Identifier: MIT
 *
 * Colour arithmetic: contrast as WCAG 2 counts it, mixing and lightness in
 * the OKLab space, and the 256 and 16 colours of a terminal.
 */
#ifndef TUIVIEW_COLOUR_H
#define TUIVIEW_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Perceived lightness 0 to 1, chroma 0 to about 0.37, hue in radians. */
struct colour {
	double lightness, chroma, hue;
};

struct colour colour_from_rgb(uint32_t rgb);

/* The nearest displayable: chroma gives way, lightness and hue stay. */
uint32_t colour_to_rgb(struct colour);

/* Relative luminance, 0 black to 1 white; and the ratio of two, 1 to 21. */
double colour_luminance(uint32_t rgb);
double colour_contrast(uint32_t a, uint32_t b);

/* How different two colours look: 0 the same, 1 black and white.  Hue
 * weighs more than lightness. */
double colour_distance(uint32_t a, uint32_t b);

/* Part of the way from a (0) to b (1), evenly to the eye. */
uint32_t colour_mix(uint32_t a, uint32_t b, double part);

/* The colour of an index: 0 to 15 as xterm has them unless the user chose
 * others, 16 to 231 the cube, 232 to 255 the greys. */
uint32_t colour_xterm(int index);

/* The index from 16 on that is exactly this colour; -1: none. */
int colour_exact(uint32_t rgb);

/* The index from `first` to `last` nearest to the colour, among those with
 * at least the contrast `ratio` against all `count` grounds; the one with
 * most contrast when none has. */
int colour_index(uint32_t rgb, int first, int last, const uint32_t *grounds,
    size_t count, double ratio);

/* The colour itself, or made lighter or darker as little as needed for the
 * contrast against all the grounds; white or black when nothing helps. */
uint32_t colour_readable(uint32_t rgb, const uint32_t *grounds, size_t count,
    double ratio);

#endif
