#include "policy/tlp.h"

#include <stddef.h>
#include <string.h>

static const char *const labels[] = {
	[TLP_CLEAR] = "TLP:CLEAR",
	[TLP_GREEN] = "TLP:GREEN",
	[TLP_AMBER] = "TLP:AMBER",
	[TLP_AMBER_STRICT] = "TLP:AMBER+STRICT",
	[TLP_RED] = "TLP:RED",
};

bool
tlp_parse(const char *string, enum tlp *tlp)
{
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (strcmp(string, labels[i] + strlen("TLP:")) != 0)
			continue;
		*tlp = (enum tlp)i;
		return true;
	}
	return false;
}

const char *
tlp_label(enum tlp tlp)
{
	return labels[tlp];
}
