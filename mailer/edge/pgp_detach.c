#include "edge/pgp_detach.h"

#include "edge/pgp_engine.h"

bool
keyring_sign(const struct keyring *keyring, const char *signer, time_t at,
    const struct text *signed_text, struct text *signature, struct error *err)
{
	struct engine engine = { 0 };
	struct error why;
	bool ok;

	if (!keyring_can_sign(keyring, signer, at, &why))
		return error_set(err, "signer %s: %s", signer, why.message);
	ok = engine_open(&engine, keyring, keyring->home,
		 ring_find(keyring, signer)->secret, err) &&
	    engine_sign(&engine, signed_text, signature, err);
	engine_close(&engine);
	return ok;
}
