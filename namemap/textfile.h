/* SPDX-License-Identifier: MIT
 *
 * A file of lines, such as /etc/hosts, which may be anything: nothing in it
 * takes much memory, and nothing is waited for long.
 */
#ifndef NAMEMAP_TEXTFILE_H
#define NAMEMAP_TEXTFILE_H

enum { TEXTFILE_MAX = 64 << 20, TEXTFILE_LINE = 64 << 10 };	/* bytes */
enum { TEXTFILE_PATIENCE = 1000 };	/* ms, for a pipe, at the start */

/* Give each line to `take`, which may write into it; what is behind the first
 * TEXTFILE_MAX bytes is left out, and so are lines above TEXTFILE_LINE.  What
 * is no ordinary file is waited for so many milliseconds in all. */
void textfile_read(const char *path, int patience,
    void (*take)(void *state, char *line), void *state);

#endif
