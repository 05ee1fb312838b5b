/*
 * timers.c - deadlines: a tournament.
 *
 *	final                           3
 *	round 1              3                      5
 *	places        4 9 3 6 - 5 7 4        - 5 8 - 9 - - 6    2 7 ...
 *	              0                                         played  n
 *
 * Whoever is armed takes a place, and keeps it. Of eight beside each other the
 * earliest wins, of eight such winners again, and who wins the final is first.
 * A winner is on record as a copy of what stood in his place.
 *
 * Most timers are timeouts and taken back before they are due. So to disarm is
 * to leave the place. A record of who has left stays: before him nobody of his
 * match is due. Only when he is the one who won the final are the matches that
 * he won played again. To arm is to take the place that was left last, and to
 * go up as far as one is the earliest; or to take the next, behind those that
 * have a part, and be played with others like that at a look. Who comes as the
 * first has no part either as long as he is: he is known.
 *
 * So nothing is ever put into order, and nobody moved. What has come and gone
 * may be much, and then is played bit by bit, look by look.
 */
#include "core/timers.h"

#include <errno.h>
#include <string.h>

#include "core/crowd.h"
#include "core/rank.h"
#include "core/slab.h"
#include "coro/room.h"

enum {
	BITS = 3,		/* of a place, that a round takes away */
	FIRST_CAPACITY = 64,	/* a power of two, as each is */
	FEW = 128,		/* expire one by one */
	PLACES = 65536,		/* come to have a part at a look, at most */
	MATCHES = 4096,		/* and are played again */
};

_Static_assert(TIMERS_SIDES == 1 << BITS, "a match is three bits of a place");
_Static_assert(sizeof(struct timer) * TIMERS_SIDES % CACHE_LINE == 0,
    "those of a match fill their cache lines");

static inline bool
is_vacant(const struct timers *timers, uint32_t at)
{
	return timers->round[0][at].order == UINT64_MAX;
}

void
timers_forget(struct timers *timers)
{
	timers->n = timers->played = timers->left = 0;
	timers->vacant = timers->first = TIMERS_UNKNOWN;
	timers->new_end = timers->capacity;
	timers->first_us = INT64_MAX;
}

/* Playing. */

/* How many of a round there are, of so many places. */
static inline uint32_t
in_round(uint32_t places, int round)
{
	return (uint32_t)((places + ((uint64_t)1 << BITS * round) - 1) >>
	    BITS * round);
}

/* Who of the round before it has won this match? */
static inline void
play(struct timers *timers, int round, uint32_t match)
{
	uint32_t from = match * TIMERS_SIDES;
	uint32_t n = in_round(timers->played, round - 1) - from;
	const struct timer *sides = &timers->round[round - 1][from];
	const struct timer *won = n >= TIMERS_SIDES ?
	    rank_earliest_of_eight(sides) : rank_earliest(sides, n);
	struct timer *winner = &timers->round[round][match];

	*winner = *won;
	if (round == 1)
		winner->place = from + (uint64_t)(won - sides);
}

/* So many more have a part, or as many as there are. Whether these are all. */
static bool
play_more(struct timers *timers, uint32_t places)
{
	uint32_t from = timers->played, n = timers->n - from;

	timers->played += n < places ? n : places;
	for (int round = 1; round <= timers->final && n > 0; round++)
		for (uint32_t match = from >> BITS * round;
		    match < in_round(timers->played, round); match++)
			play(timers, round, match);
	return n <= places;
}

void
timers_go_up(struct timers *timers, uint32_t place)
{
	struct timer timer = timers->round[0][place];
	struct timer *winner;
	uint32_t match = place;

	timer.place = place;
	for (int round = 1; round <= timers->final; round++) {
		match /= TIMERS_SIDES;
		winner = &timers->round[round][match];
		if (!rank_before(&timer, winner))
			return;
		*winner = timer;
	}
}

/* Who was first until now has a part again. */
void
timers_lead(struct timers *timers, uint32_t at, int64_t when_us)
{
	uint32_t before = timers->first;

	timers->first = at;
	timers->first_us = when_us;
	if (before < timers->played)
		timers_go_up(timers, before);
}

static inline bool
has_left(const struct timers *timers, const struct timer *winner)
{
	return timers->round[0][winner->place].order != winner->order;
}

/* Whoever has won the final has left: the matches he won are played again. If
 * who wins one of them then has left too, his are; or so many were played. */
static void
replay(struct timers *timers, uint32_t *matches)
{
	uint64_t place = timers->round[timers->final]->place;

	for (int round = 1; round <= timers->final; round++) {
		uint32_t match = (uint32_t)(place >> BITS * round);
		const struct timer *winner = &timers->round[round][match];

		play(timers, round, match);
		if (*matches == 0 || !has_left(timers, winner))
			continue;
		--*matches;
		place = winner->place;
		round = 0;
	}
}

/* Of some that are armed. False: not yet, what is done at once was not enough,
 * but is nearer to it. */
static bool
know_first(struct timers *timers, uint32_t *matches)
{
	const struct timer *winner = timers->round[timers->final];

	if (!play_more(timers, PLACES))
		return false;
	if (has_left(timers, winner))
		replay(timers, matches);
	timers->first_us = winner->when_us;
	if (has_left(timers, winner))
		return false;
	timers->first = (uint32_t)winner->place;
	return true;
}

int64_t
timers_first_us(struct timers *timers)
{
	uint32_t matches = MATCHES;

	if (timers->first == TIMERS_UNKNOWN && timers_armed(timers) > 0)
		(void)know_first(timers, &matches);
	return timers->first_us;
}

struct runnable *
timers_any(struct timers *timers)
{
	while (timers->first == TIMERS_UNKNOWN && timers_armed(timers) > 0)
		(void)timers_first_us(timers);
	return timers_armed(timers) > 0 ?
	    timers->round[0][timers->first].runs : NULL;
}

/* Memory. */

void
timers_init(struct timers *timers)
{
	*timers = (struct timers){ 0 };
	timers_forget(timers);
}

/* In a round, so that the next begins at a cache line. */
static size_t
places_in(uint32_t capacity, int round)
{
	return (in_round(capacity, round) + TIMERS_SIDES - 1) /
	    TIMERS_SIDES * (size_t)TIMERS_SIDES;
}

/* The rounds stand one behind the other. */
static void
lay_out(struct timers *timers, struct timer *places, uint32_t capacity)
{
	int round = 0;

	timers->capacity = capacity;
	timers->new_end = timers->vacant == TIMERS_UNKNOWN ? capacity : 0;
	timers->round[0] = places;
	for (; in_round(capacity, round) > 1; round++)
		timers->round[round + 1] = timers->round[round] +
		    places_in(capacity, round);
	timers->final = round;
}

static size_t
bytes(uint32_t capacity)
{
	size_t n = 0;

	for (int round = 0; in_round(capacity, round) > 1; round++)
		n += places_in(capacity, round);
	return capacity > 0 ? (n + TIMERS_SIDES) * sizeof(struct timer) : 0;
}

void
timers_release(struct timers *timers)
{
	room_resize(timers->round[0], bytes(timers->capacity), 0);
}

/* Who had won has won; he stands further behind than any stood before. Where
 * there are more rounds than there were, the winner of the last goes through to
 * the end. */
static void
take_over(struct timers *timers, const struct timers *from)
{
	for (int round = 1; round <= timers->final && timers->played > 0;
	    round++) {
		if (round <= from->final)
			memcpy(timers->round[round], timers->round[0] +
			    (from->round[round] - from->round[0]),
			    in_round(timers->played, round) *
			    sizeof(struct timer));
		else
			play(timers, round, 0);
	}
}

/* To less only when nobody has won anything. */
static bool
resize(struct timers *timers, uint32_t capacity)
{
	const struct timers before = *timers;
	struct timer *places = room_resize(before.round[0],
	    bytes(before.capacity), bytes(capacity));

	if (places == NULL)
		return false;
	lay_out(timers, places, capacity);
	take_over(timers, &before);
	return true;
}

static bool
grow(struct timers *timers)
{
	if (timers->capacity > UINT32_MAX / 16)	/* told in 30 bits */
		return false;
	return resize(timers, timers->capacity > 0 ?
	    timers->capacity * 2 : FIRST_CAPACITY);
}

/* All are moved together, and nobody has won anything. */
static void
close_gaps(struct timers *timers)
{
	struct timer *places = timers->round[0];
	uint32_t to = 0;

	for (uint32_t from = 0; from < timers->n; from++) {
		if (is_vacant(timers, from))
			continue;
		if (timers->first == from)
			timers->first = to;
		places[to] = places[from];
		places[to].runs->slot = to;
		to++;
	}
	timers->order_of_0 += timers->n - to;
	timers->n = to;
	timers->played = timers->left = 0;
	timers->vacant = TIMERS_UNKNOWN;
	timers->new_end = timers->capacity;
}

void
timers_trim(struct timers *timers)
{
	uint32_t capacity = timers->capacity;

	while (capacity > FIRST_CAPACITY && capacity / 4 > timers_armed(timers))
		capacity /= 2;
	if (capacity == timers->capacity)
		return;
	close_gaps(timers);
	(void)resize(timers, capacity);
}

/* Arming. */

int
timers_add_slowly(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (!grow(timers))
		return -ENOMEM;
	timers_append(timers, r, when_us);
	return 0;
}

void
timers_move(struct timers *timers, struct runnable *r, int64_t when_us)
{
	if (timers->first == r->slot)
		timers->first = TIMERS_UNKNOWN;
	timers_put_again(timers, r->slot, r, when_us);
}

/* Expiring. */

static inline void
expire_first(struct timers *timers, struct ready *ready)
{
	/* Written to and not read: nobody waits for it. */
	ready_push(ready, timers->round[0][timers->first].runs);
	timers_vacate(timers, timers->first);
}

/* Of those who have taken part in this match, or have won their way to it. */
static void
find_due(struct timers *timers, int round, uint32_t match, int64_t now_us,
    struct crowd *crowd)
{
	uint32_t side = match * TIMERS_SIDES, end = side + TIMERS_SIDES;
	uint32_t n = in_round(timers->played, round - 1);

	for (; side < end && side < n; side++) {
		const struct timer *timer = &timers->round[round - 1][side];

		if (timer->when_us > now_us)
			continue;
		if (round > 1) {
			find_due(timers, round - 1, side, now_us, crowd);
		} else {
			crowd_add(crowd, timer);
			timers_leave(timers, side);
		}
	}
	play(timers, round, match);
}

/*
 * Many at once are not taken from the final one by one: they are found, and
 * sorted. Of a million that saves most of the time. False: there is no memory
 * for it, and nothing has changed.
 */
static __attribute__((__noinline__)) bool
expire_crowd(struct timers *timers, int64_t now_us, struct ready *ready)
{
	struct crowd crowd;
	bool possible = crowd_init(&crowd, timers_armed(timers));

	if (possible) {
		(void)play_more(timers, UINT32_MAX);
		find_due(timers, timers->final, 0, now_us, &crowd);
		timers->first = TIMERS_UNKNOWN;
		crowd_sort(&crowd);
	}
	if (timers_armed(timers) == 0)
		timers_forget(timers);
	for (uint32_t i = 0; i < crowd.n; i++)
		ready_push(ready, crowd.due[i].runs);
	crowd_release(&crowd);
	return possible;
}

void
timers_expire_slowly(struct timers *timers, int64_t now_us,
    struct ready *ready)
{
	uint32_t expired = 0, matches = MATCHES;

	while (timers->first_us <= now_us && timers_armed(timers) > 0) {
		if (timers->first == TIMERS_UNKNOWN) {
			if (!know_first(timers, &matches))
				break;
		} else if (expired++ != FEW ||
		    !expire_crowd(timers, now_us, ready)) {
			expire_first(timers, ready);
		}
	}
	if (timers->n - timers->played > TIMERS_LATE)
		(void)play_more(timers, PLACES);
}
