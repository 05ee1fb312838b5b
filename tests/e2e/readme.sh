#!/bin/sh
# readme.sh - the tour in README.md is true: each of its commands is run, and
# prints what stands below it, but for numbers and what is left out as "...".
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
start_daemon
PATH=$(cd "$top_builddir" && pwd):$PATH
readme=$(cd "$top_srcdir" && pwd)/README.md
cd "$tmp" || exit 99
printf 'all:\n\t@echo made\n' >Makefile

# The tour: the fenced blocks of its section. A command goes on as long as its
# line ends in |.
awk '/^## / { in_tour = /tour/ } in_tour && /^```/ { code = !code; next }
    in_tour && code' "$readme" >tour

# What changes from run to run: numbers, with their units, and spaces.
masked() {
	sed -E 's/[0-9][0-9:.-]*(ms|us|[smhd]|[KM]iB)?([0-9.]+[smhd])?/N/g; s/[ \t]+/ /g; s/ $//' |
	    awk '/^ ?\.\.\.$/ { exit } { print }'
}

# verdict: the command that was read, and what it should print
verdict() {
	[ -n "$command" ] || return 0
	# The list shows a command that has started.
	[ "$command" != "evtask list" ] ||
	    wait_for sh -c 'evtask list | grep -q process.wait'
	sh -c "$previous
$command" >got.all 2>&1
	previous="(exit $?)"
	masked <want >want.masked
	masked <got.all | head -n "$(wc -l <want.masked)" >got.masked
	if cmp -s want.masked got.masked; then
		report 0 "$command"
	else
		report 1 "$command"
		diff want.masked got.masked | sed 's/^/# /'
	fi
}

command= previous=:
while IFS= read -r text; do
	case $text in
	'$ '*)
		verdict
		command=${text#'$ '}
		: >want
		;;
	*)
		case $command in
		*'|') command="$command $text" ;;
		*) printf '%s\n' "$text" >>want ;;
		esac
		;;
	esac
done <tour
verdict
is "the tour has at least ten commands" yes \
    "$([ "$tests" -ge 10 ] && echo yes)"
done_testing
