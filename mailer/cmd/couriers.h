/* couriers - threads that hand over what was sealed, with a queue before them */
#ifndef CMD_COURIERS_H
#define CMD_COURIERS_H

#include "cmd/courier.h"

struct couriers; /* opaque */

/*
 * Reads the relay's password; connects when there is something to send. Until the
 * relay has accepted a message, one goes at a time: a sick relay is found by one
 * contact, not by as many as there are connections.
 */
struct couriers *couriers_open(struct duty *duty, struct error *err);
/* Takes the parcel over. Waits while many or heavy ones are under way; with one connection, for this one. */
void couriers_send(struct couriers *couriers, struct parcel *parcel);
/* Until each parcel has been served or, when the duty has ended, released. */
void couriers_wait(struct couriers *couriers);
void couriers_close(struct couriers *couriers); /* says QUIT; NULL is allowed */

#endif
