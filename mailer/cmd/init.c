/* init - a programme to begin with, of the files that are compiled in */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tree.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/set_up.h"
#include "edge/stock.h"
#include "policy/address.h"

/* The exercise is public in so many seconds: the first wave of the programme is open. */
enum { EXERCISE_AHEAD = 3 * 86400, HOUR = 3600 };

struct site {
	const char *path;
	int above; /* the directory that we came from */
	bool fresh; /* the directory is of our making */
	bool ours; /* and so is all that is in it */
};

/* A directory that stands is taken if it is ours and nothing at all is in it. */
static bool
take(struct site *site, int fd, struct error *err)
{
	bool empty;

	if (!tree_is_empty(site->path, &empty, err))
		return false;
	if (!empty)
		return error_set(err,
		    "%s: is not empty; name a new directory, or an empty one",
		    site->path);
	if (fchmod(fd, 0700) != 0)
		return error_set(err, "%s: cannot be closed to others: %s", site->path,
		    strerror(errno));
	if (!file_own_dir(site->path, err))
		return false;
	if (fchdir(fd) != 0)
		return error_set(
		    err, "%s: cannot be entered: %s", site->path, strerror(errno));
	return file_guarded_above(".", err);
}

/* state/ is the claim: of two that find the directory empty, one makes it. */
static bool
claim(struct site *site, struct error *err)
{
	int fd = open(site->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return error_set(
		    err, "%s: cannot be opened: %s", site->path, strerror(errno));
	ok = take(site, fd, err);
	close(fd);
	if (!ok)
		return false;
	site->ours = mkdir(PLACE_STATE, 0700) == 0;
	return site->ours ||
	    error_set(err, "%s/" PLACE_STATE ": cannot be made: %s", site->path,
		strerror(errno));
}

static bool
enter(struct site *site, const char *path, struct error *err)
{
	*site = (struct site){ .path = path,
		.above = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	if (site->above < 0)
		return error_set(err, ".: %s", strerror(errno));
	site->fresh = mkdir(path, 0700) == 0;
	if (!site->fresh && errno != EEXIST)
		return error_set(err, "%s: cannot be made: %s", path, strerror(errno));
	return claim(site, err);
}

static void
leave(struct site *site, bool made)
{
	if (!made && site->ours)
		tree_remove(".");
	if (!made && site->fresh)
		unlinkat(site->above, site->path, AT_REMOVEDIR);
	if (site->above >= 0)
		close(site->above);
}

/* Where a file of the stock stands in a programme; NULL: nowhere. */
static const char *
place_of(const struct stock *stock)
{
	const char *place = stock_below(stock, "start/");

	if (!place && stock_below(stock, "templates/") &&
	    !stock_below(stock, "templates/page/"))
		place = stock->name;
	return place;
}

/* What the stock leaves open. */
struct fill {
	const char *from; /* "": for the operator to fill in */
	const char *release; /* of the exercise */
};

static bool
write_file(const struct stock *stock, const char *place, const struct fill *fill,
    struct error *err)
{
	const struct stock_value values[] = { { "from", fill->from },
		{ "release", fill->release } };
	struct text text = { 0 };
	bool ok;

	stock_fill(&text, stock, values, sizeof values / sizeof *values);
	ok = tree_write(place, &text, err);
	text_clear(&text);
	return ok;
}

/* forewarn.ini comes last, whole: without it a directory is no programme. */
static bool
write_files(const struct fill *fill, struct error *err)
{
	const struct stock *config = stock_find("start/" PLACE_CONFIG);

	if (!file_make_dir("keys", err))
		return false;
	for (size_t i = 0; i < stock_count; i++) {
		const char *place = place_of(&stock_all[i]);

		if (place && &stock_all[i] != config &&
		    !write_file(&stock_all[i], place, fill, err))
			return false;
	}
	return write_file(config, PLACE_CONFIG, fill, err);
}

static bool
make(const char *path, const char *from, time_t now, struct error *err)
{
	struct text release = { 0 };
	struct fill fill = { .from = from };
	struct site site;
	bool ok;

	when_write(&release, now - now % HOUR + EXERCISE_AHEAD);
	fill.release = text_string(&release);
	ok =
	    enter(&site, path, err) && set_up(PLACE_HOME, err) && write_files(&fill, err);
	leave(&site, ok);
	text_clear(&release);
	return ok;
}

static void
say_steps(const char *path, const char *from)
{
	say("next, in %s:\n", path);
	say("1. the key that signs, in one of three ways; man forewarn-init weighs "
	    "them.\n"
	    "   Without a passphrase, so that cron can sign, as can whoever reads the "
	    "home:\n"
	    "     gpg --homedir " PLACE_HOME " --batch --passphrase '' "
	    "--quick-generate-key %s ed25519 sign 2y\n"
	    "   With one, which gpg-agent is given after each start of the machine:\n"
	    "     echo allow-preset-passphrase >" PLACE_HOME "/gpg-agent.conf\n"
	    "     gpg --homedir " PLACE_HOME " --quick-generate-key %s ed25519 sign 2y\n"
	    "     GNUPGHOME=$PWD/" PLACE_HOME
	    " /usr/lib/gnupg/gpg-preset-passphrase --preset KEYGRIP\n"
	    "   On a card, which leaves no secret on this machine:\n"
	    "     gpg --homedir " PLACE_HOME " --card-edit",
	    from, from);
	say("2. forewarn.ini: the signer's fingerprint, as gpg --homedir " PLACE_HOME
	    " -K shows it,\n"
	    "   and the relay's url; partners.ini: your own mailbox and key, as the "
	    "first partner\n"
	    "3. that key's file into keys/, then: forewarn keys import keys/*.asc\n"
	    "4. forewarn check names all that is missing");
}

int
cmd_init(const struct options *options)
{
	const char *path, *from = "";
	struct error err;

	if (options->argument_count < 1 || options->argument_count > 2) {
		say_wrong("init: name the directory of the new programme, and the "
			  "address that its notices come from");
		return EXIT_REFUSED;
	}
	path = options->arguments[0];
	if (options->argument_count == 2)
		from = options->arguments[1];
	if (*from && !address_ok(from)) {
		say_wrong("init: what follows the directory is not a plain mail address");
		return EXIT_REFUSED;
	}
	if (!make(path, from, options->now, &err)) {
		say_wrong("init: nothing was made: %s", err.message);
		return EXIT_REFUSED;
	}
	say("made %s, with templates, an OpenPGP home, a ledger and its mark", path);
	set_up_say(PLACE_HOME);
	say_steps(path, *from ? from : "ADDRESS");
	return EXIT_DONE;
}
