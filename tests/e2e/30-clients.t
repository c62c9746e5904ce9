#!/bin/sh
# What a partner's programs make of a notice: gpg, sq, Python and mutt each open
# the very bytes that would be sent.
cd "$(dirname "$0")/../.." || exit 2
compose=${TOOLS:-build/tests}/compose
subject='[TLP:AMBER+STRICT] 문서 gateway: remote code execution'
count=0
status=0

ok() { # ok WHAT COMMAND...
	what=$1
	shift
	count=$((count + 1))
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $count - $what"
	else
		echo "not ok $count - $what"
		sed 's/^/# /' "$dir/log"
		status=1
	fi
}

has() { # has FILE TEXT...
	file=$1
	shift
	for text; do
		grep -qF -- "$text" "$file" || {
			echo "'$text' is not in:"
			cat "$file"
			return 1
		}
	done
}

dir=$(mktemp -d /tmp/fwc.XXXXXX) || exit 2
export GNUPGHOME="$dir/gnupg"
finish() {
	gpgconf --kill all
	rm -rf "$dir"
}
trap finish EXIT
trap 'exit 2' INT TERM
mkdir -m 700 "$GNUPGHOME"

key() { # key ADDRESS: a signing and an encryption key without a passphrase
	gpg --batch --quiet --passphrase '' --quick-gen-key "$1" future-default default never
}
{
	key psirt@psirt.example
	key early-warning@acme.example
	gpg --batch --export psirt@psirt.example >"$dir/psirt.pgp"
	gpg --batch --export-secret-keys early-warning@acme.example >"$dir/acme.pgp"
} >"$dir/log" 2>&1 || {
	cat "$dir/log" >&2
	exit 2
}

printf 'TLP:AMBER+STRICT\n\n긴급: 문서 gateway를 업데이트하십시오.\n' >"$dir/notice.txt"
printf '%s\n' 'rule gateway { condition: true }' >"$dir/gateway.yar"
printf '{"indicators": []}\n' >"$dir/주소 목록.json"
head -c 300000 /dev/urandom >"$dir/core \"1\".gz"

"$compose" payload "$subject" "$dir/notice.txt" "$dir/gateway.yar" "$dir/주소 목록.json" \
    "$dir/core \"1\".gz" >"$dir/payload" || exit 2
gpg --batch --quiet --trust-model always --armor --sign --encrypt \
    --local-user psirt@psirt.example --recipient early-warning@acme.example \
    <"$dir/payload" | sed 's/$/\r/' >"$dir/armour"
"$compose" head >"$dir/head" && "$compose" tail >"$dir/tail" || exit 2
cat "$dir/head" "$dir/armour" "$dir/tail" >"$dir/message"

gpg_opens_it() {
	gpg --batch --trust-model always --status-fd 3 --decrypt "$dir/armour" \
	    >"$dir/gpg" 3>"$dir/gpg.status" && cmp "$dir/gpg" "$dir/payload" &&
	    has "$dir/gpg.status" GOODSIG DECRYPTION_OKAY
}
ok 'gpg decrypts the bytes that were signed' gpg_opens_it

sq_opens_it() {
	sq decrypt --recipient-key "$dir/acme.pgp" --signer-cert "$dir/psirt.pgp" \
	    --output "$dir/sq" "$dir/armour" && cmp "$dir/sq" "$dir/payload"
}
ok 'sq decrypts the bytes that were signed' sq_opens_it

python_sees_outside() {
	/usr/bin/python3 tests/mime_check.py message "$dir/message" >"$dir/outside" &&
	    has "$dir/outside" 'Subject: [...]' 'To: early-warning@acme.example' \
		'application/pgp-encrypted - ' 'application/octet-stream encrypted.asc '
}
ok 'Python finds a proper PGP/MIME message, and no subject' python_sees_outside

nothing_shows_outside() {
	! grep -E 'TLP|gateway|remote|주소|core' "$dir/head" "$dir/tail"
}
ok 'nothing of the notice stands outside' nothing_shows_outside

python_sees_inside() {
	/usr/bin/python3 tests/mime_check.py message "$dir/payload" >"$dir/inside" || return 1
	for file in gateway.yar '주소 목록.json' 'core "1".gz'; do
		sum=$(sha256sum <"$dir/$file") && sum=${sum%% *}
		has "$dir/inside" " $file $(stat -c %s "$dir/$file") $sum" || return 1
	done
	has "$dir/inside" "Subject: $subject" 'HP-Outer: Subject: [...]'
}
ok 'Python finds the subject and every file inside' python_sees_inside

# mutt wants a terminal, which script gives it; its pager is a file.
mutt_shows_it() {
	{
		echo 'From psirt@psirt.example Tue Dec  8 18:00:00 2026'
		tr -d '\r' <"$dir/message"
	} >"$dir/mbox"
	cat >"$dir/muttrc" <<-END
		set charset=utf-8 folder="$dir" quit=yes move=no
		set crypt_use_gpgme=yes crypt_protected_headers_read=yes
		set pager="cp %s $dir/shown" prompt_after=no
	END
	TERM=xterm LC_ALL=C.UTF-8 timeout 60 script -qec \
	    "stty cols 200 rows 50; mutt -n -F $dir/muttrc -f $dir/mbox \
		-e 'push <display-message><quit>'" "$dir/typescript" </dev/null || return 1
	has "$dir/shown" "Subject: $subject" '긴급: 문서 gateway를 업데이트하십시오.' \
	    'Good signature' gateway.yar '주소 목록.json' 'core "1".gz'
}
ok 'mutt shows the subject, the text and the names of the files' mutt_shows_it

echo "1..$count"
exit $status
