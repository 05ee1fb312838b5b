# tree.sh - a cancel ends a command and everything it has started.
. "${top_srcdir:-.}/tests/e2e/lib.sh"
start_daemon

# A process of each way to hide; each writes its pid into the log.
script family <<'END'
hide='echo $$; exec sleep 1000 </dev/null >/dev/null 2>&1'
sh -c "$hide" &
setsid sh -c "$hide" &
sh -c "setsid sh -c '$hide' &"
sh -c "env -i /bin/sh -c '$hide' &"
sh -c "trap '' TERM INT HUP; $hide" &
exec sleep 1000
END
script pair <<'END'
echo $$
setsid sh -c 'echo $$; exec sleep 1000' &
exec sleep 1000
END
script left <<'END'
setsid sh -c 'echo $$; exec sleep 1000 >/dev/null 2>&1' &
END
script deaf <<'END'
trap '' TERM
echo $$
while :; do sleep 0.05; done
END
script polite <<'END'
trap 'echo bye; exit 0' TERM
echo up
while :; do sleep 0.01; done
END
script stopped <<'END'
echo $$
kill -STOP $$
echo on
END
script orphans <<'END'
setsid true &
sh -c 'setsid true &'
sh -c 'setsid sh -c "exec true" &'
END

# start NAME GRACE: one of them as a task; prints its id
start() {
	create "{\"argv\":[\"$tmp/$1\"],\"grace\":\"$2\"}"
}

# cancel TASK: prints how it ended
cancel() {
	quietly rpc task.cancel "{\"tasks\":[$1],\"wait\":true}" &&
	    outcome "$1"
}

# pids TASK N: the first N lines, on one
pids() {
	for n in $(seq "$2"); do
		line "$1" "$n"
	done
}

id=$(start family 100ms)
pids=$(pids "$id" 5)
is "five processes hide" 5 "$(echo "$pids" | wc -l)"
other=$(start pair 0)
others=$(pids "$other" 2)
is "a cancel is answered when all is over" cancelled "$(cancel "$id")"
# shellcheck disable=SC2086 # several words
ok "none of its processes is left" "$probe" gone $pids
for pid in $others; do
	ok "a process of another task lives" kill -0 "$pid"
done

id=$(start deaf 50ms)
pid=$(line "$id" 1)
is "a command that ignores SIGTERM is cancelled" cancelled "$(cancel "$id")"
ok "killed, after its grace" "$probe" gone "$pid"

id=$(start polite 1h)
is "a command may clean up" up "$(line "$id" 1)"
is "in a grace that it does not need" cancelled "$(cancel "$id")"
is "its last words are kept" bye "$(rpc task.logs \
    "{\"task\":$id,\"streams\":[\"stdout\"]}" /lines/1/text)"

id=$(start deaf 1h)
pid=$(line "$id" 1)
ok "a first cancel starts the grace" rpc task.cancel "{\"tasks\":[$id]}"
is "a second one ends it" cancelled "$(cancel "$id")"
ok "at once" "$probe" gone "$pid"

id=$(start stopped 1h)
pid=$(line "$id" 1)
is "a stopped command is woken to be ended" cancelled "$(cancel "$id")"
ok "and is gone" "$probe" gone "$pid"

no_zombies() {
	! ps -o stat= --ppid "$daemon" | grep -q Z
}
id=$(start orphans 0)
is "orphans end after their parents" 0 "$(result "$id" /value/exit_code)"
ok "and are reaped" wait_for no_zombies

id=$(start left 0)
pid=$(line "$id" 1)
is "a command may leave something running" 0 "$(result "$id" /value/exit_code)"
ok "which goes on" kill -0 "$pid"
others="$others $pid"
rpc daemon.shutdown '{"mode":"cancel"}' >"$tmp/out"
wait_daemon
is "until the daemon ends" 0 "$status"
# shellcheck disable=SC2086 # several words
ok "and with it everything" "$probe" gone $others
done_testing
