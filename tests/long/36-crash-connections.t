#!/bin/sh
# Killed before each writing call of a run on eight connections.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/strike.sh
make_strike_programme
strikes 1
finish
