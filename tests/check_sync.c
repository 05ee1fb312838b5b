/*
 * Misuse of what tasks wait for one another with: each call that makes no
 * sense is answered, inside a task and outside.
 */
#include "tests/core.h"

#define answers(call, code) \
	do { \
		int r_ = (int)(call); \
		ck_assert_msg(r_ == (code), "%s: %d, not %d", #call, r_, \
		    (code)); \
		ck_assert_msg(evtask_raised() == NULL, "%s raised", #call); \
	} while (0)

static int
call_all(void *arg)
{
	static const struct evtask_var var = { "var" };
	struct evtask_value value;
	struct evtask_future *f;

	(void)arg;
	answers(evtask_lock_new("x", NULL), -EINVAL);
	answers(evtask_lock_acquire(NULL), -EINVAL);
	answers(evtask_lock_release(NULL), -EINVAL);
	answers(evtask_lock_locked(NULL), false);

	answers(evtask_event_new("x", NULL), -EINVAL);
	answers(evtask_event_wait(NULL), -EINVAL);
	answers(evtask_event_is_set(NULL), false);
	evtask_event_set(NULL);
	evtask_event_clear(NULL);

	answers(evtask_condition_new("x", NULL, NULL), -EINVAL);
	answers(evtask_condition_acquire(NULL), -EINVAL);
	answers(evtask_condition_release(NULL), -EINVAL);
	answers(evtask_condition_locked(NULL), false);
	answers(evtask_condition_wait(NULL), -EINVAL);
	answers(evtask_condition_notify(NULL, 1), -EINVAL);
	answers(evtask_condition_notify_all(NULL), -EINVAL);

	answers(evtask_semaphore_new("x", 1, false, NULL), -EINVAL);
	answers(evtask_semaphore_acquire(NULL), -EINVAL);
	answers(evtask_semaphore_release(NULL), -EINVAL);
	answers(evtask_semaphore_locked(NULL), false);

	answers(evtask_barrier_new("x", 1, NULL), -EINVAL);
	answers(evtask_barrier_wait(NULL), -EINVAL);
	answers(evtask_barrier_reset(NULL), -EINVAL);
	answers(evtask_barrier_abort(NULL), -EINVAL);
	answers(evtask_barrier_parties(NULL), -EINVAL);
	answers(evtask_barrier_waiting(NULL), -EINVAL);
	answers(evtask_barrier_broken(NULL), false);

	answers(evtask_queue_new(NULL, NULL), -EINVAL);
	answers(evtask_queue_put(NULL, evtask_value_int(1)), -EINVAL);
	answers(evtask_queue_put_nowait(NULL, evtask_value_int(1)), -EINVAL);
	answers(evtask_queue_get(NULL, &value), -EINVAL);
	answers(evtask_queue_get_nowait(NULL, &value), -EINVAL);
	answers(evtask_queue_size(NULL), 0);
	answers(evtask_queue_empty(NULL), true);
	answers(evtask_queue_full(NULL), false);
	answers(evtask_queue_task_done(NULL), -EINVAL);
	answers(evtask_queue_join(NULL), -EINVAL);
	evtask_queue_shutdown(NULL, true);

	answers(evtask_group_enter(NULL), -EINVAL);
	answers(evtask_group_create_task(NULL, return_at_once, NULL, NULL,
	    NULL), -EINVAL);
	answers(evtask_group_exit(NULL, 0), -EINVAL);
	evtask_group_cancel(NULL);

	answers(evtask_as_completed(NULL, 0, 0, NULL), -EINVAL);
	answers(evtask_as_completed_next(NULL, &f), -EINVAL);

	answers(evtask_var_set(NULL, evtask_value_int(1)), -EINVAL);
	answers(evtask_var_get(NULL, &value), -EINVAL);
	answers(evtask_context_copy(NULL), -EINVAL);
	ck_assert_ptr_null(evtask_get_context(NULL));
	if (evtask_current_task() == NULL)
		answers(evtask_var_set(&var, evtask_value_int(1)), -EINVAL);
	answers(evtask_call(NULL, NULL, NULL), -EINVAL);
	return 0;
}

START_TEST(misuse_outside_a_task_is_answered)
{
	call_all(NULL);
}
END_TEST

START_TASK_TEST(misuse_in_a_task_is_answered)
{
	return call_all(NULL);
}

CORE_SUITE("sync",
    misuse_outside_a_task_is_answered,
    misuse_in_a_task_is_answered)
