#!/bin/sh
# examples.sh - the examples do what their first lines promise.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
examples=$top_builddir/examples

"$examples/hello" >"$tmp/got"
is "hello shows what a handle can do" "created; done yet? no
greeting moon was cancelled: new moon
world returned: hello, world
moon is done; cancelled? yes
mars raised NoRoute: no route to Mars" "$(cat "$tmp/got")"

# A host of its own, inspected by the same CLI.
"$examples/embedded" "$socket" 2>"$tmp/log" &
daemon=$!
"$probe" ready "$socket" "$daemon"
like "its own task is listed with what it waits for" "*courier-1*waiting*timer*" \
    "$("$evtask" list)"
like "a coroutine it registered says what it takes" "*parcels*integer*1*" \
    "$("$evtask" coroutines deliver)"
is "a coroutine it registered can be created by name" 2 \
    "$("$evtask" create deliver parcels=2 --name round)"
"$evtask" wait round >/dev/null 2>&1
is "and waited for" 0 $?
is "and its result fetched" 2 "$("$evtask" result round)"
is "and its output" "rang the bell
rang the bell" "$("$evtask" logs round)"
"$evtask" cancel courier-1 -m "go home" >/dev/null 2>&1
is "its own task can be cancelled, with words" "Cancelled: go home" \
    "$("$evtask" exception courier-1)"
"$evtask" shutdown >/dev/null 2>"$tmp/err"
is "what it does not offer is refused" 1 $?
stop_daemon
is "it ends in order" 0 "$status"

# Clients of a daemon: in C, and in Python with its standard library.
start_daemon
for client in "$examples/client" "python3 $top_srcdir/examples/client.py"; do
	name=${client##*/}
	if [ "$name" = client.py ] && ! quietly command -v python3; then
		skip "$name" "there is no python3"
		continue
	fi
	is "$name runs a command and prints its lines and its result" "a
b
exit_code: 3" "$($client sh -c 'echo a; echo b >&2; exit 3' |
	    sed -E 's/.*"(exit_code)": (3),.*/\1: \2/')"
	$client >"$tmp/got" 2>&1
	is "$name says what is wrong with the arguments" 1 $?
	like "in the words of evtaskd" "*args.argv must be a list*" \
	    "$(cat "$tmp/got")"
	EVTASK_SOCKET=$tmp/none $client true >"$tmp/got" 2>&1
	is "$name says that nobody is there" 1 $?
	like "in the words of the system" "*No such file*" "$(cat "$tmp/got")"
done
done_testing
