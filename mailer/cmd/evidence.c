#include "cmd/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/csv.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "edge/folder.h"
#include "edge/pgp_detach.h"
#include "edge/preview_dir.h"
#include "edge/stock.h"

enum { CHECKPOINT_MOST = 64 * 1024 };

struct evidence {
	const struct session *session;
	struct preview_dir *dir;
	const char *advisory;
	unsigned revision;
	struct text sums; /* owned; of what was written, as sha256sum has them */
	struct text approvals; /* owned; a line each */
	const char *signed_file; /* that the approvals at hand are over */
	unsigned count; /* of approvals */
	bool failed; /* to write one */
	struct error *err;
};

static bool
put(struct evidence *evidence, const char *name, const struct text *text)
{
	unsigned char sum[DIGEST_SIZE];

	if (!preview_dir_write(evidence->dir, name, text, evidence->err))
		return false;
	digest_sha256(sum, text->data, text->size);
	text_hex(&evidence->sums, sum, sizeof sum);
	text_addf(&evidence->sums, "  %s\n", name);
	return true;
}

static bool
put_approval(void *ctx, const struct approval *approval)
{
	struct evidence *evidence = ctx;
	char *name = mem_format("approval-%u.asc", ++evidence->count);
	struct text signature = { 0 };
	bool ok;

	text_adds(&signature, approval->signature);
	text_addf(&evidence->approvals, "%s %s ", name, evidence->signed_file);
	when_write(&evidence->approvals, approval->at);
	text_addf(
	    &evidence->approvals, " %s %s\n", approval->fingerprint, approval->name);
	ok = put(evidence, name, &signature);
	text_clear(&signature);
	free(name);
	evidence->failed = !ok;
	return ok;
}

/* A text that approvers sign, and their signatures. An empty one has nobody's. */
static bool
put_signed(struct evidence *evidence, const char *name, const struct text *text)
{
	if (!text->size)
		return true;
	evidence->signed_file = name;
	return put(evidence, name, text) &&
	    ledger_approvals(
		evidence->session->ledger, text, put_approval, evidence, evidence->err) &&
	    !evidence->failed;
}

static bool
put_agreements(struct evidence *evidence)
{
	struct ledger *ledger = evidence->session->ledger;
	struct text plan = { 0 }, quorum = { 0 };
	bool ok;

	ok = ledger_plan(
		 ledger, evidence->advisory, evidence->revision, &plan, evidence->err) &&
	    ledger_quorum(ledger, &quorum, evidence->err) &&
	    put_signed(evidence, "plan.txt", &plan) &&
	    put_signed(evidence, "quorum.txt", &quorum) &&
	    put(evidence, "approvals.txt", &evidence->approvals);
	text_clear(&plan);
	text_clear(&quorum);
	return ok;
}

static void
add_when(struct text *lines, time_t when)
{
	struct text text = { 0 };

	if (when)
		when_write(&text, when);
	csv_field(lines, text_string(&text));
	text_clear(&text);
}

static bool
add_delivery(void *ctx, const struct past *past)
{
	const struct delivery *delivery = &past->delivery;
	const char *const fields[] = { delivery->contact, delivery->partner,
		delivery->address, delivery->fingerprint, delivery->tier, delivery->wave,
		delivery->message_id, delivery->state, delivery->reason,
		delivery->reply };
	struct text digest = { 0 }, number = { 0 };
	struct text *lines = ctx;

	text_addf(&number, "%lld", (long long)delivery->id);
	csv_field(lines, text_string(&number));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		csv_field(lines, fields[i]);
	add_when(lines, past->armed);
	add_when(lines, delivery->opens);
	add_when(lines, past->first_try);
	add_when(lines, past->last_end);
	add_when(lines, delivery->changed);
	text_hex(&digest, delivery->digest, DIGEST_SIZE);
	csv_field(lines, text_string(&digest));
	text_adds(lines, "\r\n");
	text_clear(&digest);
	text_clear(&number);
	return true;
}

static bool
put_deliveries(struct evidence *evidence)
{
	struct text lines = { 0 };
	bool ok;

	text_adds(&lines,
	    "delivery,contact,partner,address,key,tier,wave,message_id,state,reason,"
	    "reply,"
	    "armed,opens,first_try,last_end,changed,line_sha256\r\n");
	ok = ledger_past(evidence->session->ledger, evidence->advisory,
		 evidence->revision, add_delivery, &lines, evidence->err) &&
	    put(evidence, "deliveries.csv", &lines);
	text_clear(&lines);
	return ok;
}

static bool
put_checkpoint(struct evidence *evidence, const char *file)
{
	char *from = mem_format("%s/%s", PLACE_CHECKPOINTS, file);
	char *name = mem_format("checkpoint-%s", file);
	struct text text = { 0 };
	bool ok;

	ok = file_read(from, CHECKPOINT_MOST, &text, evidence->err) &&
	    put(evidence, name, &text);
	text_clear(&text);
	free(from);
	free(name);
	return ok;
}

/* Those that are here; what was taken elsewhere proves more. */
static bool
put_checkpoints(struct evidence *evidence)
{
	struct names names = { 0 };
	bool ok = true;

	if (access(PLACE_CHECKPOINTS, F_OK) != 0)
		return true;
	ok = folder_read(&names, PLACE_CHECKPOINTS, evidence->err);
	for (size_t i = 0; ok && i < names.count; i++)
		ok = put_checkpoint(evidence, names.all[i]);
	names_clear(&names);
	return ok;
}

/* Last of the ledger, so that it tells of all that the other files show. */
static bool
put_chain(struct evidence *evidence)
{
	struct checkpoint head;
	struct text about = { 0 }, chain = { 0 };
	bool ok = ledger_head(evidence->session->ledger, &head, evidence->err) &&
	    ledger_chain(evidence->session->ledger, &chain, evidence->err);

	text_addf(&about, "forewarn-evidence-1\nprogramme %s\nledger %s\nadvisory %s\n",
	    evidence->session->config.programme.name, head.ledger, evidence->advisory);
	text_addf(&about, "revision %u\nat ", evidence->revision);
	when_write(&about, time(NULL));
	text_addc(&about, '\n');
	ok = ok && put(evidence, "chain.txt", &chain) &&
	    put(evidence, "ledger.txt", &about);
	text_clear(&about);
	text_clear(&chain);
	return ok;
}

static bool
put_script(struct evidence *evidence)
{
	const struct stock *stock = stock_find("evidence/verify.sh");
	struct text script = { 0 };
	bool ok;

	text_add(&script, stock->bytes, stock->size);
	ok = put(evidence, "verify.sh", &script);
	text_clear(&script);
	return ok;
}

static bool
put_sums(struct evidence *evidence)
{
	const struct session *session = evidence->session;
	struct text signature = { 0 };
	bool ok;

	ok = keyring_sign(session->keyring, session->config.signer,
		 session_key_time(session, time(NULL)), &evidence->sums, &signature,
		 evidence->err) &&
	    preview_dir_write(
		evidence->dir, "SHA256SUMS", &evidence->sums, evidence->err) &&
	    preview_dir_write(evidence->dir, "SHA256SUMS.asc", &signature, evidence->err);
	text_clear(&signature);
	return ok;
}

static bool
put_all(struct evidence *evidence)
{
	return put_agreements(evidence) && put_deliveries(evidence) &&
	    put_checkpoints(evidence) && put_chain(evidence) && put_script(evidence) &&
	    put_sums(evidence);
}

static bool
choose_revision(struct evidence *evidence, unsigned revision)
{
	evidence->revision = revision;
	if (!revision &&
	    !ledger_newest(evidence->session->ledger, evidence->advisory,
		&evidence->revision, evidence->err))
		return false;
	return evidence->revision ||
	    error_set(
		evidence->err, "report: %s: nothing of it was armed", evidence->advisory);
}

static bool
write_into(struct session *session, const struct options *options,
    struct preview_dir *dir, struct error *err)
{
	struct evidence evidence = { .session = session,
		.dir = dir,
		.advisory = options->arguments[0],
		.err = err };
	bool ok;

	session->ledger = ledger_open(&place_ledger, LEDGER_LOOK, err);
	ok = session->ledger && choose_revision(&evidence, options->revision) &&
	    put_all(&evidence);
	text_clear(&evidence.sums);
	text_clear(&evidence.approvals);
	return ok;
}

int
evidence_write(const struct options *options)
{
	struct preview_dir *dir;
	struct session session;
	struct error err;
	bool ok = false;

	if (!options->output || options->json || options->supposed) {
		say_wrong("report: --evidence takes -o DIR, and neither --json nor --at");
		return EXIT_REFUSED;
	}
	/* It must be there before this process is confined to it. */
	dir = preview_dir_open(options->output, &err);
	if (!dir) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (session_open_signer(&session, options->output))
		ok = write_into(&session, options, dir, &err) ||
		    say_wrong("%s", err.message);
	if (ok)
		say("%s/verify.sh: proves it, with gpg and sha256sum; it names who was "
		    "told",
		    options->output);
	session_close(&session);
	preview_dir_close(dir);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}
