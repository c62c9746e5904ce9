/* mem - allocation that cannot fail: out of memory ends the process at once, with 75 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* For what a library gives, or says, when it had no memory. */
void mem_out(void) __attribute__((noreturn));
void *mem_made(void *thing); /* the thing, which is not NULL */

/* All memory is zeroed and the caller's; free it with free(). */
void *mem_new(size_t size);
void *mem_array(size_t count, size_t size);
char *mem_string(const char *string);
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Makes room for one more element behind the first `count` of an array that
 * is only ever grown by this function; returns the array's new address.
 */
void *mem_room(void *array, size_t count, size_t size);

#endif
