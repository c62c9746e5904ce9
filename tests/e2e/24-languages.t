#!/bin/sh
# Languages: what is written in a contact's own, what falls back, and that all
# of it arrives as it was written.
. "$(dirname "$0")/lib.sh"
make_programme
cat >>"$D/forewarn.ini" <<END

[language.ko]
fallback = yes

[language.fr]
fallback = no
END
add_partner hangang entry KR soc@hangang.example
add_partner acme entry XC soc@acme.example
sed -i 's/^mail = soc@hangang.*/&\nlanguage = ko/; s/^organisation = hangang.*/organisation = 한강 보안 \& Söhne/' \
	"$D/partners.ini"
set_up_keys
start_relay
N=$D/advisories/ADV-1/1
subject='긴급: 문서 게이트웨이의 원격 코드 실행 취약점에 대한 사전 통지와 권고 사항'
decode() { /usr/bin/python3 -c 'import sys
from email.header import decode_header, make_header
print(make_header(decode_header(sys.stdin.read())))'; }

# --- nothing is there in Korean --------------------------------------------------
out=$(fw preview ADV-1 2>&1)
is $? 0 'what may fall back does'
has "$out" "edition for tier entry in ko (partly in the programme's language)" 'the plan says which edition does'
has "$out" "edition for tier entry in en
" 'and which has no need to'
has "$out" 'hangang/c1 <soc@hangang.example>' 'it names who gets it'
sed -i '/^\[language.ko\]/,/^$/s/yes/no/' "$D/forewarn.ini"
out=$(fw preview ADV-1 2>&1)
is $? 2 'without fallback it is a mistake'
has "$out" "advisory.ini:8: text 'summary' is not there in the language 'ko'" '... of the text'
printf 'Subject: %s\n\n%s 귀하\n\n%s\n' '{{title}}' '{{partner.organisation}}' '{{text.summary}}' \
	>"$D/templates/notice.ko.mustache"
echo '지금 바로 4.2로 업데이트하십시오.' >"$N/summary.ko.txt"
sed -i 's/^text.summary .*/&\ntext.summary.ko = summary.ko.txt/' "$N/advisory.ini"
mv "$D/templates/notice.ko.mustache" "$T/"
out=$(fw preview ADV-1 2>&1)
is $? 2 '... and of the template'
has "$out" "template 'notice' is not there for language 'ko', which has no fallback" '... with its name'
mv "$T/notice.ko.mustache" "$D/templates/"
sed -i "s/^title .*/title = $subject/" "$N/advisory.ini"
echo 'rule gateway { condition: true }' >"$N/detect.yar"
cp "$N/detect.yar" "$N/탐지 규칙 (최종).yar"
printf 'attach.rules = 탐지 규칙 (최종).yar\nattach.more = detect.yar\n' >>"$N/advisory.ini"
out=$(fw preview ADV-1 2>&1)
is $? 0 'all is there in Korean'
hasnt "$out" 'partly' '... so nothing falls back'

# --- and arrives -----------------------------------------------------------------
arm ADV-1 >/dev/null 2>&1
fw run
is $? 0 'it is sent'
mail=$(mail_to soc@hangang)
seen=$(read_mail "$mail")
has "$seen" "Subject: [TLP:AMBER] $subject" 'the subject arrives as it was written'
has "$seen" '지금 바로 4.2로 업데이트하십시오.' '... the text'
has "$seen" '한강 보안 & Söhne 귀하' '... the organisation, as it is and not as HTML'
has "$seen" 'file name: 탐지 규칙 (최종).yar' '... the name of a file'
has "$seen" 'rule gateway { condition: true }' '... and its content'
hasnt "$seen" 'Update to 4.2' 'and nothing in another language'
other=$(read_mail "$(mail_to soc@acme)")
has "$other" 'Update to 4.2 before anything else.' 'who reads English reads English'
hasnt "$other" '지금' '... and no Korean text'
raw=$(open_mail "$mail")
is "$(printf '%s' "$raw" | LC_ALL=C grep -c '[^ -~[:cntrl:]]')" 0 'all of it is 7-bit'
has "$raw" 'Subject: =?utf-8?B?' 'the subject is in encoded words'
has "$raw" 'Content-Transfer-Encoding: base64' 'the text is in base64'
is "$(printf '%s' "$raw" | tr -d '\r' | awk 'length > 78' | wc -l)" 0 'no line is longer than 78'
is "$(LC_ALL=C grep -c '[^ -~[:cntrl:]]' "$mail")" 0 'nor is anything outside but ASCII'
finish
