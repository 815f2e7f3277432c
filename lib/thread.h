/* SPDX-License-Identifier: MIT
 *
 * A thread that takes no signals: those are for the one that reads, writes
 * and waits.
 */
#ifndef LIB_THREAD_H
#define LIB_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* pthread_create(3) with every signal blocked; false with errno. */
bool thread_start(pthread_t *, void *(*run)(void *), void *argument);

#endif
