/* SPDX-License-Identifier: MIT
 *
 * Colour arithmetic against values worked out elsewhere (WCAG's examples,
 * xterm's own table).
 *
 * uses: tuiview/colour.c
 */
#include <math.h>
#include <stdio.h>

#include "tuiview/colour.h"

static int failures;

static void
near(const char *what, double got, double expected, double within)
{
	if (fabs(got - expected) <= within)
		return;
	failures++;
	printf("%s: %f, not %f\n", what, got, expected);
}

static void
same(const char *what, uint32_t got, uint32_t expected)
{
	if (got == expected)
		return;
	failures++;
	printf("%s: %06x, not %06x\n", what, got, expected);
}

int
main(void)
{
	static const uint32_t black = 0x000000, white = 0xffffff;
	static const uint32_t both[] = { 0x000000, 0x262626 };

	near("black and white", colour_contrast(black, white), 21, 0.001);
	near("a colour and itself", colour_contrast(0x123456, 0x123456), 1,
	    0);
	near("#767676 on white", colour_contrast(0x767676, white), 4.54,
	    0.01);
	near("red on white", colour_contrast(0xff0000, white), 4.00, 0.01);
	near("order", colour_contrast(white, 0x0000ff),
	    colour_contrast(0x0000ff, white), 0);
	near("luminance of white", colour_luminance(white), 1, 1e-9);

	for (uint32_t c = 0; c <= 0xffffff; c += 0x010307)
		same("there and back", colour_to_rgb(colour_from_rgb(c)), c);
	near("lightness of white", colour_from_rgb(white).lightness, 1, 1e-3);
	near("chroma of grey", colour_from_rgb(0x808080).chroma, 0, 1e-3);

	same("mix at 0", colour_mix(0x102030, 0xfedcba, 0), 0x102030);
	same("mix at 1", colour_mix(0x102030, 0xfedcba, 1), 0xfedcba);
	near("half way", colour_from_rgb(colour_mix(black, white, 0.5))
	    .lightness, 0.5, 0.01);

	same("cube corner", colour_xterm(16), 0x000000);
	same("cube red", colour_xterm(196), 0xff0000);
	same("cube 67", colour_xterm(67), 0x5f87af);
	same("grey 232", colour_xterm(232), 0x080808);
	same("grey 255", colour_xterm(255), 0xeeeeee);
	for (int i = 16; i < 256; i++)
		same("its own index", colour_xterm(colour_index(
		    colour_xterm(i), 16, 255, NULL, 0, 0)), colour_xterm(i));

	same("readable already", colour_readable(0xffff00, &black, 1, 4.5),
	    0xffff00);
	uint32_t blue = colour_readable(0x0000ff, both, 2, 4.5);
	if (colour_contrast(blue, both[1]) < 4.5)
		failures += printf("blue stays dark: %06x\n", blue) > 0;
	near("and only as light as needed", colour_contrast(blue, both[1]),
	    4.5, 0.1);
	near("its hue stays", colour_from_rgb(blue).hue,
	    colour_from_rgb(0x0000ff).hue, 0.05);
	uint32_t dark = colour_readable(0xffff00, &white, 1, 7);
	if (colour_contrast(dark, white) < 7)
		failures += printf("yellow stays light: %06x\n", dark) > 0;
	same("the best there is", colour_readable(0x777777, &black, 1, 30),
	    white);
	int index = colour_index(0x0000ff, 16, 255, &black, 1, 4.5);
	if (colour_contrast(colour_xterm(index), black) < 4.5)
		failures += printf("index %d does not read\n", index) > 0;
	same("most contrast of none", (uint32_t)colour_index(0x808080, 0, 15,
	    &black, 1, 30), 15);
	return failures > 0;
}
