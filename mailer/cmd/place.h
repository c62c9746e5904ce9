/* place - where things stand in a programme directory, which is the working directory */
#ifndef CMD_PLACE_H
#define CMD_PLACE_H

#include "edge/ledger.h"

#define PLACE_CONFIG "forewarn.ini"
#define PLACE_ADVISORIES "advisories"
#define PLACE_STATE "state"
#define PLACE_LEDGER "state/ledger.db"
#define PLACE_LOCK "state/lock"
#define PLACE_HOLD "state/HOLD"
#define PLACE_ARCHIVE "state/archive"
#define PLACE_CHECKPOINTS "state/checkpoints"
#define PLACE_HOME "state/gnupg" /* where init makes it; else forewarn.ini says it */
#define PLACE_SECRET "secret"
#define PLACE_MESSAGE_KEY "secret/message-id.key"
#define PLACE_MARK_KEY "secret/mark.key"
#define PLACE_MARK "secret/ledger.mark"

extern const struct ledger_place place_ledger;

#endif
