/*
 * pulse.h - that a loop turns, for a thread that watches it.
 *
 * A number that changes whenever the loop comes round; its last bit says that
 * it is in the system's hands, where it may stay as long as it likes. Only the
 * loop writes it.
 */
#ifndef CORE_PULSE_H
#define CORE_PULSE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct pulse {
	atomic_uint_fast64_t beat;
	/* The watcher sleeps until the loop comes back from the system. */
	atomic_bool asleep;
	void (*wake)(void *arg);	/* NULL: nobody watches */
	void *arg;
};

enum { PULSE_AWAY = 1 };	/* in the system's hands */

static inline void
pulse_beat(struct pulse *pulse, bool away)
{
	uint64_t beat = atomic_load_explicit(&pulse->beat,
	    memory_order_relaxed);

	beat = ((beat >> 1) + 1) << 1 | (away ? PULSE_AWAY : 0);
	if (__builtin_expect(pulse->wake == NULL, 1)) {
		atomic_store_explicit(&pulse->beat, beat,
		    memory_order_relaxed);
		return;		/* nobody looks, so nothing must be in order */
	}
	atomic_store_explicit(&pulse->beat, beat, memory_order_seq_cst);
	if (!away && __builtin_expect(atomic_load_explicit(&pulse->asleep,
	    memory_order_seq_cst), 0))
		pulse->wake(pulse->arg);
}

#endif
