#include "policy/advisory.h"

#include <stdlib.h>

#include "policy/template.h"

void
advisory_free(struct advisory *advisory)
{
	if (!advisory)
		return;
	value_free(advisory->values);
	for (size_t i = 0; i < advisory->file_count; i++)
		text_clear(&advisory->files[i]);
	free(advisory->files);
	for (size_t i = 0; i < advisory->wording_count; i++)
		template_free(advisory->wordings[i]);
	free(advisory->wordings);
	for (size_t i = 0; i < advisory->view_count; i++)
		text_clear(&advisory->views[i].bytes);
	free(advisory->views);
	pool_clear(&advisory->strings);
	free(advisory);
}
