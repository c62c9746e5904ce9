# A throw-away programme with real keys, a real relay over TLS, and TAP.
# Sourced by each test: $T is the test's directory, $D the programme's, $S the relay's.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/canary.sh
. tests/clocks.sh
: "${FOREWARN:=$PWD/build/forewarn}"
T=$(mktemp -d /tmp/fw.XXXXXX) D=$T/p S=$T/s count=0 failed=0
export TZ=UTC LC_ALL=C.UTF-8
unset GNUPGHOME

end() {
	stop_relay
	for home in "$D/state/gnupg" "$T/people"; do
		[ -d "$home" ] && gpgconf --homedir "$home" --kill all
	done
	rm -rf "$T"
}
trap end EXIT
trap 'exit 1' INT TERM

# --- TAP -------------------------------------------------------------------------
ok() { # ok STATUS NAME
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failed=1
		echo "not ok $count - $2"
	fi
}

is() { # is GOT WANTED NAME
	[ "$1" = "$2" ]
	ok $? "$3"
	[ "$1" = "$2" ] || printf 'got:    %s\nwanted: %s\n' "$1" "$2" | sed 's/^/# /'
}

has() { # has TEXT PART NAME
	case $1 in *"$2"*) ok 0 "$3" ;; *)
		ok 1 "$3"
		printf 'in:     %s\nwanted: %s\n' "$1" "$2" | sed 's/^/# /'
		;;
	esac
}

hasnt() { # hasnt TEXT PART NAME
	case $1 in *"$2"*)
		ok 1 "$3"
		printf 'in:       %s\nunwanted: %s\n' "$1" "$2" | sed 's/^/# /'
		;;
	*) ok 0 "$3" ;;
	esac
}

# in_browser SCRIPT PAGE ARGUMENT...: the checks of tests/SCRIPT.py, whose last argument is axe-core.
in_browser() {
	script=tests/$1.py
	shift
	axe=$(tests/axe.sh) || {
		why=$axe axe=
		[ -n "${NEED_AXE:-}" ] || echo "# axe-core is left out: $why"
	}
	[ -n "$axe" ] || [ -z "${NEED_AXE:-}" ]
	ok $? "axe-core is here, or need not be"
	/usr/bin/python3 "$script" "$@" ${axe:+"$axe"} >"$T/checks" 2>"$T/browser"
	ok $? 'a browser reads the page to its end'
	sed 's/^/# /' "$T/browser"
	while read -r status name; do
		case $status in
		'#') echo "# $name" ;;
		*) ok "$status" "$name" ;;
		esac
	done <"$T/checks"
}

finish() {
	[ ! -d "$D/state" ] || is "$(secrets_in "$D/state")" '' 'what is kept holds no text and no password'
	echo "1..$count"
	exit $failed
}

# --- the programme ---------------------------------------------------------------
from_now() { date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ; } # from_now '+3 days'

fw() { "$FOREWARN" -C "$D" "$@"; }

# fw_at '+50h' COMMAND...: when that time has passed. By a file, as forewarn forgets the
# variables that faketime would go by.
fw_at() {
	mkdir -p "$T/clock"
	echo "$1" >"$T/clock/.faketimerc"
	shift
	forget_clocks
	[ "${clock:-}" ] || clock=$(faketime -f +0 printenv LD_PRELOAD)
	HOME=$T/clock LD_PRELOAD=$clock "$FOREWARN" -C "$D" "$@"
}

people() { gpg --homedir "$T/people" --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' "$@"; }

fingerprint() { people --list-keys --with-colons "=$1" | awk -F: '/^fpr/ { print $10; exit }'; }

# make_key MAIL [EXPIRES] [ALGORITHM]: a contact's key, exported into the programme's keys/.
make_key() {
	mkdir -p -m 700 "$T/people"
	people --quick-generate-key "<$1>" "${3:-future-default}" default "${2:-never}" 2>/dev/null
	people --armor --export "<$1>" >"$D/keys/$1.asc"
}

# A programme with one tier that opened yesterday, before any partner.
make_programme() {
	mkdir -p "$D/keys" "$D/templates" "$D/advisories/ADV-1/1" "$D/secret"
	chmod 700 "$D" "$D/secret"
	cat >"$D/forewarn.ini" <<EOF
[programme]
name     = Example Programme
from     = advisories@psirt.example
weekend  = saturday, sunday

[openpgp]
home   = state/gnupg
signer = 0000000000000000000000000000000000000000

[smtp]
url     = smtp://127.0.0.1:25
ca_file = $S/ca.pem
timeout = 5s

[tier.entry]
rank     = 1
admits   = guidance
audience = Programme members

[wave.main]
tiers = entry
opens = release - 4d
EOF
	printf 'Subject: %s\n\n%s\n' '{{title}}' '{{text.summary}}' >"$D/templates/notice.mustache"
	make_advisory ADV-1 1
}

# add_tier NAME RANK ADMITS OPENS: with a wave of its own, called as the tier is.
add_tier() {
	printf '\n[tier.%s]\nrank = %s\nadmits = %s\naudience = Programme members\n' "$1" "$2" "$3"
	printf '\n[wave.%s]\ntiers = %s\nopens = %s\n' "$1" "$1" "$4"
} >>"$D/forewarn.ini"

make_advisory() { # make_advisory ID REVISION
	mkdir -p "$D/advisories/$1/$2"
	cat >"$D/advisories/$1/$2/advisory.ini" <<EOF
[advisory]
id      = $1
release = $(from_now '+3 days')
tlp     = AMBER

[guidance]
title        = Remote code execution in the gateway
text.summary = summary.txt
EOF
	printf 'Update to 4.2 before anything else.\nReference %s\n' "$(canary)" >"$D/advisories/$1/$2/summary.txt"
}

# add_partner ID TIER COUNTRY MAIL...: contacts c1, c2, ... with a key each.
add_partner() {
	id=$1 tier=$2 country=$3 n=0
	shift 3
	{
		printf '[%s]\norganisation = %s Ltd\ncountries = %s\ntier = %s\nstatus = active\n' \
			"$id" "$id" "$country" "$tier"
		for mail; do
			n=$((n + 1))
			[ -e "$D/keys/$mail.asc" ] || make_key "$mail"
			printf '\n[%s/c%d]\nmail = %s\nkey = %s\n' "$id" $n "$mail" "$(fingerprint "<$mail>")"
		done
		echo
	} >>"$D/partners.ini"
}

# add_contacts ID TIER COUNT: a partner with c1@ID.example, c2@..., whose keys are made in one go.
add_contacts() {
	mkdir -p -m 700 "$T/people"
	for i in $(seq "$3"); do
		printf '%s\n' %no-protection 'Key-Type: EDDSA' 'Key-Curve: ed25519' 'Subkey-Type: ECDH' \
			'Subkey-Curve: cv25519' 'Expire-Date: 0' "Name-Email: c$i@$1.example" %commit
	done | people --generate-key /dev/stdin 2>/dev/null
	people --armor --export "@$1.example" >"$D/keys/$1.asc"
	{
		printf '[%s]\norganisation = %s Ltd\ncountries = XC\ntier = %s\nstatus = active\n\n' "$1" "$1" "$2"
		people --list-keys --with-colons "@$1.example" | awk -F: -v id="$1" '
			/^pub/ { primary = 1 }
			/^fpr/ && primary { fpr = $10; primary = 0 }
			/^uid/ { name = $10; sub(/@.*/, "", name)
				printf "[%s/%s]\nmail = %s\nkey = %s\n\n", id, name, $10, fpr }'
	} >>"$D/partners.ini"
}

# The home with its signer, and every contact's key in it.
set_up_keys() {
	fw keys init >/dev/null || return
	gpg --homedir "$D/state/gnupg" --batch --quiet --passphrase '' \
		--quick-generate-key '<advisories@psirt.example>' ed25519 sign never 2>/dev/null
	signer=$(gpg --homedir "$D/state/gnupg" --quiet --list-secret-keys --with-colons 2>/dev/null |
		awk -F: '/^fpr/ { print $10; exit }')
	sed -i "s/^signer = .*/signer = $signer/" "$D/forewarn.ini"
	gpg --homedir "$D/state/gnupg" --armor --export "$signer" 2>/dev/null | people --import 2>/dev/null
	set -- "$D"/keys/*.asc
	[ ! -e "$1" ] || fw keys import "$@" >/dev/null
}

# A programme with two tiers, and a file that is looked into.
make_packed_programme() {
	make_programme
	sed -i 's/^admits .*/admits   = guidance, detection/' "$D/forewarn.ini"
	add_tier full 2 'guidance, detection, proof-of-concept' 'release - 5d'
	add_partner acme entry XC soc@acme.example
	add_partner beta full XC soc@beta.example
	set_up_keys
	echo 'rule gateway { condition: false }' >"$T/gateway.yar"
	seq -f 'send_frame(%g, "the gateway takes this")' 40 >"$T/trigger.py"
	pack_advisory ADV-1 "$T/gateway.yar"
}

pack_advisory() { # pack_advisory ID FILE...: these in a zip that the lower tier gets
	folder=$D/advisories/$1/1
	make_advisory "$1" 1
	printf '\n[detection]\nattach.rules = rules.zip\n' >>"$folder/advisory.ini"
	printf '\n[proof-of-concept]\nattach.trigger = trigger.py\n' >>"$folder/advisory.ini"
	cp "$T/trigger.py" "$folder"
	shift
	/usr/bin/python3 -m zipfile -c "$folder/rules.zip" "$@"
}

arm() { # arm ADVISORY: as a script would
	fw arm "$1" --digest "$(fw preview "$1" 2>/dev/null | sed -n 's/^plan digest: //p')"
}

state() { # state ADVISORY CONTACT: one word or two, from the ledger
	sqlite3 "$D/state/ledger.db" \
		"SELECT state FROM delivery WHERE advisory = '$1' AND contact = '$2' ORDER BY revision DESC LIMIT 1"
}

states() { # states ADVISORY: of all contacts, in their order
	sqlite3 "$D/state/ledger.db" \
		"SELECT state FROM delivery WHERE advisory = '$1' ORDER BY contact, revision" | paste -sd' '
}

# --- the relay -------------------------------------------------------------------
# start_relay [OPTION...]: STARTTLS with a CA of its own unless told otherwise.
start_relay() {
	mkdir -p "$S"
	[ -e "$S/ca.pem" ] || tests/make-ca.sh "$S" || exit 2
	[ -p "$S/life" ] || mkfifo "$S/life" "$S/ready"
	# Its standard input ends with this shell: nothing outlives the test.
	exec 9<>"$S/life"
	: >>"$S/script"
	/usr/bin/python3 tests/smtpd.py --dir "$S" --tls starttls --cert "$S/server.pem" \
		--key "$S/server.key" --script "$S/script" "$@" <"$S/life" >"$S/ready" 2>"$S/stderr" 9>&- &
	relay=$!
	read -r port <"$S/ready" || { cat "$S/stderr" >&2; exit 2; }
	sed -i "s/^\(url *= smtps*:..127.0.0.1:\).*/\1$port/" "$D/forewarn.ini"
}

stop_relay() {
	[ -n "${relay:-}" ] || return 0
	kill "$relay" 2>/dev/null
	wait "$relay" 2>/dev/null
	relay=
}

# relay_does [FAULT...]: from the next connection on, in place of what was told before.
relay_does() { printf '%s\n' "$@" >"$S/script"; }

# relay_saw PATTERN [COUNT]: waits until so many lines of the relay's log match.
relay_saw() {
	[ -p "$T/follow" ] || mkfifo "$T/follow"
	tail -n +1 -f "$S/commands.log" >"$T/follow" &
	follower=$!
	[ "$(timeout 20 grep -c -m "${2:-1}" "$1" "$T/follow")" = "${2:-1}" ]
	saw=$?
	kill $follower 2>/dev/null
	wait $follower 2>/dev/null
	return $saw
}

# patience SPAN [DIRECTORY]: how long we wait for the relay before the final dot.
patience() { sed -i "s/^timeout = .*/timeout = $1/" "${2:-$D}/forewarn.ini"; }

# With one, nothing is done beside it, and the calls of a run come in one order.
one_connection() { sed -i '/^url /i connections = 1' "$D/forewarn.ini"; }

relay_forgets() { : >"$S/commands.log"; }

mails() { find "$S/messages" -name '*.eml' 2>/dev/null | sort; }
mail_count() { mails | wc -l; }
mail_to() { grep -l "^To: $1" $(mails) /dev/null | tail -1; } # the newest for an address

# open_mail FILE: the sealed part as the contact's gpg opens it; status lines on fd 2.
open_mail() {
	sed -n '/^-----BEGIN PGP MESSAGE/,/^-----END PGP MESSAGE/p' "$1" | tr -d '\r' |
		people --status-fd 2 --decrypt 2>"$T/status"
}

# read_mail FILE: all that its contact can see once it is open: fields, names, content.
read_mail() { open_mail "$1" | /usr/bin/python3 tests/mime_check.py decoded /dev/stdin; }
