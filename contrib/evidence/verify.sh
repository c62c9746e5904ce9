#!/bin/sh
# Proves the evidence of a forewarn programme with gpg, sha256sum and coreutils alone. The
# programme's and its approvers' public keys are to be in your keyring, from elsewhere.
cd "$(dirname "$0")" && LC_ALL=C && export LC_ALL || exit 2
gpg --verify SHA256SUMS.asc SHA256SUMS && sha256sum --check --quiet --strict SHA256SUMS || exit 1
while read -r file what rest; do
	gpg --verify "$file" "$what" || exit 1
done <approvals.txt
for file in checkpoint-*.txt; do
	[ ! -e "$file" ] || gpg --verify "$file.asc" "$file" || exit 1
done
field() { printf '%s:%s\n' ${#1} "$1"; } # as each event's hash has them: length, value
prev=$(sed -n 's/^ledger //p' ledger.txt | tr -d '\n' | sha256sum | cut -c1-64)
while IFS='	' read -r event at run delivery hash kind data; do
	now=$({ field forewarn-event-1
		printf 32: && printf %s "$prev" | tr a-f A-F | basenc --base16 --decode && echo
		for part in "$event" "$at" "$run" "$delivery" "$kind" "$data"; do field "$part"; done
	} | sha256sum | cut -c1-64)
	[ "$now" = "$hash" ] || { echo "chain.txt: event $event is not what was written"; exit 1; }
	grep -qsx "event $event" checkpoint-"$event"-*.txt &&
		! grep -qx "hash $hash" checkpoint-"$event"-*.txt && { echo "event $event is not that of its checkpoint"; exit 1; }
	prev=$hash last=$event
done <chain.txt
echo "sound up to event $last"
