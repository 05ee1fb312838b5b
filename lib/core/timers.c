/*
 * timers.c - a heap of deadlines, eight children to a node.
 *
 * Deadlines stand in the array beside what is to run then, so that comparing
 * touches nothing else; what is armed knows its place, so that disarming does
 * not search. Equal deadlines keep the order in which they were armed.
 *
 * Children begin at a cache line: eight are three lines that the processor
 * fetches together, where a binary heap would wait for three one after the
 * other.
 *
 * The root is left vacant when its deadline has passed or was taken back: most
 * often the next to be armed, by whoever was woken, is early, too, and may have
 * it. Until then the heir is known, the earliest child.
 */
#include "core/timers.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/slab.h"
#include "coro/room.h"

enum {
	CHILDREN = 8,
	FIRST_CAPACITY = 64,
	FEW = 512,		/* expire one by one */
	UNUSED = CHILDREN - 1,	/* in front of the root: its children begin
				   at a line */
};

_Static_assert(sizeof(struct timer) * CHILDREN % CACHE_LINE == 0,
    "children fill their cache lines");

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

/* Deadline and order, to be compared at once: no processor has to guess. */
static inline int128
rank(const struct timer *timer)
{
	return (int128)((uint128)timer->when_us << 64 | timer->order);
}

static inline bool
before(const struct timer *a, const struct timer *b)
{
	return rank(a) < rank(b);
}

static inline void
put(struct timers *timers, uint32_t at, struct timer timer)
{
	timers->heap[at] = timer;
	timer.runs->slot = at;
}

/* The hole at `at` rises until the timer may fill it. Inlined, so that a timer
 * stays in registers: one put together on the stack and fetched from there at
 * once would be waited for. */
static inline __attribute__((__always_inline__)) void
rise(struct timers *timers, uint32_t at, struct timer timer)
{
	while (at > 0) {
		uint32_t parent = (at - 1) / CHILDREN;

		if (!before(&timer, &timers->heap[parent]))
			break;
		put(timers, at, timers->heap[parent]);
		at = parent;
	}
	put(timers, at, timer);
}

/* Which of two; by arithmetic, since a guess would be wrong half the time. */
static inline uint32_t
earlier(const struct timer *of, uint32_t a, uint32_t b)
{
	return a ^ ((a ^ b) & -(uint32_t)before(&of[b], &of[a]));
}

static inline uint32_t
earliest(const struct timer *of, uint32_t n)
{
	uint32_t first = 0;

	for (uint32_t i = 1; i < n; i++)
		first = earlier(of, first, i);
	return first;
}

/* Of eight, in pairs: three comparisons that wait for each other, not seven. */
static inline uint32_t
earliest_child(const struct timer *of)
{
	return earlier(of,
	    earlier(of, earlier(of, 0, 1), earlier(of, 2, 3)),
	    earlier(of, earlier(of, 4, 5), earlier(of, 6, 7)));
}

/* The earliest of the children of `at`; n or more when it has none. */
static inline uint32_t
first_child(const struct timers *timers, uint32_t at)
{
	uint32_t child = at * CHILDREN + 1;
	const struct timer *of = &timers->heap[child];

	if (child + CHILDREN <= timers->n)
		return child + earliest_child(of);
	return child < timers->n ? child + earliest(of, timers->n - child) :
	    child;
}

/* The hole at `at` sinks until the timer may fill it. */
static inline __attribute__((__always_inline__)) void
sink(struct timers *timers, uint32_t at, struct timer timer)
{
	uint32_t child;

	while ((child = first_child(timers, at)) < timers->n &&
	    before(&timers->heap[child], &timer)) {
		put(timers, at, timers->heap[child]);
		at = child;
	}
	put(timers, at, timer);
}

/* The hole at `at` goes where the timer may fill it. */
static inline __attribute__((__always_inline__)) void
fill(struct timers *timers, uint32_t at, struct timer timer)
{
	if (at > 0 && before(&timer, &timers->heap[(at - 1) / CHILDREN]))
		rise(timers, at, timer);
	else
		sink(timers, at, timer);
}

static inline void
note_first(struct timers *timers)
{
	timers->first_us = timers->n > 0 ? timers->heap[0].when_us : INT64_MAX;
}

/* The root, which is vacant, goes to the timer or to the earliest child. */
static inline __attribute__((__always_inline__)) void
take_root(struct timers *timers, struct timer timer)
{
	uint32_t heir = timers->heir;

	timers->heir = 0;
	if (before(&timer, &timers->heap[heir])) {
		put(timers, 0, timer);
		return;
	}
	put(timers, 0, timers->heap[heir]);
	sink(timers, heir, timer);
}

/* The root is needed, and left vacant by whoever had it. */
static void
fill_root(struct timers *timers)
{
	struct timer last = timers->heap[--timers->n];

	if (timers->heir < timers->n) {
		take_root(timers, last);
		return;
	}
	timers->heir = 0;
	put(timers, 0, last);
}

/* The one at the root goes. */
static inline void
leave_root(struct timers *timers)
{
	if (timers->n == 1) {
		timers->n = 0;
		timers->first_us = INT64_MAX;
		return;
	}
	timers->heir = first_child(timers, 0);
	timers->first_us = timers->heap[timers->heir].when_us;
}

void
timers_init(struct timers *timers)
{
	*timers = (struct timers){ .first_us = INT64_MAX };
}

static size_t
bytes(uint32_t capacity)
{
	return (CHILDREN + (size_t)capacity) * sizeof(struct timer);
}

void
timers_release(struct timers *timers)
{
	if (timers->heap != NULL)
		room_resize(timers->heap - UNUSED, bytes(timers->capacity), 0);
}

static int
resize(struct timers *timers, uint32_t capacity)
{
	struct timer *heap = timers->heap == NULL ?
	    room_resize(NULL, 0, bytes(capacity)) :
	    room_resize(timers->heap - UNUSED, bytes(timers->capacity),
		bytes(capacity));

	if (heap == NULL)
		return -ENOMEM;
	timers->heap = heap + UNUSED;
	timers->capacity = capacity;
	return 0;
}

static int
grow(struct timers *timers)
{
	if (timers->capacity > UINT32_MAX / CHILDREN / 2)
		return -ENOMEM;
	return resize(timers, timers->capacity > 0 ?
	    timers->capacity * 2 : FIRST_CAPACITY);
}

void
timers_trim(struct timers *timers)
{
	uint32_t capacity = timers->capacity;

	while (capacity > FIRST_CAPACITY && capacity / 4 > timers->n)
		capacity /= 2;
	if (capacity < timers->capacity)
		(void)resize(timers, capacity);
}

int
timers_add(struct timers *timers, struct runnable *r, int64_t when_us)
{
	struct timer timer = {
		.when_us = when_us, .order = timers->armed, .runs = r,
	};

	if (timers->n == timers->capacity && timers->heir == 0 &&
	    grow(timers) < 0)
		return -ENOMEM;
	timers->armed++;
	r->armed = true;
	if (timers->heir != 0)
		take_root(timers, timer);
	else
		rise(timers, timers->n++, timer);
	note_first(timers);
	return 0;
}

void
timers_move(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (timers->heir != 0)
		fill_root(timers);
	fill(timers, r->slot, (struct timer){
	    .when_us = when_us, .order = timers->armed++, .runs = r });
	note_first(timers);
}

void
timers_remove(struct timers *timers, struct runnable *r)
{
	struct timer last;

	r->armed = false;
	if (timers->heir != 0)
		fill_root(timers);
	if (r->slot == 0) {
		leave_root(timers);
		return;
	}
	last = timers->heap[--timers->n];
	if (r->slot < timers->n)
		fill(timers, r->slot, last);
	note_first(timers);
}

/* Expiring. */

static void
expire_one(struct timers *timers, struct ready *ready)
{
	struct runnable *r;

	if (timers->heir != 0)
		fill_root(timers);
	/* Written to and not read: nobody waits for it. */
	r = timers->heap[0].runs;
	r->armed = false;
	ready_push(ready, r);
	leave_root(timers);
}

/*
 * Many at once are not taken from the root one by one: they are the upper part
 * of the heap. They are found from parent to child, their places given to the
 * last ones from below upwards, and they are sorted, by one digit after the
 * other. Of a million that saves most of the time.
 */
enum {
	DIGIT = 11,		/* bits */
	DIGITS = 1 << DIGIT,
};

struct crowd {
	uint32_t n;
	uint32_t *at;		/* their places, ascending */
	struct timer *due, *spare;
};

static void
crowd_release(struct crowd *crowd)
{
	free(crowd->at);
	free(crowd->due);
	free(crowd->spare);
}

/* Room for all there are; what is not used costs nothing. */
static bool
crowd_init(struct crowd *crowd, uint32_t n)
{
	*crowd = (struct crowd){
		.at = malloc(n * sizeof *crowd->at),
		.due = malloc(n * sizeof *crowd->due),
		.spare = malloc(n * sizeof *crowd->spare),
	};
	return crowd->at != NULL && crowd->due != NULL && crowd->spare != NULL;
}

static void
crowd_find(struct crowd *crowd, const struct timers *timers, int64_t now_us)
{
	crowd->at[crowd->n++] = 0;
	for (uint32_t i = 0; i < crowd->n; i++) {
		uint32_t child = crowd->at[i] * CHILDREN + 1;
		uint32_t end = child + CHILDREN;

		crowd->due[i] = timers->heap[crowd->at[i]];
		end = end < timers->n ? end : timers->n;
		for (; child < end; child++)
			if (timers->heap[child].when_us <= now_us)
				crowd->at[crowd->n++] = child;
	}
}

/* From below: under a place that is filled stands a heap. */
static void
crowd_leave(const struct crowd *crowd, struct timers *timers)
{
	for (uint32_t i = crowd->n; i-- > 0;) {
		struct timer last = timers->heap[--timers->n];

		if (crowd->at[i] < timers->n)
			sink(timers, crowd->at[i], last);
	}
	note_first(timers);
}

static inline uint64_t
key_of(const struct timer *timer, bool by_order)
{
	return by_order ? timer->order : (uint64_t)timer->when_us;
}

/* Those that are equal in this digit stay as they are. */
static inline void
sort_by_digit(struct crowd *crowd, bool by_order, uint64_t least, int shift)
{
	uint32_t begin[DIGITS + 1] = { 0 };
	struct timer *sorted = crowd->spare;

	for (uint32_t i = 0; i < crowd->n; i++)
		begin[1 + ((key_of(&crowd->due[i], by_order) - least) >> shift)
		    % DIGITS]++;
	for (int digit = 0; digit < DIGITS; digit++)
		begin[digit + 1] += begin[digit];
	for (uint32_t i = 0; i < crowd->n; i++)
		sorted[begin[((key_of(&crowd->due[i], by_order) - least) >>
		    shift) % DIGITS]++] = crowd->due[i];
	crowd->spare = crowd->due;
	crowd->due = sorted;
}

static void
sort_by(struct crowd *crowd, bool by_order)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	uint64_t range;

	for (uint32_t i = 0; i < crowd->n; i++) {
		int64_t key = (int64_t)key_of(&crowd->due[i], by_order);

		least = key < least ? key : least;
		most = key > most ? key : most;
	}
	range = (uint64_t)most - (uint64_t)least;
	for (int shift = 0; shift < 64 && range >> shift != 0; shift += DIGIT)
		sort_by_digit(crowd, by_order, (uint64_t)least, shift);
}

/* False: there is no memory for it, and nothing has changed. */
static bool
expire_crowd(struct timers *timers, int64_t now_us, struct ready *ready)
{
	struct crowd crowd;
	bool possible;

	if (timers->heir != 0)
		fill_root(timers);
	possible = crowd_init(&crowd, timers->n);
	if (possible) {
		crowd_find(&crowd, timers, now_us);
		crowd_leave(&crowd, timers);
		sort_by(&crowd, true);
		sort_by(&crowd, false);
	}
	for (uint32_t i = 0; i < crowd.n; i++) {
		crowd.due[i].runs->armed = false;
		ready_push(ready, crowd.due[i].runs);
	}
	crowd_release(&crowd);
	return possible;
}

static inline bool
is_due(const struct timers *timers, int64_t now_us)
{
	return timers->first_us <= now_us && timers->n > 0;
}

void
timers_expire(struct timers *timers, int64_t now_us, struct ready *ready)
{
	for (int few = 0; is_due(timers, now_us); few++)
		if (few != FEW || !expire_crowd(timers, now_us, ready))
			expire_one(timers, ready);
}
