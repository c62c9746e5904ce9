#!/bin/sh
# The mistakes that stop a programme: `check` and `run` both refuse with 2, say all of
# them at once, each with its place, its thing and its fact; and nothing is attempted.
. "$(dirname "$0")/lib.sh"
make_programme
cat >>"$D/forewarn.ini" <<'END'

[tier.validate]
rank     = 2
admits   = guidance, detection
audience = Validation partners

[wave.early]
tiers = validate
opens = release - 5d

[rule.reporting]
countries = XA
tier      = entry
reason    = must report

[language.ko]
fallback = yes
END
add_partner acme entry XC soc@acme.example
add_partner beta validate XC soc@beta.example lab@beta.example
set_up_keys
start_relay
cd "$D" || exit 2
arm ADV-1 >/dev/null || exit 2

# What is put back after each case; the agent's sockets stay where they are.
mkdir "$T/good"
cp -a forewarn.ini partners.ini templates secret state/ledger.db state/gnupg/gpg.conf "$T/good"
restore() {
	rm -rf forewarn.ini partners.ini partners.d templates secret state/gnupg/gpg.conf* state/ledger.db*
	(cd "$T/good" && cp -a forewarn.ini partners.ini templates secret "$D")
	cp -a "$T/good/ledger.db" state
	cp -a "$T/good/gpg.conf" state/gnupg
}

ini=forewarn.ini people=partners.ini notice=templates/notice.mustache conf=state/gnupg/gpg.conf
: >"$T/wanted"
want() { printf '%s\n' "$@" >>"$T/wanted"; }
put() { printf "$2\n" >>"$1"; }
alter() { # alter FILE SED MESSAGE...: in place
	sed -i "$2" "$1"
	shift 2
	want "$@"
}
section() { # section FILE NAME SED MESSAGE...: within one section
	alter "$1" "/^\[$(echo "$2" | sed 's,/,\\/,g')\]/,/^\$/{$3}" "$4"
}

# told NAME: of all that was altered, and of nothing else.
told() {
	fw check >"$T/out" 2>&1
	is $? 2 "check: $1"
	grep -v 'running as root' "$T/out" | sort >"$T/said"
	fw run >"$T/out" 2>&1
	is $? 2 "run: $1"
	sort "$T/out" >"$T/ran"
	sort "$T/wanted" >"$T/sorted"
	while read -r line; do
		grep -qxF -- "$line" "$T/said"
		ok $? "$line"
	done <"$T/wanted"
	diff "$T/sorted" "$T/said" >"$T/diff"
	ok $? "that and nothing else"
	sed 's/^/# /' "$T/diff"
	cmp -s "$T/said" "$T/ran"
	ok $? 'run says the same'
	: >"$T/wanted"
	restore
}

# --- the reader of INI files, by partner files with one mistake each -------------------
file() { # file PARTNER TEXT MESSAGE...
	mkdir -p partners.d
	printf "$2" >"partners.d/$1.ini"
	one=$1
	shift 2
	for message; do want "partners.d/$one.ini:$message"; done
}
unclean='holds a control, invisible or bidirectional character, or is not UTF-8'
file dup-section '[a]\n[b]\n[a]\n' '3: [a]: is there already, at line 1; merge the two'
file dup-key '[a]\nmail = x\nmail = y\n' "3: [a]: 'mail' is there already, at line 2; remove one"
file semicolon '[a]\nmail = x; y\n' \
	"2: 'mail': ';' or '#' would begin a comment here; quote the value, or put the comment on a line of its own"
file hash '[a]\nmail = x #y\n' \
	"2: 'mail': ';' or '#' would begin a comment here; quote the value, or put the comment on a line of its own"
file long "[a]\nmail = $(printf %01017d 0)\n" \
	'2: the line is longer than 1,022 bytes; use a file for long text'
file bom '\357\273\277[a]\n' '1: begins with a byte order mark; save the file without it'
file nul '[a]\nmail = x\000y\n' '2: holds a NUL byte: not a text file'
file latin '[a]\nmail = M\374ller\n' "2: $unclean"
file overlong '[a]\nmail = \300\257\n' "2: $unclean"
file surrogate '[a]\nmail = \355\240\200\n' "2: $unclean"
file crlf '[a]\r\nmail = x\r\n' '1: holds a carriage return; save the file with Unix line ends'
file cr '[a]\nmail = x\rBcc: y\n' '2: holds a carriage return; save the file with Unix line ends'
file tab '[a]\nmail = x\ty\n' "2: 'mail': the value holds a tab"
file escape '[a]\nmail = \033[31m\n' "2: $unclean"
file c1 '[a]\nmail = x\302\205y\n' "2: $unclean"
file separator '[a]\nmail = x\342\200\250y\n' "2: $unclean"
file bidi '[a]\nmail = x\342\200\256y\n' "2: $unclean"
file isolate '[a]\nmail = x\342\201\246y\n' "2: $unclean"
file invisible '[a]\nmail = x\342\200\213y\n' "2: $unclean"
file join '[a]\nmail = x\\\\\nkey = y\n' '2: ends with a backslash, which would join the next line to it'
file capitals '[Acme]\nMail = x\n' "1: 'Acme': names are written in lower case" \
	"2: 'Mail': names are written in lower case"
file colon '[a:b]\n' "1: 'a:b': a name cannot hold ':'"
file early 'mail = x\n[a]\n' "1: 'mail': stands before any [section]"
file words '[a]\njust words\n' "2: is neither [section], 'key = value' nor a comment"
file indented '[a]\n # words\n' '2: a comment begins at the start of its line'
file open '[a\n' "1: the section's name has no ']' at its end"
file behind '[a] b\n' "1: there is text after ']'; put it on a line of its own"
file nameless '[]\n = x\n' '1: []: a section needs a name' "2: there is no key before '='"
file quote '[a]\nmail = "x\n' "2: 'mail': the value begins with a quote but has none at its end"
file quotes '[a]\nmail = "x"y"\n' \
	"2: 'mail': the value holds a quote of the kind around it; use the other kind"
alter $ini '2s/$/;/' \
	"forewarn.ini:2: 'name': ';' or '#' would begin a comment here; quote the value, or put the comment on a line of its own"
told 'files that are no INI files'

# --- forewarn.ini ------------------------------------------------------------------------
section $ini programme 's/^name/nane/' "forewarn.ini:2: [programme]: 'nane' is not a known key here; did you mean 'name'?"
want "forewarn.ini:1: [programme]: 'name' is missing"
section $ini programme 's/^from .*/from = Advisories <a@psirt.example>/' \
	"forewarn.ini:3: [programme]: from: 'Advisories <a@psirt.example>' is not a plain mail address such as name@host.example"
section $ini programme 's/^weekend .*/weekend = Sunday/' \
	"forewarn.ini:4: [programme]: weekend: 'Sunday' is not a day of the week such as saturday"
section $ini openpgp 's/^signer .*/signer = 89ABCDEF/' \
	'forewarn.ini:8: [openpgp]: signer: must be the full 40-digit fingerprint, in capitals and without blanks'
section $ini smtp 's,^url .*,url = smtp://user:secret@relay.example,' \
	"forewarn.ini:11: [smtp]: url: must be smtps://HOST[:PORT] or smtp://HOST[:PORT] and nothing more; a login goes under 'user'"
section $ini smtp 's/^ca_file .*/user = forewarn/' \
	"forewarn.ini:10: [smtp]: 'user' needs password_file or password_command"
section $ini smtp 's/^timeout .*/timeout = 5/' \
	"forewarn.ini:13: [smtp]: timeout: '5' is not a span of time such as 90s, 30m, 48h or 14d"
section $ini tier.entry 's/^rank .*/rank = 08/' \
	"forewarn.ini:16: [tier.entry]: rank: '08' is not a whole number from 1 to 1000"
section $ini tier.validate 's/^rank .*/rank = 12x/' \
	"forewarn.ini:25: [tier.validate]: rank: '12x' is not a whole number from 1 to 1000"
section $ini tier.validate 's/^admits .*/admits = guidance,, detection/' \
	'forewarn.ini:26: [tier.validate]: admits: an element of the list is empty; remove the comma'
section $ini wave.early 's/^tiers .*/tiers = validat/' \
	"forewarn.ini:30: [wave.early]: tiers: 'validat' is not a tier of forewarn.ini; add its section or correct the name"
section $ini wave.early 's/^opens .*/opens = 2026-12-08/' \
	"forewarn.ini:31: [wave.early]: opens: '2026-12-08' is not 'release' or an offset such as 'release - 5bd' or 'release + 30m'"
section $ini rule.reporting 's/^countries .*/countries = UK/' \
	"forewarn.ini:34: [rule.reporting]: countries: 'UK' is not an ISO 3166 country code such as KR"
section $ini language.ko 's/^fallback .*/fallback = true/' \
	"forewarn.ini:39: [language.ko]: fallback: 'true' is neither yes nor no"
put $ini '[tire.x]\n[rule.Y]\n[wave.z]'
sed -i 's/rule.Y/rule.y\/y/' $ini
want 'forewarn.ini:40: [tire.x]: is not a known section; did you mean [tier.x]?' \
	"forewarn.ini:41: [rule.y/y]: what follows 'rule.' is not a name that a rule can have" \
	"forewarn.ini:41: [rule.y/y]: 'reason' is missing" \
	"forewarn.ini:41: [rule.y/y]: 'countries' is missing" \
	"forewarn.ini:41: [rule.y/y]: 'tier' is missing" \
	"forewarn.ini:42: [wave.z]: 'opens' is missing" \
	"forewarn.ini:42: [wave.z]: 'tiers' is missing"
told 'a forewarn.ini of mistakes'

put $ini '[marks]\ngroups = 1\nper = contact'
want "forewarn.ini:41: [marks]: groups: '1' would give everybody the same marks" \
	"forewarn.ini:42: [marks]: 'per' is not a known key here"
told 'marks of a single group'

section $ini programme 's/^weekend .*/max_file = 010M/' \
	"forewarn.ini:4: [programme]: max_file: '010M' is not a size such as 800K or 25M, at most 1024M"
section $ini smtp 's/^timeout .*/timeout = 99999999999999999999d/' \
	"forewarn.ini:13: [smtp]: timeout: '99999999999999999999d' is not a span of time such as 90s, 30m, 48h or 14d"
section $ini smtp 's,^url .*,url = smtp://relay.example,' ''
section $ini smtp 's/^ca_file .*/tls = none/' \
	"forewarn.ini:12: [smtp]: tls: 'none' is allowed only with smtp://127.0.0.1 or smtp://[::1]"
section $ini tier.entry 's/^rank .*/rank = 4294967297/' \
	"forewarn.ini:16: [tier.entry]: rank: '4294967297' is not a whole number from 1 to 1000"
section $ini tier.validate 's/^audience .*/tlp = WHITE/' \
	"forewarn.ini:27: [tier.validate]: tlp: 'WHITE' is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED"
want "forewarn.ini:24: [tier.validate]: 'audience' is missing"
sed -i '/^$/d' "$T/wanted"
told 'another'

section $ini wave.early 's/validate/validate, entry/' \
	"forewarn.ini:29: wave 'early': tier 'entry' is in wave 'main' already (line 20); keep one of them"
section $ini tier.validate 's/^rank .*/rank = 1/' \
	"forewarn.ini:24: tier 'validate': rank 1 is that of tier 'entry', too (line 15); make each unique"
told 'rules of the whole: waves and ranks'
section $ini tier.validate 's/guidance, //' \
	"forewarn.ini:24: tier 'validate': does not admit all that tier 'entry' below it does (line 15); add the classes or change the ranks"
section $ini wave.early 's/5d/3d/' \
	"forewarn.ini:29: wave 'early': tier 'validate' ranks above 'entry' but can open later than wave 'main' (line 20)"
put $ini '\n[tier.idle]\nrank = 3\nadmits = guidance, detection\naudience = x'
want "forewarn.ini:41: tier 'idle': is in no wave; name it in the tiers of one"
told 'rules of the whole: what ranks higher'

: >$ini
want 'forewarn.ini: the section [programme] is missing' \
	'forewarn.ini: the section [openpgp] is missing' \
	'forewarn.ini: the section [smtp] is missing' \
	'forewarn.ini: has no tier; add a section [tier.NAME]' \
	'forewarn.ini: has no wave; add a section [wave.NAME]'
told 'an empty forewarn.ini'
rm $ini
want "forewarn.ini: is not in this directory; name the programme's with -C DIR, or make one with forewarn init DIR"
told 'none at all'
section $ini openpgp '/^signer/d' \
	"forewarn.ini:6: [openpgp]: 'signer' is missing; once its key is in the home, give the fingerprint that gpg --homedir state/gnupg -K shows"
told 'no signer yet'
section $ini openpgp 's,state/gnupg,elsewhere,' 'elsewhere: is missing; forewarn keys init makes it'
told 'a home elsewhere'

# --- partners ----------------------------------------------------------------------------
section $people acme 's/^tier .*/tier = enty/' \
	"partners.ini:4: [acme]: tier: 'enty' is not a tier of forewarn.ini; add its section or correct the name"
section $people acme 's/^status .*/status = Active/' \
	"partners.ini:5: [acme]: status: 'Active' is neither active nor suspended"
section $people acme/c1 's/^mail .*/mail = a@x.example, b@x.example/' \
	"partners.ini:8: [acme/c1]: mail: 'a@x.example, b@x.example' is not a plain mail address such as name@host.example"
section $people acme/c1 's/^key .*/key = 0x89ABCDEF/' \
	'partners.ini:9: [acme/c1]: key: must be the full 40-digit fingerprint, in capitals and without blanks'
section $people beta 's/^countries .*/review_by = 2027-02-29/' \
	"partners.ini:13: [beta]: review_by: '2027-02-29' is not a day such as 2026-12-25"
want "partners.ini:11: [beta]: 'countries' is missing"
section $people beta 's/^tier .*/teir = entry/' \
	"partners.ini:14: [beta]: 'teir' is not a known key here; did you mean 'tier'?"
want "partners.ini:11: [beta]: 'tier' is missing"
key=$(sed -n 19p $people)
section $people beta/c2 "s/^key .*/$key/" \
	"partners.ini:21: contact 'beta/c2': its key is that of contact 'beta/c1', too (partners.ini:17)"
section $people beta/c2 's/^mail .*/mail = SOC@Beta.example/' \
	"partners.ini:21: contact 'beta/c2': its address is that of contact 'beta/c1', too (partners.ini:17)"
put $people '[gamma/c1]\nmail = c1@gamma.example\nkey = 0123456789ABCDEF0123456789ABCDEF01234567\nlanguage = Korean'
want "partners.ini:28: [gamma/c1]: language: 'Korean' is not a language code such as ko or pt-br" \
	"partners.ini:25: contact 'gamma/c1': its partner is not there; add its section"
put $people '[delta]\norganisation = D\ncountries = KR\ntier = entry\n[a/b/c]\nmail = x@delta.example\nkey = 1123456789ABCDEF0123456789ABCDEF01234567'
want "partners.ini:29: partner 'delta': has no contact; add a section [delta/NAME]" \
	'partners.ini:33: [a/b/c]: is not the name of a contact; write PARTNER/NAME' \
	"partners.ini:33: contact 'a/b/c': its partner is not there; add its section"
told 'a partners.ini of mistakes'

mkdir partners.d
sed -n '/^\[acme\]/,/^status/p' $people >partners.d/acme.ini
: >partners.d/README
put partners.d/acme.ini '[delta/x]\nmail = x@delta.example\nkey = 0123456789ABCDEF0123456789ABCDEF01234567'
want "partners.d/acme.ini:1: partner 'acme': is there already (partners.ini:1)" \
	"partners.d/acme.ini:6: [delta/x]: is not of partner 'acme', whose file this is; move it" \
	"partners.d/acme.ini:6: contact 'delta/x': its partner is not there; add its section" \
	'partners.d/README: is not named PARTNER.ini; rename or remove it'
told 'two partners with one id'
: >$people
want 'partners.ini: there is no partner; write it, or one file a partner in partners.d'
told 'an empty list of partners'

# --- templates, home, ledger ---------------------------------------------------------------
cp $notice templates/open.mustache
cp $notice templates/bidi.mustache
cp $notice templates/NOTICE.mustache
put templates/open.mustache '{{#title}}'
put templates/bidi.mustache '\342\200\256'
want "templates/open.mustache:4: section 'title' is opened, but not closed" \
	'templates/bidi.mustache:4: holds a carriage return, a control, invisible or bidirectional character, or is not UTF-8' \
	'templates/NOTICE.mustache: is not named NAME.mustache or NAME.LANGUAGE.mustache; rename or remove it'
put $conf 'group a = b\n\nencrypt-to 89ABCDEF'
want "$conf:8: 'group a = b': is not a line of ours; remove it" \
	"$conf:10: 'encrypt-to 89ABCDEF': is not a line of ours; remove it"
alter $conf /cipher/d "$conf: lacks a line of ours; add 'cipher-algo AES256'"
sed -i 's/:8: /:7: /;s/:10: /:9: /' "$T/wanted"
cp $conf $conf-2
want 'state/gnupg: gpg.conf-2: gpg would read it instead of gpg.conf; remove it'
echo hello >state/ledger.db
want 'state/ledger.db: is not a forewarn ledger'
echo short >secret/message-id.key
want 'secret/message-id.key: is shorter than 32 bytes; restore it from the backup'
alter $ini '3s/$/,/' \
	"forewarn.ini:3: [programme]: from: 'advisories@psirt.example,' is not a plain mail address such as name@host.example"
alter $people '1s/^/[acme]\n/' 'partners.ini:2: [acme]: is there already, at line 1; merge the two'
told 'one in every file, at once'

rm $notice state/ledger.db secret/message-id.key
sed -i 's/$/\r/' $conf
want "forewarn.ini:15: tier 'entry': its template is not there; write templates/notice.mustache" \
	"forewarn.ini:24: tier 'validate': its template is not there; write templates/notice.mustache" \
	'state/ledger.db: is not there; forewarn keys init makes it once, later it comes from a backup' \
	'secret/message-id.key: is not there; forewarn keys init makes it once, later it comes from a backup' \
	"$conf: holds a control character, such as a carriage return; remove it"
told 'what is gone'
rm state/ledger.db
sqlite3 state/ledger.db 'CREATE TABLE t (a)'
chmod 600 state/ledger.db
want 'state/ledger.db: is not a forewarn ledger'
told "somebody else's ledger"
sqlite3 state/ledger.db 'PRAGMA user_version = 99'
want 'state/ledger.db: was written by a newer forewarn (form 99, this one knows 2)'
told "a newer one's"

is "$(cat "$S/commands.log")" '' 'the relay was never spoken to'
is "$(state ADV-1 acme/c1)" planned 'and the line waits as it did'
fw check >/dev/null 2>&1
is $? 0 'the programme put back is good'
fw run
is $? 0 'and runs'
is "$(mail_count)" 3 'and sends'
finish
