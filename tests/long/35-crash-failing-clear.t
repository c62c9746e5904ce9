#!/bin/sh
# The disk fails at each writing call, with a relay on this machine and no TLS.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme none
learn
sweep 1 EIO
sweep 1 EIO+
finish
