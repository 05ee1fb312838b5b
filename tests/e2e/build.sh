#!/bin/sh
# build.sh - real work as tasks: this project builds itself, and twenty builds
# run at once while one of them is cancelled.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL	# of the make that runs this test
start_daemon
src=$(cd "$top_srcdir" && pwd)
cc=${CC:-cc}

# The project builds itself, followed live; its exit status is passed on.
mkdir "$tmp/tree"
(cd "$tmp/tree" && "$src/configure" CFLAGS=-O0) >"$tmp/configured" 2>&1
"$evtask" run --name self --cwd "$tmp/tree" -- make -j2 libevtask.la \
    >"$tmp/followed" 2>"$tmp/said"
is "make of the real tree ends with 0" 0 $?
ok "and has built the library" test -s "$tmp/tree/.libs/libevtask.so"
ok "its output was followed" grep -q 'CCLD *libevtask.la' "$tmp/followed"
"$evtask" logs self >"$tmp/fetched" 2>/dev/null
ok "and can be fetched later, the same" cmp "$tmp/followed" "$tmp/fetched"
"$evtask" run --cwd "$tmp/tree" -- make no-such-target >/dev/null 2>&1
is "make's own failure is passed on" 2 $?

# Twenty at once, of real sources; the tenth gets stuck in its middle, in
# processes that hide in sessions of their own.
cat >"$tmp/mk" <<END
all: ready.o timers.o value.o
%.o: $src/lib/core/%.c
	$cc -D_GNU_SOURCE -I$src/lib -I$tmp/tree -c -o \$@ \$<
stuck: ready.o
	\$(MAKE) -f $tmp/mk hang
hang:
	setsid sh -c 'echo \$\$\$\$ >>pids; exec sleep 1000' & \
	echo \$\$\$\$ >>pids; echo in the middle; sleep 1000
END
names=
for n in $(seq 20); do
	mkdir "$tmp/b$n"
	target=all
	[ "$n" -ne 10 ] || target=stuck
	"$evtask" create exec --name "b$n" cwd="$tmp/b$n" grace=2s \
	    -- make -f "$tmp/mk" $target >/dev/null
	[ "$n" -eq 10 ] || names="$names b$n"
done
wait_for grep -q . "$tmp/b10/pids"
wait_for sh -c "\"$evtask\" logs b10 | grep -q middle"
"$evtask" cancel b10 -m "stuck" >/dev/null 2>&1
"$evtask" wait b10 >/dev/null 2>&1
is "the one cancelled in mid-build ends cancelled" 5 $?
alive=0
while read -r pid; do
	kill -0 "$pid" 2>/dev/null && alive=$((alive + 1))
done <"$tmp/b10/pids"
is "no process of its tree is left" 0 $alive
is "and at least two had been seen" yes \
    "$([ "$(wc -l <"$tmp/b10/pids")" -ge 2 ] && echo yes)"
# shellcheck disable=SC2086 # a list of words
"$evtask" wait $names >/dev/null 2>&1
is "the others are waited for" 0 $?
built=0
for n in $names; do
	code=$("$evtask" --json result "$n" | jq -r '.value.exit_code')
	[ "$code" = 0 ] && [ -s "$tmp/$n/value.o" ] && built=$((built + 1))
done
is "and all nineteen have built" 19 $built

# Fetched from the socket by hand, by name, from another connection.
got=$(echo '{"jsonrpc":"2.0","id":1,"method":"task.result","params":{"task":"b7"}}' |
    nc -U -N "$socket" | jq -r '.result.value.exit_code')
is "nc and jq fetch a result by name" 0 "$got"
got=$(echo '{"jsonrpc":"2.0","id":1,"method":"task.exception","params":{"task":"b10"}}' |
    nc -U -N "$socket" | jq -r '.result | .outcome + " " + .error.message')
is "and how a cancelled one ended" "cancelled stuck" "$got"
done_testing
