/* config - forewarn.ini: the programme's rules, its OpenPGP home and its relay */
#ifndef EDGE_CONFIG_H
#define EDGE_CONFIG_H

#include "base/error.h"
#include "base/pool.h"
#include "edge/ini.h"
#include "edge/smtp.h"
#include "policy/programme.h"

struct config {
	struct programme programme;
	const char *home; /* GNUPGHOME, relative to the programme directory */
	const char *signer; /* primary fingerprint; NULL: not set yet */
	const char *archive_key; /* a fingerprint: what goes out is kept for it; NULL */
	int gpg_timeout; /* seconds in which gpg must stir */
	bool fast; /* what is sealed alone goes by one gpg that stays */
	struct smtp_settings smtp;
	size_t max_file; /* bytes an attachment or text may have */
	struct ini *ini; /* owned: the strings of the above */
};

/*
 * Reads DIR/forewarn.ini; the working directory is DIR. All mistakes are added. Even when
 * false is returned the programme holds what could be read, so that the other files
 * can be judged by it; config_clear is due in any case.
 */
bool config_read(struct config *config, struct mistakes *mistakes);
/* The signer need not be set before its key is there: what renders or signs asks for it. */
void config_need_signer(const struct config *config, struct mistakes *mistakes);
void config_clear(struct config *config);

#endif
