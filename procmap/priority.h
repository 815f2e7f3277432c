/* SPDX-License-Identifier: MIT
 *
 * Which thread goes first where there are fewer processors than work.
 */
#ifndef PROCMAP_PRIORITY_H
#define PROCMAP_PRIORITY_H

/* The calling thread does little at a time, and that at once: it is not made
 * to wait until others have used up their slices. */
void priority_prompt(void);

/* The calling thread, and what it starts, works when there is time. */
void priority_background(void);

#endif
