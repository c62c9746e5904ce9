#!/bin/sh
# rate = 600/min: by when the relay had each message, over a quarter of a minute.
. "$(dirname "$0")/../e2e/lib.sh"
make_programme
add_contacts acme entry 151
set_up_keys
sed -i '/^url /i rate = 600/min' "$D/forewarn.ini"
start_relay
arm ADV-1 >/dev/null 2>&1
fw run
is "$? $(mail_count)" '0 151' 'all are sent'
# 150 steps of 100 ms. The first message is alone until it is accepted.
stat -c %.9Y $(mails) >"$T/times"
span=$(awk 'NR == 2 { first = $1 } { last = $1 } END { printf "%.0f", (last - first) * 1000 }' "$T/times")
ok $((span < 14751 || span > 15049)) "the last came $span ms behind the second, of 14900: within 1 %"
finish
