/* Debug mode: calls from another thread than the one that runs the loop. */
#include "tests/debug.h"

#include <pthread.h>

static struct evtask_lock *lock;
static struct evtask_queue *queue, *full, *joined;
static struct evtask_event *event;
static struct evtask_semaphore *semaphore;
static struct evtask_condition *condition;
static struct evtask_timeout scope;
static struct evtask_group group;
static struct evtask_handle *late;
static struct evtask *holder;

#define refused(call) \
	do { \
		int r_ = (int)(call); \
		if (r_ != -EPERM) { \
			snprintf(said, sizeof said, "%s: %d", #call, r_); \
			return NULL; \
		} \
	} while (0)

/* In a thread of its own; what it finds wrong stands in `said`. */
static void *
touch_everything(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(pending) };
	struct evtask_future *f;
	struct evtask_value v;
	struct evtask *task;

	(void)arg;
	refused(evtask_loop_create_task(loop, return_at_once, NULL, NULL,
	    &task));
	refused(evtask_future_new(loop, &f));
	refused(evtask_set_result(pending, evtask_value_none()));
	refused(evtask_set_exception(pending,
	    evtask_error_new(-EIO, NULL, NULL)));
	refused(evtask_result(pending, &v));
	refused(evtask_exception(pending, NULL));
	refused(evtask_cancel(pending, NULL));
	refused(evtask_cancel(holder, "words"));
	refused(evtask_add_done_callback(pending, say_done, ""));
	refused(evtask_gather(fs, 1, false, &f));
	refused(evtask_shield(pending, &f));
	refused(evtask_call_soon(loop, say_arg, "", NULL));
	refused(evtask_call_later(loop, 0, say_arg, "", NULL));
	refused(evtask_call_at(loop, 0, say_arg, "", NULL));
	refused(evtask_group_create_task(&group, return_at_once, NULL, NULL,
	    NULL));
	refused(evtask_lock_release(lock));
	refused(evtask_semaphore_release(semaphore));
	refused(evtask_condition_notify(condition, 1));
	refused(evtask_queue_put_nowait(queue, evtask_value_none()));
	refused(evtask_queue_get_nowait(queue, &v));
	refused(evtask_queue_task_done(queue));
	refused(evtask_queue_put_nowait(full, evtask_value_none()));
	refused(evtask_queue_task_done(joined));
	evtask_event_set(event);
	evtask_queue_shutdown(queue, true);
	evtask_group_cancel(&group);
	evtask_loop_stop(loop);
	if (evtask_remove_done_callback(pending, say_done, "kept") != 0 ||
	    evtask_loop_run_forever(loop) != -EBUSY ||
	    evtask_loop_run_until_complete(loop, pending) != -EBUSY ||
	    evtask_loop_free(loop) != -EBUSY)
		snprintf(said, sizeof said, "not busy");
	return NULL;
}

static int
run_touch(void *arg)
{
	touch_everything(arg);
	return 0;
}

static int
hold(void *arg)
{
	int r;

	(void)arg;
	if ((r = evtask_lock_acquire(lock)) < 0 ||
	    (r = evtask_semaphore_acquire(semaphore)) < 0 ||
	    (r = evtask_timeout_enter(&scope, EVTASK_FOREVER)) < 0 ||
	    (r = evtask_group_enter(&group)) < 0)
		return r;
	r = evtask_sleep(EVTASK_FOREVER);
	r = evtask_group_exit(&group, r);
	r = evtask_timeout_exit(&scope, r);
	(void)evtask_semaphore_release(semaphore);
	(void)evtask_lock_release(lock);
	return r;
}

static int
want_lock(void *arg)
{
	int r = evtask_lock_acquire(lock);

	(void)arg;
	return r < 0 ? r : evtask_lock_release(lock);
}

static int
want_unit(void *arg)
{
	int r = evtask_semaphore_acquire(semaphore);

	(void)arg;
	return r < 0 ? r : evtask_semaphore_release(semaphore);
}

static int
want_event(void *arg)
{
	(void)arg;
	return evtask_event_wait(event);
}

static int
want_value(void *arg)
{
	struct evtask_value v;

	(void)arg;
	return evtask_queue_get(queue, &v);
}

static int
want_room(void *arg)
{
	(void)arg;
	return evtask_queue_put(full, evtask_value_none());
}

static int
want_all_done(void *arg)
{
	(void)arg;
	return evtask_queue_join(joined);
}

static int
want_change(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	if (r == 0)
		r = evtask_condition_wait(condition);
	/* In the other thread it is seen as taken. */
	if (r < 0)
		(void)evtask_condition_release(condition);
	return r;
}

static int
hold_condition(void *arg)
{
	int r = evtask_condition_acquire(condition);

	(void)arg;
	r = r < 0 ? r : evtask_sleep(EVTASK_FOREVER);
	(void)evtask_condition_release(condition);
	return r;
}

static int
touch_from_a_thread(void *arg)
{
	evtask_fn waiters[] = {
		want_lock, want_unit, want_event, want_value, want_room,
		want_all_done, want_change, hold_condition,
	};
	struct evtask *tasks[COUNT(waiters)];
	int r, answer;

	(void)arg;
	ck_assert_int_eq(evtask_create(hold, NULL, NULL, &holder), 0);
	for (size_t i = 0; i < COUNT(waiters); i++)
		ck_assert_int_eq(evtask_create(waiters[i], NULL, NULL,
		    &tasks[i]), 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	r = evtask_to_thread(run_touch, NULL, &answer);
	ck_assert_int_eq(r, 0);
	ck_assert_int_eq(evtask_sleep(0), 0);
	ck_assert_int_eq(evtask_cancelling(holder), 0);
	for (size_t i = COUNT(waiters); i-- > 0;) {
		ck_assert(!evtask_done(tasks[i]));
		evtask_cancel(tasks[i], NULL);
		ck_assert_int_eq(evtask_await(tasks[i]), 0);
		evtask_unref(tasks[i]);
	}
	evtask_cancel(holder, NULL);
	ck_assert_int_eq(evtask_await(holder), 0);
	evtask_unref(holder);
	return 0;
}

static void
arrange_things(void)
{
	struct evtask_queue_options one = { .size_max = 1 };

	ck_assert_int_eq(evtask_lock_new(NULL, &lock), 0);
	ck_assert_int_eq(evtask_queue_new(NULL, &queue), 0);
	ck_assert_int_eq(evtask_queue_new(&one, &full), 0);
	ck_assert_int_eq(evtask_queue_put_nowait(full, evtask_value_none()),
	    0);
	ck_assert_int_eq(evtask_queue_new(NULL, &joined), 0);
	ck_assert_int_eq(evtask_queue_put_nowait(joined,
	    evtask_value_none()), 0);
	ck_assert_int_eq(evtask_event_new(NULL, &event), 0);
	ck_assert_int_eq(evtask_semaphore_new(NULL, 1, false, &semaphore), 0);
	ck_assert_int_eq(evtask_condition_new(NULL, NULL, &condition), 0);
	pending = new_future();
	ck_assert_int_eq(evtask_add_done_callback(pending, say_done, "kept"),
	    0);
	ck_assert_int_eq(evtask_call_at(loop, EVTASK_FOREVER, say_arg, "",
	    &late), 0);
}

static void
tidy_things_up(void)
{
	ck_assert_int_eq(evtask_queue_put_nowait(queue, evtask_value_none()),
	    0);
	evtask_lock_free(lock);
	evtask_queue_free(queue);
	evtask_queue_free(full);
	evtask_queue_free(joined);
	evtask_event_free(event);
	evtask_semaphore_free(semaphore);
	evtask_condition_free(condition);
	ck_assert(!evtask_done(pending));
	evtask_set_result(pending, evtask_value_none());
	run_dry();
	ck_assert_said("kept");
	evtask_future_unref(pending);
	evtask_handle_cancel(late);
	evtask_handle_unref(late);
}

START_TEST(a_call_from_the_wrong_thread_is_refused_and_changes_nothing)
{
	arrange_things();
	run_body(touch_from_a_thread);
	ck_assert_said("");
	tidy_things_up();
}
END_TEST

START_TEST(a_call_from_the_wrong_thread_is_reported_in_the_right_one)
{
	debug();
	arrange_things();
	run_body(touch_from_a_thread);
	ck_assert_said("");
	ck_assert_int_ge(last.n, 20);
	ck_assert_int_eq(last.type, EVTASK_REPORT_MISUSE);
	ck_assert_int_eq(last.code, -EPERM);
	ck_assert_str_eq(last.func, "touch_everything");
	ck_assert_ptr_nonnull(strstr(last.text,
	    "called from a thread that does not run the loop"));
	tidy_things_up();
}
END_TEST

static void *
use_loop_that_does_not_run(void *arg)
{
	struct evtask_future *f;

	(void)arg;
	if (evtask_future_new(loop, &f) < 0)
		return loop;
	evtask_future_unref(f);
	return evtask_loop_run_forever(loop) == -EDEADLK ? NULL : loop;
}

START_TEST(a_loop_that_does_not_run_may_be_handed_to_another_thread)
{
	pthread_t thread;
	void *wrong;

	ck_assert_int_eq(pthread_create(&thread, NULL,
	    use_loop_that_does_not_run, NULL), 0);
	pthread_join(thread, &wrong);
	ck_assert_ptr_null(wrong);
	run_dry();
}
END_TEST

CORE_SUITE("wrong_thread",
    a_call_from_the_wrong_thread_is_refused_and_changes_nothing,
    a_call_from_the_wrong_thread_is_reported_in_the_right_one,
    a_loop_that_does_not_run_may_be_handed_to_another_thread)
