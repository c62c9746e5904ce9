/* name - the grammars of what operators name */
#ifndef POLICY_NAME_H
#define POLICY_NAME_H

#include <stdbool.h>
#include <stddef.h>

bool name_is_id(
    const char *name); /* partner, tier, wave, rule, class: [a-z0-9][a-z0-9._-]{0,63} */
bool name_is_contact(const char *name); /* PARTNER/ID */
bool name_is_value(const char *name); /* [a-z][a-z0-9-]{0,63} */
bool name_is_advisory(const char *name); /* [A-Za-z0-9][A-Za-z0-9._-]{0,63}, no ".." */
bool name_is_language(const char *name); /* ko, pt-br: lower case */
bool name_is_country(
    const char *name); /* ISO 3166-1 alpha-2, or a user-assigned code: XA */
bool name_is_fingerprint(
    const char *name); /* 40 hex digits, upper case: a v4 OpenPGP key */

/* A comma list, "a, b": calls `add` for each trimmed element; false for an empty one. */
bool name_list(const char *list, void (*add)(void *ctx, const char *element, size_t size),
    void *ctx);

/* The known name nearest to a mistyped one, or NULL: "did you mean ...?" */
const char *name_nearest(const char *name, const char *const known[], size_t count);

#endif
