# service.sh - evtaskd under a service manager, and its units.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

# A manager that hands over the socket before evtaskd is there.
"$probe" manage "$socket" "$evtaskd" >"$tmp/notices" 2>"$tmp/log" &
manager=$!
ok "the socket is there before it" "$probe" ready "$socket" $manager
id=$(create '{"shell":"echo $$; env; exec sleep 1000"}')
pid=$(line "$id" 1)
daemon=$(rpc daemon.stats '{}' /pid)
ok "a request made before it serves is answered" test -n "$id"
# seen N NOTICE: has come that often
seen() {
	[ "$(grep -c "^$2" "$tmp/notices")" -ge "$1" ]
}
ok "it is ready" wait_for seen 1 READY=1
ok "and says what it does" wait_for seen 1 "STATUS=serves $socket"
ok "it pings the watchdog" wait_for seen 3 WATCHDOG=1
is "commands see nothing of the manager" "" "$(rpc task.logs "{\"task\":$id}" |
    grep -E 'NOTIFY_SOCKET|WATCHDOG|LISTEN_')"
kill -TERM "$daemon"
ok "it says that it stops" wait_for seen 1 STOPPING=1
ok "and what it waits for" wait_for seen 1 "STATUS=waiting for 1 task"
kill -TERM "$daemon"
wait $manager
is "it ends with status 0" 0 $?
ok "the manager's socket is left to the manager" test -S "$socket"
ok "its command is gone" "$probe" gone "$pid"
daemon=
rm -f "$socket" "$socket.notify"

# verify SCOPE FOLDER EDIT: systemd has nothing to say against the units there.
# It wants the program to be there and looks for manual pages, which is not our
# matter; EDIT is for sed, too.
verify() {
	rm -rf "$tmp/units" && mkdir -p "$tmp/units" "$XDG_RUNTIME_DIR" ||
	    return 2
	for unit in evtaskd.service evtaskd.socket; do
		sed "s|^ExecStart=.*|ExecStart=/bin/true|; /^Documentation/d; $3" \
		    "$2/$unit" >"$tmp/units/$unit" || return 2
	done
	systemd-analyze "--$1" verify "$tmp/units/evtaskd.service" \
	    "$tmp/units/evtaskd.socket" >"$tmp/verify" 2>&1
	! grep -E 'evtaskd|Failed' "$tmp/verify"
}

for scope in user system; do
	folder=$top_builddir/daemon/$scope
	ok "the $scope service starts what is installed" \
	    grep -q '^ExecStart=/.*/evtaskd$' "$folder/evtaskd.service"
	ok "the $scope units leave nothing open" \
	    fails 1 grep '@' "$folder/evtaskd.service" "$folder/evtaskd.socket"
	if command -v systemd-analyze >"$tmp/out"; then
		ok "systemd accepts the $scope units" verify $scope "$folder"
		ok "and would not accept others" \
		    fails 1 verify $scope "$folder" "s/^KillMode=.*/KillMode=x/"
	else
		skip "systemd accepts the $scope units" "no systemd-analyze"
		skip "and would not accept others" "no systemd-analyze"
	fi
done

ok "an install puts the units in their places" "${MAKE:-make}" \
    -C "$top_builddir" DESTDIR="$tmp/dest" \
    install-systemduserunitDATA install-systemdsystemunitDATA
is "all four" 4 "$(find "$tmp/dest" -path '*/systemd/*/evtaskd.s*' | wc -l)"
done_testing
