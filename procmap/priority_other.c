/* SPDX-License-Identifier: MIT
 *
 * Elsewhere all threads are equal.
 */
#include "procmap/priority.h"

void
priority_background(void)
{
}
