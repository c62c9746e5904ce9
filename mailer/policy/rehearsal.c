#include "policy/rehearsal.h"

#include <string.h>

#include "base/mem.h"
#include "base/when.h"

/* The same text but for whom it names. */
static bool
alike(const struct edition *one, const struct edition *other)
{
	return one == other ||
	    (one->owner && other->owner && one->tier == other->tier &&
		strcmp(one->language, other->language) == 0);
}

size_t
rehearsal_list(struct rehearsal **list, const struct plan *plan)
{
	size_t count = 0;

	*list = mem_array(plan->line_count, sizeof **list);
	for (size_t i = 0; i < plan->line_count; i++) {
		const struct line *line = &plan->lines[i];
		size_t at = 0;

		while (at < count && !alike((*list)[at].line->edition, line->edition))
			at++;
		if (at == count)
			(*list)[count++].line = line;
		(*list)[at].contacts++;
	}
	return count;
}

void
rehearsal_mark(struct edition *copy, const struct rehearsal *rehearsal)
{
	const struct line *line = rehearsal->line;
	const struct edition *edition = line->edition;

	*copy = *edition;
	copy->subject = copy->text = (struct text){ 0 };
	text_addf(&copy->subject, "[REHEARSAL] %s", text_string(&edition->subject));
	text_addf(&copy->text, "REHEARSAL: tier %s, language %s; wave %s opens ",
	    edition->tier->id, edition->language, line->wave->id);
	when_write(&copy->text, line->opens);
	if (edition->owner)
		text_addf(&copy->text, "\nA sample: this is what %s gets; each of %zu %s",
		    edition->owner, rehearsal->contacts,
		    edition->person ? "contacts has its own"
				    : "contacts has its group's");
	text_adds(&copy->text, "\n\n");
	text_add(&copy->text, edition->text.data, edition->text.size);
}

void
rehearsal_clear(struct edition *copy)
{
	text_clear(&copy->subject);
	text_clear(&copy->text);
	*copy = (struct edition){ 0 };
}
