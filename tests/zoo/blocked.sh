# blocked.sh - a loop that is blocked, by sleep(3) and by a question to a server
# of names: who answers for it, and what it says when it goes on; and a stack that
# overflows.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"
export ZOO_WAKE="$tmp/wake"

# block ANIMAL TASK: a zoo, and in it that animal, when it blocks the loop
block() {
	rm -f "$ZOO_WAKE"
	let_out lost-wake-up late waiting
	"$evtask" create "$1" >/dev/null 2>&1 &
	creator=$!
	until_like "loop blocked * by task $2(*" loop status
}

# wake: the loop goes on
wake() {
	: >"$ZOO_WAKE"
	wait $creator
	until_like "*$1 *returned*" list
}

block sleepy sleeper
says "who blocks it is said, and where" "loop blocked *.* s by task sleeper(*) *" loop status
says "with the stack, from the system call on" "loop blocked *sleep*sleep_in_system*" loop stack
"$evtask" list >"$tmp/list" 2>"$tmp/words" &
lister=$!
left=1200
until grep -q "loop blocked" "$tmp/words" || [ $left -eq 0 ]; do
	left=$((left - 1))
	sleep 0.05
done
ok "who waits for an answer is told" grep -q "loop blocked .* by task sleeper" "$tmp/words"
wake sleeper
wait $lister
ok "and gets it in the end" grep -q sleeper "$tmp/list"
until_like "* by sleeper, *" loop stalls	# who watches has seen it go on
says "it is remembered" "* by sleeper, * ago
*sleep_in_system*" loop stalls
says "a loop that goes on does" "loop *s*" loop
says "its numbers are of the whole loop" "turns*stack_guard*" loop stats
says "it is counted" "*evtask_loop_stalls_total?[1-9]*" call metrics.get format=prometheus

block dns resolver
says "blocking DNS is told by its functions" "loop blocked *res_nquery*look_up*" loop stack
wake resolver

let_out lost-wake-up late waiting
if sanitized; then
	skip "a stack that overflows is told by its task" "the sanitizer's words"
else
	"$evtask" create bottomless >/dev/null 2>&1
	wait "$daemon" 2>/dev/null
	ok "a stack that overflows is told by its task" grep -q "task digger (id [0-9]*) overflowed" "$tmp/log"
	daemon=
fi
done_testing
