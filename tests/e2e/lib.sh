# lib.sh - what the end-to-end tests share. A test is a shell script that
# drives what ships and speaks TAP:
#
#	. "${top_srcdir:-.}/tests/e2e/lib.sh"
#	start_daemon
#	ok "a task sleeps" rpc task.create '{"coroutine":"sleep", ...}'
#	is "it is done" done "$(rpc task.get '{"task":1}' /state)"
#	done_testing
#
# Each has a folder of its own ($tmp) and a daemon of its own on $socket;
# both are gone when it ends, however it ends. Nothing sleeps: probe.c waits.
# EVTASKD_RUN stands before evtaskd, for a debugger or valgrind.

top_builddir=${top_builddir:-.}
top_srcdir=${top_srcdir:-.}
evtaskd=$top_builddir/evtaskd
probe=$top_builddir/tests/e2e/probe

tmp=$(mktemp -d "${TMPDIR:-/tmp}/evtask-e2e.XXXXXX") || exit 99
socket=$tmp/s
daemon=
. "$top_srcdir/tests/tap.sh"

# The daemons of these tests, and not the one the user may have.
unset EVTASK_SOCKET NOTIFY_SOCKET WATCHDOG_USEC LISTEN_FDS JOURNAL_STREAM
XDG_RUNTIME_DIR=$tmp/run
export XDG_RUNTIME_DIR

clean_up() {
	[ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
	chmod -R u+rwx "$tmp" 2>/dev/null
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 99' HUP INT TERM

# ok NAME COMMAND...: the command succeeds (its output goes to $tmp/out)
ok() {
	ok_name=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err"
	ok_status=$?
	report $ok_status "$ok_name"
	[ $ok_status -eq 0 ] || {
		echo "# exit status $ok_status of: $*"
		sed 's/^/# /' "$tmp/out" "$tmp/err"
	}
}

# is NAME EXPECTED GOT: they are the same text
is() {
	if [ "$2" = "$3" ]; then
		report 0 "$1"
	else
		report 1 "$1"
		printf '%s\n' "expected: $2" "got:      $3" | sed 's/^/# /'
	fi
}

# like NAME PATTERN GOT: it matches the shell pattern
like() {
	case $3 in
	$2) report 0 "$1" ;;
	*)
		report 1 "$1"
		printf '%s\n' "pattern: $2" "got:     $3" | sed 's/^/# /'
		;;
	esac
}

# Writes the plan; the exit status is that of the test.
done_testing() {
	[ -z "$daemon" ] || stop_daemon INT
	[ "$failed" -eq 0 ] || sed 's/^/# evtaskd: /' "$tmp"/log* 2>/dev/null
	plan
	exit
}

# start_daemon OPTION...: $daemon serves $socket; what it says is in $tmp/log
start_daemon() {
	$EVTASKD_RUN "$evtaskd" --socket="$socket" "$@" </dev/null \
	    >>"$tmp/log" 2>&1 &
	daemon=$!
	"$probe" ready "$socket" "$daemon" || {
		echo "Bail out! evtaskd does not start"
		sed 's/^/# /' "$tmp/log"
		exit 99
	}
}

# stop_daemon [SIGNAL]: asks it to end, and waits; its exit status is in $status
stop_daemon() {
	kill -"${1:-TERM}" "$daemon"
	wait_daemon
}

# Waits until it has ended; its exit status is in $status
wait_daemon() {
	"$probe" gone "$daemon" || kill -KILL "$daemon"
	wait "$daemon"
	status=$?
	daemon=
}

# script NAME: a program in $tmp of that name, of what is on stdin
script() {
	{ echo '#!/bin/sh'; cat; } >"$tmp/$1"
	chmod +x "$tmp/$1"
}

# quietly COMMAND...: only its exit status counts
quietly() {
	"$@" >/dev/null 2>&1
}

# fails STATUS COMMAND...: it exits with exactly that
fails() {
	fails_status=$1
	shift
	"$@"
	[ $? -eq "$fails_status" ]
}

# wait_for COMMAND...: tries it until it succeeds, though not for ever
wait_for() {
	wait_until=$(($(date +%s) + 60))
	until "$@"; do
		[ "$(date +%s)" -lt $wait_until ] || return 1
		quietly rpc rpc.ping
	done
}

# rpc METHOD [PARAMS [POINTER]]: prints the result, or a member of it; of an
# error reply its name, with exit status 1
rpc() {
	"$probe" call "$socket" "$@"
}

# create ARGS [NAME]: a task of exec, of these arguments; prints its id
create() {
	create_name=${2:+,\"name\":\"$2\"}
	rpc task.create \
	    "{\"coroutine\":\"exec\",\"args\":$1$create_name}" /task/id
}

# outcome TASK: waits until it is done, prints how it ended
outcome() {
	rpc task.result "{\"task\":$1,\"wait\":true}" /outcome
}

# result TASK POINTER: waits until it is done, prints a member of its result
result() {
	rpc task.result "{\"task\":$1,\"wait\":true}" "$2"
}

# line TASK N: waits until the task has written N lines, prints the N-th
line() {
	[ -n "$1" ] || return 1
	wait_for has_line "$1" "$2"
	rpc task.logs "{\"task\":$1}" "/lines/$(($2 - 1))/text"
}

has_line() {
	quietly rpc task.logs "{\"task\":$1}" "/lines/$(($2 - 1))/text" ||
	    [ "$(rpc task.get "{\"task\":$1}" /task/state)" = done ]
}
