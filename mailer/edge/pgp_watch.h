/*
 * pgp_watch - waits for gpg as long as it stirs, and no longer. GPGME's own calls wait
 * for ever: an agent that hangs, or a card that nobody touches, would hold the run and
 * its lock, in silence.
 */
#ifndef EDGE_PGP_WATCH_H
#define EDGE_PGP_WATCH_H

#include "edge/pgp_ring.h"

enum { WATCH_MOST = 16 }; /* pipes to one gpg; four are usual */

struct watch {
	struct watched {
		gpgme_io_cb_t call; /* NULL: free */
		void *ctx;
		int fd;
		bool reads;
	} all[WATCH_MOST];
	bool done;
	gpgme_error_t error;
	/* Each key of a listing, which is then the callee's; may be NULL. */
	void (*take)(void *ctx, gpgme_key_t key);
	void *ctx;
};

/* From now on a context's operations are begun by gpgme_op_..._start and ended here. */
void watch_set(struct watch *watch, gpgme_ctx_t context);
/*
 * Ends what was started: its error, or GPG_ERR_TIMEOUT when gpg did not stir for
 * `patience` seconds.
 */
gpgme_error_t watch_wait(
    struct watch *watch, gpgme_ctx_t context, gpgme_error_t started, int patience);

#endif
