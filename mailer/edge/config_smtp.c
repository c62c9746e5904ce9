#include "edge/config_smtp.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_DEFAULT = 60, NAME_MOST = 253, LABEL_MOST = 63 };
enum { CONNECTIONS_DEFAULT = 8, CONNECTIONS_MOST = 64 };
enum { MAX_MESSAGE_DEFAULT = 25 * 1024 * 1024 };

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool
is_ip(int family, const char *host)
{
	unsigned char bytes[sizeof(struct in6_addr)];

	return inet_pton(family, host, bytes) == 1;
}

/* A host name of LDH labels or an IPv4 address; a number as last label is no name. */
static bool
is_host(const char *host)
{
	size_t size;

	if (strlen(host) > NAME_MOST)
		return false;
	for (const char *label = host;; label += size + 1) {
		size = strspn(label, LETTERS DIGITS "-");
		if (size == 0 || size > LABEL_MOST || label[0] == '-' ||
		    label[size - 1] == '-')
			return false;
		if (!label[size])
			return strspn(label, DIGITS) < size || is_ip(AF_INET, host);
		if (label[size] != '.')
			return false;
	}
}

static bool
is_port(const char *port)
{
	size_t size = strlen(port);

	return size >= 1 && size <= 5 && strspn(port, DIGITS) == size && port[0] != '0' &&
	    strtoul(port, NULL, 10) <= 65535;
}

/* The host of the URL, an IPv6 address without its brackets, in a buffer that fits. */
static bool
parse_url(const char *url, bool *tls, char host[NAME_MOST + 1])
{
	const char *start;
	bool bracket;
	size_t size;

	*tls = strncmp(url, "smtps://", 8) == 0;
	if (!*tls && strncmp(url, "smtp://", 7) != 0)
		return false;
	start = url + (*tls ? 8 : 7);
	bracket = *start == '[';
	start += bracket;
	size = strcspn(start, bracket ? "]" : ":");
	if (size > NAME_MOST)
		return false;
	memcpy(host, start, size);
	host[size] = '\0';
	start += size;
	if (bracket && *start++ != ']')
		return false;
	if (bracket ? !is_ip(AF_INET6, host) : !is_host(host))
		return false;
	return !*start || (*start == ':' && is_port(start + 1));
}

static bool
is_url(const char *url)
{
	char host[NAME_MOST + 1];
	bool tls;

	return parse_url(url, &tls, host);
}

static bool
is_tls(const char *value)
{
	return strcmp(value, "required") == 0 || strcmp(value, "none") == 0;
}

/* A URL may have been given a password by mistake: it is not quoted. */
static const struct form form_url = { is_url,
	"must be smtps://HOST[:PORT] or smtp://HOST[:PORT] and nothing more; a login "
	"goes "
	"under 'user'",
	true };
static const struct form form_tls = { is_tls, "is neither required nor none", false };
static const struct form form_host = { is_host, "is not a host's name", false };

/* In the clear only to this very machine, by a literal that no resolver can turn. */
static void
read_tls(struct smtp_settings *smtp, const struct reading *reading)
{
	const char *value = read_may(reading, "tls", &form_tls);
	char host[NAME_MOST + 1];
	struct place place;
	bool tls;

	if (!value || strcmp(value, "none") != 0)
		return;
	smtp->clear = true;
	if (!smtp->url || !parse_url(smtp->url, &tls, host))
		return;
	ini_get(reading->section, "tls", &place);
	if (tls)
		read_refuse(reading, place, "tls", value, "contradicts smtps://");
	else if (strcmp(host, "127.0.0.1") != 0 && strcmp(host, "::1") != 0)
		read_refuse(reading, place, "tls", value,
		    "is allowed only with smtp://127.0.0.1 or smtp://[::1]");
}

static void
read_login(struct smtp_settings *smtp, const struct reading *reading)
{
	const char *fact = NULL;
	int passwords;

	smtp->user = read_may(reading, "user", NULL);
	smtp->password_file = read_may(reading, "password_file", NULL);
	smtp->password_command = read_may(reading, "password_command", NULL);
	passwords = !!smtp->password_file + !!smtp->password_command;
	if (passwords == 2)
		fact = "has both password_file and password_command; remove one";
	else if (smtp->user && passwords == 0)
		fact = "'user' needs password_file or password_command";
	else if (!smtp->user && passwords)
		fact = "a password without 'user' has no use; add 'user' or remove it";
	if (fact)
		mistakes_add(
		    reading->mistakes, reading->section->place, "[smtp]: %s", fact);
}

/* N/s, N/min or N/h: the seconds that N messages take; 0: it is nothing such. */
static unsigned
parse_rate(const char *value, unsigned *messages)
{
	static const struct {
		const char *word;
		unsigned seconds;
	} spans[] = { { "/s", 1 }, { "/min", 60 }, { "/h", 3600 } };
	size_t digits = strspn(value, DIGITS);

	*messages = (unsigned)strtoul(value, NULL, 10);
	if (digits < 1 || digits > 7 || *value == '0')
		return 0;
	for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
		if (strcmp(value + digits, spans[i].word) == 0)
			return spans[i].seconds;
	return 0;
}

static bool
is_rate(const char *value)
{
	unsigned messages;

	return parse_rate(value, &messages) != 0;
}

static int64_t
read_interval(const struct reading *reading)
{
	static const struct form form = { is_rate, "is not a rate such as 600/min",
		false };
	const char *value = read_may(reading, "rate", &form);
	unsigned messages, seconds;

	if (!value)
		return 0;
	seconds = parse_rate(value, &messages);
	return INT64_C(1000000000) * seconds / messages;
}

void
config_smtp(struct smtp_settings *smtp, const struct reading *reading, const char *from)
{
	smtp->url = read_need(reading, "url", &form_url);
	read_tls(smtp, reading);
	smtp->ca_file = read_may(reading, "ca_file", NULL);
	read_login(smtp, reading);
	smtp->bounce = read_may(reading, "bounce", &form_address);
	if (!smtp->bounce)
		smtp->bounce = from;
	smtp->name = read_may(reading, "name", &form_host);
	smtp->max_message = read_bytes(reading, "max_message", MAX_MESSAGE_DEFAULT);
	smtp->connections = ini_get(reading->section, "connections", NULL)
	    ? read_number(reading, "connections", CONNECTIONS_MOST)
	    : CONNECTIONS_DEFAULT;
	smtp->interval = read_interval(reading);
	smtp->timeout = (long)read_span(reading, "timeout", TIMEOUT_DEFAULT);
}
