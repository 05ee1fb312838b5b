#!/bin/sh
# readme.sh - the tour in README.md is true: each of its commands is run, and
# prints what stands below it, but for numbers and what is left out as "...".
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
. "$top_srcdir/tests/e2e/document.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
start_daemon --drain-timeout=0 # the tour leaves tasks behind, one for an hour
PATH=$(cd "$top_builddir" && pwd):$PATH
readme=$(cd "$top_srcdir" && pwd)/README.md
cd "$tmp" || exit 99
printf 'all:\n\t@echo made\n' >Makefile

# What is shown has started: commands are children, under their own names.
before_command() {
	case $1 in
	"evtask list") wait_for sh -c "evtask list | grep -q 'child [0-9]'" ;;
	"evtask tree") wait_for sh -c "evtask tree | grep -q 'child.*sleep'" ;;
	esac
}

play_document "$readme" tour
is "the tour has at least ten commands" yes \
    "$([ "$tests" -ge 10 ] && echo yes)"
done_testing
