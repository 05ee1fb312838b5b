# stacks.sh - the stacks of parked tasks: below libc, in a module without frame
# pointers, at the very end of a stack, in a crowd.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"
ZOO_MODULE=$top_builddir/tests/zoo/.libs/nofp.so
export ZOO_MODULE

let_out sorter sorter waiting
ok "there is a stack" "$evtask" stack sorter
cp "$tmp/out" "$tmp/stack"
like "it begins with what it waits for" "sorter(2) waits for timer, for ever*
#0 *" "$(cat "$tmp/stack")"
like "static functions and libc are in it" "*evtask_sleep_at*compare_slowly*
#*
#*sort_slowly*" \
    "$(cat "$tmp/stack")"
if grep -q '^LIBDW_LIBS = *$' "$top_builddir/Makefile"; then
	skip "lines of the source" "no libdw"
else
	like "lines of the source are in it" "*compare_slowly at *tests/zoo/zoo.c:[0-9]*" \
	    "$(cat "$tmp/stack")"
fi
says "as JSON" '*"func":"sort_slowly"*' --json stack sorter
says "folded, the outermost first" "*sort_slowly;*compare_slowly;*evtask_sleep_at;* 1" \
    stacks --folded

let_out module module waiting
# Four, and the line above them says where it waits.
is "frames without frame pointers" 5 \
    "$("$evtask" stack module | grep -c nofp_inner)"
says "and the one that called them" "*nofp_inner*nofp_run*" stack module

let_out shallow sink waiting
says "hardly any stack is left, and it is shown" "*sink*" stack sink
says "its stack is a warning" "*stack-high*" show sink

let_out crowd crowd returned
# A hundred thousand of them; a sanitizer would want gigabytes for that.
crowd=100000
! sanitized || crowd=4000
"$evtask" create crowd n=$((crowd - 1000)) --wait >/dev/null
until_like "$crowd tasks, waiting *
#0*sleep_long*" stacks
says "equal stacks are one" "* tasks, waiting * all together: Task-*
#0 *evtask_sleep_at*sleep_long*" stacks --limit 1
says "one has no stack when it is done" "*task * has no stack*" stack @last

kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=
done_testing
