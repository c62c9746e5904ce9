/* smtp_message - a message as it goes over the wire: head, seal and tail as one stream */
#ifndef EDGE_SMTP_MESSAGE_H
#define EDGE_SMTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "edge/pgp_seal.h"

struct message {
	const struct sealed *sealed; /* borrowed */
	struct text head, tail;
	size_t offset; /* of what is read next */
	char last; /* the byte before it; NUL at the start */
};

void message_clear(struct message *message);
void message_rewind(struct message *message);
size_t message_size(const struct message *message);

/*
 * The next bytes; *size is 0 at the end. False when they must not go out: seven bits,
 * and CR and LF only as pairs. Libcurl does not stuff a dot behind a bare LF, and
 * some relays would see the end of the message there.
 */
bool message_read(struct message *message, char *buffer, size_t room, size_t *size);
/* All of it was read, and it ends with a line. */
bool message_is_whole(const struct message *message);

#endif
