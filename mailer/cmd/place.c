#include "cmd/place.h"

const struct ledger_place place_ledger = { PLACE_LEDGER, PLACE_MARK };
