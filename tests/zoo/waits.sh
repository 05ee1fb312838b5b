# waits.sh - sick waits: deadlocks, orphans, lost wake-ups, locks left held;
# what list, why, tree, locks, deadlocks and warnings say of each.
. "${top_srcdir:-.}/tests/zoo/zoo_lib.sh"

let_out two-locks right waiting
says "a deadlock is in the list" "*left *waiting*lock log <- right(3); deadlock!*right *lock db <- left(2); deadlock!*" list
says "why goes round the circle" "left(2) waits for lock log <- right(3), since *, at tests/zoo/zoo.c:* in take_two
right(3) waits for lock db <- left(2), since *, at tests/zoo/zoo.c:* in take_two
left(2) is above: the circle is closed

That is a deadlock: *" why left
says "deadlocks names both" "deadlock of 2 tasks
left(2) waits for lock log <- right(3), *
right(3) waits for lock db <- left(2), *only the program's own callbacks*" deadlocks
says "the tree closes the circle" "left(2)  lock log <- right(3)
└─ right(3)  lock db <- left(2)
   └─ left(2)  closes a circle" tree
says "locks tell holder and waiter" "ID  TYPE  NAME  HOLDER *
 1  lock  db *left(2) *right(3)*
 2  lock  log *right(3) *left(2)*" locks
says "it is a warning" "left(2)  deadlock
right(3)  deadlock*" warnings
ok "help explains it" sh -c "'$evtask' help warnings | grep -q deadlock"
ok "one is cancelled" "$evtask" cancel left
until_like "*right *returned*" list
says "and the other goes on" "no deadlocks" deadlocks

let_out three-cycle cyd waiting
says "three in a circle" "deadlock of 3 tasks
ann(2) waits for lock log <- bob(3)*
bob(3) waits for lock net <- cyd(4)*
cyd(4) waits for lock db <- ann(2)*" deadlocks

let_out lost-wake-up late waiting
says "whoever missed the bell waits for the condition" "*late *condition bell*" list
says "and nobody is known to ring it" "late(2) waits for condition bell*
Who is to end that wait is not known*" why late
says "nothing can wake anything" "no deadlocks
all tasks wait*" deadlocks

let_out orphan oliver waiting
says "an orphan is a warning" "*oliver *gather; orphan-wait!*" list
says "and the cause" "*an*orphan*" why oliver

let_out queue-unread filler waiting
says "the queue is full" "* queue  jobs  - *3/3 *filler(2)*" resources
says "and is written to" "*filler *queue jobs put*" list

let_out lock-held victim waiting
says "who ended holds it still" "*victim *lock db <- thief(2), which has ended; abandoned-lock!*" list
says "the thief is known" "*thief *returned*lock-left-held!*" list
says "that is why" "*The task that took that lock has ended*" why victim

let_out spin spinner ready
until_like "*self-waking*" warnings
says "who wakes itself is a warning" "*spinner(2)  self-waking*" warnings

let_out uncancellable mule waiting
ok "a mule is asked to stop" "$evtask" cancel mule -m "come here"
says "and does not" "*mule *asked to stop*" list
says "who asked is on record" "*cancel *asked for 1 time*client*come here*" show mule

let_out sibling upper raised
says "a leaf was cancelled by its group" "*leaf *cancelled*" list
says "which is that of the task above it" "*cancel *by group 5 at *zoo.c:*" show leaf
says "that one by the next group" "*cancel *by group 3 at *zoo.c:*" show lower
says "up to where a sibling failed" "*cancel *by group 2 at *zoo.c:*" show middle
says "whose error is told" "*error *the disk is gone*" show Task-4

kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
daemon=
done_testing
