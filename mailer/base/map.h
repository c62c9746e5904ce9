/* map - finds a thing by its name */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct map_slot {
	const char *name;
	void *thing;
};

/* { 0 } is an empty map. Names and things are borrowed and must stay. */
struct map {
	struct map_slot *slots; /* owned */
	size_t count, room;
};

void map_clear(struct map *map);
/* Returns what stood under the name (and leaves it), or NULL when the thing is now put. */
void *map_put(struct map *map, const char *name, void *thing);
void *map_get(const struct map *map, const char *name);

#endif
