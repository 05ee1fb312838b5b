#!/bin/sh
# cli_bad.sh - bad input for every verb: one line on stderr that names the
# thing and the way out, the documented exit code, and nothing done.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

# Without a server.
cli "no server" 3 "" "evtask: no server at $socket; start one with evtaskd, *" \
    list
cli "a socket that is none" 3 "" "evtask: /dev/null is not a socket; name the server's with --socket" \
    -S /dev/null ping
cli "a path too long" 3 "" "evtask: *107*" \
    -S "$(printf '/%0120d' 0)" ping
cli "an empty path" 3 "" "evtask: *" --socket= ping
cli "no home, no terminal" 3 "" "evtask: no server*" ping

cli "nor one that comes in time" 3 "" "evtask: no server at $socket; *" \
    ping --wait 50ms
cli "what is no socket is not waited for" 3 "" "evtask: /dev/null is not a *" \
    -S /dev/null ping --wait 1h

"$evtask" ping --wait 1h >"$tmp/pong" 2>&1 &
ping=$!
start_daemon --viewer-socket="$tmp/v"
ok "one that comes is waited for" wait $ping
like "and asked" "pong *" "$(cat "$tmp/pong")"
"$evtask" create sleep delay=1h --name nap >"$tmp/out"
"$evtask" create sleep delay=0 --name done >"$tmp/out"
"$evtask" wait "done" >"$tmp/out"

# bad STATUS ERR WORD...: refused so, with nothing on stdout
bad() {
	bad_status=$1 bad_err=$2
	shift 2
	cli "refused: $*" "$bad_status" "" "evtask: $bad_err" "$@"
}

bad 2 "there is no verb frobnicate; \"evtask help\" lists them" frobnicate
bad 2 "there is no verb lst; did you mean list?" lst
bad 2 "there is no verb ps; did you mean list?" ps
bad 2 "there is no help on kill; did you mean cancel?" help kill
bad 2 "evtask has no option --jsn; did you mean --json?" --jsn list

bad 2 "create: say the COROUTINE; usage: evtask create *" create
bad 1 "there is no coroutine slep; did you mean sleep?" create slep
bad 2 "create sleep: there is no argument dealy; did you mean delay?" \
    create sleep dealy=1
bad 2 "create sleep: delay must be a duration such as *, not \"soon\"" \
    create sleep delay=soon
bad 2 "create sleep: \"60\" is not key=value; did you mean delay=60?" \
    create sleep 60
bad 2 "create sleep: delay:= wants JSON, and byte 1 of x is not; *" \
    create sleep delay:=x
bad 2 "create sleep: it runs no command, so nothing may follow --" \
    create sleep -- ls
bad 1 "*delay*" create sleep
bad 1 "the name nap is taken by task 1; *" create sleep delay=1 --name nap
bad 2 "--name must be 1 to 128 bytes long" create sleep delay=1 --name ""
bad 2 "*UTF-8*" create sleep delay=1 --name "$(printf 'a\377b')"
bad 2 "run: say the COMMAND; *" run
bad 2 "run has no option --nmae; did you mean --name?" run --nmae x ls
bad 2 "--state cannot be \"wating\"; did you mean waiting?" list --state wating
bad 2 "--limit must be at least 1, not \"0\"" list --limit 0
bad 2 "list: \"b\" is one word too many; *" list a b
bad 2 "show: say the TASK; usage: evtask show TASK..." show
bad 1 "there is no task 99; *" show 99
bad 1 "there is no task nosuch; *" show nosuch
bad 2 "wait: say the TASK; *" wait
bad 1 "there is no task nosuch; *" wait nap nosuch
bad 2 "-t must be a duration such as *, not \"1x\"" wait nap -t 1x
bad 2 "cancel: say the TASK; *" cancel
bad 1 "there is no task nosuch; *" cancel nap nosuch
bad 1 "no live task is called zz*; *" cancel "zz*"
bad 6 "task 1 is not done yet; *" result nap
bad 6 "task 1 is not done yet; *" exception nap
bad 2 "logs: say the TASK; *" logs
bad 1 "there is no task nosuch; *" logs -f nosuch
bad 2 "--stream cannot be \"stdot\"; did you mean stdout?" \
    logs nap --stream stdot
bad 1 "task * takes no signals; *" signal nap USR1
bad 2 "SIGNAL cannot be \"USR9\"; did you mean USR1?" signal nap USR9
bad 1 "task * reads no standard input; *" send nap hello
bad 2 "send: say the text, or --file, or --eof" send nap
bad 1 "cannot open /no/such: No such file or directory" send nap -f /no/such
bad 1 "the name done is taken by task 2; *" rename nap "done"
bad 2 "rename: say the NAME; *" rename nap
bad 6 "task 1 is not done yet; *" forget nap
bad 6 "task 1 is not done yet; *" forget "done" nap
bad 1 "there is no coroutine nosuch; *" coroutines nosuch
bad 2 "--type cannot be \"task.dne\"; did you mean task.done?" \
    events --type task.dne
bad 1 "there is no task nosuch; *" events nosuch
bad 2 "stats: \"x\" is one word too many; *" stats x
bad 2 "call: say the METHOD; *" call
bad 1 "there is no method task.lst; did you mean task.list?" call task.lst
bad 2 "call task.get: there is no argument tsk; did you mean task?" \
    call task.get tsk=1
bad 1 "*task*must be*" call task.get
bad 2 "MODE cannot be \"nwo\"; did you mean now?" shutdown nwo
bad 2 "there is no help on craete; did you mean create?" help craete
bad 2 "SHELL cannot be \"tcsh\"; *" completion tcsh
bad 2 "quit is for the prompt only" quit
bad 124 "task.result is not answered in time; *" -T 0.05 result nap --wait

bad 2 "test: say the TASK; *" test
bad 2 "--state cannot be \"wating\"; did you mean waiting?" \
    test nap --state wating
bad 2 "watch: say the VERB; *" watch
bad 2 "-n must be at least 100ms, not \"0\"" watch -n 0 ping
bad 2 "there is no column nmae; did you mean name?" list --columns nmae
bad 2 "there is no column stat; did you mean state?" list --sort -stat
bad 2 "-o cannot be \"csv\"; *" -o csv list
bad 2 "there is no verb uncancl; did you mean uncancel?" uncancl nap
bad 2 "uncancel: say the TASK; *" uncancel
bad 2 "uncancel has no option --forc; *" uncancel nap --forc
bad 1 "there is no task nosuch; *" uncancel nosuch

# By a socket to look through.
cli "who may only look, looks" 0 "nap" "" -S "$tmp/v" list nap -o tsv \
    --columns name
bad 1 "*cancel*" -S "$tmp/v" cancel nap
bad 1 "*create*" -S "$tmp/v" create sleep delay=1

# Nobody reads any more.
{ "$evtask" watch -n 0.1 ping; echo $? >"$tmp/code"; } | head -n 1 >"$tmp/out"
is "a pipe that is closed ends it" 141 "$(cat "$tmp/code")"
cli "no home" 0 "pong *" "" ping

is "nothing was done" "nap waiting" "$(rpc task.get '{"task":1}' /task/name) \
$(rpc task.get '{"task":1}' /task/state)"
is "and nothing made" 2 "$(rpc task.list '{}' /total)"

# What has a key survives a server that goes; nothing else is sent twice.
waits() {
	[ "$(rpc daemon.stats '{}' /deferred)" = 2 ]
}
"$evtask" create sleep delay=1h -n keyed --key once -w >"$tmp/keyed" 2>&1 &
keyed=$!
"$evtask" wait nap >"$tmp/plain" 2>&1 &
plain=$!
ok "two wait" wait_for waits
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
wait $plain
is "without a key it ends" 3 $?
like "and says so" "evtask: *connection*" "$(cat "$tmp/plain")"
start_daemon
is_made() {
	[ "$(rpc task.get '{"task":"keyed"}' /task/state 2>/dev/null)" = \
	    waiting ]
}
ok "with a key it is made again" wait_for is_made
cli "and can be cancelled" 0 "" "task 1 is asked to stop" cancel keyed
wait $keyed
is "which is how it ends" 5 $?
like "all being said" "the connection is lost; it is asked again*Cancelled" \
    "$(cat "$tmp/keyed")"
"$evtask" shutdown cancel 2>"$tmp/said"
wait_daemon
done_testing
