/* SPDX-License-Identifier: MIT
 *
 * OKLab after its public definition (Ottosson 2020), contrast after WCAG 2.2
 * section 1.4.3.
 */
#include "tuiview/colour.h"

#include <math.h>

enum { XTERM_COLOURS = 256 };

/* What a channel of the cube may be. */
static const uint32_t cube[6] = { 0, 0x5f, 0x87, 0xaf, 0xd7, 0xff };

struct lab {
	double l, a, b;
};

static double
linear(unsigned channel)
{
	static double table[256];
	if (table[255] == 0) {
		for (int i = 0; i < 256; i++) {
			double c = i / 255.0;
			table[i] = c <= 0.04045 ? c / 12.92 :
			    pow((c + 0.055) / 1.055, 2.4);
		}
	}
	return table[channel & 0xff];
}

static double
encoded(double linear_value)
{
	return linear_value <= 0.0031308 ? linear_value * 12.92 :
	    1.055 * pow(linear_value, 1 / 2.4) - 0.055;
}

static struct lab
lab_from_rgb(uint32_t rgb)
{
	double r = linear(rgb >> 16), g = linear(rgb >> 8), b = linear(rgb);
	double l = cbrt(0.4122214708 * r + 0.5363325363 * g +
	    0.0514459929 * b);
	double m = cbrt(0.2119034982 * r + 0.6806995451 * g +
	    0.1073969566 * b);
	double s = cbrt(0.0883024619 * r + 0.2817188376 * g +
	    0.6299787005 * b);
	return (struct lab){
		0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
	};
}

/* As light of red, green and blue; false when it cannot be displayed. */
static bool
lab_to_linear(struct lab c, double channel[3])
{
	double l = c.l + 0.3963377774 * c.a + 0.2158037573 * c.b;
	double m = c.l - 0.1055613458 * c.a - 0.0638541728 * c.b;
	double s = c.l - 0.0894841775 * c.a - 1.2914855480 * c.b;
	l = l * l * l;
	m = m * m * m;
	s = s * s * s;
	channel[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
	channel[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
	channel[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
	bool inside = true;
	for (int i = 0; i < 3; i++) {
		if (channel[i] < -0.0005 || channel[i] > 1.0005)
			inside = false;
	}
	return inside;
}

/* In 24 bits, clipped. */
static uint32_t
lab_to_rgb(struct lab c)
{
	double channel[3];
	uint32_t rgb = 0;
	lab_to_linear(c, channel);
	for (int i = 0; i < 3; i++) {
		double v = fmin(fmax(channel[i], 0), 1);
		rgb = rgb << 8 | (uint32_t)lround(encoded(v) * 255);
	}
	return rgb;
}

struct colour
colour_from_rgb(uint32_t rgb)
{
	struct lab c = lab_from_rgb(rgb);
	return (struct colour){ c.l, hypot(c.a, c.b), atan2(c.b, c.a) };
}

uint32_t
colour_to_rgb(struct colour c)
{
	double l = fmin(fmax(c.lightness, 0), 1), unused[3];
	double a = cos(c.hue), b = sin(c.hue);
	double low = 0, high = c.chroma;
	if (lab_to_linear((struct lab){ l, high * a, high * b }, unused))
		low = high;
	for (int i = 0; i < 11 && low < high; i++) {
		double chroma = (low + high) / 2;
		if (lab_to_linear((struct lab){ l, chroma * a, chroma * b },
		    unused))
			low = chroma;
		else
			high = chroma;
	}
	return lab_to_rgb((struct lab){ l, low * a, low * b });
}

double
colour_luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) +
	    0.0722 * linear(rgb);
}

static double
ratio_of(double x, double y)
{
	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

double
colour_contrast(uint32_t a, uint32_t b)
{
	return ratio_of(colour_luminance(a), colour_luminance(b));
}

static double
distance(struct lab x, struct lab y)
{
	double l = (x.l - y.l) * 0.7, a = (x.a - y.a) * 1.5,
	    b = (x.b - y.b) * 1.5;
	return sqrt(l * l + a * a + b * b);
}

double
colour_distance(uint32_t a, uint32_t b)
{
	return distance(lab_from_rgb(a), lab_from_rgb(b));
}

uint32_t
colour_mix(uint32_t a, uint32_t b, double part)
{
	struct lab x = lab_from_rgb(a), y = lab_from_rgb(b);
	return lab_to_rgb((struct lab){ x.l + (y.l - x.l) * part,
	    x.a + (y.a - x.a) * part, x.b + (y.b - x.b) * part });
}

uint32_t
colour_xterm(int index)
{
	static const uint32_t first[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
		0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
		0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	if (index < 16)
		return first[index & 15];
	if (index >= 232)
		return (uint32_t)(8 + (index - 232) * 10) * 0x010101;
	index -= 16;
	return cube[index / 36] << 16 | cube[index / 6 % 6] << 8 |
	    cube[index % 6];
}

/* Which step of the cube a channel is; -1: none. */
static int
cube_step(uint32_t channel)
{
	for (int i = 0; i < 6; i++)
		if (cube[i] == (channel & 0xff))
			return i;
	return -1;
}

int
colour_exact(uint32_t rgb)
{
	int r = cube_step(rgb >> 16), g = cube_step(rgb >> 8),
	    b = cube_step(rgb);
	if (r >= 0 && g >= 0 && b >= 0)
		return 16 + r * 36 + g * 6 + b;
	uint32_t grey = rgb & 0xff;
	if (rgb != grey * 0x010101 || grey < 8 || grey > 238 ||
	    (grey - 8) % 10 != 0)
		return -1;
	return (int)(232 + (grey - 8) / 10);
}

static double
least_contrast(double luminance, const uint32_t *grounds, size_t count)
{
	double least = 21;
	for (size_t i = 0; i < count; i++)
		least = fmin(least, ratio_of(luminance,
		    colour_luminance(grounds[i])));
	return least;
}

/* What is asked of every index again and again. */
static const struct entry {
	struct lab lab;
	double luminance;
} *
xterm_table(void)
{
	static struct entry table[XTERM_COLOURS];
	static bool filled;
	for (int i = 0; i < XTERM_COLOURS && !filled; i++) {
		table[i].lab = lab_from_rgb(colour_xterm(i));
		table[i].luminance = colour_luminance(colour_xterm(i));
	}
	filled = true;
	return table;
}

int
colour_index(uint32_t rgb, int first, int last, const uint32_t *grounds,
    size_t count, double ratio)
{
	const struct entry *table = xterm_table();
	struct lab wish = lab_from_rgb(rgb);
	int best = -1, most = first;
	double least_distance = INFINITY, most_contrast = 0;
	for (int i = first; i <= last; i++) {
		double d = distance(wish, table[i].lab);
		if (d >= least_distance)
			continue;
		double contrast = least_contrast(table[i].luminance,
		    grounds, count);
		if (contrast >= ratio) {
			best = i;
			least_distance = d;
		} else if (contrast > most_contrast) {
			most = i;
			most_contrast = contrast;
		}
	}
	return best >= 0 ? best : most;
}

static double
least_of(uint32_t rgb, const uint32_t *grounds, size_t count)
{
	return least_contrast(colour_luminance(rgb), grounds, count);
}

/* The nearest lightness towards `end` that is readable, or that end. */
static struct colour
towards(struct colour c, double end, const uint32_t *grounds, size_t count,
    double ratio)
{
	double far = end, near = c.lightness;
	for (int i = 0; i < 12; i++) {
		c.lightness = (far + near) / 2;
		if (least_of(colour_to_rgb(c), grounds, count) >= ratio)
			far = c.lightness;
		else
			near = c.lightness;
	}
	c.lightness = far;
	return c;
}

uint32_t
colour_readable(uint32_t rgb, const uint32_t *grounds, size_t count,
    double ratio)
{
	if (least_of(rgb, grounds, count) >= ratio)
		return rgb;
	struct colour c = colour_from_rgb(rgb);
	struct colour light = towards(c, 1, grounds, count, ratio);
	struct colour dark = towards(c, 0, grounds, count, ratio);
	uint32_t a = colour_to_rgb(light), b = colour_to_rgb(dark);
	bool a_reads = least_of(a, grounds, count) >= ratio;
	bool b_reads = least_of(b, grounds, count) >= ratio;
	if (a_reads != b_reads)
		return a_reads ? a : b;
	if (!a_reads)
		return least_of(a, grounds, count) >
		    least_of(b, grounds, count) ? a : b;
	return light.lightness - c.lightness <= c.lightness - dark.lightness ?
	    a : b;
}
