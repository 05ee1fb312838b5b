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
section_3=$top_builddir/doc/man3
. "$top_srcdir/tests/tap.sh"

# lint PAGE: mandoc has nothing to say that is as bad as a warning
lint() {
	name="$(basename "$1") is well-formed"
	if ! command -v mandoc >/dev/null; then
		skip "$name" "mandoc is not installed"
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
    "$(found 'lib/ctl/schema_*.inc' '^\t\tMETHOD("\(.*\)"),$')"
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
    "$(found 'cli/command_*.inc' '^\t\t[.]name = "\([a-z]*\)",$')"
says "$cli" option '[.]It.* Fl -' '\( \|$\)' \
    "$(found 'cli/command*' '.*OPT("\([a-z-]*\)",.*')
    $(found 'cli/command*' '.*{ [.]name = "\([a-z-]*\)", [.].*')"
says "$cli" "exit code" '[.]It ' '$' \
    "$(found cli/exits.h '^\tEXIT_[A-Z_]* = \([0-9]*\),.*')"

lint "$daemon"
says "$daemon" option '[.]It Fl . , Fl -' '\( \|$\)' \
    "$(found daemon/options.c "^\t{ \"\([a-z-]*\)\", '.',.*")"
says "$daemon" "option in its synopsis" \
    '[.]\(Op \)\{0,1\}Fl \(h | \)\{0,1\}' '\( \|$\)' \
    "$(found daemon/options.c "^\t{ \"[a-z-]*\", '\(.\)',.*")"
says "$daemon" "exit code" '[.]It ' '$' \
    "$(found daemon/options.h '^\tEXIT_[A-Z]* = \([0-9]*\),.*')"
says "$daemon" "variable of the service manager" '[.]It Ev .*' '\( \|$\)' \
    "$(found daemon/service.c '^ [*]\t\([A-Z_]*\)\t.*')"
says "$daemon" coroutine '[.]Ss ' '$' \
    "$(found 'daemon/coroutines/*.c' '^\t[.]name = "\([a-z]*\)",$')"
says "$daemon" "argument and member of a result" '[.].*Cm .*' '\( \|$\)' \
    "$(found 'daemon/coroutines/*.c' '^\t\t\t\t*"\([a-z_]*\)":.*' |
    grep -vxE 'type|items|properties|description|enum|default|format|minimum|maximum|required')"

# Section 3 is written from the public headers. What there has to be a page for
# is asked of the libraries themselves, and by their look of the headers.
exported=$(for library in "$top_builddir"/.libs/libevtask*.so; do
	nm -D --defined-only "$library" | sed -n 's/.* [TDRB] \(evtask_.*\)/\1/p'
done | sed 's/@.*//')
macros=$(found 'lib/evtask/*.h' '^#define \(evtask_[a-z0-9_]*\)(.*')
structs=$(found 'lib/evtask/*.h' '^struct \(evtask_[a-z_]*\) {$')
headers=$(cd "$top_srcdir/lib/evtask" && ls ./*.h |
    sed 's/^../evtask_/; s/[.]h$//; s/^evtask_evtask$/evtask/')
pages=$(grep -L '^[.]so ' "$section_3"/*.3)
overview=$top_builddir/doc/evtask.3

lint "$overview"
says "$overview" "page of section 3" '[.]It Xr ' ' 3$' \
    "$(echo "$headers" | grep -vx evtask)"
for page in $pages; do
	lint "$page"
done
has_page() {
	missing=
	for word in $2; do
		[ -s "$section_3/$word.3" ] || [ "$word" = evtask ] ||
		    missing="$missing $word"
	done
	[ -n "$2" ] && [ -z "$missing" ]
	report $? "every $1 has a page"
	[ -z "$missing" ] || echo "# missing:$missing"
}
has_page header "$headers"
has_page "exported name" "$exported"
has_page macro "$macros"
has_page struct "$structs"

# A page that only leads to another: it is there, and names the word.
lost=
for page in $(grep -l '^[.]so ' "$section_3"/*.3); do
	word=$(basename "$page" .3)
	to=$section_3/$(sed -n 's,^[.]so man3/,,p' "$page")
	grep -Eq "(^|[ \"])$word( |\"|\\(|$)" "$to" 2>/dev/null || lost="$lost $word"
done
breaches "what leads to a page is found in it" "$lost"
breaches "of every function the headers say a word" "$(cat "$section_3/stamp")"

plan
