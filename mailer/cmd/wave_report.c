#include "cmd/wave_report.h"

#include <string.h>

#include "base/digest.h"
#include "cmd/operator_mail.h"
#include "cmd/report.h"
#include "cmd/say.h"

/* How long the relay may think about one: seconds. Partners wait for the next run. */
enum { PATIENCE = 30 };

static const char kind[] = "reported";

struct reporting {
	struct duty duty; /* its own: its end is not the run's */
	struct operator_mail mail;
	time_t began;
};

static bool
was_sent(const struct reporting *reporting, const struct report *report,
    const struct report_wave *wave)
{
	for (size_t i = 0; i < report->row_count; i++)
		if (report->rows[i].accepted >= reporting->began &&
		    strcmp(report->rows[i].past.delivery.wave, wave->name) == 0)
			return true;
	return false;
}

static void
send_summary(struct reporting *reporting, const struct report *report,
    const struct report_wave *wave, const char *about)
{
	const struct registry *registry = &reporting->duty.session->partners.registry;
	struct edition summary = { 0 };
	const struct bulletin bulletin = { .edition = &summary,
		.advisory = report->advisory,
		.what = "report",
		.before = "reporting",
		.after = kind,
		.about = about };

	text_addf(&summary.subject, "%s wave %s: %zu of %zu accepted", report->advisory,
	    wave->name, wave->groups[REPORT_ACCEPTED], wave->lines);
	report_text(&summary.text, report);
	digest_sha256(summary.digest, summary.text.data, summary.text.size);
	operator_mail_send(&reporting->mail, &bulletin,
	    (const struct operator* const *)registry->operators,
	    registry->operator_count);
	text_clear(&summary.subject);
	text_clear(&summary.text);
}

/* Once: whoever could not be reached then is not sent it again. */
static void
report_wave(struct reporting *reporting, const struct report *report,
    const struct report_wave *wave)
{
	struct ledger *ledger = reporting->duty.session->ledger;
	struct text about = { 0 };
	struct error err;
	bool noted;

	text_addf(&about, "advisory=%s revision=%u wave=%s", report->advisory,
	    report->revision, wave->name);
	if (!ledger_noted(ledger, kind, text_string(&about), &noted, &err))
		say_wrong("%s", err.message);
	else if (!noted)
		send_summary(reporting, report, wave, text_string(&about));
	text_clear(&about);
}

static void
report_advisory(struct reporting *reporting, const struct armed *armed)
{
	struct ledger *ledger = reporting->duty.session->ledger;
	struct report report;
	struct error err;

	if (!report_make(
		&report, ledger, armed->advisory, armed->revision, time(NULL), &err)) {
		say_wrong("report: %s", err.message);
		return;
	}
	for (size_t i = 0; i < report.wave_count; i++)
		if (was_sent(reporting, &report, &report.waves[i]))
			report_wave(reporting, &report, &report.waves[i]);
	report_clear(&report);
}

/* A run that has ended before its time is no time for reports; without a sealer nothing was sent. */
static bool
is_wanted(struct sending *sending)
{
	const struct session *session = &sending->session;

	return session->config.programme.report_waves && sending->round.sealer &&
	    session->partners.registry.operator_count &&
	    !duty_ended(&sending->round.duty);
}

void
wave_report_send(
    struct sending *sending, const struct armed *armed, size_t count, time_t began)
{
	const struct session *session = &sending->session;
	struct smtp_settings settings = session->config.smtp;
	struct reporting reporting = { .began = began };
	struct error err;

	if (!is_wanted(sending))
		return;
	if (!settings.timeout_dot || settings.timeout_dot > PATIENCE)
		settings.timeout_dot = PATIENCE;
	duty_open(&reporting.duty, session, &sending->stop, sending->round.duty.verbose);
	if (operator_mail_open(
		&reporting.mail, &reporting.duty, sending->round.sealer, &settings, &err))
		for (size_t i = 0; i < count && !duty_ended(&reporting.duty); i++)
			report_advisory(&reporting, &armed[i]);
	else
		say_wrong("report: %s", err.message);
	operator_mail_close(&reporting.mail);
	duty_close(&reporting.duty);
}
