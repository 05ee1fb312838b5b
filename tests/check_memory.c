/*
 * Memory: every allocation fails once, by turns, in programs that use the core
 * of the library: tasks, futures, callbacks, errors, values, loops. What stands
 * on it is in check_wait_memory.c, check_sync_memory.c, check_fd_memory.c and
 * check_io_memory.c.
 */
#include <config.h>

#include "tests/programs.h"

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
	ROW(create_many), ROW(start_timers), ROW(add_callbacks),
	ROW(call_back), ROW(cancel_with_words), ROW(raise_twice),
	ROW(raise_a_group), ROW(return_text), ROW(set_variables),
	ROW(leave_tasks_behind), ROW(ask_from_afar), ROW(cancel_from_afar),
	ROW(share_a_context),
	{ run_without_loop, break_a_circle, "break_a_circle" },
	{ run_without_loop, use_a_runner, "use_a_runner" },
};

int
main(void)
{
	return starve_main("memory", NULL, NULL, programs,
	    (int)(sizeof programs / sizeof *programs));
}
