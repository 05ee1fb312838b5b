/*
 * cancelled.h - who waits, is cancelled, and says so: for tests of that.
 */
#ifndef TESTS_CANCELLED_H
#define TESTS_CANCELLED_H

#include "tests/core.h"

/* Says how its wait ended, and hands it up. */
static UNUSED int
sleep_and_say(void *arg)
{
	int r = evtask_sleep(EVTASK_FOREVER);

	say("%s%d", (char *)arg, r);
	return r;
}

static UNUSED struct evtask_error *
words_of(struct evtask *task)
{
	ck_assert(evtask_cancelled(task));
	return evtask_cancellation(task);
}

#define ck_assert_words(task, words) \
	ck_assert_str_eq(evtask_error_message(words_of(task)), (words))

#endif
