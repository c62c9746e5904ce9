#!/bin/sh
# The disk fails at each writing call: once, and from then on.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls
learn
sweep 1 EIO
sweep 1 EIO+
finish
