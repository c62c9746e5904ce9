#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* FNV-1a: the names are an operator's, nobody gains by colliding them. */
static size_t
hash(const char *name)
{
	uint64_t value = 0xcbf29ce484222325u;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 0x100000001b3u;
	return (size_t)(value ^ value >> 32);
}

/* The slot that holds the name, or the free one where it belongs. */
static struct map_slot *
find(const struct map *map, const char *name)
{
	size_t i = hash(name) & (map->room - 1);

	while (map->slots[i].name && strcmp(map->slots[i].name, name) != 0)
		i = (i + 1) & (map->room - 1);
	return &map->slots[i];
}

static void
grow(struct map *map)
{
	struct map wider = { .room = map->room ? 2 * map->room : 16 };

	wider.slots = mem_array(wider.room, sizeof *wider.slots);
	wider.count = map->count;
	for (size_t i = 0; i < map->room; i++)
		if (map->slots[i].name)
			*find(&wider, map->slots[i].name) = map->slots[i];
	free(map->slots);
	*map = wider;
}

void
map_clear(struct map *map)
{
	free(map->slots);
	*map = (struct map){ 0 };
}

void *
map_put(struct map *map, const char *name, void *thing)
{
	struct map_slot *slot;

	if (2 * (map->count + 1) > map->room)
		grow(map);
	slot = find(map, name);
	if (slot->name)
		return slot->thing;
	*slot = (struct map_slot){ name, thing };
	map->count++;
	return NULL;
}

void *
map_get(const struct map *map, const char *name)
{
	return map->room ? find(map, name)->thing : NULL;
}
