#include "edge/stock.h"

#include <string.h>

const struct stock *
stock_find(const char *name)
{
	for (size_t i = 0; i < stock_count; i++)
		if (strcmp(stock_all[i].name, name) == 0)
			return &stock_all[i];
	return NULL;
}
