/* command - what the operator asks for: one row a command, one file each */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "cmd/options.h"

#define FOREWARN_VERSION "0.1"

/* What the exit code says to cron and to people. */
enum {
	EXIT_DONE = 0, /* nothing due is left undone */
	EXIT_UNDONE = 1, /* some due delivery is not accepted, or a contact is blocked */
	EXIT_REFUSED = 2, /* wrong use or programme files: nothing was attempted */
	EXIT_AGAIN = 75, /* relay or signer away, another run at work: try again */
};

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *summary;
	const char *accepts; /* the options it knows, by their letters */
	int (*run)(const struct options *options);
};

int cmd_init(const struct options *options);
int cmd_advisory(const struct options *options);
int cmd_check(const struct options *options);
int cmd_preview(const struct options *options);
int cmd_rehearse(const struct options *options);
int cmd_arm(const struct options *options);
int cmd_run(const struct options *options);
int cmd_send(const struct options *options);
int cmd_status(const struct options *options);
int cmd_report(const struct options *options);
int cmd_retry(const struct options *options);
int cmd_settle(const struct options *options);
int cmd_public(const struct options *options);
int cmd_withdraw(const struct options *options);
int cmd_hold(const struct options *options);
int cmd_resume(const struct options *options);
int cmd_cancel(const struct options *options);
int cmd_plan(const struct options *options);
int cmd_diff(const struct options *options);
int cmd_approve(const struct options *options);
int cmd_partners(const struct options *options);
int cmd_exposed(const struct options *options);
int cmd_explain(const struct options *options);
int cmd_trace(const struct options *options);
int cmd_verify(const struct options *options);
int cmd_recover(const struct options *options);
int cmd_keys(const struct options *options);

#endif
