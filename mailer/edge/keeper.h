/* keeper - a child that asks a password_command for us, with rights that we give up */
#ifndef EDGE_KEEPER_H
#define EDGE_KEEPER_H

#include "base/error.h"
#include "base/text.h"

struct keeper; /* opaque */

/*
 * Before confine_writes: a command such as pass must write where we must not. Nothing
 * is asked yet. The command is borrowed until keeper_stop. NULL: error.
 */
struct keeper *keeper_start(const char *command, struct error *err);
/* What secret_from_command gives, then and there. */
bool keeper_ask(struct keeper *keeper, struct text *secret, struct error *err);
void keeper_stop(struct keeper *keeper); /* NULL is allowed */

#endif
