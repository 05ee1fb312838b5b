# full.sh - evtaskd without a descriptor for another client.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

script narrow <<'END'
ulimit -n 32
exec "$@"
END
EVTASKD_RUN=$tmp/narrow
start_daemon
is "clients are as many as there are descriptors, and nobody is harmed" \
    "full: yes
unharmed: all
a command when full: SpawnError
unharmed: all
who came last: waits
one leaves, who came last: served
a command then: 0
unharmed: the first" "$("$top_builddir/tests/e2e/full" "$socket")"
ok "it serves on" rpc rpc.ping
stop_daemon
is "and ends with status 0" 0 "$status"
done_testing
