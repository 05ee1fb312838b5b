#!/bin/sh
# cli_verbs.sh - every verb of evtask, one-shot: what it prints, and where, and
# how it exits.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
start_daemon

cli "ping answers" 0 "pong  * us" "" ping
cli "version names both" 0 "evtask *, protocol level 1
evtaskd *, protocol level 1" "" version
cli "--version needs no server" 0 "evtask *" "" --socket /nowhere --version
cli "stats shows the tasks" 0 "*tasks live * 0
*" "" stats
cli "list says when there is nothing" 0 "" "no tasks" list
cli "coroutines lists them" 0 "NAME *
exec * run a command*
sleep * wait*" "" coroutines
cli "coroutines describes one" 0 "sleep - *ARGUMENT*delay*duration*" "" \
    coroutines sleep
cli "and the values an argument may have" 0 "*stdin * null|open *" "" \
    coroutines exec
cli "what is wrong with arguments is said with the way out" 1 "" \
    'evtask: args.argv must be given, or else shell, not left out; "evtask coroutines NAME" describes the arguments' \
    create exec
cli "and not less where one is too many" 1 "" \
    'evtask: args.argv must be left out, as there is shell, not [[]"ls"*' \
    create exec shell=ls -- ls

cli "create prints the bare id" 0 1 "" create sleep delay=1h --name nap
cli "show tells the state" 0 "task        1  nap
coroutine   sleep
state       waiting
waits for   timer*" "" show nap
cli "show takes the id" 0 "task        1  nap*" "" show 1
cli "show takes @last" 0 "task        1  nap*" "" show @last
cli "list is a table" 0 "ID  NAME  COROUTINE  STATE *
 1  nap   sleep      waiting *" "" list
cli "list filters by state" 0 "" "no tasks" list --state done
cli "list filters by name" 0 "*nap*" "" list "n*"
cli "list prints ids" 0 1 "" list -q
cli "result of a task not done" 6 "" \
    'evtask: task 1 is not done yet; wait for it with "evtask wait 1"' \
    result nap
cli "a wait may time out" 124 "" \
    "evtask: time is up, and nap is not done" wait nap --timeout 50ms
cli "rename says nothing" 0 "" "" rename nap siesta
cli "the old name is gone" 1 "" "evtask: there is no task nap; *" show nap
cli "cancel says what was done" 0 "" "task 1 is asked to stop" \
    cancel siesta -m maintenance
cli "wait tells the outcome" 5 "siesta cancelled" "" wait siesta
cli "cancelling again is no error" 0 "" "task 1 was done already" \
    cancel siesta
cli "result of a cancelled task" 5 "" "evtask: Cancelled: maintenance" \
    result siesta
cli "exception prints the error" 0 "Cancelled: maintenance" "" \
    exception siesta
cli "forget says nothing" 0 "" "" forget siesta
cli "what is forgotten is gone" 0 "" "no tasks" list

cli "create --wait prints the result" 0 '"good"' "" \
    create sleep delay=0 'result:="\"good\""' --wait
cli "result prints text as it is" 0 '"good"' "" result @last
cli "numbers are typed by the schema" 0 "[0-9]*" "" \
    create sleep delay=0.01 --name short
cli "wait of many tells each" 0 "*short returned*" "" wait 'sh*' @last
cli "exec takes its words behind --" 0 '{*"exit_code": 3,*' "" \
    create exec -w -n three -- sh -c 'echo out; echo err >&2; exit 3'
cli "logs keep the streams apart" 0 out err logs three
cli "logs of one stream" 0 "" err logs three --stream stderr
cli "logs -f of a task that is done ends" 0 out err logs -f three
cli "logs with times" 0 "????-??-?? ??:??:??.??????  out" \
    "????-??-?? ??:??:??.??????  err" logs -t three
cli "logs in JSON" 0 '{"stream":"stdout","ts_us":*,"text":"out"}
{"stream":"stderr",*}' "" logs three --json
cli "the last lines of logs" 0 "" err logs -n 1 three
cli "label sets labels" 0 "" "" label three shift=night a.b=c draft
cli "and takes them away, leaving others" 0 "" "" \
    label three --remove draft -r a.b
cli "which show tells" 0 "*labels      shift=night
*" "" show three
cli "label without a label says what to say" 2 "" \
    "evtask: label: say NAME=VALUE, or --remove NAME" label three
cli "none of them" 0 "" "" logs -f --tail 0 three
cli "all of them, where there are no more" 0 out err logs --tail 9 three

cli "a task that reads" 0 "[0-9]*" "" create exec stdin=open -n cat -- cat
cli "send writes words" 0 "" "" send cat "hello there"
cli "send writes without a line end" 0 "" "" send -n cat tail
printf 'a\0b\377\n' >"$tmp/bytes"
cli "send writes a file" 0 "" "" send cat --file "$tmp/bytes" --eof
cli "the task ends with its input" 0 "cat returned" "" wait cat
"$evtask" logs cat >"$tmp/got"
{ printf 'hello there\ntail'; cat "$tmp/bytes"; } >"$tmp/expected"
ok "what it wrote comes out byte by byte" cmp "$tmp/expected" "$tmp/got"
cli "sending to a task that is done" 1 "" \
    'evtask: task * is done already; see how it ended with "evtask result *"' \
    send cat more

cli "a task to signal" 0 "[0-9]*" "" create exec -n sleeper -- sleep 100
cli "signal says nothing" 0 "" "" signal sleeper USR1
cli "and it arrives" 0 '*"signal": "USR1"*' "" result sleeper --wait

cli "events tells what happened" 0 "??:??:??.?????? task.created * three exec" \
    "" events --since 0 --type task.created --count 1 three
cli "events of some types" 0 "* task.renamed * siesta name=siesta *" "" \
    events --since 0 --type task.renamed -c 1
cli "events in JSON, a line each" 0 '{"sub":*,"type":"task.created",*}
{"sub":*,"type":"task.done",*}' "" --json events --since 0 \
    --type task.created,task.done -c 2
cli "call sends any method" 0 '{"ts_us":*}' "" call rpc.ping
cli "call types its words" 0 '{"tasks":?{"id":2*}],"total":*}' "" \
    call task.list limit=1 'fields:=["name"]'
cli "call tells an error as other verbs do" 1 "" \
    "evtask: there is no task nosuch; *" call task.get task=nosuch
cli "discover prints the protocol" 0 '{*"openrpc":*"task.create"*' "" discover

cli "help lists the verbs" 0 "usage: evtask *create *cancel *" "" help
cli "the value of an option is called what it is" 0 \
    "*--name NAME *--label NAME[[]=VALUE] *" "" help create
cli "help explains one" 0 "wait - *usage: evtask wait*--timeout*124*" "" \
    help wait
cli "--help does, too" 0 "wait - *" "" wait --help
cli "help has pages" 0 "*125  run: evtask failed*" "" help exit-codes
cli "completion prints a script" 0 "*complete*-F*" "" completion bash
cli "complete offers words" 0 "sleep	wait*" "" -T 60s complete -- create sl
cli "complete asks the server for tasks" 0 "three	exec, returned, * old" "" \
    -T 60s complete -- result th

# JSON on every verb: each line that is printed is an object.
"$evtask" create sleep delay=1h --name j >"$tmp/out"
while read -r words; do
	# shellcheck disable=SC2086 # words
	"$evtask" --json $words >"$tmp/out" 2>"$tmp/err"
	like "--json $words" "{*}" "$(head -n 1 "$tmp/out")"
done <<'END'
ping
version
stats
coroutines
coroutines sleep
list
show j
rename j k
wait k --timeout 0
cancel k --wait
result k
exception k
forget k
create sleep delay=0
discover
call rpc.ping
END
cli "--json makes errors objects, too" 1 "" \
    '{"code":1001,*"name":"TaskNotFound"*}' --json show k
"$evtask" --color list >"$tmp/got"
ok "--color has" grep -q "$(printf '\033')" "$tmp/got"

"$evtask" list >"$tmp/got"
ok "a pipe has no colours" fails 1 grep -q "$(printf '\033')" \
    "$tmp/got"

"$evtask" create sleep delay=1h --name g-1 >"$tmp/out"
"$evtask" create sleep delay=1h --name g-2 >"$tmp/out"
cli "a glob is for every task of such a name" 0 "" "task * asked to stop
task * asked to stop" cancel 'g-*'
cli "and means those the verb is for" 1 "" \
    'evtask: no live task is called g-?; "evtask list" shows the tasks' \
    cancel 'g-?'
cli "one task is one task" 1 "" \
    "evtask: g-* is the name of 2 tasks, and this is for one; say which" \
    rename 'g-*' other

# What asks about one task does so for as many as are named: each has its turn,
# whatever becomes of the others, and the first failure is the exit code.
cli "one that is fine" 0 "[0-9]*" "" create sleep delay=0 result=fine -n g-0
cli "and is done" 0 "g-0 returned" "" wait g-0
cli "each task has its turn" 5 "==> g-1 <==

==> g-2 <==

==> g-0 <==
fine" "evtask: g-1: Cancelled
evtask: g-2: Cancelled" result 'g-[12]' g-0
cli "and one that is not there fails alone" 1 "==> none <==

==> g-0 <==
fine" "evtask: none: there is no task none; *" result none g-0
cli "in JSON a line each" 5 '{"id":*"outcome":"cancelled"*}
{"id":*"outcome":"returned"*}' "" result g-1 g-0 --json
cli "as one value an array" 5 '\[{"id":*},{"id":*}\]' "" \
    result g-1 g-0 -o json
cli "a word that means no task ends it before it begins" 1 "" \
    'evtask: no task is called gg-\*; *' result g-0 'gg-*'
cli "show shows those that are there" 1 "task *g-0*" \
    "evtask: there is no task none; *" show none g-0
cli "exceptions" 0 "==> g-1 <==
Cancelled

==> g-0 <==" "" exception g-1 g-0
cli "why" 0 "*g-1*

*g-0*" "" why g-1 g-0
cli "logs" 0 "==> g-0 <==

==> three <==
out" err logs g-0 three
cli "logs -f of several ends with the last" 0 "*==> three <==
out*" err logs -f g-0 three
cli "a verb that is made from a method has a glob, too" 0 "id *
resumed *false

id *
resumed *false

id *
resumed *false" "" resume 'g-*'

# The forms of what is printed; the server sorts and cuts where it can.
cli "make one to look at" 0 "[0-9]*" "" create sleep delay=1h -n form-a
cli "and another" 0 "[0-9]*" "" create sleep delay=2h -n form-b
cli "a tree for each" 0 "*form-a*

*form-b*" "" tree 'form-*'
cli "a stack for each" 0 "*form-a*

*form-b*" "" stack form-a form-b
cli "list -o id" 0 "[0-9]*
[0-9]*" "" list 'form-*' -o id
cli "list -o tsv is values and tabs" 0 "[0-9]*	form-a	sleep	waiting		[0-9]*	
[0-9]*	form-b	sleep	waiting		[0-9]*	" "" list 'form-*' -o tsv
cli "list -o json is one value" 0 '\[{"id":*},{"id":*}\]' "" \
    list 'form-*' -o json
cli "list -o jsonl is what --json is" 0 '{"id":*}
{"id":*}' "" list 'form-*' -o jsonl
cli "list -o wide has more columns" 0 "*RESUMES*" "" list 'form-*' -o wide
cli "columns of the table and of the JSON" 0 "NAME    wait.op
form-a  sleep
form-b  sleep" "" list 'form-*' --columns name,wait.op
cli "columns in JSON" 0 '[[]{"name":"form-a","wait.op":"sleep"},*]' "" \
    list 'form-*' --columns name,wait.op -o json
cli "columns with tabs" 0 "form-a	waiting
form-b	waiting" "" list 'form-*' --columns name,state -o tsv
cli "a column there is not" 2 "" \
    "evtask: there is no column stat; did you mean state?" \
    list --columns id,stat
cli "the server sorts by name" 0 "form-b
form-a" "" list 'form-*' --sort -name --columns name -o tsv
cli "evtask sorts by the rest" 0 "form-b" "" \
    list 'form-*' --sort -wait.until_us --limit 1 --columns name -o tsv
cli "show of many" 0 "task        [0-9]*  form-a
*
task        [0-9]*  form-b
*" "" show form-a form-b
cli "show -o tsv" 0 "form-b" "" show form-b --columns name -o tsv
cli "show -o json is the task" 0 '{"id":*,"name":"form-a",*}' "" \
    show form-a -o json
cli "coroutines -o id" 0 "*exec
*sleep*" "" coroutines -o id
cli "coroutines sorted" 0 "sleep
*exec*" "" coroutines --sort -live --columns name \
    -o id

# Verbs nobody wrote.
cli "a method is a verb" 0 "server * evtaskd*" "" rpc.hello
cli "its result as JSON" 0 '{"server":"evtaskd",*}' "" rpc.hello --json
cli "where there are no rows it prints what else there is" 0 \
    "changed *0" "failed: none" daemon.reload
cli "its help" 0 "rpc.hello - *usage: evtask rpc.hello*" "" help rpc.hello
cli "call knows @last" 0 '{"task":{"id":*,"name":"form-b"},*}' "" \
    call task.get task=@last 'fields:=["name"]'
cli "help on a coroutine" 0 "sleep - *ARGUMENT*delay*" "" help sleep
cli "cancel both" 0 "" "*asked to stop*" cancel 'form-*'

# Of one command waited for, the code is its own.
cli "a command to wait for" 0 "[0-9]*" "" create exec -n w7 -- sh -c 'exit 7'
cli "its code is passed on" 7 "w7 returned" "" wait w7
cli "one that a signal ends" 0 "[0-9]*" "" \
    create exec -n w9 -- sh -c 'kill -9 $$'
cli "128 and the signal" 137 "w9 returned" "" wait w9
cli "one there is not" 0 "[0-9]*" "" create exec -n w127 -- /no/such/command
cli "127 it is" 127 "w127 raised" "" wait w127
cli "show has the error" 0 "*state       done: raised
error       SpawnError: *no such file*" "" show w127
cli "of many, only whether they raised" 4 "w7 returned
w127 raised" "" wait w7 w127

# test asks, and says nothing.
cli "a task to ask about" 0 "[0-9]*" "" create sleep delay=1h -n asked \
    --label team=a --paused
cli "it is there" 0 "" "" test asked
cli "it is waiting" 0 "" "" test asked --state waiting,running
cli "it is not done" 1 "" "" test asked --state done
cli "of many, all must be" 1 "" "" test asked w7 --state waiting
cli "how one ended" 0 "" "" test w7 --outcome returned
cli "one there is not is not" 1 "" "evtask: there is no task nobody; *" \
    test nobody
cli "a label finds it" 0 "asked" "" list --label team=a -o tsv --columns name
cli "show has its labels" 0 "*labels      team=a*" "" show asked
cli "resume is a verb, though none was written" 0 "*resumed * true" "" \
    resume asked
cli "its result with tabs" 0 "id	*
resumed	false" "" resume asked -o tsv
cli "signal takes many" 1 "" "evtask: *" signal 'ask*' TERM

# Values from files.
printf '{"a": [1]}\n' >"$tmp/value"
cli "text of a file, without its last line end" 0 '{"a": [[]1]}' "" \
    create sleep delay=0 "result=@$tmp/value" -w
cli "JSON of a file" 0 '{
  "a": *' "" create sleep delay=0 "result:=@$tmp/value" -w
cli "@@ is an @" 0 "@x" "" create sleep delay=0 result=@@x -w
cli "a file there is not" 2 "" \
    "evtask: create sleep: cannot open $tmp/none: No such file or directory" \
    create sleep delay=0 "result=@$tmp/none"
cli "a file that is not text" 2 "" "evtask: create sleep: * is not text *" \
    create sleep delay=0 "result=@$tmp/bytes"
dd if=/dev/zero of="$tmp/big" bs=1M count=2 2>/dev/null
cli "a file that is too big" 2 "" "evtask: create sleep: * is over 1 MiB*" \
    create sleep delay=0 "result=@$tmp/big"

cli "watch, where there is no terminal" 0 "asked
asked" "" watch -n 0.1 -c 2 list asked -o tsv --columns name
cli "watch ends when the verb is wrong" 2 "" \
    "evtask: there is no verb lst; did you mean list?" watch lst

# Another host: what stands for ssh runs its last word here.
script ssh <<'END'
while [ "$1" != -- ]; do shift; done
echo "to $2" >&2
exec sh -c "$3"
END
ln -s "$PWD/$evtask" "$tmp/evtask" 2>/dev/null
case $evtask in /*) ln -sf "$evtask" "$tmp/evtask" ;; esac
far() {
	PATH=$tmp:$PATH EVTASK_SSH=$tmp/ssh "$evtask" -H me@there "$@"
}
is "-H reaches it through ssh" "to me@there
asked" "$(far list asked -o tsv --columns name 2>&1)"
is "-H takes the far socket along" "to me@there
1" "$(EVTASK_SOCKET=/none; export EVTASK_SOCKET
far -S "$socket" list --label team -o id 2>&1 | sed 's/^[0-9]*$/1/')"
ln -s "$socket" "$tmp/it's"
like "and quotes it" "to me@there
pong*" "$(far -S "$tmp/it's" ping 2>&1)"
EVTASK_SSH=/none cli "an ssh there is not" 3 "" "evtask: cannot start /none: *" \
    -H me@there ping
is "--stdio is a bridge" '{"jsonrpc":"2.0","id":1,"result":{}}' \
    "$(echo '{"jsonrpc":"2.0","id":1,"method":"rpc.ping"}' |
    "$evtask" --stdio | sed 's/{"ts_us[^}]*}/{}/')"
cli "--stdio without a server" 3 "" "evtask: no server at /none; *" \
    --stdio -S /none
cli "cancel it" 0 "" "*asked to stop*" cancel asked

"$evtask" list >/dev/full 2>"$tmp/err"
is "a full disk is told" 1 $?
like "by name" "evtask: cannot write the output: No space left on device" \
    "$(told)"
{ "$evtask" help; echo $? >"$tmp/status"; } 2>"$tmp/err" | true
is "a closed pipe is no error worth words" "" "$(told)"

cli "shutdown tells" 0 "" "the server ends" shutdown cancel
wait_daemon
is "and the server ends" 0 "$status"

# A host whose own tasks fill more than a page.
"$top_builddir/tests/e2e/crowd" "$socket" &
daemon=$!
"$probe" ready "$socket" "$daemon"
cli "a crowd is made" 0 1 "" create crowd --name crowd
ok "of more tasks than a page has" wait_for quietly "$evtask" show 1002
cli "@last is found behind all of them" 0 "*crowd*" "" show @last
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=
rm -f "$socket"
cli "then nobody answers" 3 "" "evtask: no server at $socket; start one with \
evtaskd, or name another with --socket" ping
done_testing
