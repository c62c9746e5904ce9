/* status - each delivery: its state, its attempts, what was last said, the next step */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/table.h"
#include "edge/ledger.h"

struct listing {
	struct table table;
	char *advisory; /* owned: the one whose rows are being added */
	unsigned revision;
	time_t now;
};

static void
begin_advisory(struct listing *listing, const struct delivery *delivery)
{
	static const char *const names[] = { "CONTACT", "STATE", "WAVE", "DUE", "TRIES",
		"LAST REPLY OR REASON" };

	if (listing->advisory) {
		table_print(&listing->table);
		table_clear(&listing->table);
		free(listing->advisory);
		say("%s", "");
	}
	listing->advisory = mem_string(delivery->advisory);
	listing->revision = delivery->revision;
	listing->table = (struct table){ .columns = sizeof names / sizeof *names };
	say("%s revision %u", delivery->advisory, delivery->revision);
	table_row(&listing->table, names);
}

static bool
add(void *ctx, const struct delivery *delivery)
{
	struct listing *listing = ctx;
	struct text due = { 0 }, next = { 0 };
	char tries[16];
	const char *const cells[] = { delivery->contact, delivery->state, delivery->wave,
		NULL, tries, *delivery->reason ? delivery->reason : delivery->reply };
	const char *row[sizeof cells / sizeof *cells];

	if (!listing->advisory || listing->revision != delivery->revision ||
	    strcmp(listing->advisory, delivery->advisory) != 0)
		begin_advisory(listing, delivery);
	when_write(&due, delivery->due);
	snprintf(tries, sizeof tries, "%d", delivery->attempts);
	memcpy(row, cells, sizeof row);
	row[3] = text_string(&due);
	table_row(&listing->table, row);
	deliveries_next(&next, delivery, listing->now);
	if (next.size)
		table_note(&listing->table, text_string(&next));
	text_clear(&due);
	text_clear(&next);
	return true;
}

static int
show(struct ledger *ledger, const struct options *options)
{
	const char *advisory = options->argument_count ? options->arguments[0] : NULL;
	struct listing listing = { .now = options->now };
	size_t troubles = 0;
	struct error err;

	if (!ledger_each(ledger, advisory, add, &listing, &err) ||
	    !ledger_troubles(
		ledger, options->now, TELL_COUNT, NULL, NULL, &troubles, &err)) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (!listing.advisory)
		say("nothing is armed%s%s; forewarn arm ADVISORY", advisory ? " of " : "",
		    advisory ? advisory : "");
	table_print(&listing.table);
	table_clear(&listing.table);
	free(listing.advisory);
	return troubles ? EXIT_UNDONE : EXIT_DONE;
}

int
cmd_status(const struct options *options)
{
	struct ledger *ledger;
	struct error err;
	int code;

	if (options->argument_count > 1) {
		say_wrong("status: takes one advisory, or none for all");
		return EXIT_REFUSED;
	}
	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	code = show(ledger, options);
	ledger_close(ledger);
	return code;
}
