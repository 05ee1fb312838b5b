# zoo_lib.sh - what the tests of the zoo share: each animal has a zoo of its
# own, so that nothing else is sick in it.

. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
zoo=$top_builddir/tests/zoo/zoo

# sanitized: built with a sanitizer, which has words and a memory of its own
sanitized() {
	! grep -q '^SANITIZER_CFLAGS = *$' "$top_builddir/Makefile"
}

# let_out ANIMAL TASK STATE: a zoo, and in it that animal; when TASK is STATE
let_out() {
	[ -z "$daemon" ] || stop_daemon KILL
	rm -f "$socket"
	"$zoo" "$socket" </dev/null >>"$tmp/log" 2>&1 &
	daemon=$!
	"$probe" ready "$socket" "$daemon" || {
		echo "Bail out! the zoo does not open"
		exit 99
	}
	"$evtask" create "$1" --wait >/dev/null || exit 99
	until_like "*$2 *$3*" list
}

# until_like PATTERN WORD...: until evtask WORD... prints that, some seconds
until_like() {
	until_pattern=$1
	shift
	until_left=600
	while ! matches "$until_pattern" "$("$evtask" "$@" 2>&1)"; do
		until_left=$((until_left - 1))
		[ $until_left -gt 0 ] || {
			echo "# never seen: $until_pattern"
			return 1
		}
		sleep 0.05
	done
}

# says NAME PATTERN WORD...: evtask WORD... prints that
says() {
	says_name=$1 says_pattern=$2
	shift 2
	like "$says_name" "$says_pattern" "$("$evtask" "$@" 2>&1)"
}
