#!/bin/sh
# make-ca.sh DIR [NAME...]: a certificate authority for tests (DIR/ca.pem, made once)
# and a server certificate NAME.pem with NAME.key for each NAME; `server` if none is named.
# wrong-host and expired are what they are called; every other one is good for loopback.
set -e
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || set -- server

new_key='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'

# $new_key is a list of words
# shellcheck disable=SC2086
[ -e ca.pem ] || openssl req -x509 $new_key -keyout ca.key -out ca.pem -days 29 \
	-subj '/CN=Test authority' -addext 'keyUsage=critical,keyCertSign' 2>/dev/null

for name; do
	hosts='DNS:localhost,IP:127.0.0.1,IP:::1'
	clock=
	case $name in
	wrong-host) hosts=DNS:elsewhere.example ;;
	expired) clock='faketime -f -30d' ;;
	esac
	# shellcheck disable=SC2086
	$clock openssl req -x509 -CA ca.pem -CAkey ca.key $new_key -keyout "$name.key" \
		-out "$name.pem" -days 29 -subj '/CN=Test relay' \
		-addext "subjectAltName=$hosts" -addext 'basicConstraints=critical,CA:FALSE' 2>/dev/null
done
