/* SPDX-License-Identifier: MIT
 *
 * Which thread goes first where there are fewer processors than work.
 */
#ifndef PROCMAP_PRIORITY_H
#define PROCMAP_PRIORITY_H

/* The calling thread, and what it starts, works when there is time. */
void priority_background(void);

#endif
