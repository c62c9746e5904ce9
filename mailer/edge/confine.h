/* confine - what the kernel no longer lets this process do, nor what it starts */
#ifndef EDGE_CONFINE_H
#define EDGE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Whether the kernel has Landlock: else confine_writes does nothing. */
bool confine_knows(void);

/*
 * From here on, for good: files are written, made, renamed and removed below these
 * directories alone, and the rights of other users cannot be had (sudo). One that
 * cannot be opened is left out. What is open stays open. False: not confined, where
 * the kernel could have done so.
 */
bool confine_writes(const char *const directories[], size_t count, struct error *err);

/*
 * From here on, for good: reads and writes what is open, has memory, ends; nothing
 * else: no file, socket, process or new code. False: not confined.
 */
bool confine_to_memory(void);

#endif
