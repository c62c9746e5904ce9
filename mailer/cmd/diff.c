/* diff - the plan of now against the armed one, line by line, and who has it already */
#include <string.h>

#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "cmd/table.h"
#include "policy/line_diff.h"

/* What becomes of a contact. SENT: it has this revision, and only its time would differ. */
enum what { SAME, SENT, NEW, GONE, CHANGED };
#define KINDS (CHANGED + 1)
static const char *const words[KINDS] = { "SAME", "SENT", "NEW", "GONE", "CHANGED" };
static const char *const json_words[KINDS] = { "same", "sent", "new", "gone", "changed" };

struct comparing {
	const struct plan *plan;
	size_t next; /* the first line of the plan that was not looked at */
	unsigned armed; /* the revision that is compared with; 0: none is armed */
	size_t counts[KINDS], had;
	struct table table;
	struct json_t *list; /* borrowed; NULL: the table */
};

/* One contact: its line in the ledger, and in the plan of now. */
struct pair {
	enum what what;
	const char *contact;
	unsigned had; /* the revision that it has; 0: none */
	bool sure;
	struct line_diff diff;
};

/* An edition is named by a digest, which says nothing to a person. */
static void
tell_part(struct text *text, const struct line_part *part)
{
	if (text->size)
		text_adds(text, ", ");
	text_adds(text, part->name);
	if (strcmp(part->name, "edition") == 0)
		return;
	text_addf(text, " %s", part->then.size ? text_string(&part->then) : "-");
	text_addf(text, " -> %s", part->now.size ? text_string(&part->now) : "-");
}

/* Of who is new or gone only when, and what tier it is: the rest is no difference. */
static void
tell_parts(struct text *text, const struct pair *pair)
{
	for (size_t i = 0; i < pair->diff.count; i++) {
		const struct line_part *part = &pair->diff.parts[i];
		const struct text *value = pair->what == NEW ? &part->now : &part->then;

		if (pair->what != NEW && pair->what != GONE)
			tell_part(text, part);
		else if (strcmp(part->name, "tier") == 0 ||
		    strcmp(part->name, "opens") == 0)
			text_addf(text, "%s%s %s", text->size ? ", " : "", part->name,
			    text_string(value));
	}
}

static void
add_row(struct table *table, const struct pair *pair)
{
	struct text has = { 0 }, parts = { 0 };

	if (pair->had)
		text_addf(&has, "%s%u", pair->sure ? "" : "perhaps ", pair->had);
	tell_parts(&parts, pair);
	table_row(table,
	    (const char *const[]){ words[pair->what], pair->contact,
		pair->had ? text_string(&has) : "-", text_string(&parts) });
	text_clear(&has);
	text_clear(&parts);
}

static void
add_object(struct json_t *list, const struct pair *pair)
{
	struct json_t *object = json_add(list), *parts;

	json_put_text(object, "contact", pair->contact);
	json_put_text(object, "what", json_words[pair->what]);
	if (pair->had) {
		json_put_number(object, "had", pair->had);
		json_put_yes(object, "sure", pair->sure);
	}
	parts = json_put_list(object, "parts");
	for (size_t i = 0; i < pair->diff.count; i++) {
		struct json_t *part = json_add(parts);

		json_put_text(part, "part", pair->diff.parts[i].name);
		json_put_text(part, "then", text_string(&pair->diff.parts[i].then));
		json_put_text(part, "now", text_string(&pair->diff.parts[i].now));
	}
}

static void
add_pair(struct comparing *comparing, struct pair *pair)
{
	comparing->counts[pair->what]++;
	comparing->had += pair->had > 0;
	if (pair->what != SAME && comparing->list)
		add_object(comparing->list, pair);
	else if (pair->what != SAME)
		add_row(&comparing->table, pair);
	line_diff_clear(&pair->diff);
}

static void
add_new(struct comparing *comparing, const struct line *line)
{
	/* What it answers has left, or may have: the ledger was asked when it was planned. */
	struct pair pair = {
		.what = NEW, .contact = line->to->to.id, .had = line->answers
	};
	struct text text = { 0 };

	line_write(&text, line);
	line_diff_make(&pair.diff, "", text_string(&text));
	add_pair(comparing, &pair);
	text_clear(&text);
}

/* When it was sent, its times are past, and arming it again moves nothing. */
static enum what
judge(const struct line_diff *diff, const struct armed_line *armed)
{
	if (diff->count == 0)
		return SAME;
	return armed->had == armed->revision && line_diff_is_time(diff) ? SENT : CHANGED;
}

/* Both come ascending by contact. */
static bool
compare(void *ctx, const struct armed_line *armed)
{
	struct comparing *comparing = ctx;
	const struct plan *plan = comparing->plan;
	struct pair pair = { .what = GONE,
		.contact = armed->contact,
		.had = armed->had,
		.sure = armed->sure };
	struct text now = { 0 };
	int order = 1;

	comparing->armed = armed->revision;
	for (; comparing->next < plan->line_count; comparing->next++) {
		order = strcmp(plan->lines[comparing->next].to->to.id, armed->contact);
		if (order >= 0)
			break;
		add_new(comparing, &plan->lines[comparing->next]);
	}
	if (comparing->next < plan->line_count && order == 0)
		line_write(&now, &plan->lines[comparing->next++]);
	line_diff_make(&pair.diff, armed->line, text_string(&now));
	if (now.size)
		pair.what = judge(&pair.diff, armed);
	add_pair(comparing, &pair);
	text_clear(&now);
	return true;
}

static bool
compare_all(struct comparing *comparing, struct ledger *ledger, struct error *err)
{
	const struct plan *plan = comparing->plan;

	if (!ledger_armed_lines(ledger, plan->advisory, compare, comparing, err))
		return false;
	while (comparing->next < plan->line_count)
		add_new(comparing, &plan->lines[comparing->next++]);
	return true;
}

static void
say_table(const struct comparing *comparing)
{
	const struct advisory *advisory = comparing->plan->advisory;
	const size_t *counts = comparing->counts;

	if (comparing->table.count)
		table_print(&comparing->table);
	if (comparing->armed)
		say("%s: revision %u of now against revision %u as armed", advisory->id,
		    advisory->revision, comparing->armed);
	else
		say("%s: revision %u; none is armed", advisory->id, advisory->revision);
	say("%zu new, %zu gone, %zu changed, %zu same", counts[NEW], counts[GONE],
	    counts[CHANGED], counts[SAME] + counts[SENT]);
	say("%zu of them have it already, or may have: that cannot be taken back",
	    comparing->had);
}

static void
say_object(struct json_t *object, const struct comparing *comparing)
{
	json_put_text(object, "advisory", comparing->plan->advisory->id);
	json_put_number(object, "revision", comparing->plan->advisory->revision);
	if (comparing->armed)
		json_put_number(object, "armed", comparing->armed);
	for (int what = SAME; what < KINDS; what++)
		json_put_number(
		    object, json_words[what], (long long)comparing->counts[what]);
	json_put_number(object, "had", (long long)comparing->had);
	json_say(object);
}

static int
diff(const struct session *session, const struct plan *plan, bool json)
{
	static const struct column columns[] = {
		{ "WHAT", COLUMN_PLAIN },
		{ "CONTACT", COLUMN_PLAIN },
		{ "HAS", COLUMN_PLAIN },
		{ "CHANGES", COLUMN_WORDS },
	};
	struct comparing comparing = { .plan = plan,
		.table = { .columns = columns,
		    .column_count = sizeof columns / sizeof *columns } };
	struct json_t *object = json ? json_answer("diff") : NULL;
	const size_t *counts = comparing.counts;
	struct error err;
	bool ok;

	if (object)
		comparing.list = json_put_list(object, "lines");
	ok = compare_all(&comparing, session->ledger, &err);
	if (!ok)
		say_wrong("%s", err.message);
	else if (object)
		say_object(object, &comparing);
	else
		say_table(&comparing);
	if (!ok && object)
		json_drop(object);
	table_clear(&comparing.table);
	if (!ok)
		return EXIT_REFUSED;
	return counts[NEW] || counts[GONE] || counts[CHANGED] ? EXIT_UNDONE : EXIT_DONE;
}

int
cmd_diff(const struct options *options)
{
	struct session session;
	struct reading reading = { 0 };
	int code = EXIT_REFUSED;

	if (options->argument_count != 1) {
		say_wrong("diff: name one advisory");
		return EXIT_REFUSED;
	}
	if (session_read(&session, LEDGER_READ, NULL) &&
	    reading_open(&reading, &session, options->arguments[0], options->revision,
		&session.mistakes)) {
		say_mistakes(&session.mistakes);
		code = diff(&session, &reading.plan, options->json);
	} else {
		say_mistakes(&session.mistakes);
	}
	reading_close(&reading);
	session_close(&session);
	return code;
}
