# start.sh - evtaskd starts, or says why not.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

# says PATTERN COMMAND...: one line on stderr, like this
says() {
	pattern=$1
	shift
	"$@" >/dev/null 2>"$tmp/err"
	[ "$(wc -l <"$tmp/err")" -eq 1 ] || return 1
	case $(cat "$tmp/err") in
	$pattern) ;;
	*) return 1 ;;
	esac
}

ok "--version is a line" "$evtaskd" --version
like "which names the program" "evtaskd [0-9]*" "$("$evtaskd" --version)"
ok "a wrong option is exit status 2" fails 2 "$evtaskd" --nonsense
ok "in one line with a way out" says "*--nonsense*evtaskd --help*" \
    "$evtaskd" --nonsense

start_daemon
is "it serves and says who it is" evtaskd "$(rpc rpc.hello '{}' /server)"
like "it has said where" "*serves $socket*" "$(cat "$tmp/log")"
is "only its user can use the socket" 600 "$(stat -c %a "$socket")"

ok "a second one is refused with exit status 3" \
    fails 3 "$evtaskd" --socket="$socket"
ok "in one line that names the socket" says "*$socket*" \
    "$evtaskd" --socket="$socket"
ok "the first one does not notice" rpc rpc.ping

kill -KILL "$daemon"
wait_daemon
ok "a daemon that was killed leaves its socket" test -S "$socket"
start_daemon
ok "a stale socket is taken over" rpc rpc.ping

stop_daemon
is "SIGTERM ends it with status 0" 0 "$status"
ok "and its socket is gone" test ! -e "$socket"

start_daemon
kill -HUP "$daemon"
ok "SIGHUP changes nothing" rpc rpc.ping
stop_daemon INT
is "SIGINT ends it with status 0" 0 "$status"

long=$tmp/$(printf %0110d 0)
ok "a path too long is exit status 4" fails 4 "$evtaskd" --socket="$long"
ok "and says how long it may be" says "*107*" "$evtaskd" --socket="$long"
ok "a folder that is not there is exit status 4" \
    fails 4 "$evtaskd" --socket="$tmp/none/deep/s"
echo precious >"$tmp/file"
ok "a file in the socket's place is exit status 4" \
    fails 4 "$evtaskd" --socket="$tmp/file"
is "and is left alone" precious "$(cat "$tmp/file")"


# starved N: evtaskd with so many descriptors; whatever it is that needs more
starved() {
	(
		ulimit -n "$1"
		exec timeout 60 "$evtaskd" --socket="$tmp/starved"
	)
}
ok "without descriptors for a loop it is exit status 1" fails 1 starved 6
ok "without one for its lock, too" fails 1 starved 8
ok "and without one for its socket" fails 1 starved 9

if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 500 "$tmp/locked"
	ok "a folder without permission is exit status 4" \
	    fails 4 "$evtaskd" --socket="$tmp/locked/s"
	ok "and is named" says "*$tmp/locked*" \
	    "$evtaskd" --socket="$tmp/locked/s"
else
	skip "a folder without permission is exit status 4" "root may"
	skip "and is named" "root may"
fi

(
	unset EVTASK_SOCKET XDG_RUNTIME_DIR
	XDG_RUNTIME_DIR=$tmp/xdg
	mkdir -m 700 "$tmp/xdg"
	export XDG_RUNTIME_DIR
	"$evtaskd" 2>"$tmp/log-xdg" &
	"$probe" ready "$tmp/xdg/evtask/control.sock" $! &&
	    stat -c %a "$tmp/xdg/evtask" >"$tmp/mode"
	kill $!
	wait $!
)
is "by default it makes its folder, for its user only" 700 \
    "$(cat "$tmp/mode")"
done_testing
