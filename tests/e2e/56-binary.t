#!/bin/sh
# What compiler and linker were asked to do for the program is in it.
. "$(dirname "$0")/lib.sh"
elf=$(readelf -W -h -l -d "$FOREWARN")
symbols=$(readelf -W --dyn-syms "$FOREWARN")
has "$elf" 'DYN (Position-Independent Executable file)' 'it may be anywhere in memory'
has "$elf" 'GNU_RELRO' 'what the linker relocates is read-only afterwards'
has "$elf" 'Flags: NOW PIE' 'and that is all done before it begins'
is "$(echo "$elf" | awk '$1 == "GNU_STACK" { print $7 }')" RW 'no stack is executable'
is "$(echo "$elf" | awk '$1 == "LOAD" { print $7 $8 }' | grep -c 'W.*E')" 0 'nor is anything that can be written'
hasnt "$elf" TEXTREL 'its code is not relocated'
hasnt "$elf" PATH 'it looks for libraries where the system does'
case $symbols in
*__asan_init*) ;; # the sanitizers take the place of these
*)
	has "$symbols" __stack_chk_fail 'the stack has canaries'
	has "$symbols" _chk@ 'calls of the C library know the size of what they write to'
	;;
esac
finish
