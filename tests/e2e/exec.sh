# exec.sh - commands as tasks: their output, their end, and what is refused.
. "${top_srcdir:-.}/tests/e2e/lib.sh"
# Started by somebody who ignores signals, as nohup and a shell's "&" do.
trap '' INT QUIT USR1 TSTP
start_daemon
trap - INT QUIT USR1 TSTP

id=$(create '{"argv":["sh","-c","echo out; echo err >&2; exit 3"]}' three)
is "an exit code is a result" returned "$(outcome "$id")"
is "and is told" 3 "$(result "$id" /value/exit_code)"
is "in short, too" "exit 3" "$(rpc task.get '{"task":"three"}' /task/ending)"
is "no signal ended it" null "$(result "$id" /value/signal)"
is "stdout is counted" 4 "$(result "$id" /value/stdout_bytes)"
is "and stderr" 4 "$(result "$id" /value/stderr_bytes)"
is "all output is there" true "$(result "$id" /value/output_complete)"
is "stdout can be read apart" out "$(rpc task.logs \
    '{"task":"three","streams":["stdout"]}' /lines/0/text)"
is "and stderr" err "$(rpc task.logs \
    '{"task":"three","streams":["stderr"]}' /lines/0/text)"
ok "processor time was counted" rpc task.result '{"task":"three"}' \
    /value/rusage/user_us

id=$(create '{"shell":"echo $GREETING $((1+2)); pwd","cwd":"/",
    "env":{"GREETING":"hello","HOME":null}}')
is "a shell command line works" returned "$(outcome "$id")"
is "with its environment" "hello 3" "$(line "$id" 1)"
is "in its folder" / "$(line "$id" 2)"

id=$(create '{"argv":["sh","-c","kill -USR1 $$"]}')
is "a signal that ended it is a result" USR1 "$(result "$id" /value/signal)"
is "in short, too" "signal USR1" "$(rpc task.get "{\"task\":$id}" \
    /task/ending)"
is "instead of an exit code" null "$(result "$id" /value/exit_code)"

id=$(create '{"argv":["grep","SigIgn","/proc/self/status"]}')
like "what its evtaskd was told to ignore a command does not" \
    'SigIgn:*0000000' "$(line "$id" 1)"

id=$(create '{"argv":["no-such-program"]}')
is "a command that does not exist raises" raised "$(outcome "$id")"
is "a SpawnError" SpawnError "$(result "$id" /error/type)"
is "of code ENOENT" -2 "$(result "$id" /error/code)"
like "which names it" '*"no-such-program"*PATH*' \
    "$(result "$id" /error/message)"
touch "$tmp/plain"
id=$(create "{\"argv\":[\"$tmp/plain\"]}")
is "one that cannot be executed is EACCES" -13 "$(result "$id" /error/code)"
id=$(create '{"argv":["true"],"cwd":"/no/such/folder"}')
is "a folder that is not there is another error" CwdError \
    "$(result "$id" /error/type)"

# refused ARGS: ArgsInvalid, and no task is made
refused() {
	before=$(rpc task.list '{}' /total)
	is "refused: $1" ArgsInvalid "$(create "$1" 2>/dev/null)"
	is "and nothing was made" "$before" "$(rpc task.list '{}' /total)"
}
refused '{}'
refused '{"argv":[]}'
refused '{"argv":["true"],"shell":"true"}'
refused '{"argv":["true"],"cwd":"here"}'
refused '{"argv":["true"],"env":{"A=B":"c"}}'
refused '{"argv":["true"],"grace":"soon"}'
refused '{"argv":["true"],"stdin":"ajar"}'
refused '{"argv":["true"],"args":1}'

id=$(create '{"argv":["cat"],"stdin":"open"}' cat)
ok "input is taken" rpc task.stdin '{"task":"cat","data":"hello\n"}'
is "and arrives" hello "$(line "$id" 1)"
ok "its end too" rpc task.stdin '{"task":"cat","eof":true}'
is "which ends cat" 0 "$(result "$id" /value/exit_code)"
id=$(create '{"argv":["sleep","1000"]}' deaf)
is "without stdin nothing is taken" StdinClosed \
    "$(rpc task.stdin '{"task":"deaf","data":"x"}' 2>/dev/null)"
ok "a signal reaches it" rpc task.signal '{"task":"deaf","signal":"HUP"}'
is "and ends it" HUP "$(result "$id" /value/signal)"
is "a task that is done takes none" TaskAlreadyDone \
    "$(rpc task.signal '{"task":"deaf","signal":"HUP"}' 2>/dev/null)"

id=$(create '{"shell":"echo before; sleep 1000 & exit 5"}')
is "a child that holds the output does not hold the task" 5 \
    "$(result "$id" /value/exit_code)"
is "which says that there may be more" false \
    "$(result "$id" /value/output_complete)"

id=$(create '{"shell":"head -c 3000000 /dev/zero"}')
is "three megabytes of output are counted" 3000000 \
    "$(result "$id" /value/stdout_bytes)"

# Twenty at once, each waiting for the file that lets them go.
ids=
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	ids="$ids $(create "{\"shell\":\"echo here; until [ -e $tmp/go ]; \
	    do sleep 0.05; done; exit $n\"}" "n-$n")"
done
for id in $ids; do
	line "$id" 1
done >"$tmp/lines"
is "twenty run at once" 20 "$(grep -c here "$tmp/lines")"
ok "one is cancelled" rpc task.cancel '{"tasks":["n-7"],"wait":true}'
is "and ends so" cancelled "$(outcome '"n-7"')"
touch "$tmp/go"
sum=0
for n in 1 2 3 4 5 6 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	sum=$((sum + $(result "\"n-$n\"" /value/exit_code)))
done
is "the others are undisturbed" $((210 - 7)) $sum

id=$(rpc task.create '{"coroutine":"sleep",
    "args":{"delay":"10ms","result":{"a":[1]}}}' /task/id)
is "sleep returns what it was given" '{"a":[1]}' "$(result "$id" /value)"
is "a delay is needed" ArgsInvalid \
    "$(rpc task.create '{"coroutine":"sleep"}' 2>/dev/null)"
done_testing
