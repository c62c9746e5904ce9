#include "edge/smtp_transfer.h"

#include <assert.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TIMEOUT_BEFORE_DOT = 15 * 60, /* seconds, however often the relay stirs */
	TIMEOUT_QUIT = 3,
};

/* Counts on while the host sleeps, and does not jump. */
static time_t
uptime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

static bool
stop(struct transfer *transfer, enum outcome outcome, const char *why)
{
	transfer->stopped = outcome;
	transfer->why = why;
	return false;
}

/* What libcurl lets pass: no login or no STARTTLS offered, and it goes on without. */
static bool
may_speak(struct transfer *transfer)
{
	if (transfer->settings->user && !transfer->dialogue.logged_in)
		return stop(transfer, OUR_TROUBLE, "the relay offers no login");
	if (smtp_needs_starttls(transfer->settings) && !transfer->dialogue.encrypted)
		return stop(transfer, OUR_TROUBLE, "the relay offers no STARTTLS");
	return true;
}

/*
 * A relay that has left cannot answer the dot, so the dot would only be a doubt. Our own
 * note of the socket: libcurl does not tell before the transfer is over.
 */
static bool
has_left(const struct transfer *transfer)
{
	struct pollfd relay = { .fd = transfer->socket, .events = POLLRDHUP };

	return transfer->connected && poll(&relay, 1, 0) > 0;
}

/* The body is out and the dot is not: true lets the dot go. */
static bool
ask_gate(struct transfer *transfer)
{
	if (!message_is_whole(&transfer->message))
		return stop(transfer, OUR_TROUBLE, "the message is not whole");
	if (has_left(transfer))
		return stop(transfer, NOT_SENT, "the relay hung up in the message");
	assert(!transfer->asked);
	transfer->asked = true;
	transfer->found = transfer->gate(transfer->ctx);
	if (transfer->found != GATE_OPEN)
		return false;
	dialogue_enter(&transfer->dialogue, STAGE_DOT);
	transfer->moved = uptime();
	return true;
}

/* libcurl's callbacks */

static size_t
give(char *buffer, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	size_t given;

	if (transfer->dialogue.stage < STAGE_BODY) {
		if (!may_speak(transfer))
			return CURL_READFUNC_ABORT;
		dialogue_enter(&transfer->dialogue, STAGE_BODY);
	}
	transfer->moved = uptime();
	if (!message_read(&transfer->message, buffer, size * count, &given)) {
		stop(transfer, OUR_TROUBLE,
		    "the message has a bare line end or is not ASCII");
		return CURL_READFUNC_ABORT;
	}
	if (!given)
		return ask_gate(transfer) ? 0 : CURL_READFUNC_ABORT;
	return given;
}

static int
follow(CURL *curl, curl_infotype type, char *line, size_t size, void *ctx)
{
	struct transfer *transfer = ctx;

	(void)curl;
	if (type != CURLINFO_HEADER_OUT && type != CURLINFO_HEADER_IN)
		return 0;
	if (type == CURLINFO_HEADER_OUT)
		dialogue_sent(&transfer->dialogue, line, size);
	else
		dialogue_heard(&transfer->dialogue, line, size);
	transfer->moved = uptime();
	return 0;
}

/* Libcurl asks at least once a second. Its own limit is the one for the dot. */
static int
watch(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct transfer *transfer = ctx;
	time_t now = uptime();

	(void)a, (void)b, (void)c, (void)d;
	if (transfer->dialogue.quitting)
		return now - transfer->moved > TIMEOUT_QUIT;
	if (transfer->dialogue.stage == STAGE_DOT)
		return 0;
	return now - transfer->moved > smtp_patience(transfer->settings) ||
	    now - transfer->began > TIMEOUT_BEFORE_DOT;
}

/* A socket of ours must not live on in the gpg that another thread starts. */
static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *transfer = ctx;

	(void)purpose;
	dialogue_clear(&transfer->dialogue);
	transfer->socket =
	    socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	transfer->connected = transfer->socket >= 0;
	return transfer->socket;
}

/* Of several addresses tried at once we may know the wrong one: then we know none. */
static int
close_socket(void *ctx, curl_socket_t socket)
{
	struct transfer *transfer = ctx;

	if (socket == transfer->socket)
		transfer->connected = false;
	return close(socket);
}

/*
 * CURLOPT_INFILESIZE stays unset: with it libcurl 7.88 cuts messages short and
 * never asks for the end of the data, where our gate stands.
 */
bool
transfer_attach(struct transfer *transfer, CURL *curl)
{
	return curl_easy_setopt(curl, CURLOPT_READFUNCTION, give) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_READDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, follow) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket) ==
	    CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, transfer) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
	    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

void
transfer_start(struct transfer *transfer)
{
	/* The first word on a connection that was kept will be MAIL FROM. */
	if (transfer->dialogue.stage != STAGE_CONNECT)
		dialogue_enter(&transfer->dialogue, STAGE_SENDER);
	message_rewind(&transfer->message);
	transfer->began = transfer->moved = uptime();
}

bool
transfer_is_shut(const struct transfer *transfer)
{
	return transfer->asked && transfer->found != GATE_OPEN;
}
