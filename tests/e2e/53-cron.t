#!/bin/sh
# As cron runs it: no terminal, no home, little or hostile environment; and as a user
# who owns the programme: what others may read or write is refused.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example
set_up_keys
start_relay
cd "$D" || exit 2
arm ADV-1 >/dev/null || exit 2
gpgconf --homedir state/gnupg --kill all

# Root ignores modes; so be somebody, where the test is run by root.
as=
if [ "$(id -u)" = 0 ]; then
	as='setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all'
	install -m 755 "$FOREWARN" "$T/forewarn"
	FOREWARN=$T/forewarn
	chmod 755 "$T" "$S"
	chmod 644 "$S/ca.pem"
	chown -R 65534:65534 "$D"
fi
cron() { # cron COMMAND...: with nothing, not even standard input
	(umask 0 && exec env -i PATH=/usr/bin:/bin $hostile setsid -w $as "$FOREWARN" -C "$D" "$@" <&-)
}
hostile=
out=$(cron run 2>&1)
is "$?$out" 0 'run under cron: silent, and done'
is "$(mail_count)" 1 'the mail is out'
has "$(open_mail "$(mails)")" 'Update to 4.2' 'whole and opens'
is "$(stat -c %a state/ledger.db state/lock | sort -u)" 600 'what it made is private'

make_advisory ADV-2 1
[ -z "$as" ] || chown -R 65534:65534 advisories
digest=$(cron preview ADV-2 2>/dev/null | sed -n 's/^plan digest: //p')
out=$(cron arm ADV-2 --digest "$digest" 2>&1)
is $? 0 'arm in such an environment'
mkdir -m 777 "$T/evil"
echo 'encrypt-to 0123456789ABCDEF' >"$T/evil/gpg.conf"
hostile="GNUPGHOME=$T/evil HOME=$T/evil XDG_CONFIG_HOME=$T/evil http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9
	all_proxy=socks5://127.0.0.1:9 ALL_PROXY=socks5://127.0.0.1:9 SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/ CURL_CA_BUNDLE=/dev/null
	LD_LIBRARY_PATH=$T/evil TZ=Nowhere/None LANG=xx LC_ALL=xx_YY.klingon TMPDIR=/nonexistent SSLKEYLOGFILE=$T/evil/keys
	GPG_AGENT_INFO=/x:1:1 SQLITE_TMPDIR=$T/evil TERM=evil COLUMNS=1 POSIXLY_CORRECT=1
	GPGME_DEBUG=9:$T/evil/gpgme GCONV_PATH=$T/evil HOSTALIASES=$T/evil/hosts"
out=$(cron run 2>&1)
is "$?$out" 0 'a hostile environment: silent, and done'
is "$(mail_count)" 2 'the mail is out'
has "$(open_mail "$(mails | tail -1)")" 'Update to 4.2' 'whole'
is "$(grep -c ENC_TO "$T/status")" 1 'to one key'
is "$(ls "$T/evil")" gpg.conf 'and nobody wrote down the keys of TLS, or the text'
hostile=
gpgconf --homedir state/gnupg --kill all

# refused NAME FILE MODE MESSAGE...: with that mode both refuse; then it is put back.
refused() {
	mode=$(stat -c %a "$2")
	chmod "$3" "$2"
	for command in check run; do
		out=$(cron $command 2>&1)
		is $? 2 "$command refuses: $1"
		has "$out" "$4" "$command says what to do: $1"
	done
	chmod "$mode" "$2"
}
refused 'a home that the group may enter' state/gnupg 750 'state/gnupg: others may enter it; chmod 700 it'
refused 'a ledger that the group may read' state/ledger.db 640 'state/ledger.db: others may open it; chmod 600 it'
refused 'a Message-ID key that all may read' secret/message-id.key 644 'secret/message-id.key: others may open it; chmod 600 it'
refused 'a state that others may write' state 777 'state: others may enter it; chmod 700 it'
refused 'a secret directory that others may enter' secret 755 'secret: others may enter it; chmod 700 it'
for file in forewarn.ini partners.ini templates/notice.mustache; do
	refused "$file that anybody may write" $file 666 "$file: anybody may write it; chmod o-w it"
	refused "$file that we may not read" $file 0 "$file: Permission denied"
done
refused 'a ledger that we may not read' state/ledger.db 0 'state/ledger.db: '
refused 'a gpg.conf that we may not read' state/gnupg/gpg.conf 0 'state/gnupg/gpg.conf: Permission denied'
refused 'a directory of templates that anybody may write' templates 777 'templates: anybody may write it; chmod o-w it'
refused 'a programme directory that anybody may write' . 777 'anybody may write it; chmod o-w it'
refused 'a ca_file that anybody may write' "$S/ca.pem" 666 "$S/ca.pem: anybody may write it; chmod o-w it"
if [ -n "$as" ]; then
	for place in state/gnupg state/ledger.db secret/message-id.key state; do
		chown 0 $place
		[ $place = state/gnupg ] || chmod a+r $place
		out=$(cron run 2>&1)
		is $? 2 "refused: $place of another user"
		has "$out" "$place: " 'which is named'
		chown 65534 $place
		chmod go-rwx $place
	done
fi

# An advisory's file is that advisory's trouble.
advisory=advisories/ADV-2/1
for change in "666 $advisory/summary.txt anybody may write it; chmod o-w it" \
	"0 $advisory/summary.txt Permission denied" \
	"666 $advisory/advisory.ini anybody may write it; chmod o-w it"; do
	set -- $change
	chmod "$1" "$2"
	out=$(cron check 2>&1)
	is $? 2 "check refuses $2 of mode $1"
	has "$out" "$2: ${change#"$1 $2 "}" 'and says why'
	out=$(cron run 2>&1)
	is $? 0 'what was sent stays sent: run is content'
	chmod 644 "$2"
done
mkdir -m 755 $advisory/texts
mv $advisory/summary.txt $advisory/texts
sed -i 's#= summary.txt#= texts/summary.txt#' $advisory/advisory.ini
for folder in $advisory $advisory/texts; do
	chmod 777 $folder
	has "$(cron check 2>&1)" "$folder: anybody may write it; chmod o-w it" "check refuses $folder of mode 777"
	chmod 755 $folder
done

out=$(cron check 2>&1)
is $? 0 'all put back: check is content'
hasnt "$out" root 'and says nothing of root'
if [ -n "$as" ]; then
	as=
	chown -R 0:0 "$D"
	gpgconf --homedir state/gnupg --kill all
	has "$(cron check 2>&1)" 'warning: running as root; give forewarn a user of its own' 'check warns of root'
	is "$(cron run 2>&1; echo $?)" 0 'run does not: cron would mail it'
fi
finish
