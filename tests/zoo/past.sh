# past.sh - "trace open": list, tree and why of a past moment, from the file of
# a trace; and what is said of files that are none.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"
trace=$tmp/trace.json

# opened NAME PATTERN WORD...: evtask trace open prints that of the trace
opened() {
	opened_name=$1 opened_pattern=$2
	shift 2
	says "$opened_name" "$opened_pattern" trace open "$trace" "$@"
}

let_out two-locks right waiting
"$evtask" create sibling --wait >/dev/null
until_like "*upper *raised*" list
ok "a trace is saved" "$evtask" trace save "$trace"
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=

opened "tasks are listed without a server" "ID *NAME *STATE*
*left *waiting*lock log <- right(3)*
*right *waiting*lock db <- left(2)*
*upper *raised*
*leaf *cancelled*"
opened "and which moment it is" "* of *, at 20[0-9][0-9]-*" list
opened "why goes round the circle" "left(2) waits for lock log <- right(3), since *
right(3) waits for lock db <- left(2), since *
left(2) is above: the circle is closed

That is a deadlock: *" why left
opened "by its id, too" "right(3) waits for lock db <- left(2)*" why 3
opened "the tree closes the circle" "left(2)  lock log <- right(3)
└─ right(3)  lock db <- left(2)
   └─ left(2)  closes a circle*" tree
opened "who made whom" "*left(2)*
right(3)*" tree --created
opened "in the beginning there was nothing" "no tasks*" list --at 0
like "the same in numbers" '*"cause":"deadlock","back":0*' \
    "$("$evtask" --json trace open "$trace" why left)"

if command -v jq >/dev/null; then
	# When leaf slept, nothing had failed yet.
	at=$(jq -r '[.traceEvents[] | select(.args.name == "leaf") | .tid][0]
	    as $leaf | [.traceEvents[] | select(.tid == $leaf and
	    .cat == "wait") | .ts + 1 | floor] | .[0]' "$trace")
	opened "of a moment in between" "*upper *waiting*tasks *
*lower *waiting*tasks 1*
*leaf *waiting*" list --at "${at}us"
	opened "children of groups are below them" "upper(*)  tasks *
├─ middle(*)  tasks 1
│  └─ lower(*)  tasks 1
│     └─ leaf(*)  *
└─ Task-*(*)  timer [0-9]*s*" tree --at "${at}us" upper
	jq . "$trace" >"$tmp/pretty.json"
	says "what is laid out anew is not taken" "*pretty.json is not a file*" \
	    trace open "$tmp/pretty.json"
else
	skip "of a moment in between" "no jq"
fi

opened "who was not there" "*there was no task nobody then*" why nobody
opened "why about whom" "*say which*" why
opened "no moment" "*soon is no moment*" list --at soon
opened "a moment too late" "*the trace is * long*" list --at 5h
opened "and too early" "*the trace is * long*" list --ago 5h
opened "no such view" "*VIEW*list*tree*why*" forest

says "no file" "*trace open needs the file*" trace open
says "a file that is not there" "*cannot read /nowhere/x: No such file*" \
    trace open /nowhere/x
says "a folder" "*/tmp is not a file*" trace open /tmp
says "what never ends" "*/dev/zero is not a file*" trace open /dev/zero
: >"$tmp/empty"
says "an empty one" "*empty is not a file*" trace open "$tmp/empty"
echo '{"traceEvents":[' >"$tmp/other"
says "one of another program" "*other is not a file*" trace open "$tmp/other"
sed '1s/"evtask":1/"evtask":2/' "$trace" >"$tmp/newer"
says "one that is newer" "*newer has been written by a newer evtask*" \
    trace open "$tmp/newer"
head -c 3000 "$trace" >"$tmp/cut"
says "one that is cut off" "*cut is cut off behind line *: save it again*" \
    trace open "$tmp/cut"
sed '3s/.*/nonsense/' "$trace" >"$tmp/changed"
says "one that is damaged" "*line 3 of *changed is no event*" \
    trace open "$tmp/changed"
sed '3s/"tid":[0-9]*,//' "$trace" >"$tmp/changed"
says "or lacks what it must have" "*line 3 of *changed is no event*" \
    trace open "$tmp/changed"
{ sed -n 1,2p "$trace"; head -c 70000 /dev/zero | tr '\0' x; } >"$tmp/long"
says "or has a line without end" "*line 3 of *long is no event*" \
    trace open "$tmp/long"
is "all of these fail" 1 "$("$evtask" trace open "$tmp/long" >/dev/null 2>&1
    echo $?)"
{
	sed -n 1p "$trace"
	yes '{"ph":"i","tid":1,"ts":1,"name":"created"},' | head -n 4194305
	echo ']}'
} >"$tmp/huge"
says "one that is too large" "*huge is too large: more than 4194304 events; save less*" \
    trace open "$tmp/huge"
rm -f "$tmp/huge"
says "save knows no views" "*trace save takes no \"list\"*" \
    trace save "$trace" list
done_testing
