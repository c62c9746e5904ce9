#!/bin/sh
# The preview page: what is wrong, when, who gets what and why, each edition; a file that
# is text whatever it is made of, and that holds nothing of what an edition may not have.
. "$(dirname "$0")/lib.sh"

make_page_programme() {
	make_programme
	sed -i "s/^admits .*/admits   = guidance, detection/
		s/^rank .*/rank     = 2/
		s/^opens = .*/opens = release - 2d/
		s/^\[wave.main\]/[wave.entry]/
		s/^weekend .*/&\nholidays = $(date -u -d '+4 days' +%F)/
		s/^url .*/&\nmax_message = 2500K/" "$D/forewarn.ini"
	add_tier full 3 'guidance, detection, proof-of-concept' 'release - 3d'
	add_tier low 1 'guidance' 'release'
	sed -i 's/^\[tier.full\]/&\ntlp = RED/' "$D/forewarn.ini"
	cat >>"$D/forewarn.ini" <<-'END'

		[rule.reports]
		countries = XA
		tier      = low
		reason    = <b>"must"</b> & 'tell'

		[language.ko]
		fallback = yes
	END
	cat >"$D/templates/notice.mustache" <<-'END'
		Subject: {{title}}

		{{text.summary}}
		{{#text.trigger}}
		Trigger: {{text.trigger}}
		{{/text.trigger}}
		{{#attachments}}
		{{file}} {{size}}
		{{/attachments}}
	END
	add_partner acme full XC soc@acme.example kr@acme.example
	add_partner beta entry XC beta@beta.example
	add_partner evil entry XD evil@evil.example
	add_partner gone entry XC gone@gone.example
	make_key late@late.example seconds=1
	add_partner late entry XC late@late.example
	add_partner low full XA low@low.example
	make_key soon@soon.example 6d
	add_partner soon low XC soon@soon.example
	sed -i "s/^organisation = evil.*/organisation = \"<script>alert(1)<\/script>'\&\"/
		/^\[gone\]/,/^$/s/^status.*/status = suspended/
		/^\[acme\]/s/$/\nreview_by = $(date -u -d '+9 days' +%F)/
		s/^mail = kr@.*/&\nlanguage = ko/" "$D/partners.ini"
	set_up_keys
}

# A text that would end its element, a class that no tier has, a large file.
make_page_advisory() {
	folder=$D/advisories/ADV-1/1
	sed -i "s/^release = .*/release = $(from_now '+9 days')/" "$folder/advisory.ini"
	cat >>"$folder/advisory.ini" <<-'END'
		text.summary.ko = summary.ko.txt

		[detection]
		attach.rules = rules.yar

		[proof-of-concept]
		text.trigger   = trigger.txt
		attach.trigger = trigger.bin

		[orphan]
		hint = nobody has this
	END
	secret=$(canary)
	echo 'Update.</pre><script>alert(2)</script><!-- {{title}}' >"$folder/summary.txt"
	echo 'Hangul' >"$folder/summary.ko.txt"
	echo 'rule gateway { condition: false }' >"$folder/rules.yar"
	echo "send $secret to the gateway" >"$folder/trigger.txt"
	{ head -c 1200000 /dev/urandom | base64 -w0 | head -c 1200000 && echo "$secret"; } >"$folder/trigger.bin"
}

# One contact has had an advisory, and another address since.
make_history() {
	make_advisory ADV-0 1
	sed -i "s/^release = .*/release = $(from_now '+1 day')/" "$D/advisories/ADV-0/1/advisory.ini"
	start_relay
	arm ADV-0 >/dev/null 2>&1 && fw send ADV-0 --to acme/c1 >/dev/null 2>&1
	stop_relay
	sed -i 's/^mail = soc@/mail = desk@/' "$D/partners.ini"
}

make_page_programme
make_page_advisory
make_history
is "$(state ADV-0 acme/c1)" accepted 'one contact has had something before'

out=$(fw preview ADV-1 -o "$T/page" 2>&1)
is $? 0 'a preview with a page'
digest=$(echo "$out" | sed -n 's/^plan digest: //p')
page=$T/page/index.html
is "$(stat -c %a "$page")" 600 'for nobody else to read'

# --- what is in it, and what is not ---------------------------------------------
articles() { # articles FILE WORD: the tiers of the editions in whose section it stands
	/usr/bin/python3 -c '
import re, sys
page = open(sys.argv[1], encoding="utf-8").read()
print(*(re.search("<h3[^>]*>Tier ([a-z]+ in [a-z]+)", one)[1].replace(" ", "-")
        for one in re.findall("<article.*?</article>", page, re.S) if sys.argv[2] in one))' "$@"
}
is "$(articles "$page" "$secret")" 'full-in-en full-in-ko' 'a text is in the sections of its tier alone'
is "$(articles "$page" trigger.bin)" 'full-in-en full-in-ko' 'as is the name of a file'
is "$(articles "$page" 'attach.trigger')" 'entry-in-en low-in-en' 'it is named where it is withheld'
hasnt "$(cat "$page")" "$(tail -c 200 "$folder/trigger.bin" | head -c 60)" 'no file is in it'
hasnt "$(cat "$page")" 'nobody has this' 'nor what no tier has'
fw preview ADV-1 -o "$T/all" --attachments >/dev/null 2>&1
hasnt "$(cat "$T/all/index.html")" "$(tail -c 200 "$folder/trigger.bin" | head -c 60)" 'nor with --attachments'

fw preview ADV-1 -o "$T/low" --to low/c1 --to beta/c1 >/dev/null 2>&1
is "$(secrets_in "$T/low")" '' 'for lower tiers alone no secret of the higher one is anywhere'
low=$(cat "$T/low/index.html")
has "$low" '2 of 7 contacts' '--to: it says that it is not all'
hasnt "$low" 'acme' 'and names nobody else'

make_key reviewer@psirt.example
fw keys import "$D/keys/reviewer@psirt.example.asc" >/dev/null
reviewer=$(fingerprint '<reviewer@psirt.example>')
fw preview ADV-1 -o "$T/review" --for "$reviewer" >/dev/null 2>&1
is $? 0 'for a reviewer'
is "$(find "$T/review" -type f ! -name '*.eml' -printf '%f\n')" index.html.asc 'the page is sealed'
people --decrypt "$T/review/index.html.asc" >"$T/opened.html" 2>/dev/null
is "$(articles "$T/opened.html" "$secret") $(grep -cF "$digest" "$T/opened.html")" \
	"$(articles "$page" "$secret") $(grep -cF "$digest" "$page")" 'and is the page to who can open it'
is "$(secrets_in "$T/review")" '' 'nothing stands there in clear'
fw preview ADV-1 -o "$T/sealed" --sealed >/dev/null 2>&1
is "$(find "$T/sealed" -type f ! -name '*.eml')" '' 'where each mail is sealed, there is no page in clear'
fw preview ADV-1 -o "$T/at" --at "$(from_now '+1 day')" >/dev/null 2>&1
hasnt "$(cat "$T/at/index.html")" 'main data-live' '--at: the page does not go on with the clock'

cp "$D/partners.ini" "$T"
sed -i 's/^status.*/status = suspended/' "$D/partners.ini"
fw preview ADV-1 -o "$T/nobody" >/dev/null 2>&1
is $? 0 'where all partners are suspended there is a page, too'
has "$(cat "$T/nobody/index.html")" 'data-tlp="TLP:AMBER"' "with the advisory's own label"
cp "$T/partners.ini" "$D"

# --- in a browser -----------------------------------------------------------------
in_browser page_check "$page" "$digest" "$T/page"
finish
