# trace.sh - the flight recorder, as a file that Perfetto and chrome://tracing
# take: every event is complete, every arrow has both ends.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"

if ! command -v jq >/dev/null; then
	skip "a trace" "no jq"
	done_testing
fi

# holds NAME FILTER: jq says true of the trace
holds() {
	is "$1" true "$(jq "[.traceEvents[]] | $2" "$tmp/trace.json" 2>&1)"
}

let_out sibling upper raised
ok "the recorder runs from the beginning" "$evtask" trace save "$tmp/trace.json"
holds "it is the format of Chrome" 'all(.ph | IN("X", "s", "f", "i", "C", "M"))'
holds "slices have a beginning and a length" \
    '[.[] | select(.ph == "X")] | length > 10 and all(.ts >= 0 and .dur >= 0)'
holds "no arrow is unmatched" \
    '([.[] | select(.ph == "s") | .id] | sort) == ([.[] | select(.ph == "f") | .id] | sort)'
holds "an arrow does not go back in time" \
    '[.[] | select(.ph == "s" or .ph == "f")] | group_by(.id) | all(.[0].ts <= .[1].ts)'
holds "slices of a track do not overlap" \
    '[.[] | select(.ph == "X")] | group_by(.tid) | all(sort_by(.ts) |
    [range(1; length) as $i | .[$i].ts - .[$i - 1].ts - .[$i - 1].dur] | all(. > -0.002))'
holds "tracks have the names of tasks" \
    '[.[] | select(.ph == "M") | .args.name] | contains(["upper", "middle", "lower", "leaf"])'
holds "waits are named" '[.[].name] | contains(["sleep", "group.exit 1"])'
holds "endings are there" '[.[].name] | contains(["raised", "cancelled"])'

"$evtask" trace save --last 0 >"$tmp/trace.json"
holds "of the last moment there is little" '[.[] | select(.ph == "X")] | length < 10'
says "a file that cannot be written" "*cannot write /nowhere/x*" trace save /nowhere/x
ok "it is begun anew" "$evtask" trace start
ok "and stopped" "$evtask" trace stop
says "then there is none" "*nothing is recorded*" trace save

let_out spin spinner ready
"$evtask" trace start
until_like "*spinner*[1-9][0-9].[0-9]%*" top --last 0.2
says "the busy one is at the top" "* task*, busy *%, * runs in * ms
ID *BUSY*RUNS*READY*
 2  spinner *%*" top --last 0.2 --limit 1
says "as JSON" '{"id":2,"busy_us":[1-9]*,"runs":[1-9]*' --json top --last 0.2
says "and by itself it is one screen" "*spinner*" top --limit 3

kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=
done_testing
