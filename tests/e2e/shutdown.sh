# shutdown.sh - evtaskd ends: drained, cancelled, or now; nothing is left.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

script patient <<END
echo \$\$
until [ -e $tmp/go ]; do sleep 0.02; done
END
script deaf <<'END'
trap '' TERM
echo $$
while :; do sleep 0.02; done
END

# start NAME GRACE: one of them as a task; prints its id
start() {
	create "{\"argv\":[\"$tmp/$1\"],\"grace\":\"$2\"}"
}

# said N TEXT: evtaskd has said it N times since it was started
said() {
	[ "$(grep -c "$2" "$tmp/log")" -ge "$1" ]
}

begin() {
	: >"$tmp/log"
	start_daemon "$@"
}

begin
id=$(start patient 0)
pid=$(line "$id" 1)
{
	echo '{"jsonrpc":"2.0","id":1,"method":"sub.open",' \
	    '"params":{"types":["daemon.shutdown","task.done"]}}'
	"$probe" gone "$daemon"
} | "$probe" raw "$socket" >"$tmp/events" &
subscriber=$!
outcome "$id" >"$tmp/outcome" &
waiter=$!
somebody_waits() {
	[ "$(rpc daemon.stats '{}' /deferred)" = 1 ]
}
ok "another waits for the task" wait_for somebody_waits
ok "a client subscribes" wait_for grep -q '"id":1.*result' "$tmp/events"
kill -TERM "$daemon"
ok "a first SIGTERM drains" wait_for said 1 "waiting for 1 task"
is "a draining daemon takes no new task" ShuttingDown \
    "$(start deaf 0 2>/dev/null)"
ok "it waits for those there are" kill -0 "$pid"
touch "$tmp/go"
wait_daemon
is "and ends when they are done" 0 "$status"
wait $waiter
is "who waited for one was told" returned "$(cat "$tmp/outcome")"
wait $subscriber
like "subscribers were told" '*daemon.shutdown*drain*task.done*' \
    "$(cat "$tmp/events")"
ok "the socket is gone" test ! -e "$socket"

begin
pid=$(line "$(start deaf 50ms)" 1)
kill -TERM "$daemon"
ok "again it drains" wait_for said 1 "waiting for 1 task"
ok "and leaves the command alone" kill -0 "$pid"
stop_daemon TERM
is "a second SIGTERM cancels" 0 "$status"
ok "and its command is gone" "$probe" gone "$pid"

begin
pid=$(line "$(start deaf 1h)" 1)
kill -TERM "$daemon"
wait_for said 1 "waiting for 1 task"
kill -INT "$daemon"
ok "SIGINT does the same" wait_for said 1 "cancelling 1 task"
ok "and a grace is waited for" kill -0 "$pid"
stop_daemon INT
is "but not at the third" 0 "$status"
ok "and its command is gone" "$probe" gone "$pid"

begin
pid=$(line "$(start deaf 20ms)" 1)
kill -STOP "$daemon"
kill -TERM "$daemon"
kill -INT "$daemon"
stop_daemon CONT
is "two signals at once cancel" 0 "$status"
ok "and its command is gone" "$probe" gone "$pid"

begin --drain-timeout=50ms
pid=$(line "$(start deaf 20ms)" 1)
stop_daemon TERM
is "a drain that takes too long cancels" 0 "$status"
ok "and its command is gone" "$probe" gone "$pid"

for mode in drain cancel now; do
	begin
	pid=$(line "$(start deaf 50ms)" 1)
	is "shutdown $mode is answered" $mode "$(rpc daemon.shutdown \
	    "{\"mode\":\"$mode\",\"timeout_us\":50000}" /mode)"
	wait_daemon
	is "shutdown $mode ends it" 0 "$status"
	ok "shutdown $mode leaves no process" "$probe" gone "$pid"
	ok "shutdown $mode leaves no socket" test ! -e "$socket"
done

begin
ok "shutdown of an idle daemon" rpc daemon.shutdown
wait_daemon
is "ends it" 0 "$status"
done_testing
