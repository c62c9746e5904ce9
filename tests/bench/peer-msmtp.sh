#!/bin/sh
# The job as a shell loop: gpg and msmtp for each line "FINGERPRINT MAIL" of stdin.
# peer-msmtp.sh HOME SIGNER PAYLOAD PORT [CA]
set -eu
home=$1 signer=$2 payload=$3 port=$4 ca=${5:-}

tls='--tls=off'
[ -z "$ca" ] || tls="--tls=on --tls-starttls=off --tls-trust-file=$ca"

while read -r key mail; do
	{
		printf '%s\n' 'From: Example Programme <advisories@psirt.example>' "To: $mail" \
			'Subject: [...]' "Date: $(date -R)" 'MIME-Version: 1.0' \
			'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b' '' \
			'--b' 'Content-Type: application/pgp-encrypted' '' 'Version: 1' '' \
			'--b' 'Content-Type: application/octet-stream' ''
		gpg --homedir "$home" --batch --quiet --no-tty --trust-model always --armor \
			--compress-algo none --local-user "$signer" --recipient "$key" \
			--sign --encrypt --output - "$payload"
		printf '\n--b--\n'
	} >"$home/mail.eml"
	# shellcheck disable=SC2086 # a list of options
	msmtp --file=/dev/null --host=127.0.0.1 --port="$port" --auth=off $tls \
		--from=advisories@psirt.example -- "$mail" <"$home/mail.eml"
done
