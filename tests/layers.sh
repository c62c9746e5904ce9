#!/bin/sh
# The house: knowledge points one way, cmd -> edge -> policy -> base, and each
# third-party library is known to the files of this table alone.
cd "$(dirname "$0")/../mailer" || exit 2
status=0

broken() {
	echo "layers: $1" >&2
	status=1
}

layer() { # layer FOLDER may-also-include...
	folder=$1
	shift
	for other in base policy edge cmd; do
		case " $folder $* " in *" $other "*) continue ;; esac
		if grep -rn "^#include \"$other/" "$folder"; then
			broken "$folder must not know $other"
		fi
	done
}

library() { # library HEADER file...
	header=$1
	shift
	for user in $(grep -rlE "^#include <$header" .); do
		case " $* " in *" ${user#./} "*) continue ;; esac
		broken "$user must not include <$header>"
	done
}

inside() { # inside HEADER file...: of one subject, for its own files
	header=$1
	shift
	for user in $(grep -rlE "^#include \"$header" .); do
		case " $* " in *" ${user#./} "*) continue ;; esac
		broken "$user must not include \"$header\""
	done
}

layer base
layer policy base
layer edge base policy
layer cmd base policy edge

library gpgme edge/pgp_ring.h
library assuan edge/pgp_talk.c
library curl edge/smtp_handle.h
library sqlite3 edge/ledger_sqlite.h
library libetpan edge/mime_parts.c
inside edge/pgp_ring.h edge/pgp_ring.c edge/pgp_verify.c edge/pgp_keys.c edge/pgp_import.c edge/pgp_engine.h edge/pgp_seal.c edge/pgp_watch.h edge/pgp_fast.h
inside edge/ledger_inside.h edge/ledger*.c
inside edge/ledger_sqlite.h edge/ledger_db.c edge/ledger_query.c
library iniparser edge/ini.c
library gcrypt base/digest.c edge/pgp_agent.c
library archive edge/unpack.c
library seccomp edge/confine.c
library jansson cmd/json.c
library linux/landlock edge/confine.c

# Policy is pure: no input, no output, no clock.
if grep -nE '\b(fopen|open|openat|read|write|printf|fprintf|time|gettimeofday|clock_gettime|getenv)\(' \
    policy/*.c | grep -v snprintf; then
	broken "policy must not touch the world"
fi
# Only commands print.
if grep -nE '\b(printf|puts|putchar|fprintf|fputs|perror)\(' base/*.c policy/*.c edge/*.c; then
	broken "only cmd prints"
fi
# Only the sealer has a sealed made; only smtp and previews read one.
if grep -rn 'sealed_split(' . | grep -vE '^./edge/pgp_seal(ed\.[ch]|\.c):'; then
	broken "a sealed message is made for the sealer alone"
fi
if grep -rn 'sealed_read(' . | grep -vE '^./edge/(pgp_sealed|smtp_message)\.[ch]:|^./cmd/(preview|archive)'; then
	broken "a sealed message is read by smtp, preview and archive alone"
fi
exit $status
