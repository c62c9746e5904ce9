/* address - the mail addresses that we dare put in an envelope and a header */
#ifndef POLICY_ADDRESS_H
#define POLICY_ADDRESS_H

#include <stdbool.h>

/*
 * A plain addr-spec of RFC 5321: an ASCII dot-atom, "@", and a host name of LDH
 * labels with at least one dot; no quotes, comments, address literals or
 * SMTPUTF8, at most 254 bytes.
 */
bool address_ok(const char *address);
const char *address_domain(const char *address); /* behind the "@"; borrowed */

#endif
