/* Inspection: what is said of a task is so, at every moment of its life. */
#include "tests/core.h"

static struct evtask_info
info_of(const struct evtask *task)
{
	struct evtask_info info;

	ck_assert_int_eq(evtask_get_info(task, &info), 0);
	return info;
}

static struct evtask_wait_info
wait_of(const struct evtask *task)
{
	struct evtask_wait_info wait;

	ck_assert_int_eq(evtask_get_wait(task, &wait), 1);
	return wait;
}

static int
look_at_myself(void *arg)
{
	struct evtask *self = evtask_current_task();
	struct evtask_wait_info wait;

	(void)arg;
	ck_assert_int_eq(info_of(self).state, EVTASK_STATE_RUNNING);
	ck_assert_int_eq(evtask_get_wait(self, &wait), 0);
	ck_assert_uint_gt(info_of(self).stack_used, 0);
	return evtask_sleep(5 * SECOND);
}

START_TEST(the_states_of_a_life)
{
	struct evtask *task = start(look_at_myself, NULL);

	ck_assert_int_eq(info_of(task).state, EVTASK_STATE_CREATED);
	run_turns(1);
	ck_assert_int_eq(info_of(task).state, EVTASK_STATE_WAITING);
	evtask_cancel(task, NULL);
	ck_assert_int_eq(info_of(task).state, EVTASK_STATE_READY);
	ck_assert_int_eq(info_of(task).outcome, EVTASK_OUTCOME_NONE);
	run_dry();
	ck_assert_int_eq(info_of(task).state, EVTASK_STATE_DONE);
	ck_assert_int_eq(info_of(task).outcome, EVTASK_OUTCOME_CANCELLED);
	evtask_unref(task);
}
END_TEST

START_TEST(the_outcomes)
{
	struct evtask *well = start(return_at_once, NULL);
	struct evtask *badly = start(raise_code, (void *)-EIO);

	run_dry();
	ck_assert_int_eq(info_of(well).outcome, EVTASK_OUTCOME_RETURNED);
	ck_assert_int_eq(info_of(badly).outcome, EVTASK_OUTCOME_RAISED);
	(void)outcome(badly);
	evtask_unref(well);
	evtask_unref(badly);
}
END_TEST

START_TEST(states_and_outcomes_have_names)
{
	static const char *const states[] = {
		"created", "ready", "running", "waiting", "done",
	};

	for (int i = 0; i < (int)COUNT(states); i++)
		ck_assert_str_eq(evtask_state_name((enum evtask_state)i),
		    states[i]);
	ck_assert_ptr_null(evtask_outcome_name(EVTASK_OUTCOME_NONE));
	ck_assert_str_eq(evtask_outcome_name(EVTASK_OUTCOME_RETURNED),
	    "returned");
	ck_assert_str_eq(evtask_outcome_name(EVTASK_OUTCOME_RAISED), "raised");
	ck_assert_str_eq(evtask_outcome_name(EVTASK_OUTCOME_CANCELLED),
	    "cancelled");
}
END_TEST

static int
sleep_two_seconds(void *arg)
{
	(void)arg;
	ck_assert_int_eq(evtask_sleep(SECOND), 0);
	return evtask_sleep(SECOND);
}

START_TEST(the_times_of_a_life)
{
	struct evtask *task;

	ck_assert_int_eq(evtask_call_later(loop, SECOND, say_arg, "", NULL),
	    0);
	run_dry();
	task = start(sleep_two_seconds, NULL);
	ck_assert_int_eq(info_of(task).created_us, SECOND);
	ck_assert_int_eq(info_of(task).started_us, -1);
	ck_assert_int_eq(info_of(task).done_us, -1);
	ck_assert_int_eq(info_of(task).cancelled_us, -1);
	run_dry();
	ck_assert_int_eq(info_of(task).started_us, SECOND);
	ck_assert_int_eq(info_of(task).done_us, 3 * SECOND);
	evtask_unref(task);
}
END_TEST

START_TEST(the_counters)
{
	struct evtask *task = start(sleep_two_seconds, NULL);

	run_dry();
	ck_assert_uint_eq(info_of(task).resumes, 3);
	ck_assert_uint_eq(info_of(task).awaits, 2);
	ck_assert_uint_eq(info_of(task).wakes, 2);
	evtask_unref(task);
}
END_TEST

START_TEST(who_never_ran_never_started)
{
	struct evtask *task = start(sleep_two_seconds, NULL);

	evtask_cancel(task, NULL);
	run_dry();
	ck_assert_int_eq(info_of(task).started_us, -1);
	ck_assert_uint_eq(info_of(task).resumes, 0);
	ck_assert_int_eq(info_of(task).done_us, 0);
	evtask_unref(task);
}
END_TEST

static struct evtask *child;
static unsigned int line_of_creation;

static int
create_child(void *arg)
{
	(void)arg;
	line_of_creation = __LINE__ + 1;
	return evtask_create(sleep_for_ever, NULL, NULL, &child);
}

START_TEST(who_created_it_and_where)
{
	struct evtask *parent = start(create_child, NULL);
	struct evtask_info info;

	run_dry();
	ck_assert_int_eq(info_of(parent).created_by.type, EVTASK_ORIGIN_LOOP);
	info = info_of(child);
	ck_assert_int_eq(info.created_by.type, EVTASK_ORIGIN_TASK);
	ck_assert_uint_eq(info.created_by.id, evtask_id(parent));
	ck_assert_uint_eq(info.created_at->line, line_of_creation);
	ck_assert_str_eq(info.created_at->func, "create_child");
	evtask_cancel(child, NULL);
	run_dry();
	evtask_unref(child);
	evtask_unref(parent);
}
END_TEST

START_TEST(creation_in_somebodys_name_and_place)
{
	struct evtask_origin client = { EVTASK_ORIGIN_CLIENT, 9 };
	struct evtask_options options = {
		.origin = &client, .site = EVTASK_SITE, .internal = true,
	};
	struct evtask *task;

	ck_assert_int_eq(evtask_loop_create_task(loop, return_at_once, NULL,
	    &options, &task), 0);
	ck_assert_int_eq(info_of(task).created_by.type, EVTASK_ORIGIN_CLIENT);
	ck_assert_uint_eq(info_of(task).created_by.id, 9);
	ck_assert_ptr_eq(info_of(task).created_at, options.site);
	ck_assert(info_of(task).internal);
	run_dry();
	evtask_unref(task);
}
END_TEST

/* What it waits for. */

START_TEST(a_sleeper_waits_for_a_timer)
{
	struct evtask *task = start(look_at_myself, NULL);
	struct evtask_wait_info wait;

	run_turns(1);
	wait = wait_of(task);
	ck_assert_str_eq(wait.op, "sleep");
	ck_assert_str_eq(wait.type, "timer");
	ck_assert_ptr_null(wait.owner);
	ck_assert_str_eq(wait.site->func, "look_at_myself");
	ck_assert_int_eq(wait.since_us, 0);
	ck_assert_int_eq(wait.until_us, 5 * SECOND);
	run_dry();
	ck_assert_int_eq(evtask_get_wait(task, &wait), 0);
	evtask_unref(task);
}
END_TEST

START_TEST(an_awaiter_waits_for_its_owner)
{
	struct evtask_options options = { .name = "crawl" };
	struct evtask *owner, *task;
	struct evtask_wait_info wait;

	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, &owner), 0);
	task = start(await_future, owner);
	run_turns(1);
	wait = wait_of(task);
	ck_assert_str_eq(wait.op, "await");
	ck_assert_str_eq(wait.type, "task");
	ck_assert_str_eq(wait.name, "crawl");
	ck_assert_ptr_eq(wait.owner, owner);
	ck_assert_int_eq(wait.until_us, EVTASK_FOREVER);
	evtask_cancel(task, NULL);
	run_dry();
	evtask_unref(owner);
	evtask_unref(task);
}
END_TEST

static int
wait_for_three(void *arg)
{
	union evtask_awaitable fs[] = {
		AWAITABLE(arg), AWAITABLE(arg), AWAITABLE(arg),
	};
	int r = evtask_wait(fs, 3, 7 * SECOND, EVTASK_ALL_COMPLETED);

	return r < 0 ? r : 0;
}

static int
await_gather_of(void *arg)
{
	union evtask_awaitable fs[] = { AWAITABLE(arg) };
	struct evtask_future *all;
	int r;

	ck_assert_int_eq(evtask_gather(fs, 1, true, &all), 0);
	r = evtask_await(all);
	evtask_future_unref(all);
	return r;
}

START_TEST(every_wait_says_what_it_waits_for)
{
	static const struct {
		evtask_fn fn;
		const char *op, *type, *name;
		int64_t until_us;
	} rows[] = {
		{ await_future, "await", "future", "", EVTASK_FOREVER },
		{ wait_for_three, "wait", "tasks", "3", 7 * SECOND },
		{ await_gather_of, "await", "gather", "", EVTASK_FOREVER },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct evtask_future *f = new_future();
		struct evtask *task = start(rows[i].fn, f);
		struct evtask_wait_info wait;

		run_turns(1);
		wait = wait_of(task);
		ck_assert_str_eq(wait.op, rows[i].op);
		ck_assert_str_eq(wait.type, rows[i].type);
		ck_assert_str_eq(wait.name, rows[i].name);
		ck_assert_int_eq(wait.until_us, rows[i].until_us);
		ck_assert_ptr_null(wait.owner);
		evtask_set_result(f, evtask_value_none());
		run_dry();
		ck_assert_int_eq(outcome(task), 0);
		evtask_unref(task);
		evtask_future_unref(f);
	}
}
END_TEST

START_TEST(long_names_are_cut_and_do_no_harm)
{
	char name[200];
	struct evtask_options options = { .name = name };
	struct evtask *owner, *task;

	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	ck_assert_int_eq(evtask_loop_create_task(loop, sleep_for_ever, NULL,
	    &options, &owner), 0);
	task = start(await_future, owner);
	run_turns(1);
	ck_assert_uint_eq(strlen(wait_of(task).name),
	    sizeof wait_of(task).name - 1);
	evtask_cancel(task, NULL);
	run_dry();
	evtask_unref(owner);
	evtask_unref(task);
}
END_TEST

/* Stacks. */

static int
use_stack(void *arg)
{
	char bytes[64 * 1024];
	volatile char *p = bytes;

	for (size_t i = 0; i < sizeof bytes; i += 1024)
		p[i] = 1;
	(void)arg;
	return evtask_sleep(SECOND) + (p[1024] - 1);
}

START_TEST(a_parked_task_says_how_much_stack_it_uses)
{
	struct evtask *task = start(use_stack, NULL);
	struct evtask_info info;

	ck_assert_uint_eq(info_of(task).stack_size, 0);
	run_turns(1);
	info = info_of(task);
	ck_assert_uint_gt(info.stack_size, 200 * 1024);
	/* ASan may keep the array elsewhere. */
	if (!SANITIZED)
		ck_assert_uint_gt(info.stack_used, 64 * 1024);
	ck_assert_uint_le(info.stack_used, info.stack_peak);
	ck_assert_uint_le(info.stack_peak, info.stack_size);
	run_dry();
	ck_assert_uint_eq(info_of(task).stack_size, 0);
	ck_assert_uint_eq(info_of(task).stack_used, 0);
	evtask_unref(task);
}
END_TEST

/* Observing. */

static void
saw(struct evtask *task, const char *what)
{
	say("%s:%s", evtask_get_name(task), what);
}

static void
saw_created(struct evtask *task, void *arg)
{
	ck_assert_str_eq(arg, "arg");
	saw(task, "created");
}

static void
saw_started(struct evtask *task, void *arg)
{
	(void)arg;
	saw(task, "started");
}

static void
saw_renamed(struct evtask *task, void *arg)
{
	(void)arg;
	saw(task, "renamed");
}

static void
saw_cancel(struct evtask *task, void *arg)
{
	(void)arg;
	saw(task, "cancel");
}

static struct evtask *kept;

static void
saw_done(struct evtask *task, void *arg)
{
	(void)arg;
	saw(task, evtask_outcome_name(info_of(task).outcome));
	if (kept == NULL)
		kept = evtask_ref(task);
}

static const struct evtask_observer observer = {
	.created = saw_created, .started = saw_started,
	.renamed = saw_renamed, .cancel_requested = saw_cancel,
	.done = saw_done,
};

static void
create_named(evtask_fn fn, void *arg, const char *name, bool eager)
{
	struct evtask_options options = { .name = name, .eager = eager };

	ck_assert_int_eq(evtask_loop_create_task(loop, fn, arg, &options,
	    NULL), 0);
}

START_TEST(an_observer_sees_a_life_in_order)
{
	evtask_loop_set_observer(loop, &observer, "arg");
	create_named(sleep_seconds, (void *)1, "a", false);
	create_named(raise_code, (void *)-EIO, "b", false);
	run_dry();
	ck_assert_said("a:created b:created a:started b:started b:raised "
	    "a:returned");
	ck_assert_reported("a detached task raised", -EIO);
	/* b was kept: it can be asked still. */
	ck_assert_int_eq(outcome(kept), -EIO);
	evtask_unref(kept);
	kept = NULL;
}
END_TEST

START_TEST(an_observer_sees_names_change_and_cancels)
{
	struct evtask *task;

	evtask_loop_set_observer(loop, &observer, "arg");
	task = start(sleep_for_ever, NULL);
	said[0] = '\0';
	ck_assert_int_eq(evtask_set_name(task, "n"), 0);
	evtask_cancel(task, NULL);
	evtask_cancel(task, NULL);
	run_dry();
	/* It never started. */
	ck_assert_said("n:renamed n:cancel n:cancel n:cancelled");
	evtask_unref(task);
	evtask_unref(kept);
	kept = NULL;
}
END_TEST

static int
create_eagerly(void *arg)
{
	create_named(return_at_once, arg, "e", true);
	return 0;
}

START_TEST(an_observer_sees_eager_tasks)
{
	evtask_loop_set_observer(loop, &observer, "arg");
	create_named(create_eagerly, NULL, "c", false);
	run_dry();
	ck_assert_said("c:created c:started e:created e:started e:returned "
	    "c:returned");
	evtask_unref(kept);
	kept = NULL;
}
END_TEST

START_TEST(an_observer_need_not_see_everything)
{
	static const struct evtask_observer blind;

	evtask_loop_set_observer(loop, &blind, NULL);
	create_named(sleep_seconds, (void *)1, "a", false);
	run_dry();
	evtask_loop_set_observer(loop, NULL, NULL);
	create_named(sleep_seconds, (void *)1, "a", false);
	run_dry();
}
END_TEST

START_TEST(no_task_has_no_info)
{
	struct evtask *task = start(return_at_once, NULL);
	struct evtask_wait_info wait;
	struct evtask_info info;

	ck_assert_int_eq(evtask_get_info(NULL, &info), -EINVAL);
	ck_assert_int_eq(evtask_get_info(task, NULL), -EINVAL);
	ck_assert_int_eq(evtask_get_wait(NULL, &wait), -EINVAL);
	ck_assert_int_eq(evtask_get_wait(task, NULL), -EINVAL);
	run_dry();
	evtask_unref(task);
}
END_TEST

CORE_SUITE("info",
    the_states_of_a_life,
    the_outcomes,
    states_and_outcomes_have_names,
    the_times_of_a_life,
    the_counters,
    who_never_ran_never_started,
    who_created_it_and_where,
    creation_in_somebodys_name_and_place,
    a_sleeper_waits_for_a_timer,
    an_awaiter_waits_for_its_owner,
    every_wait_says_what_it_waits_for,
    long_names_are_cut_and_do_no_harm,
    a_parked_task_says_how_much_stack_it_uses,
    an_observer_sees_a_life_in_order,
    an_observer_sees_names_change_and_cancels,
    an_observer_sees_eager_tasks,
    an_observer_need_not_see_everything,
    no_task_has_no_info)
