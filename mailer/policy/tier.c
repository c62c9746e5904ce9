#include "policy/tier.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool
classes_have(const struct classes *classes, const char *name)
{
	for (size_t i = 0; i < classes->count; i++)
		if (strcmp(classes->names[i], name) == 0)
			return true;
	return false;
}

void
classes_add(struct classes *classes, const char *name)
{
	if (classes_have(classes, name))
		return;
	classes->names = mem_room(classes->names, classes->count, sizeof *classes->names);
	classes->names[classes->count++] = name;
}

bool
classes_within(const struct classes *part, const struct classes *whole)
{
	for (size_t i = 0; i < part->count; i++)
		if (!classes_have(whole, part->names[i]))
			return false;
	return true;
}

void
classes_clear(struct classes *classes)
{
	free(classes->names);
	*classes = (struct classes){ 0 };
}
