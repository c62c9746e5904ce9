/* config_policy - the sections that say who may have what, and when */
#ifndef EDGE_CONFIG_POLICY_H
#define EDGE_CONFIG_POLICY_H

#include "base/error.h"
#include "edge/ini.h"
#include "policy/programme.h"

/* Reads [tier.X], [wave.X], [rule.X] and [language.X]. All mistakes are added. */
void config_policy(
    struct programme *programme, struct ini *ini, struct mistakes *mistakes);

#endif
