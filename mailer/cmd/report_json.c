#include "cmd/deliveries.h"
#include "cmd/json.h"
#include "cmd/report_write.h"

static void
put_count(struct json_t *object, const char *key, size_t count)
{
	json_put_number(object, key, (long long)count);
}

static void
put_wave(struct json_t *object, const struct report_wave *wave)
{
	json_put_text(object, "wave", wave->name);
	json_put_when(object, "due", wave->due);
	json_put_when(object, "until", wave->until);
	json_put_when(object, "found", wave->found);
	json_put_yes(object, "held_late", wave->held_late);
	put_count(object, "lines", wave->lines);
	put_count(object, "due_lines", wave->due_count);
	put_count(object, "accepted", wave->groups[REPORT_ACCEPTED]);
	put_count(object, "waiting", wave->groups[REPORT_WAITING]);
	put_count(object, "stuck", wave->groups[REPORT_STUCK]);
	put_count(object, "closed", wave->groups[REPORT_CLOSED]);
	put_count(object, "late", wave->late_count);
	put_count(object, "attempts", wave->tries);
	json_put_when(object, "first", report_first(wave));
	json_put_when(object, "last", report_by(wave, 100));
}

static void
put_row(struct json_t *object, const struct report_row *row, time_t now)
{
	deliveries_put(json_put_object(object, "delivery"), &row->past.delivery, now);
	json_put_when(object, "armed", row->past.armed);
	json_put_when(object, "first_try", row->past.first_try);
	json_put_when(object, "last_try", row->past.last_try);
	json_put_when(object, "accepted", row->accepted);
	json_put_yes(object, "late", row->late);
}

void
report_json_say(const struct report *report)
{
	struct json_t *answer = json_answer("report"), *waves, *deliveries;

	json_put_when(answer, "at", report->now);
	json_put_text(answer, "advisory", report->advisory);
	json_put_number(answer, "revision", report->revision);
	waves = json_put_list(answer, "waves");
	for (size_t i = 0; i < report->wave_count; i++)
		put_wave(json_add(waves), &report->waves[i]);
	deliveries = json_put_list(answer, "deliveries");
	for (size_t i = 0; i < report->row_count; i++)
		put_row(json_add(deliveries), &report->rows[i], report->now);
	put_count(answer, "undone", report->undone);
	json_say(answer);
}
