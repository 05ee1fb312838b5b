#!/bin/sh
# cli_script.sh - the same grammar from the standard input and from a file.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
start_daemon

script_line "a line is a command" 0 "pong *" "" "ping"
script_line "with quotes and comments" 0 1 "" \
    "create sleep delay='1h' --name \"my nap\" # a comment"
script_line "names may have blanks" 0 "*1  my nap*" "" "show 'my nap'"
script_line "the program's words stay" 0 '*"exit_code": 3*' "" \
    "create exec -w -- sh -c 'exit 3' --json"
script_line "an empty line is nothing" 0 "" "" ""
script_line "an open quote is told with its column" 2 "" \
    "stdin:1: column 6: the ' of this word is not closed; add another '" \
    "show 'my nap"
script_line "an unknown verb" 2 "" \
    "stdin:1: there is no verb shwo; did you mean show?" "shwo 1"
script_line "a verb of the prompt" 2 "" "stdin:1: quit is for the prompt only" \
    quit
script_line "options of the command line" 2 "" "stdin:1: --socket, --host, --stdio and --file *" \
    "--socket /x ping"
script_line "--json works on a line" 0 '{"ts_us":*}' "" "--json ping"

printf 'create sleep delay=0 --name a\r\nwait @last\nshow nosuch\nping\n' \
    >"$tmp/script"
cli "a script stops at the first failure" 1 "[0-9]*
a returned" "$tmp/script:3: there is no task nosuch; *" -f "$tmp/script"
cli "--keep-going goes on, with the first code" 1 "a returned
pong *" "*:1: the name a is taken by task *
$tmp/script:3: there is no task nosuch; *" -k -f "$tmp/script"
cli "a script that is not there" 1 "" \
    "evtask: cannot open /no/such: No such file or directory" -f /no/such
cli "a verb and a script" 2 "" "evtask: --file runs a script, and *" \
    -f "$tmp/script" ping
printf 'call task.list limit=1 fields:=["name",\n"state"]\nli\\\nst -q\nnosuch\n' |
    "$evtask" >"$tmp/out" 2>"$tmp/err"
like "JSON goes on in the next line" '{"tasks":*' "$(cat "$tmp/out")"
is "lines that went on are counted" "stdin:5: there is no verb nosuch; \
\"evtask help\" lists them" "$(told)"
printf -- '-o tsv\nlist a --columns name,state\n' | "$evtask" >"$tmp/out"
is "a line of options holds for those after it" "a	done" "$(cat "$tmp/out")"
printf 'ping\0x\n' | "$evtask" >"$tmp/out" 2>"$tmp/err"
is "a NUL in a line" 2 $?
is "is told" "stdin:1: there is a NUL in the line" "$(told)"
{ head -c 1100000 /dev/zero | tr '\0' a; echo; } |
    "$evtask" >"$tmp/out" 2>"$tmp/err"
is "a line that is too long" 2 $?
is "is told, too" "stdin:1: the line is over 1 MiB" "$(told)"
printf ping | "$evtask" >"$tmp/out"
like "the last line needs no end" "pong *" "$(cat "$tmp/out")"
i=0
while [ $i -lt 200 ]; do
	echo "create sleep delay=0 --name n$i"
	i=$((i + 1))
done | "$evtask" >"$tmp/out"
is "many lines share one connection" 200 "$(wc -l <"$tmp/out")"
is "that is one client" 1 "$(rpc daemon.stats '{}' /clients)"

# A line says the same on the command line and in a script: the data, the exit
# code, and the words but for where they come from.
same() {
	"$evtask" "$@" >"$tmp/one" 2>"$tmp/one.err" </dev/null
	same_code=$?
	printf '%s\n' "$*" | "$evtask" >"$tmp/two" 2>"$tmp/two.err"
	is "the code in a script: $*" $same_code $?
	ok "the data in a script: $*" cmp "$tmp/one" "$tmp/two"
	sed -i 's/^evtask: //' "$tmp/one.err"
	sed -i 's/^stdin:1: //' "$tmp/two.err"
	ok "the words in a script: $*" cmp "$tmp/one.err" "$tmp/two.err"
}
"$evtask" create exec -n cmd -- sh -c 'echo o; echo e >&2; exit 5' >"$tmp/out"
"$evtask" create sleep delay=1h -n live >"$tmp/out"
quietly "$evtask" wait cmd
same list -o tsv
same list -o json --columns id,name
same list --state waiting -q
same show cmd -o tsv
same show nosuch
same wait cmd
same wait live -t 0.05
same test live --state waiting
same test live --state "done"
same result cmd
same result live
same exception cmd
same logs cmd
same logs cmd -s stderr
same signal cmd TERM
same send cmd text
same rename live cmd
same forget live
same cancel cmd
same coroutines -o tsv
same coroutines sleep
same help
same help list
same help exit-codes
same help sleep
same completion fish
same complete -- cre
same call task.get task=cmd 'fields:=["name"]'
same call no.such
same rpc.hello -o id
same task.label cmd
same label live labels.a=b
same uncancel live
same resume live -o tsv
same watch -c 1 list -q
same frobnicate
same version
same discover
same tree live -o json
same why live -o json
same trace
"$evtask" shutdown cancel 2>"$tmp/said"
wait_daemon
done_testing
