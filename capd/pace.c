/* SPDX-License-Identifier: MIT
 *
 * A clock with a speed.
 */
#include "capd/pace.h"

void
pace_start(struct pace *p, double speed, uint64_t packet, uint64_t real)
{
	*p = (struct pace){ .speed = speed, .packet = packet, .real = real };
}

uint64_t
pace_now(const struct pace *p, uint64_t real)
{
	if (p->paused || p->speed == 0 || real <= p->real)
		return p->packet;
	double passed = (double)(real - p->real) * p->speed;
	if (passed >= (double)(UINT64_MAX / 2))
		return UINT64_MAX / 2;
	uint64_t now = p->packet + (uint64_t)passed;
	return now >= p->packet ? now : UINT64_MAX;
}

uint64_t
pace_wait(const struct pace *p, uint64_t packet, uint64_t real)
{
	uint64_t now = pace_now(p, real);
	if (packet <= now)
		return 0;
	if (p->paused)
		return UINT64_MAX;
	if (p->speed == 0)
		return 0;
	double wait = (double)(packet - now) / p->speed;
	return wait < (double)(UINT64_MAX / 2) ? (uint64_t)wait :
	    UINT64_MAX / 2;
}

/* Bring the pair of times up to now. */
static void
settle(struct pace *p, uint64_t packet, uint64_t real)
{
	p->packet = pace_is_on(p) ? pace_now(p, real) : packet;
	p->real = real;
}

void
pace_set_speed(struct pace *p, double speed, uint64_t packet, uint64_t real)
{
	settle(p, packet, real);
	p->speed = speed;
}

void
pace_pause(struct pace *p, bool paused, uint64_t packet, uint64_t real)
{
	settle(p, packet, real);
	p->paused = paused;
}

void
pace_step(struct pace *p, uint64_t by, uint64_t packet, uint64_t real)
{
	settle(p, packet, real);
	p->packet = p->packet < UINT64_MAX - by ? p->packet + by : UINT64_MAX;
}

void
pace_set_time(struct pace *p, uint64_t packet, uint64_t real)
{
	p->packet = packet;
	p->real = real;
}
