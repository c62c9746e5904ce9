# Secrets that can be found again. Sourced by lib.sh and by suite.sh, which runs the tests.

# All secrets of one suite begin alike. What is tested must not have that in its environment.
canary_start=${CANARY:-$(head -c 8 /dev/urandom | od -An -vtx1 | tr -d ' \n')}
unset CANARY

canary() { printf %s "$canary_start" && head -c 24 /dev/urandom | od -An -vtx1 | tr -d ' \n'; }

# As it is, and in base64, at whichever of three bytes it begins there.
canary_forms=$(
	echo "$canary_start"
	printf %s "$canary_start" | base64 | cut -c1-20
	printf -- -%s "$canary_start" | base64 | cut -c5-20
	printf -- --%s "$canary_start" | base64 | cut -c5-24
)

# secrets_in WHERE...: the files there that hold one.
secrets_in() { grep -rlaF -e "$canary_forms" "$@" 2>/dev/null; }
