/* status - each delivery: its state, its attempts, what was last said, the next step */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/suggest.h"
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
	static const struct column columns[] = {
		{ "CONTACT", COLUMN_PLAIN },
		{ "STATE", COLUMN_STATE },
		{ "WAVE", COLUMN_NAME },
		{ "DUE", COLUMN_TIME },
		{ "TRIES", COLUMN_PLAIN },
		{ "LAST REPLY OR REASON", COLUMN_WORDS },
	};

	if (listing->advisory) {
		table_print(&listing->table);
		table_clear(&listing->table);
		free(listing->advisory);
		say("%s", "");
	}
	listing->advisory = mem_string(delivery->advisory);
	listing->revision = delivery->revision;
	listing->table = (struct table){ .columns = columns,
		.column_count = sizeof columns / sizeof *columns };
	say("%s revision %u", delivery->advisory, delivery->revision);
}

static bool
add(void *ctx, const struct delivery *delivery)
{
	struct listing *listing = ctx;
	struct text due = { 0 }, next = { 0 };
	size_t before;
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
	text_adds(&next, "next: ");
	before = next.size;
	deliveries_next(&next, delivery, listing->now);
	if (next.size > before)
		table_note(&listing->table, text_string(&next));
	text_clear(&due);
	text_clear(&next);
	return true;
}

struct answer {
	struct json_t *deliveries; /* borrowed */
	time_t now;
};

static bool
put(void *ctx, const struct delivery *delivery)
{
	struct answer *answer = ctx;

	deliveries_put(json_add(answer->deliveries), delivery, answer->now);
	return true;
}

static bool
say_answer(struct ledger *ledger, const char *advisory, time_t now, size_t troubles,
    struct error *err)
{
	struct json_t *object = json_answer("status");
	struct answer answer = { json_put_list(object, "deliveries"), now };
	bool ok = ledger_each(ledger, advisory, put, &answer, err);

	json_put_when(object, "at", now);
	json_put_number(object, "undone", (long long)troubles);
	if (ok)
		json_say(object);
	else
		json_drop(object);
	return ok;
}

static void
say_nothing(const char *advisory)
{
	struct text words = { 0 };

	if (advisory)
		text_addf(&words, "nothing is armed of %s", advisory);
	else
		text_adds(&words, "nothing is armed");
	if (advisory && !suggest_needless(advisory))
		suggest_advisory(&words, advisory);
	else
		text_addf(&words, "; forewarn arm %s", advisory ? advisory : "ADVISORY");
	say("%s", text_string(&words));
	text_clear(&words);
}

static bool
list(struct ledger *ledger, const char *advisory, time_t now, struct error *err)
{
	struct listing listing = { .now = now };
	bool ok = ledger_each(ledger, advisory, add, &listing, err);

	if (ok && !listing.advisory)
		say_nothing(advisory);
	table_print(&listing.table);
	table_clear(&listing.table);
	free(listing.advisory);
	return ok;
}

static int
show(struct ledger *ledger, const struct options *options)
{
	const char *advisory = options->argument_count ? options->arguments[0] : NULL;
	size_t troubles = 0;
	struct error err;
	bool ok = ledger_troubles(
	    ledger, options->now, TELL_COUNT, NULL, NULL, &troubles, &err);

	if (ok && options->json)
		ok = say_answer(ledger, advisory, options->now, troubles, &err);
	else if (ok)
		ok = list(ledger, advisory, options->now, &err);
	if (!ok) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
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
