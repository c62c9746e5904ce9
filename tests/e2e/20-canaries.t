#!/bin/sh
# A secret of each class in each kind of thing, for tiers that differ: each
# contact reads those of its own classes, and nobody else reads any.
. "$(dirname "$0")/lib.sh"
classes='guidance detection indicators reproduction proof-of-concept'
kinds='fact list text file name'
A=ADV-2026-0417

# An advisory in which every value, and every file's name, holds a secret of its own.
make_secrets() {
	mkdir -p "$T/secret" "$D/advisories/$A/1"
	cd "$D/advisories/$A/1" || exit 2
	printf '[advisory]\nid = %s\nrelease = %s\ntlp = AMBER+STRICT\n' \
		$A "$(from_now '-1 hour')" >advisory.ini
	for class in $classes; do
		for kind in $kinds; do
			canary >"$T/secret/$class.$kind"
		done
		secret=$T/secret/$class
		echo "see $(cat "$secret.text") there" >"$class.txt"
		{ head -c 4000 /dev/urandom | base64 && cat "$secret.file"; } >"$(cat "$secret.name").bin"
		cat >>advisory.ini <<-END

			[$class]
			fact-$class = $(cat "$secret.fact")
			list.list-$class = one, $(cat "$secret.list")
			text.text-$class = $class.txt
			attach.file-$class = $(cat "$secret.name").bin
		END
	done
	# The subject is a fact like any other.
	sed -i 's/^fact-guidance /title /' advisory.ini
	cd - >/dev/null || exit 2
}

# As careless as can be: every template names everything.
make_templates() {
	{
		printf 'Subject: {{title}}\n\n'
		for class in $classes; do
			for tag in "fact-$class" "list.list-$class" "text.text-$class"; do
				printf '{{#%s}}{{.}} {{/%s}}\n' "$tag" "$tag"
			done
		done
		echo '{{#attachments}}{{file}} {{size}} {{sha256}}{{/attachments}}'
	} >"$D/templates/notice.mustache"
	{
		cat "$D/templates/notice.mustache"
		echo 'Dear {{contact.name}} of {{partner.organisation}}'
	} >"$D/templates/letter.mustache"
}

make_programme
patience 2m
add_tier middle 2 'guidance, detection, indicators' 'release - 30m'
add_tier full 3 "$(echo $classes | sed 's/ /, /g')" 'release - 50m'
cat >>"$D/forewarn.ini" <<END

[rule.reports-at-once]
countries = XA
tier      = entry
reason    = must report vulnerabilities to its government within 48 hours
END
sed -i 's/^\[tier.middle\]/&\ntemplate = letter/
	s/^opens = release - 4d/opens = release/
	s/^weekend .*/&\nlate_limit = 4h/' "$D/forewarn.ini"
make_secrets
make_templates
add_partner zebra full XC z1@one.example z2@two.example
add_partner yak middle XC y1@three.example y2@four.example
add_partner xenops entry XC x1@five.example
add_partner walrus full XC,XA w1@six.example
add_partner vole full XC v1@seven.example
sed -i '/^\[vole\]/,/^$/s/^status.*/status = suspended/
	s/^mail = \([a-z0-9]*\)@/name = Person \1\n&/' "$D/partners.ini"
set_up_keys
start_relay

mkdir "$T/tmp" "$T/log"
touch "$T/log/mark"
export TMPDIR="$T/tmp"
fw check >"$T/log/check" 2>&1
is $? 0 'the programme has no mistake'
fw preview $A --attachments -o "$T/preview" >"$T/shown" 2>"$T/log/preview"
is $? 0 'preview'
arm $A >/dev/null 2>"$T/log/arm"
is $? 0 'arm'
fw run -v >"$T/log/run" 2>&1
is $? 0 'all waves are open, and all is sent'
fw status >"$T/log/status" 2>&1
fw keys list >"$T/log/keys" 2>&1
is "$(mail_count)" 6 'one mail for each contact, and none for the suspended'
unset TMPDIR

# --- what each contact reads -----------------------------------------------------
may() { # may CONTACT: the classes it may have
	case $1 in
	z?) echo "$classes" ;;
	y?) echo 'guidance detection indicators' ;;
	x? | w?) echo 'guidance' ;;
	esac
}

# The secrets that FILE shows, and those that CONTACT may have: CLASS.KIND, one a line.
shown() { grep -aoF -f "$T/secrets" "$1" | sort -u | join - "$T/names" | cut -d' ' -f2 | sort; }
wanted() {
	for class in $(may "$1"); do
		printf "$class.%s\n" $kinds
	done | sort
}

(cd "$T/secret" && grep -H . ./*) | sed 's:^\./\(.*\)\:\(.*\):\2 \1:' | sort >"$T/names"
cut -d' ' -f1 "$T/names" >"$T/secrets"
for contact in z1 z2 y1 y2 x1 w1; do
	mail=$(mail_to "$contact@")
	read_mail "$mail" >"$T/$contact"
	is "$(shown "$T/$contact")" "$(wanted $contact)" "$contact reads what its tier admits, and nothing else"
	address=$(sed -n 's/^To: \(.*\)\r$/\1/p' "$mail")
	is "$(grep -c '^\[GNUPG:\] ENC_TO ' "$T/status")" 1 '... sealed to one key'
	is "$(awk '/ DECRYPTION_KEY /{ print $4 }' "$T/status")" "$(fingerprint "<$address>")" \
		'... which is its own'
	has "$(cat "$T/status")" ' GOODSIG ' '... and signed'
	has "$(cat "${mail%.eml}.json")" "\"rcpt_to\": [\"$address\"]" '... with an envelope to it alone'
done
for contact in y1 y2; do
	has "$(cat "$T/$contact")" "Dear Person $contact of yak Ltd" "$contact has a letter of its own"
done
hasnt "$(cat "$T/y1")" 'Person y2' 'and the other is not in it'
for contact in z1 x1 w1; do
	hasnt "$(cat "$T/$contact")" Person "$contact reads an edition that names nobody"
done
has "$(cat "$T/shown")" 'tier full, lowered to entry by rule reports-at-once' \
	'the plan says why walrus gets less'

for file in "$T"/preview/*.eml; do
	case ${file##*/} in
	full.*) who=z1 ;;
	yak.*) who=y1 ;;
	entry.*) who=x1 ;;
	*) who=nobody ;;
	esac
	/usr/bin/python3 tests/mime_check.py decoded "$file" >"$T/seen"
	is "$(shown "$T/seen")" "$(wanted $who)" "the preview ${file##*/} shows the same"
done

# The page has all editions; each section is held against its own, which has no file in it.
/usr/bin/python3 - "$T/preview/index.html" "$T" <<'END'
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
for section in re.findall("<article.*?</article>", page, re.S):
    tier = re.search("<h3[^>]*>Tier ([a-z]+) in en(?:, personal to yak/c([0-9]))?", section)
    open(f"{sys.argv[2]}/section.{tier[1]}{tier[2] or ''}", "w", encoding="utf-8").write(section)
END
for who in full=z1 middle1=y1 middle2=y2 entry=x1; do
	is "$(shown "$T/section.${who%=*}")" "$(wanted "${who#*=}" | grep -v 'file$')" \
		"the page's section for ${who%=*} shows the same, and no file"
done
is "$(stat -c %a "$T/preview")" 700 'the preview directory is private'

# --- what nobody else reads ------------------------------------------------------
# A secret as it is, in hexadecimal, and in base64 wherever it begins; in pieces, for a
# line may end anywhere.
/usr/bin/python3 - "$T/secrets" >"$T/patterns" <<'END'
import base64, sys
for secret in open(sys.argv[1]).read().split():
    secret = secret[16:]  # those of other tests begin alike
    forms = [secret, secret.encode().hex(), bytes.fromhex(secret).hex(" ")]
    for text in secret.encode(), bytes.fromhex(secret):
        for pad in b"", b"-", b"--":
            forms.append(base64.b64encode(pad + text).decode()[4:-4])
    for form in forms:
        for i in range(0, len(form) - 15, 16):
            print(form[i:i + 16])
END
find_secrets() { grep -raliF -f "$T/patterns" "$@"; }
is "$(find_secrets "$T/preview" | wc -l)" 5 'the search finds secrets where they are'
has "$(ls "$S")" 'wire.1.tls' 'the wire was kept'
is "$(find_secrets "$S")" '' 'none is on the wire, before TLS or in it, nor in what the relay stored'
is "$(find_secrets "$D/state" "$D/secret")" '' 'none is in ledger, home or secrets'
is "$(find_secrets "$T/log")" '' 'none is in what was printed'
is "$(find_secrets "$T/tmp")" '' 'none is in a temporary file of TMPDIR'
is "$(find /tmp /var/tmp /dev/shm -maxdepth 2 -type f -newer "$T/log/mark" ! -path "$T/*" -size -1000k \
	-exec grep -aliF -f "$T/patterns" {} + 2>/dev/null)" '' '... or elsewhere'
sed -s '/^-----BEGIN PGP/,/^-----END PGP/d' "$S"/wire.* $(mails) >"$T/outside"
for word in $A AMBER zebra yak xenops walrus vole Person full middle entry guidance \
	detection proof text- file- .bin; do
	hasnt "$(tr -d '\0' <"$T/outside")" "$word" "'$word' is not outside the encryption"
done
finish
