#include "edge/smtp_message.h"

#include <string.h>

void
message_clear(struct message *message)
{
	text_clear(&message->head);
	text_clear(&message->tail);
	*message = (struct message){ 0 };
}

void
message_rewind(struct message *message)
{
	message->offset = 0;
	message->last = '\0';
}

size_t
message_size(const struct message *message)
{
	return message->head.size + sealed_size(message->sealed) + message->tail.size;
}

static size_t
copy_from(const struct text *text, size_t offset, char *buffer, size_t room)
{
	size_t size = text->size - offset < room ? text->size - offset : room;

	memcpy(buffer, text->data + offset, size);
	return size;
}

/* The next bytes: head, seal, tail. 0 at the end, and when the seal breaks off. */
static size_t
next_bytes(const struct message *message, char *buffer, size_t room)
{
	size_t offset = message->offset, sealed = sealed_size(message->sealed);

	if (offset < message->head.size)
		return copy_from(&message->head, offset, buffer, room);
	offset -= message->head.size;
	if (offset < sealed)
		return sealed_read(message->sealed, offset, buffer, room);
	offset -= sealed;
	if (offset < message->tail.size)
		return copy_from(&message->tail, offset, buffer, room);
	return 0;
}

static bool
is_clean(char last, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if ((bytes[i] == '\n') != (last == '\r'))
			return false;
		if (bytes[i] == '\0' || (unsigned char)bytes[i] > 0x7e)
			return false;
		last = bytes[i];
	}
	return true;
}

bool
message_read(struct message *message, char *buffer, size_t room, size_t *size)
{
	*size = next_bytes(message, buffer, room);
	if (!is_clean(message->last, buffer, *size))
		return false;
	if (*size)
		message->last = buffer[*size - 1];
	message->offset += *size;
	return true;
}

bool
message_is_whole(const struct message *message)
{
	return message->offset == message_size(message) && message->last == '\n';
}
