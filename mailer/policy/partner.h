/* partner - the vetted organisations and their contacts, and the programme's own operators */
#ifndef POLICY_PARTNER_H
#define POLICY_PARTNER_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "policy/programme.h"

/* To whom a message is sealed and sent. */
struct recipient {
	const char *id, *mail, *fingerprint;
};

enum partner_status { PARTNER_ACTIVE, PARTNER_SUSPENDED };

struct partner {
	const char *id, *organisation;
	const char **countries; /* owned array */
	size_t country_count;
	const struct tier *tier;
	enum partner_status status;
	time_t review_by, agreement_until; /* 0: not set */
	bool lapses; /* when one of them is past: it gets nothing then */
	bool alone; /* as a tier's */
	struct place place;
};

struct contact {
	struct recipient to; /* first: a contact is a recipient. id: "acme/soc" */
	const struct partner *partner;
	const char *name; /* NULL: not set */
	const char *language; /* the programme's unless set */
	struct place place;
};

/* What stands before the "/" of an operator's id; no partner has it for a name. */
#define OPERATOR "operator"

/*
 * One of the programme's own people, who rehearse, and are reported to. No contact: an
 * operator is in no plan, and gets nothing that is sent to partners.
 */
struct operator
{
	struct recipient to; /* id: "operator/ana" */
	const char *name; /* NULL: not set */
	const char *language; /* the programme's unless set */
	struct place place;
};

/* All partners. Strings are borrowed from the INI files. */
struct registry {
	struct partner **partners; /* owned; ascending id */
	size_t partner_count;
	struct contact **contacts; /* owned; ascending id */
	size_t contact_count;
	struct operator** operators; /* owned; ascending id */
	size_t operator_count;
};

void registry_clear(struct registry *registry);
const struct contact *registry_contact(const struct registry *registry, const char *id);
const struct operator* registry_operator(const struct registry *registry, const char *id);
/* Whose key it is, contact or operator; NULL: nobody's. */
const struct recipient *registry_owner(
    const struct registry *registry, const char *fingerprint);

/*
 * The rules of the whole: each partner has a contact and each contact a
 * partner; ids, addresses (without regard to case) and keys are nobody else's, contact
 * or operator. An address or key may be NULL here, where its reader has told a mistake.
 */
void registry_check(const struct registry *registry, const struct programme *programme,
    struct mistakes *mistakes);

/* Whether it has lapsed by then, and why; why may be NULL. */
bool partner_lapsed(const struct partner *partner, time_t now, struct text *why);

/* The tier that holds for a partner, and the names of the rules that match: "a,b" or "-". */
const struct tier *partner_tier(
    const struct partner *partner, const struct programme *programme, struct text *rules);

#endif
