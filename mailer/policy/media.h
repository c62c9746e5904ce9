/* media - the media type of an attachment, by the ending of its name (RFC 6838) */
#ifndef POLICY_MEDIA_H
#define POLICY_MEDIA_H

/* Static; "application/octet-stream" for what is not in the table. */
const char *media_type(const char *file);

#endif
