/* SPDX-License-Identifier: MIT
 *
 * What every filter does with its two ends: write all of it, notice that
 * the reader has gone, never die of SIGPIPE.
 */
#ifndef LIB_IO_H
#define LIB_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Have a write to a reader that left fail with EPIPE instead of killing, and
 * one beyond the largest file that is allowed with EFBIG. */
void io_ignore_signals(void);

/* The name of a standard stream that is closed, or null.  To be asked before
 * anything is opened, since that would take the number of the closed stream
 * and get what is meant for it.  Standard input only counts if the program
 * `reads` it; a closed standard error is replaced by /dev/null. */
const char *io_closed_stream(bool reads);

/* Have `handler` called for a signal.  False, with nothing changed, if whoever
 * started us wants it ignored, as for the stages of a chain that is to end in
 * order. */
bool io_catch(int number, void (*handler)(int));

/* Close every descriptor from `lowest` on, in a child that is to keep none of
 * our others. */
void io_close_from(int lowest);

/* write(2), begun again when a signal interrupts it. */
ssize_t io_write(int fd, const void *bytes, size_t len);

/* Write all the bytes, waiting as long as it takes.  False with errno set
 * on failure; EPIPE means that the reader left: an ordinary end. */
bool io_write_all(int fd, const void *bytes, size_t len);

/* Make `fd`, the writing end of a pipe, non-blocking for us alone, which
 * makes io_write_some() several times cheaper.  False, with nothing changed,
 * when it is no pipe or the system has no way to. */
bool io_unshare_pipe(int fd);

/* Make the pipe that `fd` is an end of hold so many bytes, where that is
 * allowed: then a snapshot, or many records, wake the reader once, and not
 * once for each piece that fits. */
enum { IO_PIPE_SNAPSHOTS = 256 * 1024, IO_PIPE_RECORDS = 512 * 1024 };
void io_widen_pipe(int fd, int bytes);

/* Is it a file on a disk?  Writing to one waits for no reader, whatever its
 * flags are. */
bool io_is_file(int fd);

/* Does write(2) wait when there is no room, and not fail with EAGAIN? */
bool io_waits(int fd);

/* Do these events of poll(2) tell, of a descriptor to write to, that nobody
 * reads any more?  A pipe has an error then, a socket hangs up. */
bool io_reader_left(int events);

/* Write what `fd` takes without waiting; when it is not non-blocking, in
 * pieces of at most PIPE_BUF after a poll(2) that promised room, so that a
 * pipe shared with others need not be made so.  Returns the bytes written
 * (0: full), -1 with errno. */
long io_write_some(int fd, const void *bytes, size_t len);

#endif
