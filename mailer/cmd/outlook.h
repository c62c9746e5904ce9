/* outlook - what is to be expected of each line that a view shows: its key, what is new */
#ifndef CMD_OUTLOOK_H
#define CMD_OUTLOOK_H

#include "cmd/plan_view.h"

enum key_state {
	KEY_FINE,
	KEY_SHORT, /* it expires while the wave lasts */
	KEY_EARLY, /* it can be used now, but not when the wave opens */
	KEY_BAD, /* it cannot be used */
};

struct outlook {
	const struct line *line;
	enum novelty novelty;
	const char *changes; /* of a CHANGED one: what differs */
	enum key_state key_state;
	const char *key_trouble; /* why it cannot be used; NULL */
	time_t key_expires; /* 0: never */
};

struct readership {
	const struct edition *edition;
	size_t contacts;
};

/* All are borrowed from the plan, or owned by strings. */
struct outlooks {
	struct outlook
	    *all; /* owned; by opening, then what the line may have, then contact */
	size_t count;
	struct readership *editions; /* owned; of the highest tier first */
	size_t edition_count;
	struct pool strings;
};

/* In any case outlooks_clear is due. */
bool outlooks_make(
    struct outlooks *outlooks, const struct plan_view *view, struct error *err);
void outlooks_clear(struct outlooks *outlooks);

/* Whether two lines open together and get the same for the same reason. */
bool outlook_alike(const struct outlook *one, const struct outlook *other);

#endif
