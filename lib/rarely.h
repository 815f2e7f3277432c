/* SPDX-License-Identifier: MIT
 *
 * A function that is called rarely from where speed matters.  It is not
 * inlined, so that what it needs (registers to be saved, room on the stack)
 * costs nothing where it is not called.
 */
#ifndef LIB_RARELY_H
#define LIB_RARELY_H

#define RARELY __attribute__((noinline))

#endif
