#include "edge/pgp_watch.h"

#include <errno.h>
#include <poll.h>

static gpgme_error_t
add(void *ctx, int fd, int reads, gpgme_io_cb_t call, void *call_ctx, void **tag)
{
	struct watch *watch = ctx;

	for (size_t i = 0; i < WATCH_MOST; i++) {
		if (watch->all[i].call)
			continue;
		watch->all[i] = (struct watched){ call, call_ctx, fd, reads };
		*tag = &watch->all[i];
		return 0;
	}
	return gpgme_error(GPG_ERR_EMFILE);
}

static void
drop(void *tag)
{
	((struct watched *)tag)->call = NULL;
}

static void
hear(void *ctx, gpgme_event_io_t event, void *data)
{
	const struct gpgme_io_event_done_data *result = data;
	struct watch *watch = ctx;

	if (event == GPGME_EVENT_DONE) {
		watch->done = true;
		watch->error = result->err ? result->err : result->op_err;
	} else if (event == GPGME_EVENT_NEXT_KEY && watch->take) {
		watch->take(watch->ctx, data);
	} else if (event == GPGME_EVENT_NEXT_KEY) {
		gpgme_key_unref(data);
	}
}

void
watch_set(struct watch *watch, gpgme_ctx_t context)
{
	struct gpgme_io_cbs calls = { add, watch, drop, hear, watch };

	gpgme_set_io_cbs(context, &calls);
}

/* A call may drop or add others: what was found ready of those is asked for again. */
static bool
stir(struct watch *watch, int patience)
{
	struct pollfd fds[WATCH_MOST];
	int ready;

	for (size_t i = 0; i < WATCH_MOST; i++) {
		const struct watched *one = &watch->all[i];

		fds[i] = (struct pollfd){ one->call ? one->fd : -1,
			one->reads ? POLLIN : POLLOUT, 0 };
	}
	do
		ready = poll(fds, WATCH_MOST, patience * 1000);
	while (ready < 0 && errno == EINTR);
	for (size_t i = 0; i < WATCH_MOST && ready > 0 && !watch->done; i++) {
		struct watched one = watch->all[i];

		if (fds[i].revents && one.call && one.fd == fds[i].fd)
			one.call(one.ctx, one.fd);
	}
	return ready > 0;
}

gpgme_error_t
watch_wait(struct watch *watch, gpgme_ctx_t context, gpgme_error_t started, int patience)
{
	if (started)
		return started;
	while (!watch->done)
		if (!stir(watch, patience)) {
			gpgme_cancel(context);
			watch->error = gpgme_error(GPG_ERR_TIMEOUT);
			watch->done = true;
		}
	watch->done = false;
	return watch->error;
}
