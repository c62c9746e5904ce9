/* smtp_handle - libcurl made ready for one relay: where it is, how it is trusted, how we log in */
#ifndef EDGE_SMTP_HANDLE_H
#define EDGE_SMTP_HANDLE_H

#include <curl/curl.h>

#include "base/error.h"
#include "edge/smtp.h"

/* The relay's URL with the name for EHLO as its path; the caller frees it. */
char *smtp_url(const struct smtp_settings *settings, struct error *err);
/* smtp://, and not clear. */
bool smtp_needs_starttls(const struct smtp_settings *settings);
/* Seconds for each reply before the dot. */
long smtp_patience(const struct smtp_settings *settings);

/* All but the callbacks. NULL when this libcurl lacks something. */
CURL *smtp_handle(
    const struct smtp_settings *settings, const char *url, const char *password);

#endif
