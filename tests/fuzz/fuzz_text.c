/*
 * Any bytes as text that is judged, shown, stored or encoded, and as a password file.
 * What is called clean is one clean line to other eyes, too; what is shown or stored
 * is clean and bounded; base64 reads as the bytes; a password is the line that it was.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "edge/secret.h"
#include "decode.h"

enum { QUOTED_MOST = 103, PASSWORD_MOST = 1000 };

static void
check_characters(const char *bytes, size_t size)
{
	const unsigned char *byte = (const unsigned char *)bytes;
	uint32_t character;

	for (size_t i = 0; i < size; i++) {
		size_t length = utf8_decode(bytes + i, size - i, &character);
		size_t clean = utf8_clean(bytes + i, size - i);

		must(length == utf8_length(byte + i, size - i),
		    "UTF-8 is that of RFC 3629");
		must(!clean || (clean == length && !is_foul(byte + i, length)),
		    "what is clean is not foul");
	}
	must(!utf8_line(bytes, size) || is_line(bytes, size), "a line is a line");
	must(!utf8_line(bytes, size) || utf8_text(bytes, size), "a line is a text");
	must(!utf8_text(bytes, size) || !memchr(bytes, '\r', size), "a text has no CR");
}

/* Undoes \xNN of bytes that were not clean; a backslash itself is not marked. */
static void
check_shown(const char *string, size_t most)
{
	struct text quoted = { 0 }, clean = { 0 };

	text_quote(&quoted, string);
	must(quoted.size <= QUOTED_MOST && is_line(text_string(&quoted), quoted.size),
	    "what is quoted is one short clean line");
	text_adds(&clean, "before: ");
	text_clean(&clean, string, most);
	must(clean.size <= most + 8 && is_line(text_string(&clean), clean.size),
	    "what is stored is one clean line within its bound");
	must(!utf8_line(string, strlen(string)) ||
		strncmp(clean.data + 8, string, clean.size - 8) == 0,
	    "what is clean stays as it is");
	must(!utf8_line(string, strlen(string)) || strlen(string) > most ||
		clean.size == strlen(string) + 8,
	    "and all of it, if it fits");
	text_clear(&quoted);
	text_clear(&clean);
}

static void
check_base64(const void *bytes, size_t size, size_t width)
{
	struct text encoded = { 0 }, decoded = { 0 };
	const char *line, *end;

	text_base64(&encoded, bytes, size, width);
	must(decode_base64(&decoded, text_string(&encoded), encoded.size) &&
		decoded.size == size && (!size || !memcmp(decoded.data, bytes, size)),
	    "base64 reads as the bytes");
	line = text_string(&encoded);
	for (; width && *line; line = end + 2) {
		end = strstr(line, "\r\n");
		must(end && end > line && (size_t)(end - line) <= width,
		    "lines are no longer than asked for");
	}
	must(width || !strchr(line, '\n'), "or there is one line");
	text_clear(&encoded);
	text_clear(&decoded);
}

/* One line, with or without its end. */
static bool
is_password(const char *bytes, size_t size)
{
	if (size && bytes[size - 1] == '\n')
		size--;
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7f)
			return false;
	return size > 0 && size <= PASSWORD_MOST;
}

static void
check_password(const char *bytes, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *path = mem_format("/proc/self/fd/%d", fd);
	struct text secret = { 0 };
	struct error err = { 0 };

	must(fd >= 0 && fchmod(fd, 0600) == 0 && write(fd, bytes, size) == (ssize_t)size,
	    "there is a file");
	if (secret_from_file(path, &secret, &err)) {
		must(is_password(bytes, size), "a password is one line");
		must(strncmp(secret.data, bytes, secret.size) == 0 &&
			secret.size + 1 >= size,
		    "and the whole of it");
	} else {
		must(!is_password(bytes, size), "a good one is taken");
		must(!secret.size && strncmp(err.message, path, strlen(path)) == 0,
		    "else there is none, and the file is named");
		must(is_line(err.message, strlen(err.message)), "in one clean line");
	}
	text_clear(&secret);
	free(path);
	close(fd);
}

/* A byte that sets bounds, then the bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	unsigned bound = input_byte(&in);
	char *string;

	check_characters((const char *)in.bytes, in.size);
	check_base64(in.bytes, in.size, bound % 32 * 4);
	check_password((const char *)in.bytes, in.size);
	string = input_string(&in);
	check_shown(string, bound * 2);
	free(string);
	return 0;
}
