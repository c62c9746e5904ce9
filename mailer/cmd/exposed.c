/* exposed - who knew: to whom it went, or may have gone, and since when; from the ledger alone */
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/csv.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/table.h"
#include "edge/ledger.h"
#include "policy/name.h"

struct answer {
	struct table table;
	struct json_t *list; /* borrowed */
	size_t sure, perhaps;
};

static void
count(struct answer *answer, const struct exposure *exposure)
{
	answer->sure += exposure->sure;
	answer->perhaps += !exposure->sure;
}

static bool
add_row(void *ctx, const struct exposure *exposure)
{
	struct answer *answer = ctx;
	struct text left = { 0 }, revision = { 0 };

	count(answer, exposure);
	when_write(&left, exposure->left);
	text_addf(&revision, "%s/%u", exposure->advisory, exposure->revision);
	table_row(&answer->table,
	    (const char *const[]){ text_string(&left), exposure->sure ? "yes" : "perhaps",
		text_string(&revision), exposure->contact, exposure->organisation,
		exposure->countries, exposure->tier, exposure->fingerprint });
	text_clear(&left);
	text_clear(&revision);
	return true;
}

static bool
add_object(void *ctx, const struct exposure *exposure)
{
	struct answer *answer = ctx;
	struct json_t *object = json_add(answer->list);

	count(answer, exposure);
	json_put_when(object, "left", exposure->left);
	json_put_yes(object, "sure", exposure->sure);
	json_put_text(object, "advisory", exposure->advisory);
	json_put_number(object, "revision", exposure->revision);
	json_put_text(object, "partner", exposure->partner);
	json_put_text(object, "organisation", exposure->organisation);
	json_put_text(object, "countries", exposure->countries);
	json_put_text(object, "contact", exposure->contact);
	json_put_text(object, "address", exposure->address);
	json_put_text(object, "key", exposure->fingerprint);
	json_put_text(object, "tier", exposure->tier);
	json_put_text(object, "wave", exposure->wave);
	json_put_text(object, "message_id", exposure->message_id);
	json_put_text(object, "edition", exposure->edition);
	json_put_number(object, "marks", exposure->marks);
	return true;
}

static bool
say_values(void *ctx, const struct exposure *exposure)
{
	struct text line = { 0 }, left = { 0 }, revision = { 0 }, marks = { 0 };

	count(ctx, exposure);
	when_write(&left, exposure->left);
	text_addf(&revision, "%u", exposure->revision);
	text_addf(&marks, "%u", exposure->marks);
	const char *const fields[] = { text_string(&left),
		exposure->sure ? "yes" : "perhaps", exposure->advisory,
		text_string(&revision), exposure->partner, exposure->organisation,
		exposure->countries, exposure->contact, exposure->address,
		exposure->fingerprint, exposure->tier, exposure->wave,
		exposure->message_id, exposure->edition, text_string(&marks) };

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		csv_field(&line, fields[i]);
	say("%s\r", text_string(&line));
	text_clear(&line);
	text_clear(&left);
	text_clear(&revision);
	text_clear(&marks);
	return true;
}

static bool
tell_table(struct ledger *ledger, const struct inquiry *inquiry, struct error *err)
{
	static const struct column columns[] = {
		{ "LEFT", COLUMN_TIME },
		{ "SURE", COLUMN_PLAIN },
		{ "REVISION", COLUMN_NAME },
		{ "CONTACT", COLUMN_PLAIN },
		{ "ORGANISATION", COLUMN_NAME },
		{ "COUNTRIES", COLUMN_PLAIN },
		{ "TIER", COLUMN_NAME },
		{ "KEY", COLUMN_COPY },
	};
	struct answer answer = { .table = { .columns = columns,
				     .column_count = sizeof columns / sizeof *columns } };
	bool ok;

	ok = ledger_exposed(ledger, inquiry, add_row, &answer, err);
	if (ok && answer.sure + answer.perhaps > 0)
		table_print(&answer.table);
	if (ok)
		say("%zu had it%s, %zu more may have", answer.sure,
		    inquiry->before ? " by then" : "", answer.perhaps);
	table_clear(&answer.table);
	return ok;
}

static bool
tell_json(struct ledger *ledger, const struct inquiry *inquiry, struct error *err)
{
	struct json_t *object = json_answer("exposed");
	struct answer answer = { .list = json_put_list(object, "exposures") };
	bool ok = ledger_exposed(ledger, inquiry, add_object, &answer, err);

	json_put_when(object, "before", inquiry->before);
	json_put_number(object, "sure", (long long)answer.sure);
	json_put_number(object, "perhaps", (long long)answer.perhaps);
	if (ok)
		json_say(object);
	else
		json_drop(object);
	return ok;
}

static bool
tell_values(struct ledger *ledger, const struct inquiry *inquiry, struct error *err)
{
	struct answer answer = { .sure = 0 };

	say("left,sure,advisory,revision,partner,organisation,countries,contact,address,"
	    "key,tier,wave,message_id,edition,marks\r");
	return ledger_exposed(ledger, inquiry, say_values, &answer, err);
}

static int
tell(const struct options *options, const struct inquiry *inquiry)
{
	struct ledger *ledger;
	struct error err;
	bool ok;

	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (options->json)
		ok = tell_json(ledger, inquiry, &err);
	else if (options->csv)
		ok = tell_values(ledger, inquiry, &err);
	else
		ok = tell_table(ledger, inquiry, &err);
	ledger_close(ledger);
	if (!ok)
		say_wrong("%s", err.message);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

int
cmd_exposed(const struct options *options)
{
	const struct inquiry inquiry = {
		.advisory = options->argument_count ? options->arguments[0] : NULL,
		.class = options->class,
		.value = options->value,
		.sha256 = options->hashed ? options->sha256 : NULL,
		.before = options->before,
	};

	if (options->argument_count > 1 || (!inquiry.advisory && !inquiry.sha256)) {
		say_wrong("exposed: name one advisory, or what leaked by --sha256");
		return EXIT_REFUSED;
	}
	if (inquiry.advisory && !name_is_advisory(inquiry.advisory)) {
		say_wrong("exposed: %s: is not an advisory's name", inquiry.advisory);
		return EXIT_REFUSED;
	}
	if (options->json && options->csv) {
		say_wrong("exposed: --json or --csv, not both");
		return EXIT_REFUSED;
	}
	return tell(options, &inquiry);
}
