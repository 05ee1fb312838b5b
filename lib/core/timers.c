/*
 * timers.c - deadlines: a heap, and behind it those that have come since.
 *
 *	 0            sorted            n          capacity
 *	 |    heap      |   unsorted    |   free      |
 *
 * Most timers are timeouts and taken back before they are due, and of those
 * that stay only the earliest matters. So nothing is put into order before
 * somebody must know who is first, and does not: to arm is to append, to
 * disarm is to leave a place vacant, and the first is remembered while it
 * stays. When it has left, or is due, the unsorted rise into the heap, where
 * most of them stand right as they are.
 *
 * A vacant place keeps its deadline, so that the heap is one. It goes when it
 * comes to be the root, or the last; or when the gaps are closed, since half
 * of all are gaps: then what was behind the first of them is unsorted again.
 * They are counted when the array is full, before it grows, and when it is to
 * be put into order. So a place costs the same however many there are, and
 * there are never more than four for each that was armed at a time.
 */
#include "core/timers.h"

#include <errno.h>

#include "core/crowd.h"
#include "core/heap.h"
#include "coro/room.h"

enum {
	FIRST_CAPACITY = 64,
	FEW = 512,		/* expire one by one */
};

static inline bool
is_vacant(const struct timers *timers, uint32_t at)
{
	return timers->at[at].runs == NULL;
}

static inline void
forget_all(struct timers *timers)
{
	timers->n = timers->sorted = 0;
	timers->first = TIMERS_UNKNOWN;
	timers->first_us = INT64_MAX;
}

/* Putting into order. */

/* So many places are taken. */
static inline void
cut(struct timers *timers, uint32_t n)
{
	timers->n = n;
	if (timers->sorted > n)
		timers->sorted = n;
}

/* The last place is not vacant. */
static inline void
cut_vacant(struct timers *timers)
{
	uint32_t n = timers->n;

	while (n > 0 && is_vacant(timers, n - 1))
		n--;
	cut(timers, n);
}

/* What is before the first gap stays as it was. */
static void
close_gaps(struct timers *timers)
{
	uint32_t to = 0;

	while (to < timers->n && !is_vacant(timers, to))
		to++;
	if (timers->sorted > to)
		timers->sorted = to;
	for (uint32_t from = to; from < timers->n; from++) {
		if (is_vacant(timers, from))
			continue;
		if (timers->first == from)
			timers->first = to;
		heap_put(timers->at, to++, timers->at[from]);
	}
	timers->n = to;
}

/* A vacant place of the heap is filled with the last. */
static inline void
fill(struct timers *timers, uint32_t at)
{
	struct timer last = timers->at[timers->n - 1];

	cut(timers, timers->n - 1);
	heap_sink(timers->at, timers->sorted, at, last);
	cut_vacant(timers);
}

/* The same at the root, where the first will be. It may be known: then it is
 * one of the children, or behind the heap. */
static inline void
fill_root(struct timers *timers)
{
	struct timer last = timers->at[timers->n - 1];
	uint32_t first = timers->first;

	timers->first = TIMERS_UNKNOWN;
	if (first == timers->n - 1) {
		cut(timers, first);
		heap_put(timers->at, 0, last);
	} else if (first < timers->sorted) {
		cut(timers, timers->n - 1);
		heap_put(timers->at, 0, timers->at[first]);
		heap_sink(timers->at, timers->sorted, first, last);
	} else {
		fill(timers, 0);
		return;
	}
	cut_vacant(timers);
}

/* The unsorted become part of the heap; but those that are due by then, if
 * there is a crowd, become part of that. */
static inline __attribute__((__always_inline__)) void
sort(struct timers *timers, int64_t due_us, struct crowd *crowd)
{
	uint32_t n = timers->n, to = timers->sorted;

	for (uint32_t from = to; from < n; from++) {
		const struct timer *timer = &timers->at[from];

		if (timer->runs == NULL)
			continue;
		if (crowd != NULL && timer->when_us <= due_us)
			crowd_add(crowd, timer);
		else if (from == to && heap_stands(timers->at, from))
			to++;
		else
			heap_rise(timers->at, to++, *timer);
	}
	timers->n = timers->sorted = to;
	cut_vacant(timers);
}

static inline void
know_first(struct timers *timers, uint32_t at)
{
	timers->first = is_vacant(timers, at) ? TIMERS_UNKNOWN : at;
	timers->first_us = timers->at[at].when_us;
}

/*
 * One step nearer to the first: all that are armed, some at least, are a heap,
 * and none of it is before its root. If that is vacant the first is not known;
 * the next step will be nearer, if the root's deadline is not after due_us.
 */
static void
approach(struct timers *timers, int64_t due_us)
{
	if (timers->n - timers->armed > timers->armed)
		close_gaps(timers);
	if (timers->sorted > 0 && is_vacant(timers, 0) &&
	    timers->at[0].when_us <= due_us)
		fill_root(timers);
	if (timers->sorted < timers->n)
		sort(timers, 0, NULL);
	know_first(timers, 0);
}

int64_t
timers_first_us(struct timers *timers)
{
	while (timers->first == TIMERS_UNKNOWN && timers->armed > 0)
		approach(timers, INT64_MAX);
	return timers->first_us;
}

/* Memory. */

void
timers_init(struct timers *timers)
{
	*timers = (struct timers){ 0 };
	forget_all(timers);
}

static size_t
bytes(uint32_t capacity)
{
	return (HEAP_CHILDREN + (size_t)capacity) * sizeof(struct timer);
}

void
timers_release(struct timers *timers)
{
	if (timers->at != NULL)
		room_resize(timers->at - HEAP_BEFORE, bytes(timers->capacity),
		    0);
}

static bool
resize(struct timers *timers, uint32_t capacity)
{
	struct timer *at = timers->at == NULL ?
	    room_resize(NULL, 0, bytes(capacity)) :
	    room_resize(timers->at - HEAP_BEFORE, bytes(timers->capacity),
		bytes(capacity));

	if (at == NULL)
		return false;
	timers->at = at + HEAP_BEFORE;
	timers->capacity = capacity;
	return true;
}

static bool
grow(struct timers *timers)
{
	if (timers->capacity > UINT32_MAX / HEAP_CHILDREN / 2)
		return false;
	return resize(timers, timers->capacity > 0 ?
	    timers->capacity * 2 : FIRST_CAPACITY);
}

/* A place is free: gaps are closed if they are many, or there is no memory. */
static bool
make_room(struct timers *timers)
{
	if (timers->n < timers->capacity ||
	    (timers->armed >= timers->capacity / 2 && grow(timers)))
		return true;
	close_gaps(timers);
	return timers->n < timers->capacity;
}

void
timers_trim(struct timers *timers)
{
	uint32_t capacity = timers->capacity;

	while (capacity > FIRST_CAPACITY && capacity / 4 > timers->armed)
		capacity /= 2;
	if (capacity == timers->capacity)
		return;
	close_gaps(timers);
	(void)resize(timers, capacity);
}

/* Arming and disarming. */

int
timers_add_slowly(struct timers *timers, struct runnable *r, int64_t when_us)
{
	return make_room(timers) ? timers_add(timers, r, when_us) : -ENOMEM;
}

/* A leaf of the heap, whose deadline may have been near: it would come to be
 * the root while vacant. It stays in the heap instead. */
static inline void
move_up(struct timers *timers, uint32_t at)
{
	uint32_t to;

	if (heap_stands(timers->at, at))
		return;
	to = heap_rise(timers->at, at, timers->at[at]);
	if (timers->first == at)
		timers->first = to;
}

/* It leaves a place if it needs another, so there is room. */
void
timers_move(struct timers *timers, struct runnable *r, int64_t when_us)
{
	uint32_t at = r->slot;
	bool has_children = at < timers->sorted &&
	    heap_has_child(timers->sorted, at);

	timers_vacate(timers, at);
	if (has_children) {
		(void)make_room(timers);
		at = timers->n++;
	}
	timers_put(timers, at, r, when_us);
	if (at < timers->sorted)
		move_up(timers, at);
}

void
timers_cut(struct timers *timers)
{
	if (timers->armed == 0)
		forget_all(timers);
	else
		cut_vacant(timers);
}

/* Expiring. */

/* The root has left. It stays vacant: most often the next to be armed, by
 * whoever is woken, is early, and will fill it. */
static inline void
leave_root(struct timers *timers)
{
	timers->at[0].runs = NULL;
	if (--timers->armed == 0)
		forget_all(timers);
	else
		know_first(timers, heap_child(timers->at, timers->sorted, 0));
}

/* Nothing rests on the last place, and nothing need be moved. */
static inline void
expire_last(struct timers *timers, struct ready *ready)
{
	uint32_t n = timers->n - 1;

	ready_push(ready, timers->at[n].runs);
	if (--timers->armed == 0) {
		forget_all(timers);
		return;
	}
	timers->first = TIMERS_UNKNOWN;
	cut(timers, n);
	cut_vacant(timers);
	if (timers->sorted == timers->n)
		know_first(timers, 0);
}

static inline void
expire_root(struct timers *timers, struct ready *ready)
{
	/* Written to and not read: nobody waits for it. */
	ready_push(ready, timers->at[0].runs);
	leave_root(timers);
}

/* Those of the heap are its upper part, found from parent to child. */
static void
find_due(struct timers *timers, int64_t now_us, struct crowd *crowd)
{
	if (timers->sorted > 0 && timers->at[0].when_us <= now_us)
		crowd->left[crowd->n_left++] = 0;
	for (uint32_t i = 0; i < crowd->n_left; i++) {
		struct timer *timer = &timers->at[crowd->left[i]];
		uint32_t child = crowd->left[i] * HEAP_CHILDREN + 1;
		uint32_t end = child + HEAP_CHILDREN;

		if (timer->runs != NULL)
			crowd_add(crowd, timer);
		timer->runs = NULL;
		end = end < timers->sorted ? end : timers->sorted;
		for (; child < end; child++)
			if (timers->at[child].when_us <= now_us)
				crowd->left[crowd->n_left++] = child;
	}
}

/* From below: under a place that is filled stands a heap. */
static void
fill_left(struct timers *timers, const struct crowd *crowd)
{
	cut_vacant(timers);
	for (uint32_t i = crowd->n_left; i-- > 0;)
		if (crowd->left[i] < timers->n)
			fill(timers, crowd->left[i]);
	timers->first = TIMERS_UNKNOWN;
	timers->armed -= crowd->n;
	if (timers->armed == 0)
		forget_all(timers);
}

/*
 * Many at once are not taken from the root one by one: they are found, sorted,
 * and their places given to the last ones. Of a million that saves most of the
 * time. False: there is no memory for it, and nothing has changed.
 */
static __attribute__((__noinline__)) bool
expire_crowd(struct timers *timers, int64_t now_us, struct ready *ready)
{
	struct crowd crowd;
	bool possible = crowd_init(&crowd, timers->n);

	if (possible) {
		sort(timers, now_us, &crowd);
		find_due(timers, now_us, &crowd);
		fill_left(timers, &crowd);
		crowd_sort(&crowd);
	}
	for (uint32_t i = 0; i < crowd.n; i++)
		ready_push(ready, crowd.due[i].runs);
	crowd_release(&crowd);
	return possible;
}

/* When a few have expired; and those that are unsorted may be one, too. */
static inline bool
is_crowd(const struct timers *timers, uint32_t expired)
{
	return expired == FEW ||
	    timers->n - timers->sorted > timers->sorted + FEW;
}

void
timers_expire_slowly(struct timers *timers, int64_t now_us,
    struct ready *ready)
{
	uint32_t armed = timers->armed;

	while (timers->first_us <= now_us && timers->armed > 0) {
		if (is_crowd(timers, armed - timers->armed) &&
		    expire_crowd(timers, now_us, ready))
			continue;
		if (timers->first == timers->n - 1)
			expire_last(timers, ready);
		else if (timers->first == 0 && timers->sorted == timers->n)
			expire_root(timers, ready);
		else
			approach(timers, now_us);
	}
	if (timers->armed == armed)	/* woken for nothing: once is enough */
		(void)timers_first_us(timers);
}
