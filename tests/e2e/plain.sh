# plain.sh - the control socket with what every system has: nc and jq. And
# what comes in by it that is not a request.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

# ask: what is on stdin, to the socket; the answers
if nc -h 2>&1 | grep -q -- '-N' && nc -h 2>&1 | grep -q -- '-U'; then
	ask() {
		nc -N -U "$socket"
	}
else
	ask() {
		"$probe" raw "$socket"
	}
fi
# name: of the error in an answer
name() {
	sed -n 's/.*"name":"\([A-Za-z]*\)".*/\1/p'
}
start_daemon

id=$(create '{"shell":"echo one; echo two >&2; exit 4"}' job)
is "a task is done" returned "$(outcome "$id")"
result='{"jsonrpc":"2.0","id":"r","method":"task.result",
"params":{"task":"job"}}'
logs='{"jsonrpc":"2.0","id":"l","method":"task.logs","params":{"task":"job"}}'
if command -v jq >"$tmp/out"; then
	is "its result is fetched by name" 4 "$(echo "$result" | tr -d '\n' |
	    ask | jq .result.value.exit_code)"
	is "and what it wrote" "stderr two,stdout one" "$(echo "$logs" | ask |
	    jq -r '.result.lines[] | .stream + " " + .text' | sort |
	    paste -sd, -)"
else
	skip "its result is fetched by name" "no jq"
	skip "and what it wrote" "no jq"
fi

late='{"jsonrpc":"2.0","id":1,"method":"task.create","params":{"coroutine":'
late=$late'"sleep","args":{"delay":"300ms","result":"late"},"wait":true}}'
like "an answer comes after the question has hung up" '*"value":"late"*' \
    "$(echo "$late" | ask)"

is "what is no JSON is told so" ParseError "$(echo 'help' | ask | name)"
is "and broken UTF-8" ParseError "$(printf '{"id":1,"a":"\377"}\n' | ask |
    name)"
is "a line of two megabytes is too large" FrameTooLarge \
    "$(head -c 2097152 /dev/zero | tr '\0' x | cat - "$tmp/out" | ask | name)"
is "an unknown method is named" MethodNotFound \
    "$(echo '{"jsonrpc":"2.0","id":1,"method":"task.crate"}' | ask | name)"
is "an unknown task too" TaskNotFound \
    "$(rpc task.get '{"task":"nobody"}' 2>"$tmp/err")"
is "and an unknown coroutine" CoroutineNotFound \
    "$(rpc task.create '{"coroutine":"exce"}' 2>"$tmp/err")"

# A client that vanishes while it waits: nobody notices.
sleeper=$(create '{"argv":["sleep","1000"]}' sleeper)
{
	echo '{"jsonrpc":"2.0","id":1,"method":"task.wait",' \
	    '"params":{"tasks":["sleeper"]}}'
	exec "$probe" gone "$daemon"
} | "$probe" raw "$socket" >"$tmp/waiting" &
waiter=$!
waits() {
	[ "$(rpc daemon.stats '{}' /deferred)" = "$1" ]
}
ok "a client waits" wait_for waits 1
kill -KILL $waiter
ok "it vanishes, and its wait with it" wait_for waits 0
is "the task goes on" waiting "$(rpc task.get '{"task":"sleeper"}' /task/state)"
ok "the daemon too" rpc task.cancel "{\"tasks\":[$sleeper],\"wait\":true}"
done_testing
