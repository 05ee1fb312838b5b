#!/bin/sh
# check_session.sh - the session in evtask-protocol(7) is true: each command
# of it is typed to a daemon, and what it prints is what the page says.
#
# In the page a command begins with "$ " and goes on behind "> "; what follows
# up to the next one is its output. A command that would last for ever ends
# with the daemon.
. "${top_srcdir:-.}/tests/e2e/lib.sh"

page=$top_builddir/doc/evtask-protocol.7
nc -h 2>&1 | grep -q OpenBSD && command -v jq >/dev/null || {
	echo "1..0 # SKIP nc of OpenBSD, or jq, is not installed"
	exit 0
}

# The session as files: $tmp/1.command, $tmp/1.expected, $tmp/2.command ...
sed -n '/^[.]Sh EXAMPLES/,/^[.]Sh SEE ALSO/p' "$page" |
    sed -n '/^[.]Bd/,/^[.]Ed/p' | sed '/^[.]/d; s/\\e/\\/g; s/\\-/-/g' |
    awk -v tmp="$tmp" '
	/^\$ / { n++; file = tmp "/" n ".command"; sub(/^\$ /, "")
		print >file; printf "" >(tmp "/" n ".expected"); next }
	/^> / && n { sub(/^> /, ""); print >file; next }
	n { print >(tmp "/" n ".expected") }
	END { print n }' >"$tmp/count"
count=$(cat "$tmp/count")
ok "the page has a session" test "$count" -gt 5

start_daemon
S=$socket
n=1
while [ "$n" -lt "$count" ]; do
	. "$tmp/$n.command" >"$tmp/$n.said" 2>&1
	ok "command $n: $(head -n 1 "$tmp/$n.command")" \
	    diff "$tmp/$n.expected" "$tmp/$n.said"
	n=$((n + 1))
done
. "$tmp/$n.command" >"$tmp/$n.said" 2>&1 &
last=$!
ok "the last command says it, and goes on" \
    wait_for cmp -s "$tmp/$n.expected" "$tmp/$n.said"
ok "until now" kill -0 "$last"
stop_daemon TERM
wait "$last"
ok "and ends with the daemon" diff "$tmp/$n.expected" "$tmp/$n.said"
done_testing
