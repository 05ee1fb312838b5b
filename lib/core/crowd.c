/*
 * crowd.c - timers that are due at once, put into order.
 *
 * They are sorted by one digit after the other, the last first; what has the
 * same digit stays as it was. First by when they were armed, which mostly is
 * how they come and then costs one look at each, and then by deadline.
 */
#include "core/crowd.h"

#include <stdlib.h>

enum {
	DIGIT = 11,		/* bits */
	DIGITS = 1 << DIGIT,
};

bool
crowd_init(struct crowd *crowd, uint32_t most)
{
	*crowd = (struct crowd){
		.due = malloc(most * sizeof *crowd->due),
		.spare = malloc(most * sizeof *crowd->spare),
	};
	return crowd->due != NULL && crowd->spare != NULL;
}

void
crowd_release(struct crowd *crowd)
{
	free(crowd->due);
	free(crowd->spare);
}

/* As unsigned numbers they have the order of the keys. */
static inline uint64_t
key_of(const struct timer *timer, bool by_order)
{
	return by_order ? timer->order :
	    (uint64_t)timer->when_us ^ UINT64_C(1) << 63;
}

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

static inline void
sort_by(struct crowd *crowd, bool by_order)
{
	uint64_t least = UINT64_MAX, most = 0, last = 0;
	bool ascend = true;

	for (uint32_t i = 0; i < crowd->n; i++) {
		uint64_t key = key_of(&crowd->due[i], by_order);

		ascend &= key >= last;
		last = key;
		least = key < least ? key : least;
		most = key > most ? key : most;
	}
	if (ascend)
		return;
	for (int shift = 0; shift < 64 && (most - least) >> shift != 0;
	    shift += DIGIT)
		sort_by_digit(crowd, by_order, least, shift);
}

void
crowd_sort(struct crowd *crowd)
{
	sort_by(crowd, true);
	sort_by(crowd, false);
}
