/* config_smtp - the section [smtp]: the relay, and how we log in to it */
#ifndef EDGE_CONFIG_SMTP_H
#define EDGE_CONFIG_SMTP_H

#include "edge/reading.h"
#include "edge/smtp.h"

/* `from` is where bounces go unless set. All mistakes are added. */
void config_smtp(
    struct smtp_settings *smtp, const struct reading *reading, const char *from);

#endif
