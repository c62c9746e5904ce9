/* connections - those to the relay: lent to one courier at a time */
#ifndef CMD_CONNECTIONS_H
#define CMD_CONNECTIONS_H

#include "edge/smtp.h"

struct connections; /* opaque */

/* Reads the password; each connects when it is first used. The settings are borrowed. */
struct connections *connections_open(
    const struct smtp_settings *settings, struct error *err);
void connections_close(struct connections *connections); /* says QUIT; NULL is allowed */

/* Waits for one that is free, and gives it back. */
struct smtp *connections_take(struct connections *connections);
void connections_give(struct connections *connections, struct smtp *smtp);

#endif
