#include "edge/keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/secret.h"

enum { TIMEOUT = 30 }; /* seconds, for the command */

struct keeper {
	pid_t pid;
	int fd; /* packets: any byte asks; the answer is YES and a secret, or NO and why */
};

enum answer { YES = '+', NO = '-' };

static void
answer(int fd, const char *command)
{
	struct text secret = { 0 }, packet = { 0 };
	struct error err;
	bool ok = secret_from_command(command, TIMEOUT, &secret, &err);

	text_addc(&packet, ok ? YES : NO);
	text_adds(&packet, ok ? text_string(&secret) : err.message);
	if (send(fd, packet.data, packet.size, 0) < 0)
		_exit(1);
	text_clear(&packet);
	text_clear(&secret);
}

/* Until nobody is there to ask. */
static void __attribute__((noreturn)) be_child(int fd, const char *command)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (recv(fd, &byte, 1, 0) == 1)
		answer(fd, command);
	_exit(0);
}

struct keeper *
keeper_start(const char *command, struct error *err)
{
	struct keeper *keeper;
	int ends[2] = { -1, -1 };
	pid_t pid = -1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0)
		pid = fork();
	if (pid == 0) {
		close(ends[0]);
		be_child(ends[1], command);
	}
	if (pid < 0)
		error_set(err, "password_command: cannot be run: %s", strerror(errno));
	if (ends[1] >= 0)
		close(ends[1]);
	if (pid < 0) {
		if (ends[0] >= 0)
			close(ends[0]);
		return NULL;
	}
	keeper = mem_new(sizeof *keeper);
	*keeper = (struct keeper){ pid, ends[0] };
	return keeper;
}

bool
keeper_ask(struct keeper *keeper, struct text *secret, struct error *err)
{
	char packet[2048];
	ssize_t got = -1;
	bool ok;

	*secret = (struct text){ 0 };
	if (send(keeper->fd, "?", 1, MSG_NOSIGNAL) == 1)
		do
			got = recv(keeper->fd, packet, sizeof packet - 1, 0);
		while (got < 0 && errno == EINTR);
	if (got <= 0)
		return error_set(err, "password_command: who was to run it has gone");
	packet[got] = '\0';
	ok = packet[0] == YES || error_set(err, "%s", packet + 1);
	if (ok)
		text_adds(secret, packet + 1);
	explicit_bzero(packet, sizeof packet);
	return ok;
}

void
keeper_stop(struct keeper *keeper)
{
	if (!keeper)
		return;
	close(keeper->fd);
	while (waitpid(keeper->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(keeper);
}
