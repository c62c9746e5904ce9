#include "edge/smtp_message.h"

#include <stdint.h>
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

/* Eight at a time, since this sees every byte of every message: neither NUL nor above "~". */
static bool
is_ascii(const char *bytes, size_t size)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
	uint64_t word, bad = 0;
	size_t i = 0;

	for (; i + sizeof word <= size; i += sizeof word) {
		memcpy(&word, bytes + i, sizeof word);
		bad |= word | (word + ones) | ((word - ones) & ~word);
	}
	for (; i < size; i++)
		if (bytes[i] == '\0' || (unsigned char)bytes[i] > 0x7e)
			return false;
	return !(bad & highs);
}

/* CR and LF are there as pairs alone. `last` is the byte before. */
static bool
is_paired(char last, const char *bytes, size_t size)
{
	const char *end = bytes + size;

	if (size && (*bytes == '\n') != (last == '\r'))
		return false;
	for (const char *at = bytes; (at = memchr(at, '\r', (size_t)(end - at)));)
		if (++at < end && *at != '\n')
			return false;
	for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))); at++)
		if (at > bytes && at[-1] != '\r')
			return false;
	return true;
}

bool
message_read(struct message *message, char *buffer, size_t room, size_t *size)
{
	*size = next_bytes(message, buffer, room);
	if (!is_ascii(buffer, *size) || !is_paired(message->last, buffer, *size))
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
