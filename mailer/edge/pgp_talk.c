#include "edge/pgp_talk.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <assuan.h>

#include "base/mem.h"

enum { LINES_MOST = 1000 }; /* of an answer: a few are usual */

struct talk {
	assuan_context_t context; /* owned */
	int patience; /* seconds */
	pid_t program; /* started for it; 0: none */
};

/* False, with errno, when the other side did not stir. */
static bool
wait_for(assuan_context_t context, int fd, short events)
{
	const struct talk *talk = assuan_get_pointer(context);
	struct pollfd one = { fd, events, 0 };
	int ready;

	do
		ready = poll(&one, 1, talk->patience * 1000);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0;
}

static ssize_t
read_some(assuan_context_t context, assuan_fd_t fd, void *buffer, size_t size)
{
	return wait_for(context, fd, POLLIN) ? __assuan_read(context, fd, buffer, size)
					     : -1;
}

static int
receive(assuan_context_t context, assuan_fd_t fd, assuan_msghdr_t message, int flags)
{
	return wait_for(context, fd, POLLIN)
	    ? __assuan_recvmsg(context, fd, message, flags)
	    : -1;
}

/* Not more than there is room for, and no signal when nobody is there. */
static ssize_t
write_some(assuan_context_t context, assuan_fd_t fd, const void *buffer, size_t size)
{
	return wait_for(context, fd, POLLOUT)
	    ? send(fd, buffer, size, MSG_NOSIGNAL | MSG_DONTWAIT)
	    : -1;
}

static int
transmit(assuan_context_t context, assuan_fd_t fd, assuan_msghdr_t message, int flags)
{
	return wait_for(context, fd, POLLOUT)
	    ? (int)sendmsg(fd, message, flags | MSG_NOSIGNAL | MSG_DONTWAIT)
	    : -1;
}

/* Assuan keeps the process's id to itself. */
static int
spawn(assuan_context_t context, pid_t *program, const char *name, const char **arguments,
    assuan_fd_t in, assuan_fd_t out, assuan_fd_t *keep,
    void (*before)(void *ctx, int reserved), void *ctx, unsigned flags)
{
	struct talk *talk = assuan_get_pointer(context);
	int result = __assuan_spawn(
	    context, program, name, arguments, in, out, keep, before, ctx, flags);

	if (!result)
		talk->program = *program;
	return result;
}

static bool
failed(struct error *err, const char *what, gpg_error_t error)
{
	char why[128];

	gpg_strerror_r(error, why, sizeof why);
	return error_set(err, "%s: %s", what, why);
}

static struct talk *
prepare(int patience, struct error *err)
{
	struct assuan_system_hooks hooks = { ASSUAN_SYSTEM_HOOKS_VERSION, __assuan_usleep,
		__assuan_pipe, __assuan_close, read_some, write_some, receive, transmit,
		spawn, __assuan_waitpid, __assuan_socketpair, __assuan_socket,
		__assuan_connect };
	struct talk *talk = mem_new(sizeof *talk);
	gpg_error_t error = assuan_new(&talk->context);

	if (error) {
		failed(err, "Assuan", error);
		free(talk);
		return NULL;
	}
	talk->patience = patience;
	assuan_ctx_set_system_hooks(talk->context, &hooks);
	assuan_set_pointer(talk->context, talk);
	assuan_set_flag(talk->context, ASSUAN_NO_FIXSIGNALS, 1);
	assuan_set_flag(talk->context, ASSUAN_NO_WAITPID, 1);
	return talk;
}

/* The one that was made, if it came about. */
static struct talk *
begun(struct talk *talk, const char *with, gpg_error_t error, struct error *err)
{
	if (!error)
		return talk;
	failed(err, with, error);
	talk_end(talk);
	return NULL;
}

/* What the operator's terminal sends to us is not for it. */
static void
leave_terminal(void *ctx, int reserved)
{
	(void)ctx;
	(void)reserved;
	setpgid(0, 0);
}

struct talk *
talk_start(const char *program, const char *arguments[], int patience, struct error *err)
{
	struct talk *talk = prepare(patience, err);

	if (!talk)
		return NULL;
	return begun(talk, program,
	    assuan_pipe_connect(talk->context, program, arguments, NULL, leave_terminal,
		NULL, ASSUAN_PIPE_CONNECT_FDPASSING),
	    err);
}

struct talk *
talk_connect(const char *socket, int patience, struct error *err)
{
	struct talk *talk = prepare(patience, err);

	if (!talk)
		return NULL;
	return begun(talk, socket,
	    assuan_socket_connect(talk->context, socket, ASSUAN_INVALID_PID, 0), err);
}

struct talk *
talk_on(int fd, int patience, struct error *err)
{
	struct talk *talk = prepare(patience, err);

	if (!talk)
		return NULL;
	return begun(talk, "a socket",
	    assuan_socket_connect_fd(talk->context, fd, ASSUAN_SOCKET_CONNECT_FDPASSING),
	    err);
}

/* It may hang: nobody waits for it to end by itself. */
void
talk_end(struct talk *talk)
{
	if (!talk)
		return;
	assuan_release(talk->context);
	if (talk->program) {
		kill(talk->program, SIGKILL);
		while (waitpid(talk->program, NULL, 0) < 0 && errno == EINTR)
			;
	}
	free(talk);
}

static gpg_error_t
take(struct answer *answer, const char *bytes, size_t size)
{
	if (!answer || size > sizeof answer->bytes - answer->size)
		return gpg_error(GPG_ERR_TOO_LARGE);
	memcpy(answer->bytes + answer->size, bytes, size);
	answer->size += size;
	return 0;
}

/* An error is one, whatever its number. */
static gpg_error_t
error_of(const char *number)
{
	gpg_error_t error = (gpg_error_t)strtoul(number, NULL, 10);

	return error ? error : gpg_error(GPG_ERR_GENERAL);
}

/* The next line of an answer; a question is none that we answer. */
static gpg_error_t
hear(struct talk *talk, struct answer *answer, bool *agreed)
{
	char *line;
	int size, start;
	assuan_response_t kind;
	gpg_error_t error = assuan_client_read_response(talk->context, &line, &size);

	if (!error)
		error = assuan_client_parse_response(
		    talk->context, line, size, &kind, &start);
	if (error)
		return error;
	switch (kind) {
	case ASSUAN_RESPONSE_OK:
		*agreed = true;
		return 0;
	case ASSUAN_RESPONSE_DATA:
		return take(answer, line + start, (size_t)(size - start));
	case ASSUAN_RESPONSE_STATUS:
	case ASSUAN_RESPONSE_COMMENT:
		return 0;
	case ASSUAN_RESPONSE_ERROR:
		return error_of(line + start);
	default:
		return gpg_error(GPG_ERR_ASS_INV_RESPONSE);
	}
}

/* Line by line, since assuan_transact takes an error with the number 0 for success. */
bool
talk_say(struct talk *talk, const char *command, struct answer *answer, struct error *err)
{
	gpg_error_t error = assuan_write_line(talk->context, command);
	bool agreed = false;

	if (answer)
		answer->size = 0;
	for (int lines = 0; !error && !agreed; lines++)
		error = lines < LINES_MOST ? hear(talk, answer, &agreed)
					   : gpg_error(GPG_ERR_TOO_LARGE);
	return !error || failed(err, command, error);
}

bool
talk_pass(struct talk *talk, int fd, struct error *err)
{
	gpg_error_t error = assuan_sendfd(talk->context, fd);

	return !error || failed(err, "a file", error);
}
