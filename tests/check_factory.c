/* Task factories: whoever creates a task, the loop's factory makes it. */
#include "tests/core.h"

/* Says what it is asked for, and makes the task. */
static int
say_and_make(struct evtask_loop *l, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg)
{
	say("%s:%s", (char *)factory_arg,
	    options->name != NULL ? options->name : "-");
	return evtask_new_at(l, fn, arg, options, ret_task, site);
}

static int
refuse(struct evtask_loop *l, evtask_fn fn, void *arg,
    const struct evtask_options *options, struct evtask **ret_task,
    const struct evtask_site *site, void *factory_arg)
{
	(void)l, (void)fn, (void)arg, (void)options, (void)ret_task;
	(void)site, (void)factory_arg;
	return -EPERM;
}

static int
create_child(void *arg)
{
	struct evtask_options options = { .name = "child" };

	(void)arg;
	return evtask_create(return_at_once, NULL, &options, NULL);
}

START_TEST(every_creation_goes_through_the_factory)
{
	struct evtask_options options = { .name = "named" };

	evtask_loop_set_task_factory(loop, say_and_make, "made");
	spawn(create_child, NULL);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, NULL,
	    &options, NULL), 0);
	ck_assert_int_eq(evtask_ensure_future(loop, return_at_once, NULL,
	    NULL), 0);
	run_dry();
	ck_assert_said("made:- made:named made:- made:child");
}
END_TEST

static int
create_in_group(void *arg)
{
	struct evtask_options options = { .name = "member" };
	struct evtask_group group;
	int r = evtask_group_enter(&group);

	(void)arg;
	ck_assert_int_eq(r, 0);
	r = evtask_group_create_task(&group, return_at_once, NULL, &options,
	    NULL);
	return evtask_group_exit(&group, r);
}

START_TEST(tasks_of_a_group_too)
{
	spawn(create_in_group, NULL);
	evtask_loop_set_task_factory(loop, say_and_make, "made");
	run_dry();
	ck_assert_said("made:member");
}
END_TEST

START_TEST(all_options_reach_the_task)
{
	struct evtask_origin origin = { EVTASK_ORIGIN_CLIENT, 7 };
	struct evtask_options options = {
		.name = "named", .origin = &origin, .internal = true,
	};
	struct evtask_info info;
	struct evtask *task;

	evtask_loop_set_task_factory(loop, say_and_make, "made");
	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, NULL,
	    &options, &task), 0);
	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	ck_assert_str_eq(info.name, "named");
	ck_assert_int_eq(info.created_by.type, EVTASK_ORIGIN_CLIENT);
	ck_assert_uint_eq(info.created_by.id, 7);
	ck_assert(info.internal);
	ck_assert_str_eq(info.created_at->func, __func__);
	run_dry();
	ck_assert_said("made:named");
	evtask_unref(task);
}
END_TEST

START_TEST(what_a_factory_refuses_is_not_created)
{
	struct evtask_loop_stats stats;
	struct evtask *task = NULL;

	evtask_loop_set_task_factory(loop, refuse, NULL);
	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, NULL,
	    NULL, &task), -EPERM);
	ck_assert_ptr_null(task);
	evtask_loop_get_stats(loop, &stats);
	ck_assert_uint_eq(stats.tasks_created, 0);
}
END_TEST

START_TEST(a_factory_is_asked_for_and_taken_away)
{
	void *arg = NULL;

	ck_assert_ptr_null(evtask_loop_get_task_factory(loop, NULL));
	evtask_loop_set_task_factory(loop, refuse, &arg);
	ck_assert(evtask_loop_get_task_factory(loop, &arg) == refuse);
	ck_assert_ptr_eq(arg, &arg);
	evtask_loop_set_task_factory(loop, NULL, NULL);
	spawn(return_at_once, NULL);
	run_dry();
}
END_TEST

static int
create_eagerly(void *arg)
{
	int r;

	evtask_loop_set_task_factory(loop, evtask_eager_task_factory, NULL);
	r = evtask_create(arg, NULL, NULL, NULL);
	say("creator");
	return r;
}

static int
say_and_sleep(void *arg)
{
	(void)arg;
	say("begun");
	return evtask_sleep(SECOND);
}

START_TEST(the_eager_factory_starts_every_task_at_once)
{
	spawn(create_eagerly, say_and_sleep);
	run_dry();
	ck_assert_said("begun creator");
}
END_TEST

START_TEST(a_new_task_asks_no_factory)
{
	struct evtask *task;

	evtask_loop_set_task_factory(loop, refuse, NULL);
	ck_assert_int_eq(evtask_new(loop, return_at_once, NULL, NULL, &task),
	    0);
	run_dry();
	ck_assert_int_eq(outcome(task), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(a_task_knows_its_coroutine_and_its_loop)
{
	struct evtask *task = start(await_future, &loop);
	void *arg = NULL;

	ck_assert(evtask_get_coro(task, &arg) == await_future);
	ck_assert_ptr_eq(arg, &loop);
	ck_assert(evtask_get_coro(task, NULL) == await_future);
	ck_assert(evtask_get_coro(NULL, NULL) == NULL);
	ck_assert_ptr_eq(evtask_get_loop(task), loop);
	ck_assert_ptr_null(evtask_get_loop(AWAITABLE(NULL)));
	evtask_cancel(task, NULL);
	run_dry();
	evtask_unref(task);
}
END_TEST

START_TEST(without_a_loop_nothing_is_ensured)
{
	ck_assert_int_eq(evtask_ensure_future(NULL, return_at_once, NULL,
	    NULL), -EINVAL);
	ck_assert_ptr_null(evtask_get_event_loop());
}
END_TEST

START_TEST(a_task_that_is_done_at_birth_is_not_cancelled)
{
	struct evtask *task;

	evtask_loop_set_task_factory(loop, evtask_eager_task_factory, NULL);
	run_body(return_at_once);
	task = start(return_at_once, NULL);	/* outside: not eager */
	run_dry();
	ck_assert_int_eq(evtask_cancel(task, NULL), 0);
	ck_assert_int_eq(evtask_cancelling(task), 0);
	evtask_unref(task);
}
END_TEST

static int
create_and_cancel(void *arg)
{
	struct evtask *done, *waits;

	(void)arg;
	ck_assert_int_eq(evtask_create(return_at_once, NULL, NULL, &done), 0);
	ck_assert_int_eq(evtask_create(say_and_sleep, NULL, NULL, &waits), 0);
	ck_assert(evtask_done(done));
	ck_assert_int_eq(evtask_cancel(done, NULL), 0);
	ck_assert_int_eq(outcome(done), 0);
	ck_assert_int_eq(evtask_cancel(waits, NULL), 1);
	ck_assert_int_eq(evtask_await(waits), 0);
	ck_assert(evtask_cancelled(waits));
	evtask_unref(done);
	evtask_unref(waits);
	return 0;
}

START_TEST(an_eager_task_is_cancelled_when_it_waits)
{
	evtask_loop_set_task_factory(loop, evtask_eager_task_factory, NULL);
	run_body(create_and_cancel);
	ck_assert_said("begun");
}
END_TEST

CORE_SUITE("factory",
    every_creation_goes_through_the_factory,
    tasks_of_a_group_too,
    all_options_reach_the_task,
    what_a_factory_refuses_is_not_created,
    a_factory_is_asked_for_and_taken_away,
    the_eager_factory_starts_every_task_at_once,
    a_new_task_asks_no_factory,
    a_task_knows_its_coroutine_and_its_loop,
    without_a_loop_nothing_is_ensured,
    a_task_that_is_done_at_birth_is_not_cancelled,
    an_eager_task_is_cancelled_when_it_waits)
