/* leak - withheld material found in what is given */
#ifndef POLICY_LEAK_H
#define POLICY_LEAK_H

#include "policy/advisory.h"
#include "policy/edition.h"

/*
 * Compares what each edition gives (its facts, texts and files with their views, and
 * the rendered text) with all of the advisory that it withholds. A passage of 48 bytes
 * or more, and a text or file of 16 or more as a whole, is a mistake. It is a warning when
 * - it is a fact or an element of a list, or one of these quoted by what is withheld:
 *   names and titles stand in more than one class;
 * - what is withheld is no text, and less than half of it is held: files of one kind
 *   have much in common.
 * Failed editions are not looked at.
 */
void leak_check(const struct advisory *advisory, struct edition *const editions[],
    size_t count, struct mistakes *mistakes);

#endif
