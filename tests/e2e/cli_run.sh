#!/bin/sh
# cli_run.sh - evtask run: as if the command ran here.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
ELSEWHERE=there
export ELSEWHERE
start_daemon --log-bytes=65536
unset ELSEWHERE

cli "streams stay apart, the exit code is passed on" 3 out err \
    run -- sh -c 'echo out; echo err >&2; exit 3'
cli "success is 0" 0 "" "" run true
cli "a signal is 128 and its number" 137 "" "" run -- sh -c 'kill -9 $$'
cli "a command that is not there is 127" 127 "" \
    'evtask: task * cannot start "no-such": *' run no-such
echo >"$tmp/plain"
cli "one that cannot be executed is 126" 126 "" "evtask: task *" \
    run "$tmp/plain"
cli "out of time is 124" 124 "" "evtask: task *" \
    run --timeout 50ms -- sleep 100
"$evtask" create sleep delay=1h --name taken >"$tmp/got"
cli "what fails on our side is 125" 125 "" \
    "evtask: the name taken is taken by task *" run --name taken true
cli "it runs here" 0 "$PWD" "" run pwd
cli "or there" 0 / "" run --cwd / pwd
cli "with variables" 0 "x y" "" run -e A=x -e B=y -- sh -c 'echo $A $B'
cli "a variable as it is here" 0 "$HOME" "" run -e HOME -- sh -c 'echo $HOME'
cli "not set here, the server's does not count" 0 "there unset" "" \
    run -e ELSEWHERE -- sh -c 'echo there ${ELSEWHERE-unset}'
cli "--shell takes a command line" 0 "a b" "" run --shell -- 'echo a' b
# The cancel inside is itself ended by it, before or after it has said so.
cli "a task that is cancelled is 143" 143 "" "*evtask: task * was cancelled" \
    run --name victim -- sh -c "'$evtask' cancel victim; sleep 100"
cli "with the words there were" 143 "" "*task * was cancelled: no more" \
    run --name worded -- sh -c "'$evtask' cancel worded -m 'no more'; sleep 100"
cli "--json prints lines and the end" 0 '{"stream":"stdout",*"text":"hi"}
{"id":*"outcome":"returned",*}' "" --json run echo hi

# Byte by byte, without a last newline, with NULs, in great numbers.
printf 'no newline' >"$tmp/in"
"$evtask" run cat "$tmp/in" >"$tmp/got"
ok "no newline is added" cmp "$tmp/in" "$tmp/got"
head -c 300000 /dev/urandom >"$tmp/in"
"$evtask" run cat "$tmp/in" >"$tmp/got"
ok "bytes come out as they went in" cmp "$tmp/in" "$tmp/got"
seq 10000 >"$tmp/in"
"$evtask" run cat "$tmp/in" >"$tmp/got"
ok "and lines" cmp "$tmp/in" "$tmp/got"

# A flood, many times of what the server keeps: every byte, and no word.
seq 100000 >"$tmp/in"
"$evtask" run cat "$tmp/in" >"$tmp/got" 2>"$tmp/said"
ok "a flood of lines comes whole" cmp "$tmp/in" "$tmp/got"
is "and nothing is missing" "" "$(cat "$tmp/said")"
head -c 5000000 /dev/zero | tr '\0' x >"$tmp/in"
"$evtask" run cat "$tmp/in" >"$tmp/got"
ok "so does one without a line end" cmp "$tmp/in" "$tmp/got"
head -c 100000 /dev/zero | tr '\0' '\n' >"$tmp/in"
"$evtask" run -- sh -c 'cat "$1"; cat "$1" >&2' sh "$tmp/in" >"$tmp/got" \
    2>"$tmp/said"
ok "and one of empty lines" cmp "$tmp/in" "$tmp/got"
ok "on both streams" cmp "$tmp/in" "$tmp/said"

# A reader that stands still, until the command does: then it reads on, by
# small steps. Who stands still is no burden to others.
seq 100000 >"$tmp/in"
mkfifo "$tmp/pipe"
"$evtask" run --name slow -- cat "$tmp/in" >"$tmp/pipe" 2>"$tmp/said" &
run=$!
exec 4<"$tmp/pipe"
dd bs=4096 count=1 <&4 >"$tmp/got" 2>/dev/null
ok "others are answered while it is held" quietly rpc rpc.ping
is "the command waits for its reader" null \
    "$(rpc task.get '{"task":"slow"}' /task/outcome)"
while dd bs=4096 count=1 <&4 2>/dev/null >"$tmp/step" && [ -s "$tmp/step" ]; do
	cat "$tmp/step" >>"$tmp/got"
done
exec 4<&-
wait $run
is "a slow reader has its exit code" 0 $?
ok "and every byte" cmp "$tmp/in" "$tmp/got"

# Whoever is killed lets the command go, which runs to its end.
"$evtask" run --name left -- cat "$tmp/in" >"$tmp/pipe" 2>"$tmp/said" &
run=$!
exec 4<"$tmp/pipe"
dd bs=4096 count=1 <&4 >"$tmp/got" 2>/dev/null
kill -KILL $run
wait $run 2>/dev/null
is "a command whose client is killed ends by itself" 0 \
    "$(result '"left"' /value/exit_code)"
is "having written all" "$(($(wc -c <"$tmp/in")))" \
    "$(result '"left"' /value/stdout_bytes)"
exec 4<&-

# make, of a small tree: built, followed, its exit status passed on.
mkdir "$tmp/tree"
cat >"$tmp/tree/Makefile" <<'END'
all: one two
one two:
	@echo making $@; echo $@ >$@
fail:
	@echo it fails >&2; exit 7
END
make=${MAKE:-make}
(cd "$tmp/tree" && MAKEFLAGS= "$evtask" run --name build -- "$make" -j2) \
    >"$tmp/got" 2>"$tmp/said"
is "make of a tree succeeds" 0 $?
is "its output is followed" "making one
making two" "$(grep making "$tmp/got" | sort)"
is "what it makes is made" "one two" "$(cd "$tmp/tree" && echo one two)"
ok "both of them" test -f "$tmp/tree/one" -a -f "$tmp/tree/two"
"$evtask" run -C "$tmp/tree" -- "$make" fail >"$tmp/got" 2>"$tmp/said"
is "its exit status is passed on" 2 $?
like "and what it says on stderr" "*it fails*" "$(cat "$tmp/said")"
like "the output can be read later" "*making one*" \
    "$("$evtask" logs build)"

# Ctrl-C asks, Ctrl-C again leaves.
"$evtask" run --name asked -- sh -c 'trap "echo cleaning; exit 0" TERM
    echo ready; while :; do sleep 0.01; done' >"$tmp/got" 2>"$tmp/said" &
run=$!
wait_for grep -qs ready "$tmp/got"
kill -INT $run
wait $run
is "Ctrl-C is an exit code" 130 $?
ok "the task could clean up, and was followed to its end" \
    grep -q cleaning "$tmp/got"
like "the person is told" "*is asked to stop*" "$(cat "$tmp/said")"
is "the task was cancelled" cancelled \
    "$(rpc task.result '{"task":"asked"}' /outcome)"

"$evtask" run --name stubborn -- sh -c 'trap "echo no" TERM; list=$(seq 3000)
    echo ready; for i in $list; do sleep 0.01; done' >"$tmp/stubborn" 2>"$tmp/said" &
run=$!
wait_for grep -qs ready "$tmp/stubborn"
kill -INT $run
wait_for grep -qs no "$tmp/stubborn"
kill -INT $run
wait $run
is "twice leaves" 130 $?
like "and says where the task is" "*goes on*" "$(cat "$tmp/said")"
is "which goes on" null "$(rpc task.get '{"task":"stubborn"}' /task/outcome)"

"$evtask" run --name lost -- sh -c 'echo ready; sleep 100' >"$tmp/lost" \
    2>"$tmp/said" &
run=$!
wait_for grep -qs ready "$tmp/lost"
kill -KILL "$daemon"
wait $run
is "a server that dies is 125" 125 $?
like "and is told" "evtask: the connection is lost*" "$(cat "$tmp/said")"
wait "$daemon" 2>/dev/null
daemon=
cli "no server is 125, too" 125 "" "evtask: *" run true
done_testing
