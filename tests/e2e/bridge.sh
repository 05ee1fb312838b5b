# bridge.sh - evtaskd --stdio, and the socket that is for looking only.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

# request ID METHOD PARAMS: a line
request() {
	printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}\n' "$1" "$2" \
	    "$3"
}

# serve FILE: evtaskd answers what is in it; the answers are in $tmp/answers
serve() {
	"$evtaskd" --stdio <"$1" >"$tmp/answers" 2>"$tmp/log"
}

request 1 rpc.hello '{}' >"$tmp/hello"
ok "a file is answered, and then it ends" serve "$tmp/hello"
like "by whom one has started, who may do all" '*"role":"admin"*' \
    "$(cat "$tmp/answers")"
ok "it makes no socket" test ! -e "$XDG_RUNTIME_DIR"

request 1 task.create '{"coroutine":"exec","args":{"argv":["echo","hi"]},
"wait":true}' | tr -d '\n' >"$tmp/late"
ok "what is in flight at the end of input is waited for" serve "$tmp/late"
like "and answered" '*"outcome":"returned"*' "$(cat "$tmp/answers")"

request 1 task.create '{"coroutine":"sleep","args":{"delay":3600}}' \
    >"$tmp/sleep"
ok "a task that is left does not keep it" serve "$tmp/sleep"

i=0
while [ $i -lt 2000 ]; do
	i=$((i + 1))
	request $i rpc.discover '{}'
done >"$tmp/many"
"$evtaskd" --stdio <"$tmp/many" 2>/dev/null | wc -l >"$tmp/count"
is "every one of two thousand long answers gets through a pipe" 2000 \
    "$(tr -d ' ' <"$tmp/count")"
# shellcheck disable=SC2016 # the shell within expands it
ok "who reads no further ends it" sh -c '"$1" --stdio <"$2" 2>/dev/null |
    head -c 10 >/dev/null' sh "$evtaskd" "$tmp/many"
ok "with a socket it is refused" fails 2 "$evtaskd" --stdio --socket=/x

start_daemon --viewer-socket="$tmp/v"
is "everybody may use the viewers' socket" 666 "$(stat -c %a "$tmp/v")"
is "only its user the other" 600 "$(stat -c %a "$socket")"
main=$socket
socket=$tmp/v
is "who comes by it is a viewer, whoever that is" viewer \
    "$(rpc rpc.hello '{}' /role)"
ok "and sees the tasks" rpc task.list
ok "and changes nothing" fails 1 quietly rpc daemon.shutdown
socket=$main
is "by the other nothing is changed" admin "$(rpc rpc.hello '{}' /role)"
stop_daemon
ok "both are gone at the end" test ! -e "$tmp/v" -a ! -e "$main"
done_testing
