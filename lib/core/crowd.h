/*
 * crowd.h - timers that are due at once.
 */
#ifndef CORE_CROWD_H
#define CORE_CROWD_H

#include "core/timers.h"

struct crowd {
	struct timer *due, *spare;	/* room for as many as may come */
	uint32_t n;
};

/* Room for so many; what is not used of it costs nothing. False: there is no
 * memory. To be released either way. */
bool crowd_init(struct crowd *crowd, uint32_t most);
void crowd_release(struct crowd *crowd);

static inline void
crowd_add(struct crowd *crowd, const struct timer *timer)
{
	crowd->due[crowd->n++] = *timer;
}

/* By deadline, equals by the order in which they were armed. */
void crowd_sort(struct crowd *crowd);

#endif
