#!/bin/sh
# contrib/story plays to its end: three waves, a leak, who knew, whose copy, and what came of it.
. "$(dirname "$0")/lib.sh"
out=$(contrib/story "$FOREWARN" 2>&1)
is $? 0 'it plays to its end'
has "$out" 'meridian/soc: it was a copy of theirs' 'the leaker is named'
has "$out" '3 had it, 0 more may have' 'and who knew'
rm -rf "$(echo "$out" | sed -n 's/^== Everything is in //p')"
finish
