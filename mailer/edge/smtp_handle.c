#include "edge/smtp_handle.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"

enum {
	TIMEOUT = 30, /* seconds, where the settings name none */
	TIMEOUT_DOT = 600,
	BUFFER = 256 * 1024, /* libcurl's own is 64 KiB, four times as many calls */
};

/* NULL: there must be none. */
static bool
part_is(CURLU *url, CURLUPart part, const char *expected)
{
	char *value = NULL;
	bool same;

	if (curl_url_get(url, part, &value, 0) != CURLUE_OK)
		return !expected;
	same = expected && strcmp(value, expected) == 0;
	curl_free(value);
	return same;
}

static bool
is_plain_url(CURLU *url)
{
	return (part_is(url, CURLUPART_SCHEME, "smtps") ||
		   part_is(url, CURLUPART_SCHEME, "smtp")) &&
	    part_is(url, CURLUPART_USER, NULL) &&
	    part_is(url, CURLUPART_PASSWORD, NULL) &&
	    part_is(url, CURLUPART_OPTIONS, NULL) && part_is(url, CURLUPART_PATH, "/") &&
	    part_is(url, CURLUPART_QUERY, NULL) && part_is(url, CURLUPART_FRAGMENT, NULL);
}

static bool
is_loopback(CURLU *url)
{
	return part_is(url, CURLUPART_SCHEME, "smtp") &&
	    (part_is(url, CURLUPART_HOST, "127.0.0.1") ||
		part_is(url, CURLUPART_HOST, "[::1]"));
}

static bool
is_host_name(const char *name)
{
	return *name &&
	    strspn(name,
		"abcdefghijklmnopqrstuvwxyz0123456789.-"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(name);
}

/* The name for EHLO goes into the path: so libcurl has it. */
static bool
read_url(CURLU *url, const struct smtp_settings *settings, char **read, struct error *err)
{
	char *whole = NULL;

	if (!url || curl_url_set(url, CURLUPART_URL, settings->url, 0) != CURLUE_OK ||
	    !is_plain_url(url))
		return error_set(
		    err, "url: must be smtps://HOST[:PORT] or smtp://HOST[:PORT]");
	if (settings->clear && !is_loopback(url))
		return error_set(
		    err, "tls: none is for smtp://127.0.0.1 and smtp://[::1] alone");
	if (settings->name && !is_host_name(settings->name))
		return error_set(err, "name: is not a host name");
	if ((settings->name &&
		curl_url_set(url, CURLUPART_PATH, settings->name, 0) != CURLUE_OK) ||
	    curl_url_get(url, CURLUPART_URL, &whole, 0) != CURLUE_OK)
		return error_set(err, "url: cannot be used");
	*read = mem_string(whole);
	curl_free(whole);
	return true;
}

char *
smtp_url(const struct smtp_settings *settings, struct error *err)
{
	CURLU *url = curl_url();
	char *read = NULL;

	read_url(url, settings, &read, err);
	curl_url_cleanup(url);
	return read;
}

bool
smtp_needs_starttls(const struct smtp_settings *settings)
{
	return !settings->clear && strncasecmp(settings->url, "smtps:", 6) != 0;
}

long
smtp_patience(const struct smtp_settings *settings)
{
	return settings->timeout > 0 ? settings->timeout : TIMEOUT;
}

/* Each of these is false when this libcurl lacks an option. */

static bool
set_number(CURL *curl, CURLoption option, long value)
{
	return curl_easy_setopt(curl, option, value) == CURLE_OK;
}

static bool
set_string(CURL *curl, CURLoption option, const char *value)
{
	return curl_easy_setopt(curl, option, value) == CURLE_OK;
}

/*
 * One TLS level for the life of the handle: libcurl reuses a clear connection
 * where TLS is asked for (CVE-2026-4873). A ca_file is all that is trusted.
 */
static bool
set_tls(CURL *curl, const struct smtp_settings *settings)
{
	return set_number(curl, CURLOPT_USE_SSL,
		   settings->clear ? CURLUSESSL_NONE : CURLUSESSL_ALL) &&
	    set_number(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	    set_number(curl, CURLOPT_SSL_VERIFYPEER, 1) &&
	    set_number(curl, CURLOPT_SSL_VERIFYHOST, 2) &&
	    (!settings->ca_file ||
		(set_string(curl, CURLOPT_CAINFO, settings->ca_file) &&
		    set_string(curl, CURLOPT_CAPATH, NULL)));
}

static bool
set_limits(CURL *curl, const struct smtp_settings *settings)
{
	return set_number(curl, CURLOPT_NOSIGNAL, 1) &&
	    set_number(curl, CURLOPT_CONNECTTIMEOUT, smtp_patience(settings)) &&
	    set_number(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
		settings->timeout_dot > 0 ? settings->timeout_dot : TIMEOUT_DOT) &&
	    set_string(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
	    set_string(curl, CURLOPT_PROXY, "") && set_string(curl, CURLOPT_NOPROXY, "*");
}

/* The plain mechanisms alone: the line is encrypted, and the others are not portable. */
static bool
set_login(CURL *curl, const struct smtp_settings *settings, const char *password)
{
	return !settings->user ||
	    (set_string(curl, CURLOPT_USERNAME, settings->user) &&
		set_string(curl, CURLOPT_PASSWORD, password) &&
		set_string(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN") &&
		set_number(curl, CURLOPT_SASL_IR, 1));
}

CURL *
smtp_handle(const struct smtp_settings *settings, const char *url, const char *password)
{
	CURL *curl = curl_easy_init();

	if (curl && set_string(curl, CURLOPT_URL, url) && set_tls(curl, settings) &&
	    set_limits(curl, settings) && set_login(curl, settings, password) &&
	    set_number(curl, CURLOPT_UPLOAD_BUFFERSIZE, BUFFER) &&
	    set_number(curl, CURLOPT_UPLOAD, 1))
		return curl;
	curl_easy_cleanup(curl);
	return NULL;
}
