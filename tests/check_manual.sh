#!/bin/sh
# check_manual.sh - the manual pages are well-formed, and nothing that the
# program has is missing in them.
#
# The names are taken from the sources by their look, and not from the tables
# that the pages are written from: so a table that is not asked for is found.

top_srcdir=${top_srcdir:-.}
top_builddir=${top_builddir:-.}
protocol=$top_builddir/doc/evtask-protocol.7
cli=$top_builddir/doc/evtask.1
daemon=$top_srcdir/doc/evtaskd.8
tests=0
failed=0

# report STATUS NAME: one line of TAP
report() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		failed=$((failed + 1))
		echo "not ok $tests - $2"
	fi
}

# lint PAGE: mandoc has nothing to say that is as bad as a warning
lint() {
	name="$(basename "$1") is well-formed"
	if ! command -v mandoc >/dev/null; then
		tests=$((tests + 1))
		echo "ok $tests - $name # SKIP mandoc is not installed"
		return
	fi
	said=$(mandoc -T lint -W warning "$1" 2>/dev/null)
	[ $? -eq 0 ] && [ -z "$said" ]
	report $? "$name"
	[ -z "$said" ] || echo "$said" | sed 's/^/# /'
}

# found FILES EXPRESSION: what sed finds in sources
found() {
	# shellcheck disable=SC2086 # FILES may be a pattern
	sed -n "s/$2/\\1/p" "$top_srcdir"/$1
}

# says PAGE WHAT BEFORE AFTER NAMES: each name stands in a line of the page
# of its own, between BEFORE and AFTER (basic regular expressions)
says() {
	missing=
	for word in $5; do
		escaped=$(echo "$word" | sed 's/[.]/[.]/g; s/-/\\\\*-/g')
		grep -q "^$3$escaped$4" "$1" || missing="$missing $word"
	done
	[ -n "$5" ] && [ -z "$missing" ]
	report $? "$(basename "$1") has every $2"
	[ -n "$5" ] || echo "# none found in the source"
	[ -z "$missing" ] || echo "# missing:$missing"
}

lint "$protocol"
says "$protocol" method '[.]Ss ' '$' \
    "$(found 'lib/ctl/schema_*.inc' '^\t\t[.]name = "\(.*\)",$')"
says "$protocol" error '[.]It Er ' ' ' \
    "$(found lib/ctl/error.c '^\t{ "\([A-Za-z]*\)", -\{0,1\}[0-9].*')"
says "$protocol" notification '[.]Ss The notification ' '$' \
    "$(found lib/ctl/event.c '^\t{ "\(event[^ ]*\)", ".*')"
says "$protocol" "type of event" '[.]It Cm ' '$' \
    "$(found lib/ctl/event.c '^\t{ "\([a-z]*[.][a-z_]*\)", ".*' |
    grep -v '^event')"
says "$protocol" object '[.]Ss ' '$' \
    "$(found lib/ctl/shape.c '^\t\[SHAPE_[A-Z_]*\] = { "\([A-Za-z]*\)",.*')"

lint "$cli"
says "$cli" verb '[.]Ss ' '$' \
    "$(found cli/command.c '^\t\t[.]name = "\([a-z]*\)",$')"
says "$cli" option '[.]It.* Fl -' '\( \|$\)' \
    "$(found cli/command.c '.*OPT("\([a-z-]*\)",.*')
    $(found cli/command.c '.*{ [.]name = "\([a-z-]*\)", [.].*')"
says "$cli" "exit code" '[.]It ' '$' \
    "$(found cli/exits.h '^\tEXIT_[A-Z_]* = \([0-9]*\),.*')"

lint "$daemon"
says "$daemon" option '[.]It Fl . , Fl -' '\( \|$\)' \
    "$(found daemon/options.c "^\t{ \"\([a-z-]*\)\", '.',.*")"
says "$daemon" "exit code" '[.]It ' '$' \
    "$(found daemon/options.h '^\tEXIT_[A-Z]* = \([0-9]*\),.*')"
says "$daemon" "variable of the service manager" '[.]It Ev .*' '\( \|$\)' \
    "$(found daemon/service.c '^ [*]\t\([A-Z_]*\)\t.*')"
says "$daemon" coroutine '[.]Ss ' '$' \
    "$(found 'daemon/coroutines/*.c' '^\t[.]name = "\([a-z]*\)",$')"
says "$daemon" "argument and member of a result" '[.].*Cm .*' '\( \|$\)' \
    "$(found 'daemon/coroutines/*.c' '^\t\t\t\t*"\([a-z_]*\)":.*' |
    grep -vxE 'type|items|properties|description|enum|default|format')"

echo "1..$tests"
exit $((failed > 0))
