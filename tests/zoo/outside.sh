# outside.sh - tasks of a process that is looked at from outside: while it runs,
# while its loop is blocked, stopped by a signal; then its core; and by gdb.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"
export ZOO_WAKE="$tmp/wake"
ulimit -c unlimited 2>/dev/null

# There are systems and containers that let nobody look.
let_out two-locks right waiting
if ! "$evtask" --pid "$daemon" list >/dev/null 2>"$tmp/words" &&
    grep -q -e "cannot be looked" -e "cannot be read" -e "without elfutils" \
    "$tmp/words"; then
	skip "a process is read from outside" "$(cat "$tmp/words")"
	kill -KILL "$daemon"
	daemon=
	done_testing
	exit
fi

"$evtask" stack left >/dev/null	# it has mapped its own files now
says "what runs is listed" "*left *waiting*lock log <- right(3)*right *lock db <- left(2)*" --pid "$daemon" list
says "by state, too" "no tasks" --pid "$daemon" list --state created
says "the tree closes the circle" "left(2)  lock log <- right(3)
└─ right(3)  lock db <- left(2)
   └─ left(2)  closes a circle" --pid "$daemon" tree
says "so many at most" "*left *" --pid "$daemon" list --limit 1
is "and no more" 2 "$("$evtask" --pid "$daemon" list --limit 1 | wc -l)"
says "a filter that needs a server is refused" "evtask: list --label needs a server: from outside that cannot be told" --pid "$daemon" list --label a=b
says "and so is another" "evtask: list --coroutine needs a server: *" --pid "$daemon" list --coroutine two-locks
says "and a task where none is taken" "evtask: tree needs a server for left: from outside it takes no task" --pid "$daemon" tree left
says "or one too many" "evtask: stack needs a server for right: from outside it takes one task" --pid "$daemon" stack left right
kill -STOP "$daemon"
says "a stopped one is as good" "left(2) waits for lock log <- right(3)*in take_two
*take_two*take_0_1*" --pid "$daemon" stack left
says "a task is known by its id" "right(3) waits for *" --pid "$daemon" stack 3
says "and who is not there is not" "evtask: there is no task nobody there*" --pid "$daemon" stack nobody
kill -CONT "$daemon"
says "some verbs need a server" "evtask: cancel needs a server*" --pid "$daemon" cancel left
says "not every process has tasks" "evtask: that is no program of libevtask*" --pid $$ list

# A core of its own making, where it may be written to where it stood.
pattern=$(cat /proc/sys/kernel/core_pattern 2>/dev/null)
where=$(readlink "/proc/$daemon/cwd")
kill -ABRT "$daemon"
wait "$daemon" 2>/dev/null
core=
for file in "$where/core" "$where/core.$daemon"; do
	[ -f "$file" ] && [ -n "$(find "$file" -newer "$tmp/words")" ] &&
		core=$file
done
daemon=
if [ -z "$core" ]; then
	skip "a core is listed" "no core is written here: $pattern"
else
	says "a core is listed" "*left *waiting*lock log <- right(3)*right *lock db <- left(2)*" --core "$core" list
	says "with stacks" "left(2) waits for *
*take_two*take_0_1*" --core "$core" stack left
	rm -f "$core"
fi
says "not every file is a core" "evtask: $0 is not a core" --core "$0" list

# Edges are those that the server has, whatever tasks wait by.
edges() {
	"$evtask" "$@" tree --json | sed -n \
	    's/^{"id":\([0-9]*\),.*"awaits":\[\([^]]*\)\].*/\1 \2/p' |
	    sed 's/, /,/g' | sort -n
}
let_out crew follower waiting
inside=$(edges)
is "who waits for several is seen to" "$inside" "$(edges --pid "$daemon")"
is "and five of the crew do wait" 5 "$(echo "$inside" | grep -c ' [0-9]')"
says "the tree has them" "*gatherer(*
*anna(*
*bert(*" --pid "$daemon" tree
kill -KILL "$daemon"
daemon=

let_out lost-wake-up late waiting
"$evtask" create sleepy >/dev/null 2>&1 &
until_like "loop blocked * by task sleeper(*" loop status
says "who blocks it runs" "*sleeper *running*" --pid "$daemon" list
if sanitized; then
	skip "and its stack is had from its thread" "a sanitizer's"
else
	says "and its stack is had from its thread" "*sleep*sleep_in_system*" --pid "$daemon" stack sleeper
fi
: >"$ZOO_WAKE"

let_out two-locks right waiting
if command -v gdb >/dev/null; then
	gdb -q -batch -nx -p "$daemon" -x "$top_srcdir/gdb/evtask-gdb.py" \
	    -ex "evtask list" -ex "echo BT\\n" -ex "evtask bt left" \
	    -ex "echo AFTER\\n" -ex bt >"$tmp/gdb" 2>&1
	like "gdb lists them" "* left *waiting*lock.acquire lock log <- right(3) at *zoo.c*" "$(cat "$tmp/gdb")"
	like "gdb has their stacks" "*BT*take_two*take_0_1*AFTER*" "$(cat "$tmp/gdb")"
	like "and its own again" "*AFTER*epoll_wait*main*" "$(cat "$tmp/gdb")"
else
	skip "gdb lists them" "no gdb"
fi

# More than fit into one read: each of them, once.
let_out crowd crowd returned
until_like "1000 tasks, waiting *" stacks
kill -STOP "$daemon"
is "a crowd is read whole" 1000 "$("$evtask" --pid "$daemon" list |
    awk '$3 == "waiting" || $4 == "waiting" { print $1 }' | sort -u | wc -l)"
kill -CONT "$daemon"
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=
done_testing
