/* error - what went wrong, and where the operator wrote it */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* line 0: the file as a whole. file is borrowed. */
struct place {
	const char *file;
	unsigned line;
};

/*
 * A message reads `place: thing: fact; next step`: lower case, no full stop.
 * It never quotes the text of a notice, key material or a password.
 */
struct error {
	char message[512];
	bool passes; /* no mistake of anybody: worth another try */
	unsigned line; /* of the place, as are: */
	size_t file,
	    fact; /* bytes of the message: the file's name, all before the fact */
};

/* Both return false, so that a failure is one line: return error_set(err, ...). */
bool error_set(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool error_at(struct error *err, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* All mistakes of an input at once, each said once: readers add to it and go on. */
struct mistake {
	bool warning;
	char *message; /* owned */
	const char *fact; /* the message behind its place */
	char *file; /* owned; NULL: none is to blame, or the fact names it */
	unsigned line;
};

struct mistakes {
	struct mistake *all; /* owned */
	size_t count;
	size_t errors; /* how often something that is no warning was added */
	size_t passing; /* how many of them may be over by the next try */
};

void mistakes_add(struct mistakes *mistakes, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void mistakes_warn(struct mistakes *mistakes, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a message that already names its place. */
void mistakes_error(struct mistakes *mistakes, const struct error *err);
void mistakes_clear(struct mistakes *mistakes);

#endif
