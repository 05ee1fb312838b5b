# document.sh - a document is true: each command in its fenced blocks is run,
# and prints what stands below it. Sourced after lib.sh or cli_lib.sh.
#
# A command begins with "$ " and goes on as long as its line ends in | or \, or
# its next lines begin with "> ". Numbers are not compared, nor blanks; output
# after a line "..." is left out.

newline='
'

# What changes from run to run: numbers, with their units, and spaces.
masked() {
	sed -E 's/[0-9][0-9:.-]*(ms|us|[smhd]|[KM]iB)?([0-9.]+[smhd])?/N/g; s/[ \t]+/ /g; s/ $//' |
	    awk '/^ ?\.\.\.$/ { exit } { print }'
}

# verdict: on the command that was read, and what it should print
verdict() {
	[ -n "$command" ] || return 0
	before_command "$command"
	sh -c "$previous
$command" >got.all 2>&1
	previous="(exit $?)"
	masked <want >want.masked
	masked <got.all | head -n "$(wc -l <want.masked)" >got.masked
	grep -q '^ *\.\.\.$' want || masked <got.all >got.masked
	if cmp -s want.masked got.masked; then
		report 0 "${command%%"$newline"*}"
	else
		report 1 "${command%%"$newline"*}"
		diff want.masked got.masked | sed 's/^/# /'
	fi
}

# Called before each command; a test may wait here for what it is about.
before_command() {
	:
}

# play_document FILE [HEADING]: the blocks of the section, or of all
play_document() {
	awk -v heading="$2" '/^## / { inside = heading == "" ||
		index($0, heading) } heading == "" { inside = 1 }
	    inside && /^```/ { code = !code; next } inside && code' "$1" >tour
	command= previous=:
	while IFS= read -r text; do
		case $text in
		'$ '*)
			verdict
			command=${text#'$ '}
			: >want
			continue
			;;
		'> '*)
			command=$command$newline${text#'> '}
			continue
			;;
		esac
		case $command in
		*'|' | *\\)
			command="${command%\\} $text"
			;;
		*) printf '%s\n' "$text" >>want ;;
		esac
	done <tour
	verdict
}
