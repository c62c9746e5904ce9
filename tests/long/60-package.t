#!/bin/sh
# The Debian package, in a Debian of its own that has little else: made by debootstrap from
# the mirror of this machine. Installed, a first notice by its own user, and purged.
[ "$(id -u)" = 0 ] || { echo '1..0 # SKIP only root makes another system'; exit; }
. "$(dirname "$0")/../e2e/lib.sh"
contrib/install-deps debootstrap >&2 || exit 2
. /etc/os-release
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
	"Codename: $VERSION_CODENAME" | head -1)
tree=$T/tree D=$tree/var/lib/forewarn

# inside COMMAND...: in that system, with processes and mounts of its own, which end with it.
inside() {
	unshare --mount --pid --fork --kill-child sh -c \
		'mount -t proc proc "$0/proc" && exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"' \
		"$tree" "$@"
}
as_forewarn() { inside setpriv --reuid forewarn --regid forewarn --clear-groups env HOME=/nonexistent sh -c "cd /var/lib/forewarn && $1"; }

contrib/debian/build >"$T/built" 2>&1
is "$? $(grep -c '^[EW]: ' "$T/built")" '0 0' 'the package is made, and lintian finds no fault'
unshare --mount debootstrap --variant=minbase "$VERSION_CODENAME" "$tree" "$mirror" >"$T/strap" 2>&1
is $? 0 'a system of its own'
cp build/deb/forewarn_*.deb "$tree/root/forewarn.deb"
install_it() { inside apt-get -y --no-install-recommends install /root/forewarn.deb >"$T/installed" 2>&1; }

inside apt-get update >/dev/null 2>&1
install_it
is "$?" 0 'it is installed, with what it depends on'
is "$(inside stat -c '%U %G %a' /var/lib/forewarn)" 'forewarn forewarn 700' 'there are its user and its directory'
inside dpkg --purge forewarn >"$T/purged" 2>&1
is "$? $(find "$tree/var/lib" -name forewarn)$(grep -c stays "$T/purged")" '0 0' 'a purge takes the directory where there is no programme'
install_it
is "$? $(inside dpkg-query -W -f '${Status}' forewarn)" '0 install ok installed' 'and it is installed again'
is "$(find "$tree/etc/systemd" -name 'forewarn*')" '' 'nothing is enabled'
is "$(grep -vc '^#' "$tree/etc/cron.d/forewarn")" 0 'nor does cron run anything'
is "$(inside sh -c 'grep -h ^ExecStart=/usr/bin/forewarn /lib/systemd/system/forewarn.service')" \
	'ExecStart=/usr/bin/forewarn -C /var/lib/forewarn run' 'the unit has the places of the package'

out=$(as_forewarn 'forewarn init /var/lib/forewarn advisories@psirt.example')
is $? 0 'its user makes a programme there'
as_forewarn "$(echo "$out" | grep -m 1 -- --quick-generate-key)" >/dev/null 2>&1
signer=$(as_forewarn 'gpg --homedir state/gnupg --quiet --list-secret-keys --with-colons' 2>/dev/null | awk -F: '/^fpr/ { print $10; exit }')
make_key psirt@psirt.example
sed -i "s/^signer =.*/signer = $signer/; s|^url =.*|url = smtp://127.0.0.1:25\nca_file = /etc/relay.pem|" "$D/forewarn.ini"
sed -i "s/^mail =$/mail = psirt@psirt.example/; s/^key  =$/key = $(fingerprint '<psirt@psirt.example>')/" "$D/partners.ini"
start_relay
cp "$S/ca.pem" "$tree/etc/relay.pem"
as_forewarn 'forewarn keys import keys/*.asc' >/dev/null
out=$(as_forewarn 'forewarn check' 2>&1)
is "$? $(echo "$out" | grep -c '^no mistake')" '0 1' 'check finds nothing'
as_forewarn 'forewarn arm EXERCISE-1 --digest "$(forewarn preview EXERCISE-1 | sed -n "s/^plan digest: //p")"' >/dev/null
is $? 0 'the exercise is armed'
as_forewarn 'forewarn run'
is "$? $(mail_count)" '0 1' 'and goes to a relay of this machine'
as_forewarn 'forewarn status' >"$T/status"
is "$? $(grep -c accepted "$T/status")" '0 1' 'as status shows'

inside dpkg --purge forewarn >"$T/purged" 2>&1
is $? 0 'the package is purged'
is "$(grep -c 'forewarn: /var/lib/forewarn stays, with its ledger and its keys' "$T/purged")" 1 'which says what it leaves'
is "$(ls "$tree/usr/bin/forewarn" "$tree/etc/cron.d/forewarn" 2>/dev/null)" '' 'the program has gone'
is "$(state EXERCISE-1 own/desk)" accepted 'the proof of what was sent has not'
finish
