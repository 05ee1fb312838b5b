#!/bin/sh
# module.sh - evtaskd and modules: loaded, reloaded, withdrawn, refused.
. "${top_srcdir:-.}/tests/e2e/cli_lib.sh"

modules=$tmp/modules
mkdir -m 755 "$modules"
example=$top_builddir/examples/.libs/countdown.so
include=$top_srcdir/lib

# build NAME TEXT: a module whose coroutine, NAME, returns TEXT
build() {
	cat >"$tmp/$1.c" <<-END
	#include <evtask/evtask.h>
	#include <evtask/module.h>
	static int f(void *job) {
		int r = evtask_sleep(evtask_job_duration_us(job, "delay", 0));
		return r < 0 ? r : evtask_return(evtask_value_literal("$2"));
	}
	static const struct evtask_coroutine row = { .name = "$1", .fn = f };
	static const struct evtask_coroutine *const rows[] = { &row, NULL };
	EVTASK_MODULE = { ${3-EVTASK_MODULE_HEAD}, .coroutines = rows };
	END
	# What it calls is found in evtaskd's own libraries.
	${CC:-cc} $SANITIZER_CFLAGS -D_GNU_SOURCE -I"$include" -shared -fPIC \
	    -o "$tmp/new.so" "$tmp/$1.c" && mv "$tmp/new.so" "$modules/$1.so"
}

# scan WORDS: after a SIGHUP the log says so; each question is a turn
scan() {
	: >"$tmp/seen"
	before=$(wc -l <"$tmp/log")
	kill -HUP "$daemon"
	tries=0
	until tail -n +$((before + 1)) "$tmp/log" | grep -q "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || break
		"$evtask" stats >/dev/null 2>&1
	done
	tail -n +$((before + 1)) "$tmp/log" | grep -q "$1"
	report $? "after SIGHUP: $1"
}

cp "$example" "$modules/countdown.so"
echo "no module" >"$modules/text.so"
build plain one
build old one '.abi = 99'
build sleep one
"$top_builddir/evtaskd" --socket="$socket" --modules="$modules" \
    2>"$tmp/log" &
daemon=$!
"$probe" ready "$socket" "$daemon"
quietly rpc rpc.ping	# it is answered when all of them have been looked at

# That the loop stood still, on a machine that does, is no news here.
log() {
	grep -Ev ' the loop (is|was) blocked ' "$tmp/log"
}
like "the example is loaded" "*module countdown is loaded*" "$(log)"
like "a file that is no shared object is refused" \
    "*module text is not loaded: text.so cannot be loaded*" "$(log)"
like "a table of another version is refused" \
    "*module old is not loaded: old.so was built for another evtask*version 99*" \
    "$(log)"
like "a coroutine that is there already is refused" \
    "*module sleep is not loaded: sleep.so: its coroutine sleep is there*" \
    "$(log)"
like "what the example offers is listed" \
    "*countdown*count down to nothing*" "$("$evtask" coroutines)"

"$evtask" create countdown from=2 step=0 --name launch >/dev/null
"$evtask" wait launch >/dev/null 2>&1
is "its task returns" "lift-off" "$("$evtask" result launch)"
is "and has said what it should" "2
1" "$("$evtask" logs launch)"
cli "its arguments are checked" 1 "" "*args.from*" create countdown from=-1

# A new file in place of the old.
"$evtask" create plain --name first >/dev/null
"$evtask" wait first >/dev/null 2>&1
is "a coroutine of the old file" one "$("$evtask" result first)"
build plain two
scan "module plain is reloaded"
"$evtask" create plain --name second >/dev/null
"$evtask" wait second >/dev/null 2>&1
is "a coroutine of the new file" two "$("$evtask" result second)"
is "what the old one returned is still known" one "$("$evtask" result first)"

# Not under the feet of a task.
"$evtask" create plain delay=1000 --name busy >/dev/null
build plain three
scan "module plain is not reloaded: module plain has tasks"
"$evtask" cancel busy >/dev/null
"$evtask" wait busy >/dev/null 2>&1
scan "module plain is reloaded"

# The same by the socket, for those who may.
cli "a module is unloaded by a verb" 0 "" "module plain is unloaded" \
    modules unload plain
cli "its coroutine is gone" 1 "" "*plain*" create plain
cli "it is unloaded once" 0 "" "module plain is not loaded" \
    modules unload plain
cli "and loaded by one" 0 "" "module plain is loaded" modules load plain
cli "which is for nothing the second time" 0 "" \
    "module plain is loaded already" modules load plain
cli "it is loaded anew" 0 "" "module plain *" modules reload plain
cli "one there is not" 1 "" "*nosuch.so: No such file*" modules load nosuch
cli "one that is broken" 1 "" "*text.so cannot be loaded*" modules load text
cli "modules are listed" 0 "*plain *loaded *0 *plain*" "" modules
cli "with what is wrong" 0 "*text *refused *text.so cannot be loaded*" "" \
    modules list
cli "for programs as the protocol has it" 0 '*"modules":*"text.so*' "" \
    call module.list
cli "a row is a module" 0 '*"name":"plain",*"loaded":true,*' "" \
    modules --json
cli "a change is told to programs, too" 0 '*"changed":false,*' "" \
    modules load plain --json
cli "a module has a name" 2 "" "*modules load needs the name of a module" \
    modules load
cli "all of them have none" 2 "" "*modules list takes no name" \
    modules list plain
cli "what can be done is completed" 0 "reload*" "" -T 60s complete modules rel
cli "with the module" 0 "plain*" "" -T 60s complete modules unload pl
"$evtask" create plain delay=1000 --name held >/dev/null
cli "one in use stays" 1 "" "*module plain has tasks*" \
    modules unload plain
"$evtask" cancel held --wait >/dev/null
build plain four
cli "the folder is read anew" 0 '*"changed":1,*' "" \
    daemon.reload --json
"$evtask" create plain --name fourth >/dev/null
"$evtask" wait fourth >/dev/null 2>&1
is "a coroutine of the newest file" four "$("$evtask" result fourth)"
like "a coroutine says where it is from" '*"module":"plain"*' \
    "$("$evtask" call coroutine.get name=plain)"

cli "help has the verb's example" 0 "*Example*evtask modules reload *" "" \
    help modules

# How much is logged.
cli "less is logged" 0 "*error*info*" "" log_level level=error
before=$(log | wc -l)
"$evtask" modules unload plain 2>/dev/null
is "what is less urgent is not said" "$before" "$(log | wc -l)"
cli "and more again" 0 "*notice*error*" "" log_level level=notice
"$evtask" modules load plain 2>/dev/null
like "and said" "*module plain is loaded" "$(log | tail -n 1)"

# A file that is refused is not counted among those that are loaded for ever, of
# which there may be a thousand.
for _ in $(seq 1100); do
	printf '{"jsonrpc":"2.0","id":1,"method":"daemon.reload","params":{}}\n' >&3
done 3>"$tmp/reloads"
"$evtask" log_level level=error >/dev/null
is "it is refused again and again" 1100 \
    "$(nc -U -N "$socket" <"$tmp/reloads" | wc -l)"
"$evtask" log_level level=notice >/dev/null
build plain five
scan "module plain is reloaded"

# Files that others may write to are not ours.
build other one
chmod 666 "$modules/other.so"
scan "module other is not loaded: .*others may write"
chmod 644 "$modules/other.so"
scan "module other is loaded"

rm "$modules/plain.so"
scan "module plain is unloaded"
cli "what was withdrawn cannot be created" 1 "" "*plain*" create plain
is "and what it did is still known" two "$("$evtask" result second)"

"$evtask" shutdown >/dev/null 2>&1
wait "$daemon"
is "evtaskd ends as ever" 0 $?
daemon=
done_testing
