#!/bin/sh
# Killed while eight connections are at work: never sent twice, never lost. Each place is in
# tests/long/; here are a few.
. "$(dirname "$0")/lib.sh"
. tests/e2e/strike.sh
make_strike_programme
strikes 23
finish
