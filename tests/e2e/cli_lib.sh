# cli_lib.sh - what the tests of evtask share, on top of lib.sh.

. "${top_srcdir:-.}/tests/e2e/lib.sh"
evtask=$top_builddir/evtask
EVTASK_SOCKET=$socket
HOME=$tmp/home
LC_ALL=C.UTF-8
TERM=dumb
mkdir "$HOME"
unset NO_COLOR XDG_STATE_HOME COLUMNS
export EVTASK_SOCKET HOME LC_ALL TERM

# matches PATTERN TEXT
matches() {
	case $2 in
	$1) return 0 ;;
	*) return 1 ;;
	esac
}

# What evtask has told, into $tmp/err: but that the daemon's loop was late, which
# it may be on a machine that stands still for a second, is no affair of these.
told() {
	sed '/^evtask: loop blocked /d' "$tmp/err"
}

# cli NAME STATUS OUT ERR WORD...: evtask with these words exits so, and what
# it prints matches these shell patterns, without the last line end
cli() {
	cli_name=$1 cli_status=$2 cli_out=$3 cli_err=$4
	shift 4
	"$evtask" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	cli_check "$?" "evtask $*"
}

# line NAME STATUS OUT ERR LINE: the same for a line of a script
script_line() {
	cli_name=$1 cli_status=$2 cli_out=$3 cli_err=$4
	printf '%s\n' "$5" | "$evtask" >"$tmp/out" 2>"$tmp/err"
	cli_check "$?" "$5"
}

cli_check() {
	if [ "$1" -eq "$cli_status" ] &&
	    matches "$cli_out" "$(cat "$tmp/out")" &&
	    matches "$cli_err" "$(told)"; then
		report 0 "$cli_name"
		return
	fi
	report 1 "$cli_name"
	{
		echo "ran:      $2"
		echo "status:   $1, expected $cli_status"
		echo "stdout:   $(cat "$tmp/out")"
		echo "expected: $cli_out"
		echo "stderr:   $(cat "$tmp/err")"
		echo "expected: $cli_err"
	} | sed 's/^/# /'
}
