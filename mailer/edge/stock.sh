#!/bin/sh
# stock.sh NAME=FILE...: the table of edge/stock.h as C, on stdout; names ascend.
set -eu
printf '#include "edge/stock.h"\n'
number=0
for pair; do
	number=$((number + 1))
	printf '\nstatic const char file_%d[] = {\n' $number
	od -An -v -tu1 "${pair#*=}" | sed 's/ \{1,\}/, (char)/g; s/^, /	/; s/$/,/'
	printf '	0,\n};\n'
done
printf '\nconst struct stock stock_all[] = {\n'
number=0
for pair; do
	number=$((number + 1))
	printf '	{ "%s", file_%d, sizeof file_%d - 1 },\n' "${pair%%=*}" $number $number
done
printf '};\nconst size_t stock_count = sizeof stock_all / sizeof *stock_all;\n'
