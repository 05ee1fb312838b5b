/*
 * Memory: every allocation fails once, by turns, in programs that use all of
 * the library but connections, which are in check_io_memory.c.
 */
#include <config.h>

#include <errno.h>
#include <evtask/evtask.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/programs.h"

#define SECOND INT64_C(1000000)
#define AWAITABLE(f) \
	((union evtask_awaitable){ .future = (struct evtask_future *)(f) })

static int
sleep_a_second(void *arg)
{
	(void)arg;
	return evtask_sleep(SECOND);
}

static int
sleep_for_ever(void *arg)
{
	(void)arg;
	return evtask_sleep(EVTASK_FOREVER);
}

static int
create_and_await(void *arg)
{
	struct evtask_options options = { .name = "a name" };
	struct evtask *tasks[3] = { NULL };
	int r = 0;

	(void)arg;
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_create(sleep_a_second, NULL, &options, &tasks[i]);
	for (int i = 0; i < 3; i++) {
		if (r == 0)
			r = evtask_await_result(tasks[i], NULL);
		(void)(tasks[i] != NULL && evtask_result(tasks[i], NULL));
		evtask_unref(tasks[i]);
	}
	return r;
}

static int
create_eagerly(void *arg)
{
	struct evtask_options options = { .eager = true };
	struct evtask *task;
	int r = evtask_create(sleep_a_second, NULL, &options, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_await_result(task, NULL);
	evtask_unref(task);
	return r;
}

static int
create_many(void *arg)
{
	int r = 0;

	/* Past the first room of the ready queue, and of the timers. */
	(void)arg;
	for (int i = 0; r == 0 && i < 300; i++)
		r = evtask_create(sleep_a_second, NULL, NULL, NULL);
	return r < 0 ? r : evtask_sleep(2 * SECOND);
}

static void
count(void *arg)
{
	++*(int *)arg;
}

/* Past the first room, too; moved, which needs none; and many due at once,
 * which is done in another way when there is room for that. */
static int
start_timers(void *arg)
{
	struct evtask_timer timers[1200];
	int n = 0, started = 0, r = 0;

	(void)arg;
	for (int i = 0; r == 0 && i < 1200; i++) {
		evtask_timer_init(&timers[i], NULL, count, &n);
		r = evtask_timer_call_later(&timers[i], SECOND);
		started += r == 0;
	}
	for (int i = 0; i < started; i += 2)
		if (evtask_timer_call_later(&timers[i], 1) < 0)
			r = -EPROTO;
	if (r == 0)
		r = evtask_sleep(2 * SECOND);
	for (int i = 0; i < started; i++)
		evtask_timer_stop(&timers[i]);
	return expect(n == started, r);
}

static void
count_done(struct evtask_future *f, void *arg)
{
	(void)f;
	count(arg);
}

static int
add_callbacks(void *arg)
{
	struct evtask_future *f;
	int n = 0, added = 0, r = evtask_future_new(NULL, &f);

	(void)arg;
	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 3; i++) {
		r = evtask_add_done_callback(f, count_done, &n);
		added += r == 0;
	}
	(void)evtask_set_result(f, evtask_value_none());
	evtask_future_unref(f);
	if (evtask_sleep(0) == 0 && n != added)
		return -EPROTO;
	return r;
}

static int
call_back(void *arg)
{
	struct evtask_loop *loop = evtask_get_running_loop();
	struct evtask_handle *handle = NULL;
	int n = 0, promised = 0, r, q;

	(void)arg;
	r = evtask_call_soon(loop, count, &n, &handle);
	promised += r == 0;
	q = evtask_call_later(loop, SECOND, count, &n, NULL);
	promised += q == 0;
	r = r < 0 ? r : q;
	q = evtask_call_soon_threadsafe(loop, count, &n);
	promised += q == 0;
	r = r < 0 ? r : q;
	evtask_handle_unref(handle);
	/* However much else fails: what was promised comes. */
	while (n < promised)
		if ((q = evtask_sleep(SECOND)) < 0 && q != -ENOMEM)
			return -EPROTO;
	return r;
}

static int
cancel_with_words(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_sleep(0);
	/* The request is never lost, even if its words are. */
	if (evtask_cancel(task, "words of some length") != 1)
		r = -EPROTO;
	if (evtask_await(task) < 0)
		r = -EPROTO;
	/* It may have had no stack to be cancelled on. */
	if (!evtask_cancelled(task) && evtask_result(task, NULL) != -ENOMEM)
		r = -EPROTO;
	evtask_unref(task);
	return r;
}

static int
raise_twice(void *arg)
{
	struct evtask_error *e;
	int r;

	(void)arg;
	(void)!evtask_raise_as("First", -EIO, "of %d", 2);
	r = evtask_raise(-EPIPE, "second");
	e = evtask_catch(r);
	r = evtask_error_code(e) == -EPIPE ? 0 : -EPROTO;
	evtask_error_unref(e);
	return r;
}

static int
raise_a_group(void *arg)
{
	struct evtask_error *errors[2] = {
		evtask_error_new(-EIO, NULL, "one"),
		evtask_error_new(-EPIPE, NULL, "two"),
	};
	struct evtask_error *group = evtask_error_new_group(errors, 2, "both");
	int r = evtask_error_code(group) == -EIO ? 0 : -EPROTO;

	(void)arg;
	evtask_error_unref(group);
	return r;
}

static int
return_text(void *arg)
{
	struct evtask_value v;
	int r = evtask_value_format(&v, "%s %d", "text", 42);

	(void)arg;
	return r < 0 ? r : evtask_return(v);
}

static int
set_variables(void *arg)
{
	static const struct evtask_var one = { "one" }, two = { "two" };
	struct evtask_value v;
	int r = evtask_var_set(&one, evtask_value_int(1));

	(void)arg;
	if (r == 0)
		r = create_and_await(NULL);
	if (r == 0)
		r = add_callbacks(NULL);
	if (r == 0)
		r = evtask_var_set(&two, evtask_value_int(2));
	if (r == 0)
		r = expect(evtask_var_get(&one, &v) == 0 && v.u.i == 1, 0);
	return r;
}

/* Three sleepers, and something done with all of them. */
static int
with_three(int (*fn)(const union evtask_awaitable *fs, size_t n))
{
	union evtask_awaitable fs[3] = { { NULL } };
	int r = 0;

	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_create(sleep_a_second, NULL, NULL, &fs[i].task);
	if (r == 0)
		r = fn(fs, 3);
	for (int i = 0; i < 3; i++)
		if (fs[i].task != NULL) {
			(void)evtask_result(fs[i], NULL);
			evtask_unref(fs[i].task);
		}
	return r;
}

static int
gather(const union evtask_awaitable *fs, size_t n)
{
	struct evtask_future *all;
	int r = evtask_gather(fs, n, false, &all);

	if (r < 0)
		return r;
	r = evtask_await_result(all, NULL);
	evtask_future_unref(all);
	return r;
}

static int
gather_three(void *arg)
{
	(void)arg;
	return with_three(gather);
}

static int
wait_for_all(const union evtask_awaitable *fs, size_t n)
{
	int r = evtask_wait(fs, n, 5 * SECOND, EVTASK_ALL_COMPLETED);

	return expect(r == (int)n, r);
}

static int
wait_for_three(void *arg)
{
	(void)arg;
	return with_three(wait_for_all);
}

static int
take_as_completed(const union evtask_awaitable *fs, size_t n)
{
	struct evtask_as_completed *it;
	struct evtask_future *f;
	int r = evtask_as_completed(fs, n, 5 * SECOND, &it);

	if (r < 0)
		return r;
	while ((r = evtask_as_completed_next(it, &f)) > 0)
		;
	evtask_as_completed_free(it);
	return r;
}

static int
take_three_as_completed(void *arg)
{
	(void)arg;
	return with_three(take_as_completed);
}

static int
shield_one(void *arg)
{
	struct evtask_future *shield;
	struct evtask *task;
	int r = evtask_create(sleep_a_second, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_shield(task, &shield);
	if (r == 0) {
		r = evtask_await_result(shield, NULL);
		evtask_future_unref(shield);
	} else {
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r;
}

static int
time_out(void *arg)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, SECOND);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_timeout_exit(&t, evtask_sleep(5 * SECOND));
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
wait_for_one(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_wait_for(task, SECOND, NULL);
	if (!evtask_done(task)) {
		evtask_cancel(task, NULL);
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
wait_for_no_time(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_wait_for(task, 0, NULL);
	if (!evtask_done(task)) {
		evtask_cancel(task, NULL);
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
wait_patiently(void *arg)
{
	struct evtask *task;
	int r = evtask_create(sleep_for_ever, NULL, NULL, &task);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_wait_for_keep(task, SECOND, NULL);
	if (!evtask_done(task)) {
		evtask_cancel(task, NULL);
		(void)!evtask_await(task);
	}
	(void)evtask_result(task, NULL);
	evtask_unref(task);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
call_in_time(void *arg)
{
	struct evtask_value v;
	int r = evtask_wait_for_call(return_text, arg, SECOND, &v);

	if (r < 0)
		return r;
	evtask_value_unref(v);
	r = evtask_wait_for_call(sleep_for_ever, arg, 0, NULL);
	return r == -ETIMEDOUT ? 0 : r == -ENOMEM ? r : -EPROTO;
}

static int
group_three(void *arg)
{
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	(void)arg;
	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_group_create_task(&group, sleep_a_second, NULL,
		    NULL, NULL);
	return evtask_group_exit(&group, r);
}

/* Two tasks that get in each other's way, and the one who waits for both. */
static struct {
	struct evtask_lock *lock;
	struct evtask_event *event;
	struct evtask_condition *condition;
	struct evtask_semaphore *semaphore;
	struct evtask_queue *queue;
} shared;

static int
use_shared(void *arg)
{
	int r = evtask_lock_acquire(shared.lock);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_sleep(SECOND);
	(void)evtask_lock_release(shared.lock);
	if (r == 0)
		r = evtask_semaphore_acquire(shared.semaphore);
	if (r < 0)
		return r;
	r = evtask_sleep(SECOND);
	(void)evtask_semaphore_release(shared.semaphore);
	if (r == 0)
		r = evtask_queue_put(shared.queue, evtask_value_int(1));
	return r < 0 ? r : evtask_event_wait(shared.event);
}

static int
share(void *arg)
{
	struct evtask *tasks[2] = { NULL };
	struct evtask_queue_options options = { .name = "q", .size_max = 1 };
	struct evtask_value v;
	int r;

	(void)arg;
	memset(&shared, 0, sizeof shared);
	r = evtask_lock_new("lock", &shared.lock);
	if (r == 0)
		r = evtask_event_new("event", &shared.event);
	if (r == 0)
		r = evtask_condition_new("condition", NULL,
		    &shared.condition);
	if (r == 0)
		r = evtask_semaphore_new("semaphore", 1, true,
		    &shared.semaphore);
	if (r == 0)
		r = evtask_queue_new(&options, &shared.queue);
	for (int i = 0; r == 0 && i < 2; i++)
		r = evtask_create(use_shared, NULL, NULL, &tasks[i]);
	for (int i = 0; i < 2 && r == 0; i++) {
		struct evtask_timeout t;

		/* One of them may have failed before it put anything. */
		r = evtask_timeout_enter(&t, 60 * SECOND);
		if (r == 0)
			r = evtask_timeout_exit(&t,
			    evtask_queue_get(shared.queue, &v));
		if (r == -ETIMEDOUT)
			r = -ENOMEM;
	}
	if (shared.event != NULL)
		evtask_event_set(shared.event);
	for (int i = 0; i < 2; i++) {
		if (tasks[i] == NULL)
			continue;
		if (r < 0)
			evtask_cancel(tasks[i], NULL);
		(void)!evtask_await(tasks[i]);
		if (r == 0)
			r = evtask_result(tasks[i], NULL);
		(void)evtask_result(tasks[i], NULL);
		evtask_unref(tasks[i]);
	}
	evtask_queue_free(shared.queue);
	evtask_semaphore_free(shared.semaphore);
	evtask_condition_free(shared.condition);
	evtask_event_free(shared.event);
	evtask_lock_free(shared.lock);
	return r;
}

static struct evtask_barrier *barrier;

static int
meet(void *arg)
{
	int r = evtask_barrier_wait(barrier);

	(void)arg;
	return r < 0 ? r : 0;
}

static int
meet_three(void *arg)
{
	struct evtask_group group;
	int r = evtask_barrier_new("barrier", 3, &barrier), q;

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_group_enter(&group);
	for (int i = 0; r == 0 && i < 3; i++)
		r = evtask_group_create_task(&group, meet, NULL, NULL, NULL);
	q = evtask_group_exit(&group, r);
	evtask_barrier_free(barrier);
	return q;
}

static int fds[2];

static int
write_a_byte(void *arg)
{
	int r = evtask_sleep(0);

	(void)arg;
	return r < 0 ? r : evtask_write(fds[1], "x", 1);
}

static int
read_a_byte(void *arg)
{
	struct evtask *writer;
	char byte;
	int r;

	(void)arg;
	if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
		return -errno;
	r = evtask_create(write_a_byte, NULL, NULL, &writer);
	if (r == 0) {
		struct evtask_timeout t;

		r = evtask_await_result(writer, NULL);
		evtask_unref(writer);
		if (r == 0)
			r = evtask_timeout_enter(&t, SECOND);
		if (r == 0)
			r = evtask_timeout_exit(&t,
			    (int)evtask_read(fds[0], &byte, 1));
	}
	close(fds[0]);
	close(fds[1]);
	return r < 0 ? r : 0;
}

static int
watch_a_descriptor(void *arg)
{
	int n = 0, r, q = 0;

	(void)arg;
	if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) < 0)
		return -errno;
	r = evtask_loop_add_writer(NULL, fds[1], count, &n);
	if (r == 0) {
		while (n == 0 && q == 0)
			q = evtask_sleep(0);
		(void)evtask_loop_remove_writer(NULL, fds[1]);
	}
	close(fds[0]);
	close(fds[1]);
	return r;
}

static int
wait_for_signal(void *arg)
{
	int n = 0, r = evtask_loop_add_signal_handler(NULL, SIGUSR1, count,
	    &n);

	(void)arg;
	if (r < 0)
		return r;
	raise(SIGUSR1);
	while (n == 0 && r == 0)
		r = evtask_sleep(0);
	(void)evtask_loop_remove_signal_handler(NULL, SIGUSR1);
	return r;
}

static int
answer(void *arg)
{
	(void)arg;
	return 42;
}

static int
ask_a_thread(void *arg)
{
	int r = evtask_to_thread(answer, arg, NULL);

	return expect(r == 42, r);
}

/* With the ready queue so full that the next to reserve a place in it makes it
 * grow, which may fail. */
static int
crowded(int (*fn)(struct evtask_future *f))
{
	struct evtask_handle *handles[400];
	struct evtask_future *f;
	int n = 0, r = evtask_future_new(NULL, &f);

	if (r < 0)
		return r;
	/* Where the queue is full is not for us to know: it comes by. */
	while (r == 0 && n < 260) {
		r = evtask_call_at(NULL, EVTASK_FOREVER, count, NULL,
		    &handles[n]);
		n += r == 0;
		if (r == 0 && n > 246)
			r = fn(f);
	}
	while (n > 0) {
		evtask_handle_cancel(handles[--n]);
		evtask_handle_unref(handles[n]);
	}
	evtask_future_unref(f);
	return r;
}

static int
gather_in_a_crowd(struct evtask_future *f)
{
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	struct evtask_future *all;
	int r = evtask_gather(fs, 2, false, &all);

	if (r < 0)
		return r;
	evtask_cancel(all, NULL);
	(void)!evtask_await(all);
	evtask_future_unref(all);
	return 0;
}

static int
shield_in_a_crowd(struct evtask_future *f)
{
	struct evtask_future *inner, *shield;
	int r = evtask_future_new(NULL, &inner);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_shield(inner, &shield);
	(void)evtask_set_result(inner, evtask_value_none());
	if (r == 0) {
		(void)!evtask_await(shield);
		evtask_future_unref(shield);
	}
	evtask_future_unref(inner);
	return r;
}

static int
wait_in_a_crowd(struct evtask_future *f)
{
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	int r = evtask_wait(fs, 2, 0, EVTASK_ALL_COMPLETED);

	return r < 0 ? r : 0;
}

static int
wait_patiently_in_a_crowd(struct evtask_future *f)
{
	struct evtask_future *mine;
	int r = evtask_future_new(NULL, &mine);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_wait_for_keep(mine, 1, NULL);
	evtask_future_unref(mine);
	return r == -ETIMEDOUT ? 0 : r;
}

static int
time_out_in_a_crowd(struct evtask_future *f)
{
	struct evtask_timeout t;
	int r = evtask_timeout_enter(&t, SECOND);

	(void)f;
	return r < 0 ? r : evtask_timeout_exit(&t, 0);
}

static int
group_in_a_crowd(struct evtask_future *f)
{
	struct evtask_options eager = { .eager = true };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	(void)f;
	if (r < 0)
		return r;
	r = evtask_group_create_task(&group, return_text, (void *)"x", &eager,
	    NULL);
	return evtask_group_exit(&group, r);
}

static int
iterate_in_a_crowd(struct evtask_future *f)
{
	struct evtask_as_completed *it;
	union evtask_awaitable fs[2] = { AWAITABLE(f), AWAITABLE(f) };
	int r = evtask_as_completed(fs, 2, SECOND, &it);

	if (r == 0)
		evtask_as_completed_free(it);
	return r;
}

static int
call_back_in_a_crowd(struct evtask_future *f)
{
	int n, r = evtask_add_done_callback(f, count_done, &n);

	if (r == 0)
		(void)evtask_remove_done_callback(f, count_done, &n);
	return r;
}

static int
run_soon_in_a_crowd(struct evtask_future *f)
{
	struct evtask_handle *handle;
	int n = 0, r = evtask_call_soon(NULL, count, &n, &handle);

	(void)f;
	if (r < 0)
		return r;
	evtask_handle_cancel(handle);
	evtask_handle_unref(handle);
	return 0;
}

#define IN_A_CROWD(name) \
	static int \
	crowd_##name(void *arg) \
	{ \
		(void)arg; \
		return crowded(name##_in_a_crowd); \
	}
IN_A_CROWD(gather)
IN_A_CROWD(shield)
IN_A_CROWD(wait)
IN_A_CROWD(wait_patiently)
IN_A_CROWD(time_out)
IN_A_CROWD(group)
IN_A_CROWD(iterate)
IN_A_CROWD(call_back)
IN_A_CROWD(run_soon)

/* The other thread is this one, which has to go on for it to be answered. */
static int
ask_from_afar(void *arg)
{
	struct evtask_options options = { .name = "remote" };
	struct evtask_remote *remote;
	struct evtask_future *f = NULL;
	struct evtask_value v;
	int r = evtask_run_threadsafe(evtask_get_running_loop(), return_text,
	    arg, &options, &remote), q;

	if (r < 0)
		return r;
	r = evtask_wrap_future(remote, &f);
	while (!evtask_remote_done(remote))
		if ((q = evtask_sleep(SECOND)) < 0 && q != -ENOMEM)
			r = -EPROTO;
	if (r == 0)
		r = evtask_await_result(f, NULL);
	evtask_future_unref(f);
	q = evtask_remote_result(remote, &v);
	evtask_remote_unref(remote);
	return r < 0 ? r : q;
}

static int
cancel_from_afar(void *arg)
{
	struct evtask_remote *remote;
	int r = evtask_run_threadsafe(evtask_get_running_loop(),
	    sleep_for_ever, arg, NULL, &remote), q;

	if (r < 0)
		return r;
	while ((r = evtask_remote_cancel(remote, "words")) == -ENOMEM)
		;
	while (!evtask_remote_done(remote))
		if ((q = evtask_sleep(SECOND)) < 0 && q != -ENOMEM)
			r = -EPROTO;
	q = evtask_remote_result(remote, NULL);
	evtask_remote_unref(remote);
	return r == -EPROTO ? r : q == -ECANCELED ? 0 : q;
}

/* In a context of its own a callback may be called, and a task made. */
static int
share_a_context(void *arg)
{
	struct evtask_options options = { .eager = true };
	struct evtask_handle *handle;
	int n = 0, r = evtask_context_copy(&options.context);

	(void)arg;
	if (r < 0)
		return r;
	r = evtask_call_soon(NULL, count, &n, &handle);
	if (r == 0) {
		evtask_handle_set_context(handle, options.context);
		evtask_handle_unref(handle);
		r = evtask_create(set_variables, NULL, &options, NULL);
	}
	evtask_context_unref(options.context);
	return r < 0 ? r : expect(evtask_sleep(0) == 0 && n == 1, 0);
}

/* A circle of two, which is allowed, and broken. */
static struct evtask *circle[2];

static int
await_the_other(void *arg)
{
	return evtask_await(*(struct evtask **)arg);
}

static int
break_a_circle(void *arg)
{
	struct evtask_loop_options options = {
		.clock = EVTASK_CLOCK_VIRTUAL, .allow_cycles = true,
	};
	struct evtask_loop *loop;
	int r = evtask_loop_new(&options, &loop);

	(void)arg;
	circle[0] = circle[1] = NULL;
	if (r < 0)
		return r;
	for (int i = 0; r == 0 && i < 2; i++)
		r = evtask_loop_create_task(loop, await_the_other,
		    &circle[1 - i], NULL, &circle[i]);
	if (r == 0)
		r = evtask_loop_run_forever(loop) == -EDEADLK ? 0 : -EPROTO;
	if (r == 0 && !evtask_done(circle[0])) {
		evtask_cancel(circle[0], "words");
		r = evtask_loop_run_until_complete(loop, circle[0]);
	}
	for (int i = 0; i < 2; i++)
		if (circle[i] != NULL) {
			if (r == 0 && evtask_result(circle[i], NULL) ==
			    -ENOMEM)
				r = -ENOMEM;
			evtask_unref(circle[i]);
		}
	(void)evtask_loop_free(loop);
	return r;
}

static void
nothing(struct evtask_loop *loop, const struct evtask_report *report,
    void *arg)
{
	(void)loop, (void)report, (void)arg;
}

/* Several mains, a Ctrl-C, and one who is in debug mode. */
static int
use_a_runner(void *arg)
{
	struct evtask_runner_options options = {
		.loop = { .clock = EVTASK_CLOCK_VIRTUAL, .debug = true },
		.sigint = true,
	};
	struct evtask_value v = evtask_value_none();
	struct evtask_error *error = NULL;
	struct evtask_runner *runner;
	int r = evtask_runner_new(&options, &runner);

	if (r < 0)
		return r;
	evtask_loop_set_exception_handler(evtask_runner_get_loop(runner),
	    nothing, NULL);
	r = evtask_runner_run(runner, set_variables, arg, NULL, NULL, NULL);
	if (r == 0)
		r = evtask_runner_run(runner, return_text, arg, NULL, &v,
		    &error);
	evtask_value_unref(v);
	evtask_error_unref(error);
	evtask_runner_free(runner);
	return r;
}

static int
leave_tasks_behind(void *arg)
{
	int r = evtask_create(sleep_for_ever, arg, NULL, NULL);

	if (r == 0)
		r = evtask_create(sleep_for_ever, arg, NULL, NULL);
	return r < 0 ? r : evtask_sleep(0);
}

static const struct program programs[] = {
	ROW(sleep_a_second), ROW(create_and_await), ROW(create_eagerly),
	ROW(create_many), ROW(start_timers), ROW(add_callbacks), ROW(call_back),
	ROW(cancel_with_words), ROW(raise_twice), ROW(raise_a_group),
	ROW(return_text), ROW(set_variables), ROW(gather_three),
	ROW(wait_for_three), ROW(take_three_as_completed), ROW(shield_one),
	ROW(time_out), ROW(wait_for_one), ROW(wait_for_no_time),
	ROW(group_three), ROW(share), ROW(read_a_byte),
	ROW(watch_a_descriptor), ROW(wait_for_signal), ROW(ask_a_thread),
	ROW(leave_tasks_behind), ROW(wait_patiently), ROW(call_in_time),
	ROW(meet_three), ROW(ask_from_afar), ROW(cancel_from_afar),
	ROW(share_a_context), ROW(crowd_gather), ROW(crowd_shield),
	ROW(crowd_wait), ROW(crowd_wait_patiently), ROW(crowd_time_out),
	ROW(crowd_group), ROW(crowd_iterate), ROW(crowd_call_back),
	ROW(crowd_run_soon),
};

/* Those that run a loop of their own. */
static const struct program loops[] = {
	ROW(break_a_circle), ROW(use_a_runner),
};

static int
run_loop(evtask_fn fn)
{
	return fn(NULL);
}

START_TEST(every_allocation_may_fail)
{
	starve(run_program, &programs[_i]);
}
END_TEST

START_TEST(every_allocation_of_a_loop_may_fail)
{
	starve(run_loop, &loops[_i]);
}
END_TEST

int
main(void)
{
	Suite *s;
	TCase *tc;

	if (!starve_is_possible())
		return 0;
	s = suite_create("memory");
	tc = tcase_create("memory");
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, every_allocation_may_fail, 0,
	    (int)(sizeof programs / sizeof *programs));
	tcase_add_loop_test(tc, every_allocation_of_a_loop_may_fail, 0,
	    (int)(sizeof loops / sizeof *loops));
	suite_add_tcase(s, tc);
	return suite_main(s);
}
