/* place - where things stand in a programme directory, which is the working directory */
#ifndef CMD_PLACE_H
#define CMD_PLACE_H

#define PLACE_CONFIG "forewarn.ini"
#define PLACE_STATE "state"
#define PLACE_LEDGER "state/ledger.db"
#define PLACE_LOCK "state/lock"
#define PLACE_HOLD "state/HOLD"
#define PLACE_SECRET "secret"
#define PLACE_MESSAGE_KEY "secret/message-id.key"

#endif
