#include "cmd/set_up.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "edge/pgp_keys.h"

bool
set_up_key(const char *path, struct error *err)
{
	unsigned char random[32];
	struct text key = { 0 };
	int dir = open(PLACE_SECRET, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (dir < 0)
		return error_set(err, "%s: %s", PLACE_SECRET, strerror(errno));
	digest_random(random, sizeof random);
	text_hex(&key, random, sizeof random);
	text_addc(&key, '\n');
	ok = file_write_new(dir, strrchr(path, '/') + 1, key.data, key.size, err);
	explicit_bzero(random, sizeof random);
	text_clear(&key);
	close(dir);
	return ok;
}

/* All or nothing is not to be had over four places: so each refuses what stands there. */
bool
set_up(const char *home, struct error *err)
{
	static const char *const made[] = { PLACE_LEDGER, PLACE_MESSAGE_KEY,
		PLACE_MARK_KEY, PLACE_MARK };

	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (access(made[i], F_OK) == 0)
			return error_set(
			    err, "%s: is there already: nothing was made", made[i]);
	return file_make_dir(PLACE_STATE, err) && file_make_dir(PLACE_SECRET, err) &&
	    keyring_init(home, err) && set_up_key(PLACE_MESSAGE_KEY, err) &&
	    set_up_key(PLACE_MARK_KEY, err) && ledger_create(&place_ledger, err);
}

void
set_up_say(const char *home)
{
	say("back up %s, %s and %s now, and the ledger with %s daily: without them a "
	    "resend cannot be told from a first mail, and no leak traced",
	    home, PLACE_MESSAGE_KEY, PLACE_MARK_KEY, PLACE_MARK);
}
