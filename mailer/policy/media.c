#include "policy/media.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/*
 * Nothing here is shown or changed by a mail client without asking: no HTML, no
 * script, and no text type, whose bytes some clients rewrite when they save it.
 */
const char *
media_type(const char *file)
{
	static const struct {
		const char *ending, *type;
	} known[] = {
		{ ".json", "application/json" },
		{ ".xml", "application/xml" },
		{ ".pdf", "application/pdf" },
		{ ".zip", "application/zip" },
		{ ".gz", "application/gzip" },
		{ ".pcap", "application/vnd.tcpdump.pcap" },
	};
	const char *ending = strrchr(file, '.');

	for (size_t i = 0; ending && i < sizeof known / sizeof *known; i++)
		if (strcasecmp(ending, known[i].ending) == 0)
			return known[i].type;
	return "application/octet-stream";
}
